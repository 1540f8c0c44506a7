#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

// ATTACKS.md against the daemon on real sockets.

namespace lanpeer::reference
{
namespace
{

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace fs = std::filesystem;

const std::string kUrl = "http://updates.example.org/update.cab";

using Attack = OfficeTest;

TEST_F(Attack, L1LiarThatAnswersAtOnceIsRefusedAndAnotherFound)
{
    RecordProperty("attack", "L1");
    RecordProperty("requirement", "R-CLI-8");
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(50'000);
    std::string altered = bytes;
    altered[25'000] = static_cast<char>(altered[25'000] ^ 1);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1, {"--response-delay-ms", "700"});
    office.Start(3, {"--response-delay-ms", "700"});
    Caller holder = office.Connect(3);
    Offer(holder, url, bytes);
    const FakePeer liar(office,
                        2,
                        Office::AddressOf(1),
                        FakePeer::Having(2, altered.size()),
                        FakePeer::Saying(HttpAnswer(altered)));
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_EQ(end.value("peer", ""), Office::AddressOf(3)) << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    // The holder may have drawn a delay of nearly 0 and have been first.
    EXPECT_LE(liar.Served(), 1);
    EXPECT_EQ(ReasonOf(caller, "refused-from-peer"), static_cast<std::uint64_t>(liar.Served()));
    EXPECT_EQ(office.OriginRequests(), 0U);
}

TEST_F(Attack, L2ThirdPartysIFoundWithoutTheKeyCancelsNothing)
{
    RecordProperty("attack", "L2");
    RecordProperty("requirement", "R-PKT-6");
    Office& office = Open({3, 8000});
    office.Start(1, {"--response-delay-ms", "1000"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    RawPeer asker(office, 2);
    RawPeer third(office, 3);
    for (int id = 1; id <= 5; ++id)
    {
        const std::string found = "<service type=\"end-request\" version=\"1.0\"" + Id(id) +
                                  " node=\"stranger\" href=\"" + kUrl + "\" ";
        // Every other one as a plain peer asks: only its own address may cancel it.
        asker.Say(INeed(id, kUrl, id % 2 == 0 ? "" : "lock=\"" + std::string(21, 'x') + "w\""));
        third.Say(found + "/>");
        third.Say(found + "key=\"" + kNobodysKey + "\"/>");
        EXPECT_TRUE(asker.Hear(Office::AddressOf(1), {"status=\"have\"", Id(id)}).has_value());
    }
    EXPECT_GE(ReasonOf(holder, "foreign-found"), 1U);
}

TEST_F(Attack, L4FloodIsDroppedByTheBudgetOfItsSourceAndOthersAreServed)
{
    RecordProperty("attack", "L4");
    RecordProperty("requirement", "R-SRV-7");
    Office& office = Open({3, 8000});
    office.Start(1, {"--response-delay-ms", "500"});
    office.Start(3, {"--response-delay-ms", "500"});
    Caller holder = office.Connect(1);
    const std::string bytes = MakeBytes(100'000);
    Offer(holder, kUrl, bytes);
    const long before = ResidentKb(office, 1);
    RawPeer flooder(office, 2);
    for (int id = 1; id <= 10'000; ++id)
    {
        flooder.Say(INeed(id, kUrl));
        if (id % 50 == 0)
        {
            // The kernel's buffer must not be what drops them.
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    Caller honest = office.Connect(3);
    const auto end = honest.AwaitEnd(honest.Get(kUrl, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    const std::uint64_t dropped = ReasonOf(holder, "source-budget");
    const auto received = holder.Status()["packets"].value("received", std::uint64_t{0});
    RecordProperty("dropped", std::to_string(dropped));
    RecordProperty("received", std::to_string(received));
    EXPECT_GE(received, 2'000U);
    EXPECT_GE(dropped, received / 2);
    const long grown = ResidentKb(office, 1) - before;
    RecordProperty("resident_growth_kb", std::to_string(grown));
    EXPECT_GT(before, 0);
    EXPECT_TRUE(!kResidentTells || grown <= 16 * 1024) << grown;
}

TEST_F(Attack, L12GuessedAliasesAreNotFound)
{
    RecordProperty("attack", "L12");
    RecordProperty("requirement", "R-HTTP-1");
    Office& office = Open({2, 8000});
    office.Start(1);
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    std::string alias = kNobodysKey;
    for (int guess = 0; guess < 50; ++guess)
    {
        alias[0] = static_cast<char>('A' + guess % 26);
        alias[1] = static_cast<char>('a' + guess / 26);
        const FileDescriptor connection = office.ConnectTcp(2, Office::AddressOf(1), 6515);
        ASSERT_TRUE(connection.IsOpen());
        EXPECT_THAT(Exchange(connection, "GET /" + alias + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                    StartsWith("HTTP/1.1 404 "));
    }
}

TEST_F(Attack, L13NoOpenProxyNoPathOutOfTheFolderCve20011144)
{
    RecordProperty("attack", "L11 L13");
    RecordProperty("requirement", "R-HTTP-1 R-CLI-12");
    Office& office = Open({2, 8000});
    const std::string url = office.Publish("update.cab", "secret of the origin");
    office.Start(1);
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    for (const std::string& line : {"GET " + url + " HTTP/1.1",
                                    "GET " + kUrl + " HTTP/1.1",
                                    std::string("CONNECT 10.99.0.1:80 HTTP/1.1"),
                                    std::string("GET /../../../../etc/passwd HTTP/1.1"),
                                    std::string("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1"),
                                    std::string("GET /..\\..\\etc\\passwd HTTP/1.1"),
                                    std::string("GET //etc/passwd HTTP/1.1"),
                                    std::string("GET / HTTP/1.1"),
                                    std::string("PUT /x HTTP/1.1")})
    {
        const FileDescriptor connection = office.ConnectTcp(2, Office::AddressOf(1), 6515);
        ASSERT_TRUE(connection.IsOpen());
        const std::string answer = Exchange(connection, line + "\r\nHost: 10.99.0.1\r\n\r\n");
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << line;
        EXPECT_THAT(answer, Not(AnyOf(HasSubstr("secret"), HasSubstr("root:")))) << line;
    }
    EXPECT_EQ(office.OriginRequests(), 0U);
}

TEST_F(Attack, L17XmlBombsAreDroppedByReasonAndNeverAnswered)
{
    RecordProperty("attack", "L17");
    RecordProperty("requirement", "R-PKT-4");
    Office& office = Open({2, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    RawPeer peer(office, 2);
    const std::string plain = INeed(1, kUrl);
    std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"lol\">";
    for (char name = 'b'; name <= 'i'; ++name)
    {
        const std::string before = std::string("&") + static_cast<char>(name - 1) + ";";
        laughs += std::string("<!ENTITY ") + name + " \"" + before + before + before + "\">";
    }
    laughs += "]><service type=\"request\" x=\"&i;\"/>";
    std::string wide("\xFF\xFE", 2);
    for (const char letter : plain)
    {
        wide += letter;
        wide += '\0';
    }
    peer.Say(laughs);
    peer.Say("<!DOCTYPE s SYSTEM \"file:///etc/passwd\">" + plain);
    peer.Say(plain + plain);
    peer.Say(INeed(2, kUrl, "ID=\"3\""));
    peer.Say(wide);
    peer.Say(INeed(2, kUrl, "x=\"&unknown;\""));
    peer.Say(INeed(2, kUrl, "x=\"" + std::string(1400, 'a') + "\""));
    ASSERT_TRUE(
        Await([&] { return holder.Status()["packets"].value("received", std::uint64_t{0}) >= 7; }));
    EXPECT_EQ(ReasonOf(holder, "doctype"), 2U);
    EXPECT_EQ(ReasonOf(holder, "not-one-service"), 1U);
    EXPECT_EQ(ReasonOf(holder, "duplicate-attribute"), 1U);
    EXPECT_EQ(ReasonOf(holder, "not-utf8"), 1U);
    EXPECT_EQ(ReasonOf(holder, "bad-entity"), 1U);
    EXPECT_EQ(ReasonOf(holder, "too-long"), 1U);
    EXPECT_EQ(SentBy(holder), 0U);
    peer.Say(INeed(4, kUrl));
    EXPECT_TRUE(peer.Hear(Office::AddressOf(1), {"status=\"have\"", Id(4)}).has_value());
}

TEST_F(Attack, L20CopyThatIsAlteredOnDiskIsNotServedAndWithdrawn)
{
    RecordProperty("attack", "L20");
    RecordProperty("requirement", "R-HTTP-2");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(50'000);
    const std::string url = office.Publish("update.cab", bytes);
    for (int node = 1; node <= 2; ++node)
    {
        office.Start(node, {"--response-delay-ms", "500"});
    }
    Caller holder = office.Connect(1);
    Offer(holder, url, bytes);
    int altered = 0;
    for (const auto& entry : fs::recursive_directory_iterator(office.StateOf(1) / "copies"))
    {
        if (entry.is_regular_file())
        {
            const FileDescriptor file(::open(entry.path().c_str(), O_WRONLY | O_CLOEXEC));
            ASSERT_TRUE(file.IsOpen());
            file.WriteAt(1000, "poison");
            ++altered;
        }
    }
    ASSERT_EQ(altered, 1);
    Caller caller = office.Connect(2);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    // Not refused by who took it: not served at all.
    EXPECT_EQ(ReasonOf(caller, "refused-from-peer"), 0U);
    EXPECT_EQ(holder.Status()["copies"], 0);
}

TEST_F(Attack, L24RequestWithoutLockIsAnsweredUnlessALockIsRequired)
{
    RecordProperty("attack", "L24");
    RecordProperty("requirement", "R-PKT-6");
    Office& office = Open({3, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    office.Start(3, {"--response-delay-ms", "0", "--set", "protocol.require_lock=true"});
    Caller open = office.Connect(1);
    Caller strict = office.Connect(3);
    Offer(open, kUrl, "update");
    Offer(strict, kUrl, "update");
    RawPeer peer(office, 2);
    peer.Say(INeed(1, kUrl));
    EXPECT_TRUE(peer.Hear(Office::AddressOf(1), {"status=\"have\"", Id(1)}).has_value());
    EXPECT_TRUE(Await([&] { return ReasonOf(strict, "lock-required") == 1; }));
    EXPECT_EQ(SentBy(strict), 0U);
    peer.Say(INeed(2, kUrl, "lock=\"" + kNobodysKey + "\""));
    EXPECT_TRUE(peer.Hear(Office::AddressOf(3), {"status=\"have\"", Id(2)}).has_value());
}

TEST_F(Attack, L26WithoutVerifierAndWithSecretsInTheUrlNoPacketIsSent)
{
    RecordProperty("attack", "L26");
    RecordProperty("requirement", "R-HTTP-2 R-PKT-4");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(20'000);
    const std::string url = office.Publish("update.cab", bytes);
    std::string secret = url;
    secret.insert(std::string("http://").size(), "user:password@");
    office.Start(1, {"--response-delay-ms", "200"});
    RawPeer witness(office, 2);
    Caller caller = office.Connect(1);
    const std::string sha256 = Sha256Of(bytes);
    for (const nlohmann::json& call :
         {nlohmann::json{{"call", "get"}, {"url", url}},
          nlohmann::json{{"call", "get"}, {"url", secret}, {"sha256", sha256}},
          nlohmann::json{{"call", "get"}, {"url", url + "?token=1"}, {"sha256", sha256}}})
    {
        const auto end = caller.AwaitEnd(caller.Call(call));
        EXPECT_EQ(end.value("source", ""), "internet") << call << end;
        EXPECT_TRUE(caller.LastFile() == bytes);
    }
    EXPECT_EQ(SentBy(caller), 0U);
    // What is not secret is asked for aloud: the witness would have heard the others too.
    caller.AwaitEnd(caller.Get(office.Publish("open.cab", bytes), sha256));
    const auto heard = witness.Hear(Office::AddressOf(1), {"type="});
    ASSERT_TRUE(heard.has_value());
    EXPECT_THAT(heard->text, HasSubstr("open.cab"));
}

} // namespace
} // namespace lanpeer::reference
