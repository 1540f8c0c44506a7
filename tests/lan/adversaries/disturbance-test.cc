#include "tests/lan/adversaries/hostile-office.h"

#include <gtest/gtest.h>

// Hostile nodes that have nothing to give: they keep others waiting, silence those who hold it, and
// flood. What they cost is bounded, and everybody finishes.

namespace lanpeer::lan
{
namespace
{

TEST(IFoundOfOthers, SilencesHoldersOnlyWhereThereAreNoLocks)
{
    RecordProperty("requirement", "R-SIM-6 R-PKT-6");
    RecordProperty("attack", "L2");
    HostileOffice office;
    office.holders = 2;
    office.kinds = {AdversaryKind::CancelForged};
    for (const std::string& policy : PeeringPolicies())
    {
        const bool locked = policy == "robust";
        const Outcome forged = RunHostile(office, policy);
        EXPECT_EQ(forged.notFound, 0) << policy;
        EXPECT_EQ(forged.copies, locked ? 0 : 7) << policy;
        EXPECT_EQ(forged.found, locked ? 7 : 0) << policy;
        EXPECT_GE(forged.packetsSent, 14) << policy;
    }
    // From its own address it silences nobody, lock or not (R-PKT-6).
    office.kinds = {AdversaryKind::Cancel};
    for (const std::string& policy : PeeringPolicies())
    {
        const Outcome open = RunHostile(office, policy);
        EXPECT_EQ(open.copies, 0) << policy;
        EXPECT_EQ(open.found, 7) << policy;
        EXPECT_GE(open.packetsSent, 14) << policy;
    }
}

TEST(ForgedSource, BringsTheVictimNoMoreThanTheHoldersBudgets)
{
    RecordProperty("requirement", "R-SIM-6 R-SRV-7");
    RecordProperty("attack", "L3");
    HostileOffice office;
    office.nodes = 6;
    office.holders = 4; // the victim is the one that asks
    office.kinds = {AdversaryKind::Forged};
    office.packetsPerS = 200;
    for (const std::string& policy : PeeringPolicies())
    {
        const Outcome outcome = RunHostile(office, policy);
        EXPECT_EQ(outcome.notFound, 0) << policy;
        EXPECT_GT(outcome.reflected, 0) << policy;
        // Each holder answers one source's 64 and 16 a second more, whatever is sent.
        EXPECT_LE(outcome.reflected, 4 * (64 + 16 * outcome.simulatedS)) << policy;
        EXPECT_GT(outcome.packetsSent, 2 * (64 + 16 * outcome.simulatedS)) << policy;
        EXPECT_GT(outcome.overBudget, 0) << policy;
    }
}

TEST(ForgedSource, IsHeardWhereCheckSumsCount)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-6");
    HostileOffice office;
    office.nodes = 6;
    office.holders = 4;
    office.kinds = {AdversaryKind::Forged};
    office.also = [](OfficeConfig& config)
    {
        config.faults = [](const std::function<double(std::uint32_t)>& /*uniform*/)
        {
            FaultPlan plan;
            plan.links.corruption = 0.001; // then IP and UDP look at their sums
            return plan;
        };
    };
    EXPECT_GT(RunHostile(office, "robust").reflected, 0);
}

TEST(AFlood, IsDroppedAndStopsNobody)
{
    RecordProperty("requirement", "R-SIM-6 R-SRV-7");
    RecordProperty("attack", "L4 L5");
    HostileOffice office;
    office.holders = 1;
    office.hostile = 2;
    office.kinds = {AdversaryKind::Flood};
    office.packetsPerS = 1000;
    for (const std::string& policy : PeeringPolicies())
    {
        const Outcome flooded = RunHostile(office, policy);
        const Outcome peaceful = RunPeaceful(office, policy);
        EXPECT_EQ(flooded.notFound, 0) << policy;
        EXPECT_EQ(flooded.copies, 0) << policy;
        EXPECT_NEAR(flooded.lastS, peaceful.lastS, 0.1) << policy;
        // 8 honest nodes hear 2 floods of 1000 a second each, of which 16 a second pass.
        const double heard = 8 * flooded.packetsSent;
        EXPECT_GT(flooded.overBudget, 0.9 * heard) << policy;
        EXPECT_LT(flooded.overBudget, heard) << policy;
    }
}

TEST(ADownloadThatNeverEnds, HoldsRequestsForTheLongestWaitAtMost)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-4 R-CLI-9");
    RecordProperty("attack", "L6");
    HostileOffice office;
    office.nodes = 5;
    for (const std::string& policy : PeeringPolicies())
    {
        const bool waits = policy != "fig4a";
        office.kinds = {AdversaryKind::Downloading};
        const Outcome growing = RunHostile(office, policy);
        EXPECT_EQ(growing.notFound, 0) << policy;
        EXPECT_EQ(growing.lastS > 600, waits) << policy;
        EXPECT_LT(growing.lastS, 660) << policy;
        office.kinds = {AdversaryKind::Stuck};
        const Outcome stuck = RunHostile(office, policy);
        EXPECT_EQ(stuck.notFound, 0) << policy;
        EXPECT_LT(stuck.lastS, 60) << policy << ": what does not grow counts as silence";
    }
}

TEST(CompletionsAndClaims, ThatLeadNowhereEndAtAnotherHolderOrTheInternet)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-8");
    RecordProperty("attack", "L7");
    HostileOffice office;
    for (const AdversaryKind kind :
         {AdversaryKind::Complete, AdversaryKind::Empty, AdversaryKind::Closed})
    {
        office.kinds = {kind};
        for (const std::string& policy : PeeringPolicies())
        {
            office.holders = 0;
            const Outcome nobody = RunHostile(office, policy);
            EXPECT_EQ(nobody.notFound, 0) << policy << ", " << ToString(kind);
            EXPECT_LT(nobody.lastS, 60) << policy << ", " << ToString(kind);
            EXPECT_GT(nobody.packetsSent, 0) << policy << ", " << ToString(kind);
        }
        office.holders = 2;
        const Outcome robust = RunHostile(office, "robust");
        const Outcome letter = RunHostile(office, "fig4a");
        EXPECT_LE(robust.copies, 1) << ToString(kind) << ": the next holder, or one re-ask";
        if (kind != AdversaryKind::Complete) // of which the letter takes no notice
        {
            EXPECT_LT(robust.copies, letter.copies) << ToString(kind);
        }
    }
}

TEST(BodiesThatDoNotEnd, AreCutAndCostNoMoreThanTheirTime)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-7 R-CLI-8");
    RecordProperty("attack", "U1 T2");
    HostileOffice office;
    office.nodes = 6;
    for (const std::string& policy : PeeringPolicies())
    {
        office.kinds = {AdversaryKind::Endless};
        const Outcome endless = RunHostile(office, policy);
        EXPECT_EQ(endless.notFound, 0) << policy;
        EXPECT_GT(endless.servedBytes, 0) << policy;
        EXPECT_LT(endless.lastS, 90) << policy << ": cut by its rate, a few times at most";
        office.kinds = {AdversaryKind::Stopping};
        const Outcome stopping = RunHostile(office, policy);
        EXPECT_EQ(stopping.notFound, 0) << policy;
        EXPECT_GT(stopping.stalls, 0) << policy;
        EXPECT_LT(stopping.lastS, 60) << policy;
        office.kinds = {AdversaryKind::Excess};
        const Outcome excess = RunHostile(office, policy);
        EXPECT_EQ(excess.notFound, 0) << policy;
        EXPECT_EQ(excess.installed, 0) << policy;
        EXPECT_LE(excess.servedBytes, 16'000 * excess.offered) << policy << ": not a byte more";
    }
}

TEST(HostileNodes, AreTheSameInEveryRunOfTheSameSeed)
{
    RecordProperty("requirement", "R-SIM-6 R-SIM-9");
    HostileOffice office;
    office.nodes = 24;
    office.hostile = 14;
    for (const AdversaryKind kind : AdversaryKinds())
    {
        // Those two make everybody wait for ten minutes, while the others flood.
        if (kind != AdversaryKind::BusyLiar && kind != AdversaryKind::Downloading)
        {
            office.kinds.push_back(kind);
        }
    }
    office.packetsPerS = 20;
    const Outcome first = RunHostile(office, "robust");
    const Outcome second = RunHostile(office, "robust");
    EXPECT_EQ(first.events, second.events);
    EXPECT_EQ(first.lastS, second.lastS);
    EXPECT_EQ(first.packetsSent, second.packetsSent);
    EXPECT_EQ(first.notFound, 0);
    EXPECT_EQ(first.installed, 0);
    EXPECT_NE(first.events, RunHostile(office, "robust", 2).events);
}

} // namespace
} // namespace lanpeer::lan
