#include "reference/retrieval/address-class.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace lanpeer::reference
{
namespace
{

/// Of an address in text, by way of the bytes that curl hands out.
AddressClass
ClassOfText(const std::string& text)
{
    sockaddr_storage storage = {};
    auto* const in = reinterpret_cast<sockaddr_in*>(&storage);
    auto* const in6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (::inet_pton(AF_INET, text.c_str(), &in->sin_addr) == 1)
    {
        storage.ss_family = AF_INET;
    }
    else
    {
        EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &in6->sin6_addr), 1) << text;
        storage.ss_family = AF_INET6;
    }
    return ClassOf(*reinterpret_cast<const sockaddr*>(&storage));
}

TEST(AddressClass, L13AddressesOfThisMachineAndItsLinksAreKnown)
{
    RecordProperty("attack", "L13");
    for (const char* text : {"127.0.0.1",
                             "127.255.255.254",
                             "::1",
                             "::ffff:127.0.0.1",
                             "::127.0.0.1",
                             "64:ff9b::7f00:1",
                             "2002:7f00:1::"})
    {
        EXPECT_EQ(ClassOfText(text), AddressClass::Loopback) << text;
    }
    for (const char* text : {"169.254.0.1",
                             "169.254.169.254",
                             "fe80::1",
                             "febf::1",
                             "::ffff:169.254.169.254",
                             "64:ff9b::a9fe:a9fe",
                             "2002:a9fe:a9fe::1"})
    {
        EXPECT_EQ(ClassOfText(text), AddressClass::LinkLocal) << text;
    }
    for (const char* text : {"0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"})
    {
        EXPECT_EQ(ClassOfText(text), AddressClass::Unspecified) << text;
    }
}

TEST(AddressClass, L13OtherAddressesAreElsewhere)
{
    RecordProperty("attack", "L13");
    for (const char* text : {"126.255.255.255",
                             "128.0.0.1",
                             "1.0.0.0",
                             "169.253.255.255",
                             "169.255.0.0",
                             "192.168.1.7",
                             "10.0.0.1",
                             "2001:db8::1",
                             "fec0::1",
                             "::ffff:192.0.2.1",
                             "fd00::7f00:1",
                             "64:ff9b:1::7f00:1"})
    {
        EXPECT_EQ(ClassOfText(text), AddressClass::Elsewhere) << text;
    }
}

TEST(AddressClass, L13OtherFamiliesLeadNowhere)
{
    RecordProperty("attack", "L13");
    sockaddr address = {};
    address.sa_family = AF_UNIX;
    EXPECT_EQ(ClassOf(address), AddressClass::Unspecified);
}

TEST(AddressClass, L13HostsAreJudgedByTheirLooks)
{
    RecordProperty("attack", "L13");
    EXPECT_EQ(ClassOfHost("127.0.0.1"), AddressClass::Loopback);
    EXPECT_EQ(ClassOfHost("[::1]"), AddressClass::Loopback);
    EXPECT_EQ(ClassOfHost("[fe80::1%25eth0]"), AddressClass::LinkLocal);
    EXPECT_EQ(ClassOfHost("LocalHost"), AddressClass::Loopback);
    EXPECT_EQ(ClassOfHost("localhost."), AddressClass::Loopback);
    EXPECT_EQ(ClassOfHost("a.localhost"), AddressClass::Loopback);
    EXPECT_EQ(ClassOfHost("192.0.2.1"), AddressClass::Elsewhere);
    EXPECT_EQ(ClassOfHost("example.org"), std::nullopt);
    EXPECT_EQ(ClassOfHost("notlocalhost"), std::nullopt);
    EXPECT_EQ(ClassOfHost("127.0.0.1.example.org"), std::nullopt);
    EXPECT_EQ(ClassOfHost("[nonsense]"), std::nullopt);
    EXPECT_EQ(ClassOfHost(""), std::nullopt);
}

} // namespace
} // namespace lanpeer::reference
