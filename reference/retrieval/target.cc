#include "reference/retrieval/target.h"

#include <arpa/inet.h>
#include <charconv>
#include <curl/curl.h>
#include <memory>
#include <netinet/in.h>
#include <system_error>

namespace lanpeer::reference
{

namespace
{

struct UrlCleanup
{
    void operator()(CURLU* url) const
    {
        curl_url_cleanup(url);
    }
};

using Url = std::unique_ptr<CURLU, UrlCleanup>;

/// \returns nullopt for a part that is not there
std::optional<std::string>
PartOf(const Url& url, CURLUPart part, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK || text == nullptr)
    {
        return std::nullopt;
    }
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return std::string(text);
}

std::string
LowerCase(std::string text)
{
    for (char& letter : text)
    {
        if (letter >= 'A' && letter <= 'Z')
        {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return text;
}

std::optional<std::uint16_t>
ParsePort(const std::string& text)
{
    std::uint16_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool good = read.ec == std::errc{} && read.ptr == text.data() + text.size() && port != 0;
    return good ? std::optional<std::uint16_t>(port) : std::nullopt;
}

/// Takes it apart; the user-info is gone from \p url afterwards.
std::optional<Target>
TakeApart(const Url& url)
{
    Target target;
    target.origin.scheme = LowerCase(PartOf(url, CURLUPART_SCHEME).value_or(""));
    target.origin.host = LowerCase(PartOf(url, CURLUPART_HOST).value_or(""));
    if ((target.origin.scheme != "http" && target.origin.scheme != "https") ||
        target.origin.host.empty())
    {
        return std::nullopt;
    }
    const auto port = ParsePort(PartOf(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or(""));
    if (!port)
    {
        return std::nullopt;
    }
    target.origin.port = *port;
    const auto user = PartOf(url, CURLUPART_USER, CURLU_URLDECODE);
    const auto password = PartOf(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
    // Decoding fails for control characters: then it is there and not to be used.
    target.hasUserInfo = PartOf(url, CURLUPART_USER) || PartOf(url, CURLUPART_PASSWORD);
    target.user = user.value_or("");
    target.password = password.value_or("");
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT})
    {
        curl_url_set(url.get(), part, nullptr, 0);
    }
    const auto text = PartOf(url, CURLUPART_URL);
    if (!text || text->size() > kMaxUrlBytes)
    {
        return std::nullopt;
    }
    target.url = *text;
    return target;
}

} // namespace

std::optional<Target>
Target::Parse(const std::string& url)
{
    // curl reads it as a C string: what stands behind a zero would only seem to have been looked
    // at.
    if (url.size() > kMaxUrlBytes || url.find('\0') != std::string::npos)
    {
        return std::nullopt;
    }
    const Url parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    {
        return std::nullopt;
    }
    return TakeApart(parsed);
}

std::optional<Target>
Target::Resolve(const std::string& location) const
{
    if (location.size() > kMaxUrlBytes || location.find('\0') != std::string::npos)
    {
        return std::nullopt;
    }
    const Url parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(
            parsed.get(), CURLUPART_URL, location.c_str(), CURLU_URLENCODE | CURLU_ALLOW_SPACE) !=
            CURLUE_OK)
    {
        return std::nullopt;
    }
    auto next = TakeApart(parsed);
    if (next)
    {
        const bool same = next->origin == origin;
        next->hasUserInfo = same && hasUserInfo;
        next->user = same ? user : "";
        next->password = same ? password : "";
    }
    return next;
}

std::optional<std::uint16_t>
PortOfProxy(const std::string& proxy)
{
    constexpr std::uint16_t kHttps = 443;
    constexpr std::uint16_t kOther = 1080;
    const Url parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(),
                                CURLUPART_URL,
                                proxy.c_str(),
                                CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) != CURLUE_OK)
    {
        return std::nullopt;
    }
    if (const auto port = PartOf(parsed, CURLUPART_PORT))
    {
        return ParsePort(*port);
    }
    return PartOf(parsed, CURLUPART_SCHEME) == "https" ? kHttps : kOther;
}

bool
IsIpv4Literal(const std::string& host)
{
    in_addr address = {};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

} // namespace lanpeer::reference
