#include "tests/swarm/ledger.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

// Does the ledger see what is wrong? It is shown what no node does.

namespace lanpeer::swarm
{
namespace
{

const std::string kHref = "http://origin.test/r1";
constexpr std::uint64_t kBytes = 1000;

/// Two robust nodes, the first of which holds.
Setting
TwoNodes()
{
    Setting setting;
    setting.nodes.resize(2);
    setting.resources = {{kHref, kBytes, true}, {"http://origin.test/r2", kBytes, false}};
    setting.holders = {1, 0};
    return setting;
}

struct Shown
{
    std::string name;
    std::string requirement; ///< "none": it is right
    std::uint32_t host = 0;
    Event event;
    ActionList actions;
};

void
PrintTo(const Shown& shown, std::ostream* out)
{
    *out << shown.name;
}

ServicePacket
PacketOf(PacketKind kind, const char* node)
{
    ServicePacket packet;
    packet.kind = kind;
    packet.node = *NodeId::Parse(node);
    packet.href = kHref;
    return packet;
}

ResourceWanted
Wanted(std::uint64_t request, const RequestOptions& options = {})
{
    return {AppRequestId{request}, kHref, options};
}

std::vector<Shown>
AllShown()
{
    const AppRequestId one{1};
    const PeerSource holder{harness::World::PeerOf(0), 6515, "alias"};
    const PeerSource self{harness::World::PeerOf(1), 6515, "alias"};
    const TransferId transfer{0};
    const TimerFired timer{{TimerKind::Progress, 0}};
    RequestOptions unverified;
    unverified.verified = false;
    RequestOptions lanOnly;
    lanOnly.mayUseInternet = false;
    ServicePacket unlocked = PacketOf(PacketKind::INeed, "n2");
    unlocked.delayMs = static_cast<std::uint32_t>(PeeringConfig::Defaults().responseDelayMs);
    ServicePacket elsewhere = unlocked;
    elsewhere.href = "http://origin.test/none";
    return {
        {"nothing", "none", 1, Wanted(1), {}},
        {"has_it", "none", 0, Wanted(1), {TellFound{one, Source::Local, std::nullopt}}},
        {"fetches", "none", 1, Wanted(1), {StartTransfer{transfer, kHref, holder, 0}}},
        {"cannot_go", "R-CLI-12", 1, Wanted(1), {TellFailed{one, Reason::NoInternet}}},
        {"ends_nothing", "R-CLI-7", 1, timer, {TellFailed{one, Reason::DeadlineOver}}},
        {"cancels_by_itself", "R-CLI-7", 1, Wanted(1), {TellFailed{one, Reason::Cancelled}}},
        {"blames_its_store", "R-CLI-7", 1, Wanted(1), {TellFailed{one, Reason::StoreFailed}}},
        {"is_a_client", "R-CLI-13", 1, Wanted(1), {TellFailed{one, Reason::ClientOff}}},
        {"never_got_it", "R-CLI-7", 1, Wanted(1), {TellFound{one, Source::Internet, {}}}},
        {"not_to_be_shared",
         "R-CLI-11",
         1,
         Wanted(1, unverified),
         {StartTransfer{transfer, kHref, holder, 0}}},
        {"lan_only",
         "none", // a helper may, for others
         1,
         Wanted(1, lanOnly),
         {StartTransfer{transfer, kHref, std::nullopt, 0}}},
        {"from_itself", "R-CLI-2", 1, Wanted(1), {StartTransfer{transfer, kHref, self, 0}}},
        {"mixes", "R-CLI-8", 1, Wanted(1), {StartTransfer{transfer, kHref, holder, 10}}},
        {"behind_the_end",
         "R-CLI-8",
         1,
         Wanted(1),
         {StartTransfer{transfer, kHref, std::nullopt, kBytes + 1}}},
        {"offers_nothing", "R-HTTP-2", 1, timer, {OfferCopy{kHref, "alias", kBytes}}},
        {"offers_too_much", "R-HTTP-2", 0, timer, {OfferCopy{kHref, "alias", kBytes + 1}}},
        {"serves_nothing",
         "R-HTTP-2",
         1,
         timer,
         {AnswerUpload{UploadId{1}, UploadAnswer::Serve, kHref, 0}}},
        {"is_not_busy",
         "R-HTTP-3",
         0,
         timer,
         {AnswerUpload{UploadId{1}, UploadAnswer::Busy, {}, 1000}}},
        {"in_anothers_name",
         "R-PKT-1",
         1,
         Wanted(1),
         {Broadcast{PacketOf(PacketKind::INeed, "n1")}}},
        {"of_what_there_is_not", "R-PKT-2", 1, Wanted(1), {Broadcast{elsewhere}}},
        {"without_its_lock", "R-PKT-6", 1, Wanted(1), {Broadcast{unlocked}}},
        {"to_one_only",
         "R-PKT-2",
         1,
         Wanted(1),
         {SendTo{harness::World::PeerOf(0), 1967, unlocked}}},
        {"found_unasked", "R-CLI-2", 1, Wanted(1), {Broadcast{PacketOf(PacketKind::IFound, "n2")}}},
        {"of_its_own",
         "R-PKT-7",
         1,
         Wanted(1),
         {Broadcast{PacketOf(PacketKind::ApplicationDefined, "n2")}}},
    };
}

class LedgerSees : public testing::TestWithParam<Shown>
{
};

TEST_P(LedgerSees, WhatIsWrong)
{
    const Shown& shown = GetParam();
    const Setting setting = TwoNodes();
    harness::World world(ConfigsOf(setting), kBytes);
    Ledger ledger(setting);
    ledger.Holds(0, kHref);
    world.SetObserver(&ledger);
    world.At(0).whole.insert(kHref);
    world.Handle(0, CopyOffered{kHref, kBytes});
    ASSERT_FALSE(ledger.Seen()) << ledger.Seen()->what;
    ledger.Handled(world, shown.host, shown.event, shown.actions);
    const auto& seen = ledger.Seen();
    EXPECT_EQ(seen ? seen->requirement : "none", shown.requirement) << (seen ? seen->what : "");
}

INSTANTIATE_TEST_SUITE_P(Each,
                         LedgerSees,
                         testing::ValuesIn(AllShown()),
                         [](const testing::TestParamInfo<Shown>& one) { return one.param.name; });

TEST(Ledger, SeesWhatIsLeftAtTheEnd)
{
    const Setting setting = TwoNodes();
    const auto seenOf = [&setting](const std::function<void(harness::World&)>& change)
    {
        harness::World world(ConfigsOf(setting), kBytes);
        Ledger ledger(setting);
        world.SetObserver(&ledger);
        change(world);
        ledger.LookAtEnd(world);
        return ledger.Seen() ? ledger.Seen()->requirement : "none";
    };
    EXPECT_EQ(seenOf([](harness::World&) {}), "none");
    EXPECT_EQ(seenOf([](harness::World& world) { world.Handle(1, Wanted(1)); }), "R-CLI-7");
    EXPECT_EQ(seenOf(
                  [](harness::World& world) {
                      world.At(1).timers[{TimerKind::ForgetEnded, 0}] = {1, 1, 1};
                  }),
              "R-CLI-7");
    EXPECT_EQ(seenOf([](harness::World& world) { world.At(1).offered.insert(kHref); }), "R-HTTP-2");
}

} // namespace
} // namespace lanpeer::swarm
