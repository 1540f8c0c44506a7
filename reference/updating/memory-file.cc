#include "reference/updating/memory-file.h"

#include "model/protocol/update/catalog-codec.h"
#include "reference/updating/durable-file.h"
#include "reference/updating/update-settings.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <variant>

namespace lanpeer::reference
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kBytesMax = 4U << 20U;

// ---------------------------------------------------------------- to JSON

Json
JsonOf(const HeldCatalog& held)
{
    const auto text = WriteCatalog(held.catalog);
    if (const auto* error = std::get_if<CatalogError>(&text))
    {
        throw std::logic_error("the catalog that is held is none: " + ToString(*error));
    }
    return {
        {"catalog", std::get<std::string>(text)}, {"sha256", held.sha256}, {"signer", held.signer}};
}

Json
JsonOf(const CheckReport& report)
{
    return {{"started", report.startedS},
            {"outcome", ToString(report.outcome)},
            {"reason", ToString(report.reason)},
            {"subject", report.subject}};
}

Json
JsonOf(const UpdateMemory& memory)
{
    Json json{{"format", kFormat},
              {"highest_seen", memory.highestSeenS},
              {"last_fresh", memory.lastFreshS}};
    if (memory.held)
    {
        json["held"] = JsonOf(*memory.held);
    }
    if (memory.revoked)
    {
        json["revoked"] = {{"number", memory.revoked->number},
                           {"certificates", memory.revoked->revoked}};
    }
    json["highest"] = Json::array();
    for (const InstalledProduct& product : memory.highest)
    {
        json["highest"].push_back({{"product", product.product},
                                   {"version", product.version},
                                   {"sha256", product.sha256},
                                   {"epoch", product.epoch}});
    }
    json["incomplete"] = Json::array();
    for (const IncompleteSet& set : memory.incomplete)
    {
        json["incomplete"].push_back({{"set", set.set}, {"since", set.sinceS}});
    }
    if (memory.lastCheck)
    {
        json["last_check"] = JsonOf(*memory.lastCheck);
    }
    return json;
}

// ---------------------------------------------------------------- from JSON

HeldCatalog
HeldOf(const Json& json)
{
    auto catalog = ReadCatalog(json.at("catalog").get<std::string>());
    if (const auto* error = std::get_if<CatalogError>(&catalog))
    {
        throw std::runtime_error(ToString(*error));
    }
    return {std::move(std::get<Catalog>(catalog)), json.at("sha256"), json.at("signer")};
}

/// The one of an enumeration that is called so.
template <typename Enumerator>
Enumerator
NamedSo(const std::string& name, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
    {
        if (ToString(static_cast<Enumerator>(i)) == name)
        {
            return static_cast<Enumerator>(i);
        }
    }
    throw std::runtime_error(name + ": no such word");
}

CheckReport
ReportOf(const Json& json)
{
    constexpr std::size_t kOutcomes = static_cast<std::size_t>(CheckOutcome::Failed) + 1;
    return {json.at("started"),
            NamedSo<CheckOutcome>(json.at("outcome"), kOutcomes),
            NamedSo<UpdateReason>(json.at("reason"), kUpdateReasons),
            json.at("subject")};
}

UpdateMemory
MemoryOf(const Json& json)
{
    UpdateMemory memory;
    memory.highestSeenS = json.at("highest_seen");
    memory.lastFreshS = json.at("last_fresh");
    if (json.contains("held"))
    {
        memory.held = HeldOf(json["held"]);
    }
    if (json.contains("revoked"))
    {
        memory.revoked =
            RevocationList{json["revoked"].at("number"), json["revoked"].at("certificates")};
    }
    for (const Json& product : json.at("highest"))
    {
        memory.highest.push_back({product.at("product"),
                                  product.at("version"),
                                  product.at("sha256"),
                                  product.at("epoch")});
    }
    for (const Json& set : json.at("incomplete"))
    {
        memory.incomplete.push_back({set.at("set"), set.at("since")});
    }
    if (json.contains("last_check"))
    {
        memory.lastCheck = ReportOf(json["last_check"]);
    }
    return memory;
}

// ---------------------------------------------------------------- files

std::string
SecondOf(const std::string& file)
{
    return file + ".before";
}

/// \returns nothing and why, if it is damaged or not there
std::optional<UpdateMemory>
TryRead(const std::string& file, std::string& why)
{
    try
    {
        const auto text = ReadText(file, kBytesMax);
        if (!text)
        {
            why = "it is missing";
            return std::nullopt;
        }
        const Json json = Json::parse(*text);
        const std::uint64_t format = json.at("format");
        if (format > kFormat)
        {
            throw UpdaterError(fmt::format("{}: is of format {}, a later version's; this one knows "
                                           "{} and would forget what was published since",
                                           file,
                                           format,
                                           kFormat));
        }
        return MemoryOf(json);
    }
    catch (const UpdaterError&)
    {
        throw;
    }
    catch (const std::system_error&)
    {
        throw;
    }
    catch (const std::exception& error)
    {
        why = error.what();
        return std::nullopt;
    }
}

} // namespace

ReadMemory
ReadMemoryFile(const std::string& file)
{
    ReadMemory read;
    if (auto memory = TryRead(file, read.damage))
    {
        read.memory = std::move(*memory);
        return read;
    }
    std::string why;
    if (auto memory = TryRead(SecondOf(file), why))
    {
        read.memory = std::move(*memory);
        read.isSecond = true;
        return read;
    }
    if (!std::filesystem::exists(file))
    {
        read.damage.clear(); // a first start
    }
    return read;
}

void
RepairMemoryFile(const std::string& file, const ReadMemory& read)
{
    const std::string aside = file + ".damaged";
    if (::rename(file.c_str(), aside.c_str()) != 0 && errno != ENOENT)
    {
        throw std::system_error(errno, std::generic_category(), aside);
    }
    if (read.isSecond)
    {
        WriteMemoryFile(file, read.memory);
    }
}

void
WriteMemoryFile(const std::string& file, const UpdateMemory& memory)
{
    WriteDurably(file, JsonOf(memory).dump(1) + "\n", SecondOf(file));
}

} // namespace lanpeer::reference
