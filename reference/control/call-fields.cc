#include "reference/control/call-fields.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lanpeer::reference
{

std::string
TextOf(const nlohmann::json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string())
    {
        throw CallError(fmt::format("{}: missing, or no text", key));
    }
    return found->get<std::string>();
}

bool
FlagOf(const nlohmann::json& json, const char* key, bool otherwise)
{
    const auto found = json.find(key);
    if (found == json.end())
    {
        return otherwise;
    }
    if (!found->is_boolean())
    {
        throw CallError(fmt::format("{}: neither true nor false", key));
    }
    return found->get<bool>();
}

std::optional<Digest>
DigestIn(const nlohmann::json& json)
{
    if (json.find("sha256") == json.end())
    {
        return std::nullopt;
    }
    const auto digest = DigestFromHex(TextOf(json, "sha256"));
    if (!digest)
    {
        throw CallError("sha256: not 64 hexadecimal digits");
    }
    return digest;
}

Verifier
VerifierIn(const nlohmann::json& json)
{
    const auto digest = DigestIn(json);
    const bool callback = FlagOf(json, "callback", false);
    const bool isSigned = FlagOf(json, "signed", false);
    if (callback && digest)
    {
        throw CallError("callback: there is a sha256 too");
    }
    if (isSigned && (callback || digest))
    {
        throw CallError(fmt::format("signed: there is a {} too", digest ? "sha256" : "callback"));
    }
    if (digest)
    {
        return DigestVerifier{*digest};
    }
    if (callback)
    {
        return CallbackVerifier{};
    }
    return isSigned ? Verifier(SignedVerifier{}) : Verifier(NoVerifier{});
}

std::vector<std::pair<std::string, std::string>>
AttributesIn(const nlohmann::json& json)
{
    std::vector<std::pair<std::string, std::string>> attributes;
    const auto found = json.find("attributes");
    if (found == json.end())
    {
        return attributes;
    }
    const bool pairs =
        found->is_array() && std::all_of(found->begin(),
                                         found->end(),
                                         [](const nlohmann::json& pair) {
                                             return pair.is_array() && pair.size() == 2 &&
                                                    pair[0].is_string() && pair[1].is_string();
                                         });
    if (!pairs)
    {
        throw CallError("attributes: not a list of pairs of texts");
    }
    for (const nlohmann::json& pair : *found)
    {
        attributes.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
    return attributes;
}

} // namespace lanpeer::reference
