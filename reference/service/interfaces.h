#pragma once

#include <boost/asio/ip/address_v4.hpp>

#include <string>
#include <vector>

namespace lanpeer::reference
{

/// An IPv4 address of a network interface that the service peers on. One interface with two
/// addresses is two of these.
struct Interface
{
    std::string name;
    unsigned index = 0; ///< the kernel's
    boost::asio::ip::address_v4 address;
    boost::asio::ip::address_v4 netmask;
    boost::asio::ip::address_v4 broadcast; ///< directed, where "I need" goes
    bool loopback = false;

    /// Is the address on this link, and one that a single node may have: neither its network's own
    /// nor its broadcast (R-SRV-7)?
    bool Holds(boost::asio::ip::address_v4 other) const;

    friend bool operator==(const Interface& a, const Interface& b);
};

/// Which of them to use.
struct InterfaceChoice
{
    std::vector<std::string> only;    ///< names; empty: all that can broadcast
    std::vector<std::string> ignored; ///< names
    bool loopback = false;            ///< loopback too; else only where `only` names it
};

/// Those that are up, can broadcast and are chosen, in the kernel's order. Throws
/// std::system_error.
std::vector<Interface> FindInterfaces(const InterfaceChoice& choice);

/// The one that an address is on the link of, or nullptr.
const Interface* FindLink(const std::vector<Interface>& interfaces,
                          boost::asio::ip::address_v4 address);

} // namespace lanpeer::reference
