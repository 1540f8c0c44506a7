#include "reference/service/interfaces.h"

#include <algorithm>
#include <cerrno>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <system_error>
#include <tuple>

namespace lanpeer::reference
{

namespace
{

using boost::asio::ip::address_v4;

address_v4
AddressOf(const sockaddr* address)
{
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    return address_v4(ntohl(in->sin_addr.s_addr));
}

bool
Names(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool
IsChosen(const InterfaceChoice& choice, const std::string& name, bool loopback)
{
    if (Names(choice.ignored, name))
    {
        return false;
    }
    if (!choice.only.empty())
    {
        return Names(choice.only, name);
    }
    return !loopback || choice.loopback;
}

/// \returns false for what cannot be peered on
bool
ReadInterface(const ifaddrs& entry, Interface& interface)
{
    if (entry.ifa_addr == nullptr || entry.ifa_addr->sa_family != AF_INET ||
        entry.ifa_netmask == nullptr || (entry.ifa_flags & IFF_UP) == 0)
    {
        return false;
    }
    interface.name = entry.ifa_name;
    interface.loopback = (entry.ifa_flags & IFF_LOOPBACK) != 0;
    if ((entry.ifa_flags & IFF_BROADCAST) == 0 && !interface.loopback)
    {
        return false;
    }
    interface.index = if_nametoindex(entry.ifa_name);
    interface.address = AddressOf(entry.ifa_addr);
    interface.netmask = AddressOf(entry.ifa_netmask);
    interface.broadcast = address_v4(interface.address.to_uint() | ~interface.netmask.to_uint());
    // A /31 or /32 has no broadcast address of its own.
    return interface.index != 0 && ~interface.netmask.to_uint() >= 3;
}

} // namespace

bool
Interface::Holds(address_v4 other) const
{
    const std::uint32_t mask = netmask.to_uint();
    const std::uint32_t network = address.to_uint() & mask;
    return (other.to_uint() & mask) == network && other != broadcast && other.to_uint() != network;
}

bool
operator==(const Interface& a, const Interface& b)
{
    const auto fields = [](const Interface& its)
    {
        return std::tie(its.name, its.index, its.address, its.netmask, its.loopback);
    };
    return fields(a) == fields(b);
}

std::vector<Interface>
FindInterfaces(const InterfaceChoice& choice)
{
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "network interfaces");
    }
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(first, &::freeifaddrs);
    std::vector<Interface> found;
    for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next)
    {
        Interface interface;
        if (ReadInterface(*entry, interface) &&
            IsChosen(choice, interface.name, interface.loopback))
        {
            found.push_back(interface);
        }
    }
    return found;
}

const Interface*
FindLink(const std::vector<Interface>& interfaces, address_v4 address)
{
    const auto found = std::find_if(interfaces.begin(),
                                    interfaces.end(),
                                    [address](const Interface& its) { return its.Holds(address); });
    return found == interfaces.end() ? nullptr : &*found;
}

} // namespace lanpeer::reference
