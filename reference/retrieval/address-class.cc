#include "reference/retrieval/address-class.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace lanpeer::reference
{

namespace
{

using Bytes4 = std::array<std::uint8_t, 4>;
using Bytes16 = std::array<std::uint8_t, 16>;

AddressClass
ClassOf4(const Bytes4& address)
{
    if (address[0] == 127)
    {
        return AddressClass::Loopback;
    }
    if (address[0] == 0)
    {
        return AddressClass::Unspecified;
    }
    return address[0] == 169 && address[1] == 254 ? AddressClass::LinkLocal
                                                  : AddressClass::Elsewhere;
}

Bytes4
FourAt(const Bytes16& address, std::size_t place)
{
    Bytes4 four{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(place), four.size(), four.begin());
    return four;
}

bool
StartsWith(const Bytes16& address, std::string_view start)
{
    return std::memcmp(address.data(), start.data(), start.size()) == 0;
}

AddressClass
ClassOf16(const Bytes16& address)
{
    using namespace std::string_view_literals;
    constexpr auto kZeros = "\0\0\0\0\0\0\0\0\0\0\0\0"sv;
    constexpr auto kMapped = "\0\0\0\0\0\0\0\0\0\0\xff\xff"sv;
    constexpr auto kTranslated = "\0\x64\xff\x9b\0\0\0\0\0\0\0\0"sv;
    constexpr auto kSixToFour = "\x20\x02"sv;
    if (StartsWith(address, kZeros))
    {
        const Bytes4 last = FourAt(address, 12);
        if (last == Bytes4{0, 0, 0, 1})
        {
            return AddressClass::Loopback;
        }
        return ClassOf4(last); // of ::, too: its 0.0.0.0 is unspecified
    }
    if (StartsWith(address, kMapped) || StartsWith(address, kTranslated))
    {
        return ClassOf4(FourAt(address, 12));
    }
    if (StartsWith(address, kSixToFour))
    {
        return ClassOf4(FourAt(address, 2));
    }
    return address[0] == 0xfe && (address[1] & 0xc0) == 0x80 ? AddressClass::LinkLocal
                                                             : AddressClass::Elsewhere;
}

std::string
LowerCase(std::string_view text)
{
    std::string lower(text);
    for (char& letter : lower)
    {
        if (letter >= 'A' && letter <= 'Z')
        {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return lower;
}

bool
EndsWith(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

} // namespace

std::string_view
ToString(AddressClass addressClass)
{
    switch (addressClass)
    {
    case AddressClass::Elsewhere:
        return "elsewhere";
    case AddressClass::Loopback:
        return "loopback";
    case AddressClass::LinkLocal:
        return "link-local";
    case AddressClass::Unspecified:
        return "unspecified";
    }
    return "?";
}

AddressClass
ClassOf(const sockaddr& address)
{
    if (address.sa_family == AF_INET)
    {
        sockaddr_in in = {};
        std::memcpy(&in, &address, sizeof in);
        Bytes4 bytes{};
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return ClassOf4(bytes);
    }
    if (address.sa_family == AF_INET6)
    {
        sockaddr_in6 in6 = {};
        std::memcpy(&in6, &address, sizeof in6);
        Bytes16 bytes{};
        std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
        return ClassOf16(bytes);
    }
    return AddressClass::Unspecified;
}

std::optional<AddressClass>
ClassOfHost(std::string_view host)
{
    std::string text = LowerCase(host);
    Bytes4 four{};
    if (::inet_pton(AF_INET, text.c_str(), four.data()) == 1)
    {
        return ClassOf4(four);
    }
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    {
        text = text.substr(1, text.size() - 2);
        text = text.substr(0, text.find('%')); // a zone says by which interface, not where to
        Bytes16 sixteen{};
        if (::inet_pton(AF_INET6, text.c_str(), sixteen.data()) == 1)
        {
            return ClassOf16(sixteen);
        }
        return std::nullopt;
    }
    if (!text.empty() && text.back() == '.')
    {
        text.pop_back();
    }
    if (text == "localhost" || EndsWith(text, ".localhost"))
    {
        return AddressClass::Loopback;
    }
    return std::nullopt;
}

} // namespace lanpeer::reference
