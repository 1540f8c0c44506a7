#include "office.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

// Which network interfaces the daemon peers on, and that it notices when they change.

namespace lanpeer::reference
{
namespace
{

using Names = std::set<std::string>;

const std::string kSecond = "link add second type veth peer name other\n"
                            "addr add 10.88.0.1/24 broadcast + dev second\n"
                            "link set other up\n"
                            "link set second up\n";

Names
NamesOf(Caller& caller)
{
    const auto status = caller.Status();
    Names names;
    for (const auto& interface : status.at("interfaces"))
    {
        names.insert(interface.value("name", ""));
    }
    return names;
}

/// Packets that leave for one question: as many as there are interfaces.
std::uint64_t
PacketsOfOneQuestion(Caller& caller, const std::string& name)
{
    const auto sent = [&caller]
    {
        return caller.Status()["packets"].value("sent", std::uint64_t{0});
    };
    const std::uint64_t before = sent();
    caller.Get("http://updates.example.org/" + name, Sha256Of(name));
    EXPECT_TRUE(Await([&] { return sent() > before; }));
    return sent() - before; // it waits for answers now, and says no more
}

class Interfaces : public OfficeTest
{
  protected:
    /// A node with two interfaces that can broadcast, besides loopback.
    Names OfDaemon(const std::vector<std::string>& flags)
    {
        Office& office = Open({1, 8000});
        office.RunIp(1, kSecond);
        office.Start(1, flags);
        Caller caller = office.Connect(1);
        return NamesOf(caller);
    }
};

TEST_F(Interfaces, AllThatCanBroadcastAreUsedAndLoopbackIsNot)
{
    EXPECT_EQ(OfDaemon({}), (Names{"eth0", "second"}));
}

TEST_F(Interfaces, LoopbackIsUsedWhereItIsAskedFor)
{
    EXPECT_EQ(OfDaemon({"--set", "loopback=on"}), (Names{"eth0", "lo", "second"}));
}

TEST_F(Interfaces, WhatIsToBeIgnoredIs)
{
    EXPECT_EQ(OfDaemon({"--set", "ignore_interfaces=[second]"}), (Names{"eth0"}));
}

TEST_F(Interfaces, OnlyThoseThatAreNamedAreUsed)
{
    EXPECT_EQ(OfDaemon({"--interface", "second"}), (Names{"second"}));
}

TEST_F(Interfaces, WhatComesAndGoesIsNoticedAndEachIsAskedOn)
{
    Office& office = Open({1, 8000});
    office.Start(1);
    Caller caller = office.Connect(1);
    EXPECT_EQ(NamesOf(caller), (Names{"eth0"}));
    EXPECT_EQ(PacketsOfOneQuestion(caller, "one"), 1U);

    office.RunIp(1, kSecond);
    EXPECT_TRUE(Await([&] { return NamesOf(caller) == Names{"eth0", "second"}; }));
    EXPECT_EQ(PacketsOfOneQuestion(caller, "both"), 2U);

    office.RunIp(1, "link set second down\n");
    EXPECT_TRUE(Await([&] { return NamesOf(caller) == Names{"eth0"}; }));
    EXPECT_EQ(PacketsOfOneQuestion(caller, "again"), 1U);

    office.RunIp(1, "link set second up\n");
    EXPECT_TRUE(Await([&] { return NamesOf(caller) == Names{"eth0", "second"}; }));
    office.RunIp(1, "link delete second\n");
    EXPECT_TRUE(Await([&] { return NamesOf(caller) == Names{"eth0"}; }));
}

} // namespace
} // namespace lanpeer::reference
