#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

// A daemon that is killed at the worst moment: its copy is whole, and has no name yet.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

constexpr std::size_t kBytes = 300'000;
constexpr int kAll = 3;

class Crash : public OfficeTest
{
  protected:
    void RunKilledAtRename(const std::string& when);
};

void
Crash::RunKilledAtRename(const std::string& when)
{
    RecordProperty("requirement", "R-CLI-7 R-CLI-8 R-HTTP-2");
    const std::vector<std::string> flags{
        "--response-delay-ms", "300", "--set", "protocol.progress_interval_ms=200"};
    Office& office = Open({kAll, 1600}); // 1.5 s
    const std::string bytes = MakeBytes(kBytes);
    const std::string sha256 = Sha256Of(bytes);
    const std::string url = office.Publish("update.cab", bytes);
    office.SetWrapper({"env",
                       "LANPEER_DIE_AT_RENAME=" + when,
                       // The sanitizers' library wants to be the first.
                       "ASAN_OPTIONS=verify_asan_link_order=0",
                       std::string("LD_PRELOAD=") + LANPEER_DIE_AT_RENAME});
    office.Start(1, flags);
    office.SetWrapper({});
    std::vector<Caller> waiting;
    std::vector<std::int64_t> ids;
    Caller first = office.Connect(1);
    first.AwaitEvent(first.Get(url, sha256), {"progress"});
    for (int node = 2; node <= kAll; ++node)
    {
        office.Start(node, flags);
        waiting.push_back(office.Connect(node));
        ids.push_back(waiting.back().Get(url, sha256));
    }
    ASSERT_EQ(office.Daemon(1).AwaitEnd(), 128 + SIGKILL);
    for (std::size_t i = 0; i < waiting.size(); ++i)
    {
        const auto end = waiting[i].AwaitEnd(ids[i]);
        EXPECT_EQ(end.value("event", ""), "found") << end;
        EXPECT_TRUE(waiting[i].LastFile() == bytes);
        EXPECT_EQ(ReasonOf(waiting[i], "refused-from-peer"), 0U);
    }

    // It comes back with what is whole, or nothing, and serves as ever.
    office.Start(1, flags);
    Caller again = office.Connect(1);
    EXPECT_TRUE(fs::is_empty(office.StateOf(1) / "partial"));
    const auto status = again.Status();
    EXPECT_EQ(status["copy_bytes"], status["copies"].get<std::uint64_t>() * kBytes) << status;
    const auto end = again.AwaitEnd(again.Get(url, sha256));
    EXPECT_EQ(end.value("event", ""), "found") << end;
    EXPECT_NE(end.value("source", ""), "internet") << end;
    EXPECT_TRUE(again.LastFile() == bytes);
    for (int node = 2; node <= kAll; ++node)
    {
        office.Kill(node);
    }
    office.Start(2, flags);
    Caller last = office.Connect(2);
    last.AwaitEnd(last.Call({{"call", "withdraw"}, {"url", url}}));
    const auto served = last.AwaitEnd(last.Get(url, sha256));
    EXPECT_EQ(served.value("peer", ""), Office::AddressOf(1)) << served;
    EXPECT_TRUE(last.LastFile() == bytes);
}

TEST_F(Crash, KilledBetweenWriteAndRenameOthersFinishAndItRecovers)
{
    RunKilledAtRename("before");
}

TEST_F(Crash, KilledBehindTheRenameOthersFinishAndItRecovers)
{
    RunKilledAtRename("after");
}

} // namespace
} // namespace lanpeer::reference
