#include "fake-peer.h"
#include "reference/packages/package.h"
#include "tests/reference/packages/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <thread>

// What the daemon does with bodies: who may do what with them, and what is left of them.

namespace lanpeer::reference
{
namespace
{

using namespace std::chrono_literals;

constexpr std::size_t kBytes = 50'000;

class Bodies : public OfficeTest
{
  protected:
    void SetUp() override
    {
        OfficeTest::SetUp();
        RecordProperty("requirement", "R-HTTP-2 R-API-1");
    }

    const std::string m_bytes = MakeBytes(kBytes);
};

/// Or it could accept a body and alter it afterwards, for all who get it then.
TEST_F(Bodies, WhoJudgesOneMayNotWriteToItL20)
{
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "100"});
    Caller judge = office.Connect(1);
    const auto id = judge.Call({{"call", "get"}, {"url", url}, {"callback", true}});
    ASSERT_EQ(judge.AwaitEvent(id, {"judge", "failed"}).value("event", ""), "judge");
    EXPECT_FALSE(judge.LastFileIsWritable());
    EXPECT_TRUE(judge.LastFile() == m_bytes);
    judge.Call({{"call", "judged"}, {"id", id}, {"accepted", true}});
    EXPECT_EQ(judge.AwaitEnd(id).value("source", ""), "internet");
    EXPECT_FALSE(judge.LastFileIsWritable());
}

TEST_F(Bodies, WhoLeavesWithoutAJudgementHasNoVoice)
{
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "1000"});
    Caller other = office.Connect(1);
    {
        Caller judge = office.Connect(1);
        const auto id = judge.Call({{"call", "get"}, {"url", url}, {"callback", true}});
        const auto joined = other.Get(url, Sha256Of(m_bytes));
        ASSERT_EQ(judge.AwaitEvent(id, {"judge", "failed"}).value("event", ""), "judge");
        EXPECT_EQ(joined, 1);
    }
    EXPECT_EQ(other.AwaitEnd(1).value("event", ""), "found");
}

TEST_F(Bodies, WhoNeverJudgesHasNoVoiceAfterAWhile)
{
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "1000", "--set", "judge_s=1"});
    Caller other = office.Connect(1);
    Caller judge = office.Connect(1);
    const auto id = judge.Call({{"call", "get"}, {"url", url}, {"callback", true}});
    const auto joined = other.Get(url, Sha256Of(m_bytes));
    ASSERT_EQ(judge.AwaitEvent(id, {"judge", "failed"}).value("event", ""), "judge");
    EXPECT_EQ(other.AwaitEnd(joined).value("source", ""), "internet");
    // It is asked once more, for a body of its own, and that is its end.
    EXPECT_EQ(judge.AwaitEnd(id).value("reason", ""), "content-refused");
}

/// A mistaken digest, or a hostile one: a body that the others' verifiers accept is theirs.
TEST_F(Bodies, AVerifierSpeaksForItsOwnRequestAlone)
{
    RecordProperty("requirement", "R-HTTP-2 R-CLI-7");
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "1000"});
    Caller mistaken = office.Connect(1);
    Caller right = office.Connect(1);
    const auto wrong = mistaken.Get(url, Sha256Of("another"));
    const auto good = right.Get(url, Sha256Of(m_bytes));
    EXPECT_EQ(right.AwaitEnd(good).value("source", ""), "internet");
    EXPECT_EQ(mistaken.AwaitEnd(wrong).value("reason", ""), "content-refused");
    EXPECT_EQ(office.OriginRequests(), 2U);
    // It is held, and whoever is mistaken after that does not get it, nor loses it for the others.
    EXPECT_EQ(mistaken.AwaitEnd(mistaken.Get(url, Sha256Of("another"))).value("reason", ""),
              "content-refused");
    EXPECT_EQ(right.AwaitEnd(right.Get(url, Sha256Of(m_bytes))).value("source", ""), "local");
    EXPECT_EQ(office.OriginRequests(), 3U);
}

TEST_F(Bodies, AHeldCopyOfAnotherDigestKeepsNobodyFromTheRightOne)
{
    RecordProperty("requirement", "R-HTTP-2 R-CLI-7");
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "100"});
    Caller caller = office.Connect(1);
    Offer(caller, url, "an old one");
    const auto byDigest = caller.Get(url, Sha256Of(m_bytes));
    EXPECT_EQ(caller.AwaitEnd(byDigest).value("source", ""), "internet");
    EXPECT_TRUE(caller.LastFile() == m_bytes);
    // And by one that looks at it itself.
    const auto id = caller.Call({{"call", "get"}, {"url", url}, {"callback", true}});
    for (const bool accepted : {false, true})
    {
        ASSERT_EQ(caller.AwaitEvent(id, {"judge", "failed"}).value("event", ""), "judge");
        EXPECT_EQ(caller.LastFile() == m_bytes, accepted);
        caller.Call({{"call", "judged"}, {"id", id}, {"accepted", accepted}});
    }
    EXPECT_EQ(caller.AwaitEnd(id).value("source", ""), "internet");
}

/// Who believes the same root gets it from a peer, without a catalog and without its digest.
TEST_F(Bodies, ASignedPackageComesFromAPeer)
{
    RecordProperty("requirement", "R-HTTP-2 R-UPD-4");
    RecordProperty("attack", "L14");
    Office& office = Open({2, 8000});
    const std::string bytes = MakePackage({"dat.202611080000.cab", "dat", "202611080000"},
                                          {{"dat.txt", m_bytes, false}},
                                          KeyFor(Publisher()));
    const std::string url = office.Publish("dat.202611080000.cab", bytes);
    const std::string root = office.Folder() / "root.pem";
    std::ofstream(root) << Root().certificate;
    office.StartAll(2, {"--response-delay-ms", "100", "--set", "update.root_file=" + root});
    const auto get = [](Caller& caller, const std::string& what)
    {
        return caller.AwaitEnd(caller.Call({{"call", "get"}, {"url", what}, {"signed", true}}));
    };
    Caller first = office.Connect(1);
    EXPECT_EQ(get(first, url).value("source", ""), "internet");
    Caller second = office.Connect(2);
    EXPECT_EQ(get(second, url).value("source", ""), "peer");
    EXPECT_TRUE(second.LastFile() == bytes);
    // A peer that offers it as a newer one is refused, and the origin's is taken.
    const std::string newer = MakePackage({"dat.202611150000.cab", "dat", "202611150000"},
                                          {{"dat.txt", m_bytes + "!", false}},
                                          KeyFor(Publisher()));
    const std::string newerUrl = office.Publish("dat.202611150000.cab", newer);
    Offer(first, newerUrl, bytes);
    EXPECT_EQ(get(second, newerUrl).value("source", ""), "internet");
    EXPECT_TRUE(second.LastFile() == newer);
}

TEST_F(Bodies, WhatWasFetchedMayBeOfferedAnew)
{
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "100"});
    Caller caller = office.Connect(1);
    ASSERT_EQ(caller.AwaitEnd(caller.Get(url, Sha256Of(m_bytes))).value("event", ""), "found");
    Offer(caller, url, m_bytes); // fails the test if it is refused
    // And fetched anew, once it is no longer held.
    const auto withdrawn = caller.AwaitEnd(caller.Call({{"call", "withdraw"}, {"url", url}}));
    ASSERT_EQ(withdrawn.value("event", ""), "done") << withdrawn;
    const auto again = caller.AwaitEnd(caller.Get(url, Sha256Of(m_bytes)));
    EXPECT_EQ(again.value("source", ""), "internet") << again;
    EXPECT_EQ(office.OriginRequests(), 2U);
}

/// Copies go for bytes that came, not for those that a peer announces.
TEST_F(Bodies, APeersContentLengthEmptiesNoStoreT2)
{
    RecordProperty("requirement", "R-HTTP-4 R-CLI-8");
    Office& office = Open({2, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "300", "--set", "store.bytes=1000000"});
    Caller caller = office.Connect(1);
    Offer(caller, "http://updates.example.org/held.cab", m_bytes);
    const FakePeer boaster(office,
                           2,
                           Office::AddressOf(1),
                           FakePeer::Having(2, kBytes),
                           FakePeer::Saying("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n"
                                            "\r\nsome"));
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(m_bytes)));
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_GE(boaster.Served(), 1);
    EXPECT_TRUE(Await([&] { return caller.Status()["copies"] == 2; }));
}

TEST_F(Bodies, WhatDoesNotFitIsNotFetchedToItsEnd)
{
    RecordProperty("requirement", "R-HTTP-4 R-CLI-7");
    Office& office = Open({1, 8000});
    const std::string url = office.Publish("update.cab", m_bytes);
    office.Start(1, {"--response-delay-ms", "100", "--set", "store.bytes=20000"});
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(m_bytes)));
    EXPECT_EQ(end.value("reason", ""), "store-failed") << end;
}

TEST_F(Bodies, LimitsOfTheStoreAreReadAgainWithTheConfiguration)
{
    RecordProperty("requirement", "R-HTTP-4");
    Office& office = Open({1, 8000});
    const auto file = office.Folder() / "lanpeerd.yaml";
    std::ofstream(file) << "store:\n  bytes: 1000000\n";
    office.Start(1, {"--config", file});
    Caller caller = office.Connect(1);
    Offer(caller, "http://updates.example.org/one.cab", m_bytes);
    Offer(caller, "http://updates.example.org/two.cab", m_bytes);
    EXPECT_EQ(caller.Status()["copies"], 2);
    std::ofstream(file) << "store:\n  bytes: 60000\n";
    office.Daemon(1).Signal(SIGHUP);
    EXPECT_TRUE(Await([&] { return caller.Status()["copies"] == 1; }));
}

/// A holder that goes silent, and one whose body is refused, cost the next one nothing.
TEST_F(Bodies, TheNextHolderIsAskedWhenOneStallsOrLies)
{
    RecordProperty("requirement", "R-CLI-8 R-HTTP-2");
    Office& office = Open({4, 8000});
    const std::string url = "http://updates.example.org/update.cab";
    office.Start(1,
                 {"--response-delay-ms",
                  "1000",
                  "--set",
                  "protocol.peer_stall_ms=1000",
                  "--set",
                  "protocol.reasks=0",
                  "--set",
                  "internet.access=off"});
    const auto stall = [this](const FileDescriptor& connection, const std::atomic<bool>& over)
    {
        const std::string answer = HttpAnswer(m_bytes);
        ::send(connection.Get(), answer.data(), answer.size() - kBytes / 2, MSG_NOSIGNAL);
        while (!over && !IsReadable(connection, 50ms))
        {
        }
    };
    const auto haveAfter = [](int node, std::chrono::milliseconds delay)
    {
        return [having = FakePeer::Having(node, kBytes), delay](const std::string& need)
        {
            std::this_thread::sleep_for(delay);
            return having(need);
        };
    };
    const std::string victim = Office::AddressOf(1);
    const FakePeer silent(office, 2, victim, haveAfter(2, 0ms), stall);
    const FakePeer liar(
        office, 3, victim, haveAfter(3, 200ms), FakePeer::Saying(HttpAnswer(MakeBytes(kBytes, 7))));
    const FakePeer honest(
        office, 4, victim, haveAfter(4, 400ms), FakePeer::Saying(HttpAnswer(m_bytes)));
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(m_bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_EQ(end.value("peer", ""), Office::AddressOf(4)) << end;
    EXPECT_TRUE(caller.LastFile() == m_bytes);
    EXPECT_EQ(silent.Served(), 1);
    EXPECT_EQ(liar.Served(), 1);
    EXPECT_EQ(ReasonOf(caller, "transfer-failed"), 0U);
}

} // namespace
} // namespace lanpeer::reference
