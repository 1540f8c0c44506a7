#include "fake-peer.h"
#include "forger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// ATTACKS.md against the daemon: packets under other names, too many, too old.

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

const std::string kUrl = "http://updates.example.org/update.cab";

using Attack = OfficeTest;

std::uint64_t
ReceivedBy(Caller& caller)
{
    return caller.Status()["packets"].value("received", std::uint64_t{0});
}

/// The first that has these words.
WireDatagram
FirstWith(const std::vector<WireDatagram>& datagrams, const std::string& words)
{
    const auto found = std::find_if(datagrams.begin(),
                                    datagrams.end(),
                                    [&words](const WireDatagram& one)
                                    { return one.payload.find(words) != std::string::npos; });
    EXPECT_NE(found, datagrams.end()) << words;
    return found == datagrams.end() ? WireDatagram{} : *found;
}

TEST_F(Attack, L3SourceThatIsNotOfTheLinkIsNotAnswered)
{
    RecordProperty("attack", "L3");
    RecordProperty("requirement", "R-SRV-7");
    Office& office = Open({2, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    const Forger forger(office, 2);
    const std::vector<std::string> victims{
        kOriginAddress, "8.8.8.8", Office::BroadcastAddress(), "10.77.0.0", "255.255.255.255"};
    int id = 0;
    for (const std::string& victim : victims)
    {
        forger.Say({victim, Office::BroadcastAddress(), 1967, 1967, INeed(++id, kUrl)});
        forger.Say({victim, Office::AddressOf(1), 53, 1967, INeed(++id, kUrl)});
    }
    // One of the link, behind them all: it is answered, and those before it were read.
    RawPeer honest(office, 2);
    honest.Say(INeed(++id, kUrl));
    EXPECT_TRUE(honest.Hear(Office::AddressOf(1), {"status=\"have\"", Id(id)}).has_value());
    EXPECT_EQ(SentBy(holder), 1U);
    // Sources of broadcast are what the kernel drops itself.
    EXPECT_GE(ReasonOf(holder, "off-link"), 4U);
}

TEST_F(Attack, L3AnswersToAVictimAreNoMoreThanTheBudgetOfEachHolderLets)
{
    RecordProperty("attack", "L3");
    RecordProperty("requirement", "R-SRV-7");
    constexpr int kHolders = 2;
    constexpr std::uint64_t kBurst = 64;
    constexpr int kForged = 400;
    Office& office = Open({4, 8000});
    const std::string victim = Office::AddressOf(4);
    std::vector<Caller> holders;
    for (int node = 1; node <= kHolders; ++node)
    {
        // The budget fills by one packet a second: those that the time of this test lets in are
        // few.
        office.Start(node, {"--response-delay-ms", "0", "--set", "protocol.source_refill_per_s=1"});
        holders.push_back(office.Connect(node));
        Offer(holders.back(), kUrl, "update");
    }
    const Recorder atVictim(office, 4);
    const Forger forger(office, 3);
    const auto begin = std::chrono::steady_clock::now();
    for (int id = 1; id <= kForged; ++id)
    {
        forger.Say({victim, Office::BroadcastAddress(), 1967, 1967, INeed(id, kUrl)});
    }
    for (Caller& holder : holders)
    {
        ASSERT_TRUE(Await([&] { return ReceivedBy(holder) >= kForged; }));
    }
    const auto seconds =
        std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
    std::uint64_t answers = 0;
    ASSERT_TRUE(Await(
        [&]
        {
            for (const WireDatagram& packet : atVictim.Take())
            {
                answers += packet.destination == victim ? 1U : 0U;
            }
            return answers >= kHolders * kBurst;
        }));
    EXPECT_LE(answers, kHolders * (kBurst + static_cast<std::uint64_t>(seconds.count()) + 1));
    RecordProperty("packets_at_victim", std::to_string(answers));
    for (Caller& holder : holders)
    {
        EXPECT_LE(SentBy(holder), answers); // one each
        EXPECT_GE(ReasonOf(holder, "source-budget"), 1U);
    }
}

TEST_F(Attack, L3AnswerIsHardlyLongerThanTheRequest)
{
    RecordProperty("attack", "L3");
    RecordProperty("requirement", "R-SRV-7 R-PKT-2");
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(50'000);
    office.Start(1, {"--response-delay-ms", "200"});
    office.Start(2, {"--response-delay-ms", "200"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, bytes);
    const Recorder recorder(office, 2);
    Caller asker = office.Connect(2);
    ASSERT_EQ(asker.AwaitEnd(asker.Get(kUrl, Sha256Of(bytes))).value("source", ""), "peer");
    const auto packets = recorder.Take();
    const std::size_t request = FirstWith(packets, "type=\"request\"").payload.size();
    const std::size_t answer = FirstWith(packets, "status=\"have\"").payload.size();
    EXPECT_LE(2 * answer, 3 * request) << answer << " for " << request;
    RecordProperty("bytes_of_request", std::to_string(request));
    RecordProperty("bytes_of_answer", std::to_string(answer));

    // The shortest that is a request at all.
    const std::string shortest = "<service type=\"request\" version=\"1.0\" ID=\"1\" "
                                 "method=\"get\" href=\"" +
                                 kUrl + "\" acceptprotocol=\"http\"/>";
    RawPeer plain(office, 3);
    plain.Say(shortest);
    const auto heard = plain.Hear(Office::AddressOf(1), {"status=\"have\""});
    ASSERT_TRUE(heard.has_value());
    EXPECT_LE(2 * heard->text.size(), 5 * shortest.size());
}

TEST_F(Attack, L5ManyRequestersFillBoundedTablesAndTheHonestOneIsServedBehindThem)
{
    RecordProperty("attack", "L5");
    RecordProperty("requirement", "R-SRV-5 R-SRV-7");
    constexpr int kSources = 200;
    constexpr int kEach = 60; // within the budget of a source
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(50'000);
    const std::vector<std::string> flags{
        "--response-delay-ms", "2000", "--set", "protocol.pending_requests=2000"};
    office.Start(1, flags);
    office.Start(3, flags);
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, bytes);
    const long before = ResidentKb(office, 1);
    const Forger forger(office, 2);
    int id = 0;
    for (int round = 0; round < kEach; ++round)
    {
        for (int source = 0; source < kSources; ++source)
        {
            ++id;
            forger.Say({"10.77.0." + std::to_string(20 + source),
                        Office::AddressOf(1),
                        1967,
                        1967,
                        INeed(id, kUrl, "", "n" + std::to_string(id))});
        }
        // The kernel's buffer must not be what drops them.
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ASSERT_TRUE(Await([&] { return ReasonOf(holder, "pending-full") >= 1; }));
    Caller honest = office.Connect(3);
    const auto end = honest.AwaitEnd(honest.Get(kUrl, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    const std::uint64_t received = ReceivedBy(holder);
    EXPECT_GE(received, 4'000U);
    EXPECT_GE(ReasonOf(holder, "pending-full"), received / 4);
    const long grown = ResidentKb(office, 1) - before;
    RecordProperty("resident_growth_kb", std::to_string(grown));
    EXPECT_TRUE(!kResidentTells || grown <= 16 * 1024) << grown;
}

TEST_F(Attack, L5OneSourceOfManyNamesIsHeldToItsBudget)
{
    RecordProperty("attack", "L5");
    RecordProperty("requirement", "R-SRV-7");
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(50'000);
    office.Start(1,
                 {"--response-delay-ms",
                  "1000",
                  "--set",
                  "protocol.pending_requests=100",
                  "--set",
                  "protocol.source_refill_per_s=1"});
    office.Start(3, {"--response-delay-ms", "1000"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, bytes);
    RawPeer greedy(office, 2);
    for (int id = 1; id <= 1000; ++id)
    {
        greedy.Say(INeed(id, kUrl, "", "n" + std::to_string(id)), Office::AddressOf(1));
    }
    Caller honest = office.Connect(3);
    const auto end = honest.AwaitEnd(honest.Get(kUrl, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_EQ(ReasonOf(holder, "pending-full"), 0U);
    EXPECT_GE(ReasonOf(holder, "source-budget"), 500U);
}

TEST_F(Attack, L8ReplayedPacketsChangeNothingInALaterRequest)
{
    RecordProperty("attack", "L8");
    RecordProperty("requirement", "R-PKT-6 R-CLI-1");
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(50'000);
    const std::string url = office.Publish("update.cab", bytes);
    const std::string sha256 = Sha256Of(bytes);
    const std::vector<std::string> flags{"--response-delay-ms", "600"};
    office.Start(1, flags);
    office.Start(3, flags);
    Caller holder = office.Connect(3);
    Offer(holder, url, bytes);
    const Recorder recorder(office, 1);
    const nlohmann::json withdraw{{"call", "withdraw"}, {"url", url}};
    auto caller = std::make_unique<Caller>(office.Connect(1));
    ASSERT_EQ(caller->AwaitEnd(caller->Get(url, sha256)).value("source", ""), "peer");
    const auto packets = recorder.Take();
    const WireDatagram have = FirstWith(packets, "status=\"have\"");
    const WireDatagram found = FirstWith(packets, "type=\"end-request\"");
    EXPECT_EQ(found.source, Office::AddressOf(1));

    RawPeer attacker(office, 2);
    const Forger forger(office, 2);
    const auto askBehindReplays = [&](const WireDatagram& replayed)
    {
        caller->AwaitEnd(caller->Call(withdraw));
        while (attacker.Hear(Office::AddressOf(1), {}, std::chrono::milliseconds(1)))
        {
        }
        const auto id = caller->Get(url, sha256);
        EXPECT_TRUE(attacker.Hear(Office::AddressOf(1), {"type=\"request\""}).has_value());
        for (int times = 0; times < 20; ++times)
        {
            forger.Say(replayed);
        }
        return caller->AwaitEnd(id);
    };
    // The old "I found" does not silence the holder of today.
    const std::uint64_t heardBefore = ReceivedBy(holder);
    EXPECT_EQ(askBehindReplays(found).value("source", ""), "peer");
    EXPECT_GE(ReceivedBy(holder), heardBefore + 20);
    // The old "I have" leads to where nothing is: a fetch that costs one answer of 404 and no more,
    // and the holder of today, who has another alias, is asked again.
    office.Start(3, flags);
    holder = office.Connect(3);
    EXPECT_EQ(askBehindReplays(have).value("source", ""), "peer");
    EXPECT_LE(ReasonOf(*caller, "leads-nowhere"), 1U);
    EXPECT_EQ(office.OriginRequests(), 0U);

    // The same of an asker that started anew, and when nobody holds it any more.
    office.Start(1, flags);
    caller = std::make_unique<Caller>(office.Connect(1));
    EXPECT_EQ(askBehindReplays(found).value("source", ""), "peer");
    holder.AwaitEnd(holder.Call(withdraw));
    EXPECT_EQ(askBehindReplays(have).value("source", ""), "internet");
    EXPECT_GE(ReceivedBy(*caller), 20U);
    EXPECT_LE(ReasonOf(*caller, "leads-nowhere"), 1U);
    EXPECT_EQ(office.OriginRequests(), 1U);
}

TEST_F(Attack, L25NodeIdIsAnotherAtEachStart)
{
    RecordProperty("attack", "L25");
    RecordProperty("requirement", "R-PKT-1");
    Office& office = Open({2, 8000});
    RawPeer witness(office, 2);
    std::vector<std::string> names;
    for (int start = 0; start < 3; ++start)
    {
        office.Start(1, {"--response-delay-ms", "50"});
        Caller caller = office.Connect(1);
        caller.Get(kUrl, Sha256Of("update"));
        const auto heard = witness.Hear(Office::AddressOf(1), {"type=\"request\""});
        ASSERT_TRUE(heard.has_value());
        names.push_back(RawPeer::ValueOf(heard->text, "node"));
        EXPECT_EQ(names.back(), caller.Status().value("node", ""));
        EXPECT_EQ(names.back().size(), 22U);
        office.Kill(1);
        while (witness.Hear(Office::AddressOf(1), {}, std::chrono::milliseconds(1)))
        {
        }
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

} // namespace
} // namespace lanpeer::reference
