#include "office.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

// One update, spread over an office of real daemons, real sockets and a real origin.

namespace lanpeer::reference
{
namespace
{

using testing::Each;
using testing::Le;

constexpr int kNodes = 8;
constexpr std::size_t kUpdateBytes = 910'000; // [0058]

/// D of these tests, so that they are short.
constexpr int kDelayMs = 500;

const std::vector<std::string> kShort{"--response-delay-ms", std::to_string(kDelayMs)};

using Spread = OfficeTest;

struct Asker
{
    explicit Asker(Caller its)
        : caller(std::move(its))
    {
    }

    Caller caller;
    std::int64_t id = 0;
};

/// Waits for each; \returns how many found it at which source
std::map<std::string, int>
AwaitFound(std::vector<Asker>& askers, const std::string& bytes)
{
    std::map<std::string, int> sources;
    for (Asker& asker : askers)
    {
        const nlohmann::json end = asker.caller.AwaitEnd(asker.id);
        EXPECT_EQ(end.value("event", ""), "found") << end;
        EXPECT_EQ(end.value("sha256", ""), Sha256Of(bytes));
        EXPECT_TRUE(asker.caller.LastFile() == bytes) << end;
        ++sources[end.value("source", "")];
    }
    return sources;
}

void
ExpectTapesReplay(const Office& office)
{
    for (int node = 1; node <= kNodes; ++node)
    {
        const CommandResult replayed =
            RunCommand({LANPEER_BINARY_DIR "/bin/replay-tape", office.TapeOf(node)});
        EXPECT_EQ(replayed.exitCode, 0) << replayed.output;
    }
}

TEST_F(Spread, OneCopyCrossesTheUplinkForAStaggeredStart)
{
    RecordProperty("requirement", "R-CLI-2 R-CLI-3 R-HTTP-1 R-HTTP-2 R-PKT-7 R-SIM-1");
    Office& office = Open({kNodes, 8000});
    const std::string bytes = MakeBytes(kUpdateBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.StartAll(kNodes, kShort);

    // Nobody asks: nobody speaks.
    std::vector<std::uint64_t> before;
    for (int node = 1; node <= kNodes; ++node)
    {
        before.push_back(office.CounterOf(node, "tx_packets"));
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
    for (int node = 1; node <= kNodes; ++node)
    {
        EXPECT_EQ(office.CounterOf(node, "tx_packets"), before[static_cast<std::size_t>(node - 1)]);
    }

    const std::uint64_t uplinkBefore = office.UplinkBytes();
    std::vector<Asker> askers;
    for (int node = 1; node <= kNodes; ++node)
    {
        askers.emplace_back(office.Connect(node));
        askers.back().id = askers.back().caller.Get(url, Sha256Of(bytes));
        // Each later than the longest pause of the one before (R-CLI-8), so that chance has no part
        // in who retrieves.
        std::this_thread::sleep_for(std::chrono::milliseconds(kDelayMs + 100));
    }
    const auto sources = AwaitFound(askers, bytes);
    EXPECT_EQ(sources, (std::map<std::string, int>{{"internet", 1}, {"peer", kNodes - 1}}));
    ASSERT_TRUE(Await([&] { return office.OriginRequests() >= 1; }));
    EXPECT_EQ(office.OriginBodyBytes(), kUpdateBytes);
    const std::uint64_t onTheWire = office.UplinkBytes() - uplinkBefore;
    EXPECT_GE(onTheWire, kUpdateBytes);
    EXPECT_LE(onTheWire, kUpdateBytes * 106 / 100);
    RecordProperty("uplink_bytes", std::to_string(onTheWire));

    // And it is quiet again.
    std::vector<nlohmann::json> sent;
    for (Asker& asker : askers)
    {
        sent.push_back(asker.caller.Status()["packets"]["sent"]);
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
    for (std::size_t i = 0; i < askers.size(); ++i)
    {
        EXPECT_EQ(askers[i].caller.Status()["packets"]["sent"], sent[i]);
    }
    for (int node = 1; node <= kNodes; ++node)
    {
        office.Daemon(node).Signal(SIGTERM);
        EXPECT_EQ(office.Daemon(node).AwaitEnd(), 0);
    }
    ExpectTapesReplay(office);
}

TEST_F(Spread, AllAtOneInstantShareFewCopies)
{
    RecordProperty("requirement", "R-CLI-3 R-CLI-4 R-CLI-8");
    Office& office = Open({kNodes, 8000});
    const std::string bytes = MakeBytes(kUpdateBytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.StartAll(kNodes, {"--response-delay-ms", "1500"});
    std::vector<Asker> askers;
    for (int node = 1; node <= kNodes; ++node)
    {
        askers.emplace_back(office.Connect(node));
    }
    for (Asker& asker : askers)
    {
        asker.id = asker.caller.Get(url, Sha256Of(bytes));
    }
    auto sources = AwaitFound(askers, bytes);
    const auto fetched = static_cast<std::uint64_t>(sources["internet"]);
    ASSERT_TRUE(Await([&] { return office.OriginRequests() >= fetched; }));
    const double copies = static_cast<double>(office.OriginBodyBytes()) / kUpdateBytes;
    RecordProperty("copies", std::to_string(copies));
    RecordProperty("from_peers", std::to_string(sources["peer"]));
    // Two whose pauses end within the time that a packet takes both retrieve; three hardly ever.
    EXPECT_LE(copies, 3.0);
    EXPECT_GE(sources["peer"], kNodes - 3);
    ExpectTapesReplay(office);
}

/// Starts an update that takes long, and waits until that many others wait for it.
TEST_F(Spread, OneKilledInItsDownloadCostsFewCopiesAndRecovers)
{
    RecordProperty("requirement", "R-CLI-4 R-CLI-6 R-CLI-7 R-CLI-8 R-HTTP-2");
    constexpr int kAll = 7;
    Office& office = Open({kAll, 600}); // 12 s for the update
    const std::string bytes = MakeBytes(kUpdateBytes);
    const std::string url = office.Publish("update.cab", bytes);
    const std::vector<std::string> flags{
        "--response-delay-ms", "500", "--set", "protocol.progress_interval_ms=300"};
    office.StartAll(kAll, flags);
    std::vector<Asker> askers;
    for (int node = 1; node <= kAll; ++node)
    {
        askers.emplace_back(office.Connect(node));
        Asker& asker = askers.back();
        asker.id = asker.caller.Get(url, Sha256Of(bytes));
        if (node == 1)
        {
            const auto progress = asker.caller.AwaitEvent(asker.id, {"progress", "found"});
            ASSERT_EQ(progress.value("event", ""), "progress") << progress;
            ASSERT_TRUE(progress.value("own", false)) << progress;
        }
    }
    for (std::size_t i = 1; i < askers.size(); ++i)
    {
        const auto progress = askers[i].caller.AwaitEvent(askers[i].id, {"progress", "found"});
        ASSERT_EQ(progress.value("event", ""), "progress") << progress;
        EXPECT_FALSE(progress.value("own", true)) << progress;
    }
    office.Kill(1);
    askers.erase(askers.begin());
    office.SetUplink(8000);
    auto sources = AwaitFound(askers, bytes);
    const auto fetched = static_cast<std::uint64_t>(sources["internet"]);
    EXPECT_GE(fetched, 1U);
    ASSERT_TRUE(Await([&] { return office.OriginRequests() >= 1 + fetched; }));
    RecordProperty("further_copies", std::to_string(fetched));
    EXPECT_LE(fetched, 2U);
    EXPECT_LE(office.OriginBodyBytes(), 3 * kUpdateBytes);

    // It comes back: what it had not whole is not there, and it takes it from a peer.
    const std::uint64_t requests = office.OriginRequests();
    office.Start(1, flags);
    Caller again = office.Connect(1);
    EXPECT_EQ(again.Status()["copies"], 0);
    EXPECT_TRUE(std::filesystem::is_empty(office.StateOf(1) / "partial"));
    const auto end = again.AwaitEnd(again.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_TRUE(again.LastFile() == bytes);
    EXPECT_EQ(office.OriginRequests(), requests);
}

TEST_F(Spread, OneKilledWhileItServesKeepsNobodyFromFinishing)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-8 R-HTTP-2");
    constexpr int kAll = 4;
    Office& office = Open({kAll, 8000});
    const std::string bytes = MakeBytes(kUpdateBytes);
    const std::string url = office.Publish("update.cab", bytes);
    // Slow enough to be caught at it: some 10 s for three.
    office.Start(1, {"--response-delay-ms", "500", "--set", "upload_bytes_per_s=250000"});
    Caller holder = office.Connect(1);
    ASSERT_EQ(holder.AwaitEnd(holder.Get(url, Sha256Of(bytes))).value("source", ""), "internet");
    for (int node = 2; node <= kAll; ++node)
    {
        office.Start(node, kShort);
    }
    std::vector<Asker> askers;
    for (int node = 2; node <= kAll; ++node)
    {
        askers.emplace_back(office.Connect(node));
        askers.back().id = askers.back().caller.Get(url, Sha256Of(bytes));
    }
    ASSERT_TRUE(Await([&] { return holder.Status().value("uploads", 0) == kAll - 1; }));
    office.Kill(1);
    const auto sources = AwaitFound(askers, bytes);
    EXPECT_EQ(sources.count("local"), 0U);
    // Partial copies of the killed holder's bytes are not what anybody keeps.
    for (Asker& asker : askers)
    {
        EXPECT_EQ(asker.caller.Status()["copy_bytes"], kUpdateBytes);
    }
}

} // namespace
} // namespace lanpeer::reference
