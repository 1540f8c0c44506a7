#pragma once

#include <optional>
#include <string_view>

struct sockaddr;

namespace lanpeer::reference
{

/// What an address says of where it leads, as far as a retrieval from the Internet cares: what
/// another machine made us ask for must not lead to what only this machine can reach (L13).
enum class AddressClass
{
    Elsewhere,   ///< anywhere else, the LAN's private addresses included
    Loopback,    ///< 127.0.0.0/8, ::1
    LinkLocal,   ///< 169.254.0.0/16, fe80::/10: where clouds keep their instances' secrets
    Unspecified, ///< 0.0.0.0/8, ::, which Linux takes for this machine
};

std::string_view ToString(AddressClass addressClass);

/// Of an IPv4 or IPv6 address, and of the IPv4 address inside an IPv6 one that only carries it
/// (mapped, compatible, 64:ff9b::/96, 2002::/16). Other families are Unspecified, for none of them
/// is what a URL may lead to.
AddressClass ClassOf(const sockaddr& address);

/// Of the host of a URL: a literal address, IPv6 in its brackets, or localhost and the names below
/// it, which are loopback (RFC 6761, 6.3). \returns nullopt for every other name
std::optional<AddressClass> ClassOfHost(std::string_view host);

} // namespace lanpeer::reference
