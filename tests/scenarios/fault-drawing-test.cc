#include "reading.h"

#include "scenarios/fault-drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

// Which nodes something goes wrong with, and when (R-SIM-5).

namespace lanpeer::scenario
{
namespace
{

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A stream for each part, as the simulation has; and which parts were drawn from.
class Streams
{
  public:
    PartSource Source()
    {
        return [this](std::uint32_t part)
        {
            auto [stream, isNew] = m_streams.try_emplace(part, part + 1);
            return std::uniform_real_distribution<double>(0, 1)(stream->second);
        };
    }

    std::size_t Used() const
    {
        return m_streams.size();
    }

  private:
    std::map<std::uint32_t, std::minstd_rand> m_streams;
};

lan::FaultPlan
PlanOf(const std::string& text)
{
    Streams streams;
    return PlanFaults(Read(text), streams.Source());
}

TEST(FaultDrawing, NothingIsDrawnForWhatIsOff)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-9");
    EXPECT_FALSE(HasFaults(Read("{}")));
    Streams streams;
    const lan::FaultPlan plan =
        PlanFaults(Read("{faults.duplication: 0.1, faults.uplink_down: [{from_s: 3, for_s: 4}]}"),
                   streams.Source());
    EXPECT_EQ(streams.Used(), 0U) << "what needs no chance";
    EXPECT_TRUE(lan::HasLinkFaults(plan));
    EXPECT_FALSE(lan::HasLinkFaults(PlanOf("faults.crashes: 2")));
    ASSERT_THAT(plan.uplinkDown, SizeIs(1));
    EXPECT_EQ(plan.uplinkDown[0].fromUs, 4'000'000) << "from when nodes begin to ask";
    EXPECT_EQ(plan.uplinkDown[0].toUs, 8'000'000);
    EXPECT_THAT(plan.crashes, IsEmpty());
    EXPECT_EQ(plan.stormControlPps, std::nullopt);
}

TEST(FaultDrawing, HitsHonestNodesAlone)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-6");
    const lan::FaultPlan plan =
        PlanOf("{lan.nodes: 10, adversaries.count: 7, faults: {crashes: 3, deaf: 3, mute: 3}}");
    EXPECT_THAT(plan.deaf, ElementsAre(0, 1, 2));
    EXPECT_THAT(plan.mute, ElementsAre(0, 1, 2));
    EXPECT_THAT(plan.crashes, SizeIs(3));
}

TEST(FaultDrawing, EveryKeyHasItsEffect)
{
    RecordProperty("requirement", "R-SIM-5");
    RecordProperty("attack", "U3");
    const lan::FaultPlan plan = PlanOf(R"(
lan.nodes: 9
faults: {duplication: 0.01, reordering: 0.02, reordering_max_ms: 3, corruption: 0.04, corruption_unseen: 0.05,
         deaf: 2, mute: 3, full_disks: 4, crashes: 5, restart_after_s: 7, storm_control_pps: 8}
)");
    EXPECT_EQ(plan.links.duplication, 0.01);
    EXPECT_EQ(plan.links.reordering, 0.02);
    EXPECT_EQ(plan.links.reorderingMaxMs, 3);
    EXPECT_EQ(plan.links.corruption, 0.04);
    EXPECT_EQ(plan.links.corruptionUnseen, 0.05);
    EXPECT_THAT(plan.deaf, SizeIs(2));
    EXPECT_THAT(plan.mute, SizeIs(3));
    EXPECT_THAT(plan.fullDisks, SizeIs(4));
    EXPECT_EQ(plan.stormControlPps, 8U);
    ASSERT_THAT(plan.crashes, SizeIs(5));
    for (const lan::FaultPlan::Crash& crash : plan.crashes)
    {
        EXPECT_GE(crash.atUs, 1'000'000);
        EXPECT_LT(crash.atUs, 61'000'000);
        EXPECT_EQ(*crash.backAtUs - crash.atUs, 7'000'000);
    }
    EXPECT_EQ(PlanOf("{faults.crashes: 1, faults.restart_after_s: never}").crashes.at(0).backAtUs,
              std::nullopt);
}

TEST(FaultDrawing, OneFaultDrawsTheSameWithAnotherAndMoreNodesAreThoseAndSome)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-9");
    const lan::FaultPlan few = PlanOf("{faults.crashes: 3, faults.deaf: 2}");
    const lan::FaultPlan many = PlanOf("{faults.crashes: 9, faults.deaf: 2, faults.mute: 4}");
    EXPECT_EQ(few.deaf, many.deaf);
    EXPECT_NE(many.deaf, PlanOf("faults.full_disks: 2").fullDisks) << "streams of their own";
    ASSERT_THAT(many.crashes, SizeIs(9));
    for (const lan::FaultPlan::Crash& crash : few.crashes)
    {
        const auto same =
            std::find_if(many.crashes.begin(),
                         many.crashes.end(),
                         [&crash](const auto& other) { return other.node == crash.node; });
        ASSERT_NE(same, many.crashes.end());
        EXPECT_EQ(same->atUs, crash.atUs);
    }
    EXPECT_THAT(PlanOf("{lan.nodes: 4, faults.full_disks: 4}").fullDisks, ElementsAre(0, 1, 2, 3));
}

} // namespace
} // namespace lanpeer::scenario
