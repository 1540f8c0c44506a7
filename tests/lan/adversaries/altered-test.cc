#include "tests/lan/adversaries/hostile-office.h"

#include <gtest/gtest.h>
#include <ns3/simulator.h>

// Hostile nodes that serve what is not the resource: whatever they cost, nobody installs it. What
// was installed is told by the bodies themselves (AdversaryWatch), not by the verifier.

namespace lanpeer::lan
{
namespace
{

const std::vector<AdversaryKind> kServing = {AdversaryKind::Altered,
                                             AdversaryKind::FastLiar,
                                             AdversaryKind::Excess,
                                             AdversaryKind::Stopping};

TEST(AlteredData, IsInstalledByNobodyUnderAnyPolicyAtAnyShare)
{
    RecordProperty("requirement", "R-SIM-6 R-SIM-7 R-CLI-8");
    RecordProperty("attack", "L1 T1 T6");
    for (const std::string& policy : AllPolicies())
    {
        const bool peering = policy != "direct" && policy != "proxy";
        for (const std::uint32_t hostile : {1U, 5U, 9U}) // 10 %, 50 %, 90 %
        {
            HostileOffice office;
            office.hostile = hostile;
            office.kinds = kServing;
            const Outcome outcome = RunHostile(office, policy);
            EXPECT_EQ(outcome.installed, 0) << policy << ", " << hostile;
            EXPECT_EQ(outcome.notFound, 0) << policy << ", " << hostile;
            EXPECT_EQ(outcome.received > 0, peering) << policy << ", " << hostile;
            EXPECT_EQ(outcome.received, outcome.refusals) << policy << ", " << hostile;
            EXPECT_EQ(outcome.servedBytes > 0, peering) << policy << ", " << hostile;
            EXPECT_GE(outcome.offered, outcome.received) << policy << ", " << hostile;
        }
    }
}

TEST(AlteredData, IsSeenToBeInstalledWhereAVerifierLetsItPass)
{
    RecordProperty("requirement", "R-SIM-6");
    OfficeConfig config = FlashCrowd(Policy::Fig4a, 3);
    config.resources = SmallResource();
    config.askers = nullptr;
    config.adversaries.count = 1;
    config.adversaries.kinds = {AdversaryKind::FastLiar};
    OfficeSimulation office(config);
    const auto acceptAll = [](const PeeringApplication::Body& /*body*/)
    {
        return Verdict::Accepted;
    };
    for (const std::uint32_t careless : {0U, 1U})
    {
        ns3::Simulator::Schedule(ns3::Seconds(1),
                                 [&office, acceptAll, careless]
                                 {
                                     const AppRequestId request =
                                         office.Measurements().Asked(careless, 0);
                                     office.Application(careless).Ask(
                                         request, office.Href(0), {acceptAll, nullptr, false}, {});
                                 });
    }
    const analysis::RunRecord record = office.Run();
    ASSERT_TRUE(record.adversaries);
    EXPECT_EQ(record.adversaries->alteredReceived, 2);
    EXPECT_EQ(record.adversaries->alteredInstalled, 2);
}

TEST(ThreeLiarsAmongFifty, CostNoFurtherCopy)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-8");
    RecordProperty("attack", "L1");
    HostileOffice office;
    office.nodes = 50;
    office.hostile = 3;
    for (const AdversaryKind kind : {AdversaryKind::Altered, AdversaryKind::FastLiar})
    {
        for (const std::uint32_t holders : {0U, 2U})
        {
            office.kinds = {kind};
            office.holders = holders;
            const Outcome lied = RunHostile(office, "robust");
            EXPECT_EQ(lied.copies, holders == 0 ? 1 : 0) << ToString(kind);
            EXPECT_EQ(lied.notFound, 0) << ToString(kind);
            EXPECT_EQ(lied.installed, 0) << ToString(kind);
            EXPECT_GE(lied.received, 3) << ToString(kind) << ": they were heard";
        }
    }
    // The patent to the letter goes to the Internet once it was lied to.
    const Outcome letter = RunHostile(office, "fig4a");
    EXPECT_EQ(letter.copies, 45);
    EXPECT_EQ(RunPeaceful(office, "fig4a").copies, 0);
}

TEST(ALiar, CostsEachNodeOneTransferAtMost)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-8");
    RecordProperty("attack", "T6");
    // Refused once, it is ignored: for this resource, by this node, also in the rounds that follow.
    for (const std::uint32_t liars : {1U, 2U, 3U})
    {
        HostileOffice office;
        office.hostile = liars;
        office.holders = 1;
        office.kinds = {AdversaryKind::FastLiar};
        const Outcome outcome = RunHostile(office, "robust");
        const double honest = 10 - 1 - liars;
        EXPECT_EQ(outcome.notFound, 0);
        EXPECT_EQ(outcome.copies, 0);
        EXPECT_LE(outcome.received, honest * liars);
        EXPECT_GE(outcome.received, honest);
    }
}

TEST(OneThatIsAlwaysBusy, CostsTheLongestWaitForPeersAtMost)
{
    RecordProperty("requirement", "R-SIM-6 R-CLI-9");
    RecordProperty("attack", "L1");
    HostileOffice office;
    office.nodes = 5;
    office.kinds = {AdversaryKind::BusyLiar};
    for (const std::string& policy : PeeringPolicies())
    {
        const Outcome outcome = RunHostile(office, policy);
        EXPECT_EQ(outcome.notFound, 0) << policy;
        EXPECT_LE(outcome.copies, 4) << policy;
        EXPECT_LT(outcome.lastS, policy == "robust" ? 660 : 30) << policy;
    }
    // Up to three do not hide one that has it; the fourth busy answer ends the wait (R-CLI-9).
    office.nodes = 10;
    office.holders = 1;
    for (const std::uint32_t liars : {1U, 3U, 4U})
    {
        office.hostile = liars;
        const Outcome held = RunHostile(office, "robust");
        EXPECT_EQ(held.notFound, 0) << liars;
        EXPECT_EQ(held.lastS > 600, liars > 3) << liars;
        EXPECT_LT(held.lastS, 660) << liars;
        EXPECT_EQ(held.copies > 0, liars > 3) << liars;
    }
}

TEST(AHostileGateway, KeepsUpdatesAwayAndInstallsNothing)
{
    RecordProperty("requirement", "R-SIM-6 R-HTTP-2");
    RecordProperty("attack", "L19");
    for (const std::string& policy : AllPolicies())
    {
        HostileOffice office;
        office.nodes = 6;
        office.hostile = 0;
        office.gateway = true;
        const Outcome alone = RunHostile(office, policy);
        EXPECT_EQ(alone.installed, 0) << policy;
        EXPECT_EQ(alone.notFound, 6) << policy << ": better nothing than that";
        EXPECT_GE(alone.received, 6) << policy;
        office.holders = 1;
        const Outcome held = RunHostile(office, policy);
        const bool peering = policy != "direct" && policy != "proxy";
        EXPECT_EQ(held.installed, 0) << policy;
        EXPECT_EQ(held.notFound, peering ? 0 : 5) << policy << ": from a peer it is what it was";
    }
}

} // namespace
} // namespace lanpeer::lan
