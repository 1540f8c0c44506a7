#include "analysis/metrics.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::int64_t kHourUs = 3'600'000'000;

UpdateMetrics
UpdatesOf(const RunRecord& record)
{
    return ComputeMetrics(record).updates.value();
}

std::string
ErrorOf(const RunRecord& record)
{
    try
    {
        CheckRecord(record);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

TEST(UpdateMetrics, NodesWithoutUpdateServicesHaveNone)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_FALSE(ComputeMetrics(SampleRecord()).updates);
}

TEST(UpdateMetrics, FiguresOfTheSample)
{
    RecordProperty("requirement", "R-SIM-8 R-UPD-1");
    const UpdateMetrics updates = UpdatesOf(UpdatesRecord());
    EXPECT_EQ(updates.releases, 3U);
    EXPECT_EQ(updates.installations, 4U);
    EXPECT_EQ(updates.missing, 2U); // node 1: a's second and b
    // In hours: 1, 8.5, 9, 10 and, up to the end, 120 twice; while on: 0.5, 1, 1, 2, 4, 4.
    EXPECT_EQ(updates.outOfDateS.mean, 268.5 * 3600 / 6);
    EXPECT_EQ(updates.outOfDateS.p50, 9.0 * 3600);
    EXPECT_EQ(updates.outOfDateS.p95, 120.0 * 3600);
    EXPECT_EQ(updates.outOfDateS.max, 120.0 * 3600);
    EXPECT_EQ(updates.outOfDateOnS.mean, 12.5 * 3600 / 6);
    EXPECT_EQ(updates.outOfDateOnS.p50, 1.0 * 3600);
    EXPECT_EQ(updates.outOfDateOnS.p95, 4.0 * 3600);
    EXPECT_THAT(updates.internetBytesByWeek, ElementsAre(1000, 1500));
    EXPECT_THAT(updates.catalogBytesByWeek, ElementsAre(30, 45));
    EXPECT_THAT(updates.checks, ElementsAre(Pair("failed: expired", 1), Pair("installed", 4)));
}

TEST(UpdateMetrics, WhoSkipsAReleaseIsNoLongerOutOfDateForIt)
{
    RecordProperty("requirement", "R-SIM-8");
    RunRecord record = UpdatesRecord();
    // Node 1 never installs a's first, but its second at the end of day 11.
    std::vector<UpdateRecord::Installation>& installations = record.updates->installations;
    installations.erase(installations.begin());
    installations.push_back({1, 1, 268 * kHourUs});
    const UpdateMetrics updates = UpdatesOf(record);
    EXPECT_EQ(updates.missing, 1U); // b
    EXPECT_EQ(updates.outOfDateS.max, 268.0 * 3600);
}

TEST(UpdateMetrics, NothingReleasedIsNothingToMeasure)
{
    RecordProperty("requirement", "R-SIM-8");
    RunRecord record = UpdatesRecord();
    record.updates = UpdateRecord{};
    record.catalogBytes = 0;
    const UpdateMetrics updates = UpdatesOf(record);
    EXPECT_FALSE(updates.outOfDateS.mean);
    EXPECT_FALSE(updates.outOfDateOnS.p95);
    EXPECT_THAT(updates.catalogBytesByWeek, ElementsAre(0, 0));
}

TEST(UpdateMetrics, ARecordThatContradictsItselfIsNoFigure)
{
    RecordProperty("requirement", "R-SIM-8");
    RunRecord record = UpdatesRecord();
    record.updates->installations.front().atUs = -1;
    EXPECT_THAT(ErrorOf(record), HasSubstr("installations[0]: before its release"));
    record = UpdatesRecord();
    record.updates->installations.back().release = 3;
    EXPECT_THAT(ErrorOf(record), HasSubstr("installations[3]: unknown release"));
    record = UpdatesRecord();
    record.updates->releases.back().publishedAtUs = 5;
    EXPECT_THAT(ErrorOf(record), HasSubstr("releases[2]: not in the order of time"));
    record = UpdatesRecord();
    record.updates->on.front().node = 2;
    EXPECT_THAT(ErrorOf(record), HasSubstr("on[0]: unknown node"));
    record = UpdatesRecord();
    record.catalogBytes = 74;
    EXPECT_THAT(ErrorOf(record), HasSubstr("catalogs[0]: do not add up"));
}

} // namespace
} // namespace lanpeer::analysis
