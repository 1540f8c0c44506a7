#include "analysis/figure-names.h"
#include "analysis/node-figures.h"
#include "analysis/replay.h"
#include "tests/analysis/sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <vector>

// What is kept of a run beside its metrics: figures by node, and its course in time.

namespace lanpeer::analysis
{
namespace
{

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(NodeFigures, AreByNode)
{
    const NodeFigures figures = ComputeNodeFigures(SampleRecord());
    EXPECT_THAT(figures.servedBytes, ElementsAre(1500, 1000, 0, 0));
    // Node 2 failed first and had its file 11 s after its first ask; node 3 wanted nothing.
    EXPECT_THAT(figures.finishS,
                ElementsAre(testing::Optional(5.0),
                            testing::Optional(testing::DoubleNear(0.9, 1e-9)),
                            testing::Optional(11.0),
                            std::nullopt));
    EXPECT_THAT(figures.wanted, ElementsAre(true, true, true, false));
}

TEST(NodeFigures, ComeBackFromTheirJson)
{
    const NodeFigures figures = ComputeNodeFigures(SampleRecord());
    const NodeFigures back = NodeFiguresFromJsonText(ToJsonText(figures));
    EXPECT_EQ(back.servedBytes, figures.servedBytes);
    EXPECT_EQ(back.finishS, figures.finishS);
    EXPECT_EQ(back.wanted, figures.wanted);
    EXPECT_THAT(ToJsonText(figures), HasSubstr(R"("wanted":[1,1,1,0]})"));
    EXPECT_TRUE(
        NodeFiguresFromJsonText(R"({"served_bytes":[1],"finish_s":[null]})").wanted.empty());
    for (const char* const damaged : {"",
                                      "{}",
                                      "{\"served_bytes\":1,\"finish_s\":[]}",
                                      R"({"served_bytes":[1],"finish_s":[null],"wanted":["x"]})"})
    {
        EXPECT_THROW(NodeFiguresFromJsonText(damaged), std::invalid_argument) << damaged;
    }
}

TEST(Replay, TellsTheCourseOfARun)
{
    RunRecord record = SampleRecord();
    record.transfers.front().begunAtUs = 0;
    const std::string text = ReplayJson(record);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    const auto replay = nlohmann::json::parse(text);
    EXPECT_EQ(replay["nodes"], 4);
    EXPECT_EQ(replay["resources"][0]["name"], "a.cab");
    EXPECT_EQ(replay["asks"].size(), record.requests.size());
    EXPECT_EQ(replay["asks"][0].dump(), R"([0.0,0,0,3.0,"internet"])");
    EXPECT_EQ(replay["transfers"].size(), record.transfers.size());
    EXPECT_EQ(replay["transfers"][0][2], -1); // from the Internet
    EXPECT_TRUE(replay["held"].empty());
}

TEST(Replay, WhoServesWhatItNeverReceivedHeldIt)
{
    RunRecord record = SampleRecord();
    record.transfers.push_back({Place::AtNode(3), Place::AtNode(2), 2, 9999, 40'000'000, true});
    record.simulatedUs = 41'000'000;
    const auto replay = nlohmann::json::parse(ReplayJson(record));
    EXPECT_EQ(replay["held"].dump(), "[[3,2]]");
}

TEST(FigureNames, AreThoseOfTheJson)
{
    EXPECT_THAT(FigureNames(), Contains("copies"));
    EXPECT_THAT(FigureNames(), Contains("finish_s.p95"));
    EXPECT_THAT(FigureNames(), Contains("failures"));
    EXPECT_THAT(FigureNames(), Contains("adversaries.altered_installed"));
    EXPECT_THAT(FigureNames(), Contains("proxy.hits"));
    EXPECT_THAT(FigureNames(), Contains("updates.missing"));
    EXPECT_THAT(FigureNames(), Contains("updates.out_of_date_s.mean"));
    EXPECT_THAT(FigureNames(), Contains("updates.checks"));
    EXPECT_THAT(FigureNames(), Not(Contains(testing::HasSubstr("by_week"))));
    EXPECT_THAT(FigureNames(), Not(Contains("wall_s")));
    EXPECT_THAT(FigureNames(), Not(Contains("seed")));
}

TEST(FigureNames, NameOneFigureEach)
{
    const Metrics metrics = ComputeMetrics(SampleRecord());
    EXPECT_EQ(FiguresOf(metrics).size(), FigureNames().size());
    EXPECT_EQ(FigureOf(metrics, "internet_bytes"), 1800.0);
    EXPECT_EQ(FigureOf(metrics, "failures"), 1.0);
    EXPECT_EQ(FigureOf(metrics, "finish_s.last"), metrics.finishS.last);
    EXPECT_THROW(FigureOf(metrics, "finish_s"), std::invalid_argument);
}

TEST(FigureNames, NameThoseOfFaultsWhetherARunHasThemOrNot)
{
    Metrics metrics = ComputeMetrics(SampleRecord());
    EXPECT_EQ(FigureOf(metrics, "faults.crashes"), std::nullopt);
    metrics.faults.emplace().crashes = 3;
    EXPECT_EQ(FigureOf(metrics, "faults.crashes"), 3.0);
    EXPECT_EQ(FigureOf(metrics, "faults.left"), 0.0);
    EXPECT_EQ(FigureOf(metrics, "updates.missing"), std::nullopt);
}

TEST(FigureNames, NameThoseOfUpdatesWhetherARunHasThemOrNot)
{
    Metrics metrics = ComputeMetrics(SampleRecord());
    metrics.updates.reset();
    const std::vector<std::optional<double>> without = FiguresOf(metrics);
    ASSERT_EQ(without.size(), FigureNames().size());
    EXPECT_EQ(FigureOf(metrics, "updates.missing"), std::nullopt);
    EXPECT_EQ(FigureOf(metrics, "updates.checks"), std::nullopt);
    metrics.updates.emplace();
    metrics.updates->missing = 3;
    metrics.updates->outOfDateS.mean = 86400.5;
    metrics.updates->internetBytesByWeek = {1, 2};
    metrics.updates->checks = {{"done", 5}, {"failed", 2}};
    const std::vector<std::optional<double>> with = FiguresOf(metrics);
    ASSERT_EQ(with.size(), FigureNames().size());
    EXPECT_EQ(FigureOf(metrics, "updates.missing"), 3.0);
    EXPECT_EQ(FigureOf(metrics, "updates.out_of_date_s.mean"), 86400.5);
    EXPECT_EQ(FigureOf(metrics, "updates.out_of_date_s.max"), std::nullopt);
    EXPECT_EQ(FigureOf(metrics, "updates.checks"), 7.0);
    for (std::size_t i = 0; i < with.size(); ++i)
    {
        const bool isOfUpdates = FigureNames()[i].rfind("updates.", 0) == 0;
        EXPECT_TRUE(isOfUpdates || with[i] == without[i]) << FigureNames()[i];
        EXPECT_FALSE(isOfUpdates && without[i]) << FigureNames()[i];
    }
}

} // namespace
} // namespace lanpeer::analysis
