#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

// ATTACKS.md against the daemon: peers that promise what they do not keep.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

constexpr std::size_t kBytes = 50'000;

using Attack = OfficeTest;

/// Copies of a daemon, and what is left of those that are not whole.
std::vector<fs::path>
FilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        files.push_back(entry.path());
    }
    return files;
}

/// What the store has: this one copy, and no beginnings of others.
void
ExpectOnlyCopy(const Office& office, int node, const std::string& bytes)
{
    // An application is told before the copy has its name.
    EXPECT_TRUE(Await([&] { return FilesIn(office.StateOf(node) / "partial").empty(); }));
    const auto copies = FilesIn(office.StateOf(node) / "copies");
    ASSERT_EQ(copies.size(), 1U);
    EXPECT_TRUE(TextOf(copies[0]) == bytes);
}

TEST_F(Attack, U1PeerOfOneByteASecondIsCutByTheMinimumRate)
{
    RecordProperty("attack", "U1");
    RecordProperty("requirement", "R-CLI-7 R-CLI-8");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1,
                 {"--response-delay-ms",
                  "300",
                  "--set",
                  "peers.minimum_rate=1000",
                  "--set",
                  "peers.minimum_rate_window_s=2",
                  // It is not this that ends it.
                  "--set",
                  "protocol.peer_stall_ms=600000"});
    const FakePeer slow(
        office, 2, Office::AddressOf(1), FakePeer::Having(2, kBytes), FakePeer::Dripping(bytes));
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    EXPECT_GE(slow.Served(), 1);
    EXPECT_EQ(ReasonOf(caller, "transfer-failed"), static_cast<std::uint64_t>(slow.Served()));
    EXPECT_EQ(ReasonOf(caller, "transfer-stalled"), 0U);
    ExpectOnlyCopy(office, 1, bytes);
}

TEST_F(Attack, L6DownloadThatNeverGrowsHoldsNobodyLongerThanTheStallTime)
{
    RecordProperty("attack", "L6");
    RecordProperty("requirement", "R-CLI-4 R-CLI-7");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1,
                 {"--response-delay-ms",
                  "300",
                  "--set",
                  "protocol.progress_interval_ms=100",
                  "--set",
                  "protocol.download_stall_intervals=5"});
    std::atomic<bool> over{false};
    RawPeer liar(office, 2);
    std::thread lying(
        [&]
        {
            while (!over)
            {
                liar.Say("<service type=\"downloading\" version=\"1.0\" node=\"liar\" href=\"" +
                         url + "\" received=\"49500\" size=\"50000\"/>");
                std::this_thread::sleep_for(std::chrono::milliseconds(80));
            }
        });
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    over = true;
    lying.join();
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    EXPECT_GE(ReasonOf(caller, "download-stalled"), 1U);
    EXPECT_EQ(ReasonOf(caller, "source-budget"), 0U); // he was heard all the time
}

TEST_F(Attack, L6DownloadThatGrowsForEverEndsWithTheLongestWait)
{
    RecordProperty("attack", "L6");
    RecordProperty("requirement", "R-CLI-4 R-CLI-7");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1,
                 {"--response-delay-ms",
                  "300",
                  "--set",
                  "protocol.progress_interval_ms=1000",
                  "--set",
                  "protocol.longest_wait_s=2"});
    std::atomic<bool> over{false};
    RawPeer liar(office, 2);
    std::thread lying(
        [&]
        {
            for (int received = 1; !over; ++received)
            {
                liar.Say("<service type=\"downloading\" version=\"1.0\" node=\"liar\" href=\"" +
                         url + "\" received=\"" + std::to_string(received) + "\"/>");
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }
        });
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    over = true;
    lying.join();
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    EXPECT_GE(ReasonOf(caller, "waited-too-long"), 1U);
}

TEST_F(Attack, L7ForgedCompletionIsAFailedTransferAndThenTheInternet)
{
    RecordProperty("attack", "L7");
    RecordProperty("requirement", "R-CLI-8 R-CLI-10");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    office.Start(1, {"--response-delay-ms", "300"});
    Caller caller = office.Connect(1);
    const std::vector<std::pair<std::string, std::string>> lies{
        // He is there and has nothing; he closes the connection without a word.
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
         "leads-nowhere"},
        {"", "transfer-failed"},
    };
    for (const auto& [words, reason] : lies)
    {
        const FakePeer liar(office,
                            2,
                            Office::AddressOf(1),
                            FakePeer::Completing(2, kBytes),
                            FakePeer::Saying(words));
        const std::string url = office.Publish(reason + ".cab", bytes);
        const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
        EXPECT_EQ(end.value("source", ""), "internet") << end;
        EXPECT_TRUE(caller.LastFile() == bytes);
        EXPECT_GE(ReasonOf(caller, reason), 1U) << reason;
        EXPECT_GE(liar.Served(), 1) << reason;
    }
}

TEST_F(Attack, L7CompletionOfOneWhoDoesNotListenKeepsNobody)
{
    RecordProperty("attack", "L7");
    RecordProperty("requirement", "R-CLI-8 R-CLI-10");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1, {"--response-delay-ms", "500"});
    RawPeer liar(office, 2);
    Caller caller = office.Connect(1);
    const auto id = caller.Get(url, Sha256Of(bytes));
    const auto need = liar.Hear(Office::AddressOf(1), {"type=\"request\""});
    ASSERT_TRUE(need.has_value());
    liar.Say(FakePeer::Completing(2, kBytes)(need->text));
    const auto end = caller.AwaitEnd(id);
    EXPECT_EQ(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    EXPECT_GE(ReasonOf(caller, "transfer-failed") + ReasonOf(caller, "leads-nowhere"), 1U);
}

TEST_F(Attack, L15BodyOfAnotherLengthIsNeverKept)
{
    RecordProperty("attack", "L15");
    RecordProperty("requirement", "R-CLI-8 R-HTTP-2");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string length = std::to_string(kBytes);
    const std::string close = "\r\nConnection: close\r\n\r\n";
    const std::string half = bytes.substr(0, kBytes / 2);
    const std::vector<std::pair<std::string, std::string>> lies{
        {"short", "HTTP/1.1 200 OK\r\nContent-Length: " + length + close + half},
        {"half", HttpAnswer(half)},
        {"more", HttpAnswer(bytes + "and more")},
        {"negative", "HTTP/1.1 200 OK\r\nContent-Length: -1" + close + bytes},
        {"two",
         "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: " + length + close + half},
        {"unsaid", "HTTP/1.1 200 OK" + close + half},
        {"piece",
         "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-24999/50000\r\n"
         "Content-Length: 25000" +
             close + half},
        {"nothing", HttpAnswer("")},
    };
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1, {"--response-delay-ms", "100"});
    Caller caller = office.Connect(1);
    for (const auto& [name, words] : lies)
    {
        const FakePeer liar(
            office, 2, Office::AddressOf(1), FakePeer::Having(2, kBytes), FakePeer::Saying(words));
        const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
        EXPECT_EQ(end.value("source", ""), "internet") << name << end;
        EXPECT_TRUE(caller.LastFile() == bytes) << name;
        EXPECT_GE(liar.Served(), 1) << name;
        ExpectOnlyCopy(office, 1, bytes);
        const auto gone = caller.AwaitEnd(caller.Call({{"call", "withdraw"}, {"url", url}}));
        EXPECT_TRUE(gone.value("held", false)) << name;
    }
    // Bytes behind the length that was said are no part of the body.
    const FakePeer talker(office,
                          2,
                          Office::AddressOf(1),
                          FakePeer::Having(2, kBytes),
                          FakePeer::Saying(HttpAnswer(bytes) + "and more"));
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    ExpectOnlyCopy(office, 1, bytes);
}

} // namespace
} // namespace lanpeer::reference
