#include "model/protocol/uri.h"

#include "model/protocol/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace lanpeer
{

namespace
{

/// An absolute URI, taken apart. The views are into it.
struct Uri
{
    std::string_view scheme;
    bool hasUserInfo = false;
    std::string_view host;
    std::uint32_t port = 0; ///< 0: none was named
    bool hasQuery = false;
};

bool
IsAlpha(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool
IsHex(char c)
{
    return IsDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/// unreserved and sub-delims of RFC 3986, section 2.
bool
IsPlain(char c)
{
    constexpr std::string_view kOthers = "-._~!$&'()*+,;=";
    return IsAlpha(c) || IsDigit(c) || kOthers.find(c) != std::string_view::npos;
}

char
ToLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string
ToLower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return ToLower(c); });
    return lower;
}

bool
EqualIgnoringCase(std::string_view text, std::string_view lower)
{
    return std::equal(text.begin(),
                      text.end(),
                      lower.begin(),
                      lower.end(),
                      [](char a, char b) { return ToLower(a) == b; });
}

/// Only plain characters, percent-encoded bytes and those of \p others?
bool
IsEncoded(std::string_view text, std::string_view others)
{
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '%')
        {
            if (i + 2 >= text.size() || !IsHex(text[i + 1]) || !IsHex(text[i + 2]))
            {
                return false;
            }
            i += 2;
        }
        else if (!IsPlain(text[i]) && others.find(text[i]) == std::string_view::npos)
        {
            return false;
        }
    }
    return true;
}

bool
IsScheme(std::string_view text)
{
    const auto isSchemeCharacter = [](char c)
    {
        return IsAlpha(c) || IsDigit(c) || c == '+' || c == '-' || c == '.';
    };
    return !text.empty() && IsAlpha(text.front()) &&
           std::all_of(text.begin(), text.end(), isSchemeCharacter);
}

/// How many of an IPv6 address' eight groups a run of "h16:h16:…" is, of which the last may be an
/// IPv4 address if \p mayEndInIpv4; nullopt if it is none. An empty run is none of them.
std::optional<std::size_t>
CountGroups(std::string_view text, bool mayEndInIpv4)
{
    std::size_t groups = 0;
    while (!text.empty())
    {
        const std::size_t colon = std::min(text.find(':'), text.size());
        const std::string_view group = text.substr(0, colon);
        if (colon == text.size() && mayEndInIpv4 && IsIpv4Address(group))
        {
            return groups + 2;
        }
        if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), IsHex) ||
            colon + 1 == text.size())
        {
            return std::nullopt;
        }
        ++groups;
        text.remove_prefix(std::min(colon + 1, text.size()));
    }
    return groups;
}

bool
IsIpv6(std::string_view text)
{
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos)
    {
        return CountGroups(text, true) == std::size_t{8};
    }
    const auto before = CountGroups(text.substr(0, gap), false);
    const auto after = CountGroups(text.substr(gap + 2), true);
    return before && after && *before + *after <= 7;
}

bool
IsIpFuture(std::string_view text)
{
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot < 2 || ToLower(text.front()) != 'v')
    {
        return false;
    }
    const std::string_view version = text.substr(1, dot - 1);
    const std::string_view address = text.substr(dot + 1);
    const auto isAddressCharacter = [](char c)
    {
        return IsPlain(c) || c == ':';
    };
    return std::all_of(version.begin(), version.end(), IsHex) && !address.empty() &&
           std::all_of(address.begin(), address.end(), isAddressCharacter);
}

bool
IsHost(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
    {
        const std::string_view inside = text.substr(1, text.size() - 2);
        return IsIpv6(inside) || IsIpFuture(inside);
    }
    return IsEncoded(text, "");
}

/// The number after the colon, 0 if there is none there, nullopt if it is no port.
std::optional<std::uint32_t>
PortOf(std::string_view text)
{
    std::uint32_t port = 0;
    for (const char c : text)
    {
        if (!IsDigit(c))
        {
            return std::nullopt;
        }
        port = port * 10 + static_cast<std::uint32_t>(c - '0');
        if (port > 65535)
        {
            return std::nullopt;
        }
    }
    // "host:0" and "host:" would otherwise read alike.
    return port == 0 && !text.empty() ? std::nullopt : std::optional(port);
}

/// Reads [userinfo "@"] host [":" port].
bool
ReadAuthority(std::string_view authority, Uri& uri)
{
    const std::size_t at = authority.find('@');
    if (at != std::string_view::npos)
    {
        uri.hasUserInfo = true;
        if (!IsEncoded(authority.substr(0, at), ":"))
        {
            return false;
        }
        authority.remove_prefix(at + 1);
    }
    // The colons within an IPv6 address are not the port's.
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    uri.host = authority.substr(0, colon);
    if (!IsHost(uri.host))
    {
        return false;
    }
    if (colon == std::string_view::npos)
    {
        return true;
    }
    const auto port = PortOf(authority.substr(colon + 1));
    uri.port = port.value_or(0);
    return port.has_value();
}

/// \returns the parts of an absolute URI, nullopt for anything else.
std::optional<Uri>
Split(std::string_view href)
{
    const std::size_t colon = href.find(':');
    if (colon == std::string_view::npos || !IsScheme(href.substr(0, colon)))
    {
        return std::nullopt;
    }
    Uri uri;
    uri.scheme = href.substr(0, colon);
    std::string_view rest = href.substr(colon + 1);
    const std::size_t question = rest.find('?');
    if (question != std::string_view::npos)
    {
        uri.hasQuery = true;
        if (!IsEncoded(rest.substr(question + 1), ":@/?"))
        {
            return std::nullopt;
        }
        rest = rest.substr(0, question);
    }
    if (rest.substr(0, 2) == "//")
    {
        const std::size_t slash = std::min(rest.find('/', 2), rest.size());
        if (!ReadAuthority(rest.substr(2, slash - 2), uri))
        {
            return std::nullopt;
        }
        rest.remove_prefix(slash);
    }
    const bool web =
        EqualIgnoringCase(uri.scheme, "http") || EqualIgnoringCase(uri.scheme, "https");
    if ((web && uri.host.empty()) || !IsEncoded(rest, ":@/"))
    {
        return std::nullopt;
    }
    return uri;
}

} // namespace

bool
IsIpv4Address(std::string_view text)
{
    for (int part = 0; part < 4; ++part)
    {
        const std::size_t dot = part < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos)
        {
            return false;
        }
        const std::string_view digits = text.substr(0, dot);
        if (digits.empty() || digits.size() > 3 ||
            !std::all_of(digits.begin(), digits.end(), IsDigit) ||
            (digits.size() > 1 && digits.front() == '0') || (digits.size() == 3 && digits > "255"))
        {
            return false;
        }
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    return text.empty();
}

bool
IsAbsoluteUri(std::string_view href)
{
    return Split(href).has_value();
}

bool
HasUserInfo(std::string_view href)
{
    const auto uri = Split(href);
    return uri && uri->hasUserInfo;
}

bool
HasQuery(std::string_view href)
{
    const auto uri = Split(href);
    return uri && uri->hasQuery;
}

std::size_t
EscapedXmlBytes(std::string_view href)
{
    std::size_t bytes = 0;
    for (const char c : href)
    {
        bytes += c == '&' ? 5 : c == '<' || c == '>' ? 4 : c == '"' ? 6 : 1;
    }
    return bytes;
}

bool
MayTravel(std::string_view href, bool allowQuery)
{
    if (EscapedXmlBytes(href) > limits::kHrefEscapedBytes)
    {
        return false;
    }
    const auto uri = Split(href);
    return uri && !uri->hasUserInfo && (allowQuery || !uri->hasQuery);
}

std::optional<std::string>
OriginOf(std::string_view href)
{
    const auto uri = Split(href);
    if (!uri || uri->host.empty() || uri->hasUserInfo)
    {
        return std::nullopt;
    }
    const std::string scheme = ToLower(uri->scheme);
    const std::uint32_t ownPort = scheme == "http" ? 80 : scheme == "https" ? 443 : 0;
    const std::string host = ToLower(uri->host);
    return uri->port == ownPort || uri->port == 0
               ? fmt::format("{}://{}", scheme, host)
               : fmt::format("{}://{}:{}", scheme, host, uri->port);
}

} // namespace lanpeer
