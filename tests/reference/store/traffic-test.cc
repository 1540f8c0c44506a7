#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Traffic = StoreFolder;

std::vector<std::string>
Text(const std::vector<TrafficRow>& rows)
{
    std::vector<std::string> text;
    for (const TrafficRow& row : rows)
    {
        text.push_back(row.month + " " + std::to_string(static_cast<int>(row.kind)) + " " +
                       row.peer + " " + std::to_string(row.transfers) + " " +
                       std::to_string(row.bytes));
    }
    return text;
}

TEST_F(Traffic, IsCountedByMonthKindAndPeerAndOutlivesARestart)
{
    {
        const auto store = Make();
        store->AddTraffic(TrafficKind::FromPeer, "10.0.0.1", 5, "2026-11");
        store->AddTraffic(TrafficKind::FromPeer, "10.0.0.1", 7, "2026-11");
        store->AddTraffic(TrafficKind::FromInternet, "h", 100, "2026-11");
        EXPECT_THAT(Text(store->Traffic()),
                    ElementsAre("2026-11 0 10.0.0.1 2 12", "2026-11 1 h 1 100"));
        store->AddTraffic(TrafficKind::FromPeer, "10.0.0.1", 1, "2026-11");
        store->AddTraffic(TrafficKind::ServedToPeer, "10.0.0.1", 2, "2026-12");
    }
    const auto store = Make();
    EXPECT_THAT(
        Text(store->Traffic()),
        ElementsAre("2026-11 0 10.0.0.1 3 13", "2026-11 1 h 1 100", "2026-12 2 10.0.0.1 1 2"));
    EXPECT_THAT(Text(store->Traffic({"2026-12", {}, {}})), ElementsAre("2026-12 2 10.0.0.1 1 2"));
    EXPECT_THAT(Text(store->Traffic({{}, TrafficKind::FromInternet, {}})),
                ElementsAre("2026-11 1 h 1 100"));
    EXPECT_THAT(Text(store->Traffic({{}, {}, "10.0.0.1"})), SizeIs(2));
    EXPECT_THAT(Text(store->Traffic({"2026-11", TrafficKind::FromPeer, "h"})), IsEmpty());
}

TEST_F(Traffic, AreKeptThroughACrashAfterAMinute)
{
    const auto store = Make();
    store->AddTraffic(TrafficKind::FromPeer, "p", 5, "2026-11");
    const auto rows = [this]
    {
        // Another's eyes on the folder: a copy of it.
        std::filesystem::remove_all(m_top / "copy");
        std::filesystem::copy(State(), m_top / "copy", std::filesystem::copy_options::recursive);
        std::filesystem::permissions(m_top / "copy", std::filesystem::perms(0700));
        StoreSettings settings = Settings();
        settings.folder = (m_top / "copy").string();
        return Text(Store(settings).Traffic());
    };
    EXPECT_THAT(rows(), IsEmpty());
    m_nowS += 60;
    store->AddTraffic(TrafficKind::FromPeer, "p", 6, "2026-11");
    EXPECT_THAT(rows(), ElementsAre("2026-11 0 p 2 11"));
}

TEST_F(Traffic, PeersPerMonthAreBoundedTheRestIsSummed)
{
    const auto store = Make();
    const auto add = [&](const std::string& peer)
    {
        store->AddTraffic(TrafficKind::FromPeer, peer, 1, "2026-11");
    };
    store->AddTraffic(TrafficKind::ServedToPeer, "served", 1, "2026-11");
    for (std::size_t i = 1; i < kMaxTrafficPeersPerMonth + 50; ++i)
    {
        // In the order of their names, as what waits is written in that order.
        add("p" + std::to_string(10'000 + i));
    }
    add("p10001");
    add("late");
    store->AddTraffic(TrafficKind::ServedToPeer, "late", 9, "2026-11");
    // The first thousand to be written, and one sum of each kind.
    const auto rows = store->Traffic();
    EXPECT_THAT(rows, SizeIs(kMaxTrafficPeersPerMonth + 2));
    EXPECT_THAT(Text(store->Traffic({{}, TrafficKind::FromPeer, kOtherPeers})),
                ElementsAre("2026-11 0 others 51 51"));
    EXPECT_THAT(Text(store->Traffic({{}, TrafficKind::ServedToPeer, {}})),
                ElementsAre("2026-11 2 others 1 9", "2026-11 2 served 1 1"));
    EXPECT_THAT(Text(store->Traffic({{}, {}, "p10001"})), ElementsAre("2026-11 0 p10001 2 2"));
    // Another month has a thousand of its own.
    store->AddTraffic(TrafficKind::FromPeer, "late", 1, "2026-12");
    EXPECT_THAT(Text(store->Traffic({"2026-12", {}, {}})), ElementsAre("2026-12 0 late 1 1"));
}

TEST_F(Traffic, TheLatest24MonthsAreKept)
{
    const auto store = Make();
    for (int year = 2024; year <= 2026; ++year)
    {
        for (int month = 1; month <= 12; ++month)
        {
            const std::string text =
                std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
            store->AddTraffic(TrafficKind::FromPeer, "p", 1, text);
            store->AddTraffic(TrafficKind::FromPeer, "q", 1, text);
        }
        store->Flush();
    }
    const auto rows = store->Traffic();
    ASSERT_THAT(rows, SizeIs(2 * kMaxTrafficMonths));
    EXPECT_EQ(rows.front().month, "2025-01");
    EXPECT_EQ(rows.back().month, "2026-12");
}

TEST_F(Traffic, ASumStaysAtTheLargest)
{
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const auto store = Make();
    for (int i = 0; i < 3; ++i)
    {
        store->AddTraffic(TrafficKind::FromPeer, "p", kMost, "2026-11");
        store->AddTraffic(TrafficKind::FromPeer, "p", kMost, "2026-11");
        EXPECT_THAT(store->Traffic().at(0).bytes,
                    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    }
}

TEST_F(Traffic, RefusesWhatIsNoMonth)
{
    const auto store = Make();
    for (const char* month : {"", "2026", "2026-1", "2026-11-02", "26-11-02", "2026/11", "2026-1x"})
    {
        EXPECT_THROW(store->AddTraffic(TrafficKind::FromPeer, "p", 1, month), std::invalid_argument)
            << month;
    }
    EXPECT_THAT(store->Traffic(), IsEmpty());
}

} // namespace
} // namespace lanpeer::reference
