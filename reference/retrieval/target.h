#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// Bytes of a URL at most.
inline constexpr std::size_t kMaxUrlBytes = 8192;

/// Who answers for a URL.
struct Origin
{
    std::string scheme; ///< http or https
    std::string host;   ///< lower case, an address as curl writes it
    std::uint16_t port = 0;

    bool operator==(const Origin& other) const
    {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
};

/// A URL taken apart by curl, which then also retrieves it: no two parsers that could disagree
/// about where it leads.
struct Target
{
    Origin origin;
    std::string user;     ///< decoded; empty for none
    std::string password; ///< decoded
    bool hasUserInfo = false;
    std::string url; ///< with the scheme and without user-info and fragment

    /// \returns nullopt for what is no http or https URL of at most kMaxUrlBytes
    static std::optional<Target> Parse(const std::string& url);

    /// Of the Location field of an answer to this one. Its user-info is thrown away; that of this
    /// one goes along only to the same origin.
    std::optional<Target> Resolve(const std::string& location) const;
};

/// The port of a proxy as curl reads it: with or without a scheme; if it names none, 443 for an
/// https proxy and 1080 else. \returns nullopt for what curl would refuse
std::optional<std::uint16_t> PortOfProxy(const std::string& proxy);

/// An address as dots and numbers: the only host that a peer's URL may have.
bool IsIpv4Literal(const std::string& host);

} // namespace lanpeer::reference
