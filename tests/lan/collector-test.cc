#include "analysis/metrics.h"
#include "tests/lan/replicates.h"

#include <gtest/gtest.h>

#include <cstdint>

// What the collector writes down means what INTERFACES.md says (R-SIM-8).

namespace lanpeer::lan
{
namespace
{

// A node fails before it has chosen a source, and later retrieves the same resource for another:
// that is not its own request's choice. A record that said so would contradict itself, and
// ComputeMetrics() throws.
TEST(RequestThatFailed, IsNotTouchedByHelpingLater)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-12");
    const auto runs =
        Replicates(1,
                   [](std::uint64_t) -> Figures
                   {
                       OfficeConfig office = FlashCrowd(Policy::Robust, 2, "fast");
                       office.network.internet = {true, false};
                       office.askers = [](const std::function<double()>&)
                       {
                           return std::vector<OfficeConfig::Asker>{{0, 1'000'000}, {1, 5'000'000}};
                       };
                       OfficeSimulation simulation(office);
                       simulation.Application(0).Config().requestDeadlineS =
                           1; // over before it gave up peers
                       const analysis::RunRecord record = simulation.Run();
                       const analysis::Metrics metrics = analysis::ComputeMetrics(record);
                       const analysis::Request& failed = record.requests.at(0);
                       return {failed.end == analysis::RequestEnd::Failed ? 1.0 : 0.0,
                               failed.sourceChosenAtUs.has_value() ? 1.0 : 0.0,
                               static_cast<double>(metrics.sources.peer),
                               static_cast<double>(metrics.internetBytes)};
                   });
    ASSERT_EQ(runs.at(0).size(), 4);
    EXPECT_EQ(runs[0][0], 1) << "the first node's request fails at its deadline";
    EXPECT_EQ(runs[0][1], 0) << "and never came to choose";
    EXPECT_EQ(runs[0][2], 1) << "the second is helped by the first";
    EXPECT_EQ(runs[0][3], 16'000) << "which retrieved it once";
}

// The scenario in which that was seen: FIG. 1 in larger, with deadlines that some miss.
TEST(OfficeThatMissesDeadlines, StillGivesARecord)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-7");
    const auto runs = Replicates(
        3,
        [](std::uint64_t run) -> Figures
        {
            OfficeConfig office = Spread(Policy::Robust, 30, 4.0);
            office.run = run;
            office.resources = {{"a", 1'000'000}};
            office.network.internet.assign(30, false);
            for (std::size_t node = 26; node < 30; ++node)
            {
                office.network.internet[node] = true;
            }
            office.protocol.requestDeadlineS = 3;
            OfficeSimulation simulation(office);
            const analysis::RunRecord record = simulation.Run();
            return {static_cast<double>(analysis::ComputeMetrics(record).failures.size()),
                    static_cast<double>(record.requests.size())};
        });
    for (const Figures& run : runs)
    {
        ASSERT_EQ(run.size(), 2);
        EXPECT_GT(run[0], 0) << "some must fail, or this tests nothing";
        EXPECT_EQ(run[1], 30);
    }
}

} // namespace
} // namespace lanpeer::lan
