#include "model/explore/explorer.h"
#include "model/explore/named-lanes.h"
#include "model/protocol/client-timers.h"
#include "model/protocol/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Does the explorer see what is wrong? Worlds that do wrong on purpose: each is found, with the
// requirement it breaks and a story to retell. One for each thing that the monitor looks for.

namespace lanpeer::explore
{
namespace
{

using harness::Flight;
using harness::Host;
using harness::World;

constexpr std::uint32_t kHolder = 0;
constexpr AppRequestId kItsRequest{1};
constexpr AppRequestId kNobodys{8};

Lane
OneHoldsOneAsks(Policy policy = Policy::Fig4a)
{
    return HoldersAndAskers(LaneConfig(policy), 1, 1);
}

Lane
With(Lane lane, Budget budget)
{
    lane.budgets.*budget = 1;
    return lane;
}

/// What a world does wrong, after a step at a host or the arrival of a packet there.
struct Sabotage
{
    std::string name;
    std::string requirement;
    std::string words; ///< of what is to be seen
    Lane lane;
    std::function<void(const Rules&, State&, const Step&)> afterStep;
    std::function<void(State&, const Flight&)> afterDelivery;
};

void
PrintTo(const Sabotage& sabotage, std::ostream* out)
{
    *out << sabotage.name;
}

class Sabotaged : public Rules
{
  public:
    explicit Sabotaged(const Sabotage& sabotage)
        : Rules(sabotage.lane)
        , m_sabotage(sabotage)
    {
    }

    void Take(State& state, const Step& step) const override
    {
        Rules::Take(state, step);
        if (m_sabotage.afterStep)
        {
            m_sabotage.afterStep(*this, state, step);
        }
    }

    void Deliver(State& state, const Flight& flight) const override
    {
        Rules::Deliver(state, flight);
        if (m_sabotage.afterDelivery)
        {
            m_sabotage.afterDelivery(state, flight);
        }
    }

  private:
    const Sabotage& m_sabotage;
};

/// Of no meaning to the monitor.
const TimerFired kAnyTimer{{TimerKind::Progress, 0}};

bool
IsFire(const Step& step, TimerKind kind)
{
    return step.kind == StepKind::Fire && static_cast<TimerKind>(step.detail) == kind;
}

/// The monitor is shown an event that was none, and actions that nobody took.
void
Show(State& state, std::uint32_t host, const Event& event, const ActionList& actions)
{
    state.monitor.Handled(state.world, host, event, actions);
}

/// Once the asker has waited for answers, the monitor is shown an action of it.
Sabotage
AskerSeems(std::string name, std::string requirement, std::string words, ActionList actions)
{
    return {std::move(name),
            std::move(requirement),
            std::move(words),
            OneHoldsOneAsks(),
            [actions = std::move(actions)](const Rules&, State& state, const Step& step)
            {
                if (IsFire(step, TimerKind::ResponseWait))
                {
                    Show(state, step.host, kAnyTimer, actions);
                }
            },
            {}};
}

/// Once the asker has waited for answers, and retrieves it, its host is changed behind its back.
Sabotage
AskerIs(std::string name,
        std::string requirement,
        std::string words,
        const std::function<void(Host&)>& change)
{
    return {std::move(name),
            std::move(requirement),
            std::move(words),
            OneHoldsOneAsks(),
            [change](const Rules&, State& state, const Step& step)
            {
                if (IsFire(step, TimerKind::ResponseWait))
                {
                    change(state.world.At(step.host));
                }
            },
            {}};
}

/// When the server has answered, the monitor is shown another answer of it.
Sabotage
ServerAnswers(std::string name,
              std::string requirement,
              std::string words,
              const std::function<void(PeerId& to, ServicePacket& answer)>& change)
{
    return {std::move(name),
            std::move(requirement),
            std::move(words),
            OneHoldsOneAsks(),
            [change](const Rules&, State& state, const Step& step)
            {
                if (!IsFire(step, TimerKind::ResponseDelay))
                {
                    return;
                }
                const KnownRequest& known = state.monitor.At(step.host).known.front();
                ServicePacket answer;
                answer.kind = PacketKind::IHave;
                answer.id = known.key.id;
                answer.to = known.key.node;
                answer.href = std::string(kHref);
                PeerId to = World::PeerOf(known.requester);
                change(to, answer);
                Show(state, step.host, kAnyTimer, {SendTo{to, 1967, std::move(answer)}});
            },
            {}};
}

/// A stranger's "I found" seems to end what the server has pending.
Sabotage
ServerObeys(std::string name, Policy policy, Forgery forgery)
{
    return {std::move(name),
            "R-PKT-6",
            "cancels a request of n2 that did not end it",
            With(OneHoldsOneAsks(policy), &Budgets::forgeries),
            [forgery](const Rules& rules, State& state, const Step& step)
            {
                if (step.kind == StepKind::ForgePending &&
                    static_cast<Forgery>(step.detail) == forgery)
                {
                    const TimerKey delay{TimerKind::ResponseDelay, step.subject};
                    Show(state, step.host, rules.ForgedPending(state, step), {CancelTimer{delay}});
                }
            },
            {}};
}

Sabotage
AfterDelivery(std::string name,
              std::string requirement,
              std::string words,
              PacketKind kind,
              const std::function<void(State&, const Flight&)>& change)
{
    return {std::move(name),
            std::move(requirement),
            std::move(words),
            OneHoldsOneAsks(),
            {},
            [kind, change](State& state, const Flight& flight)
            {
                if (flight.packet->kind == kind)
                {
                    change(state, flight);
                }
            }};
}

ServicePacket
PacketOf(PacketKind kind)
{
    ServicePacket packet;
    packet.kind = kind;
    packet.node = *NodeId::Parse("n2");
    packet.href = std::string(kHref);
    return packet;
}

/// The request of the asker, to be changed as no event changes it.
ClientRequest&
RequestOf(Host& host)
{
    return const_cast<ClientRequest&>(*host.node.Client().Requests().Find(0));
}

std::vector<Sabotage>
SabotagesOfServers()
{
    PeeringConfig oneSlot = LaneConfig(Policy::Fig4a);
    oneSlot.slots = true;
    const auto asNobody = [](PeerId&, ServicePacket& answer)
    {
        answer.id += 1;
    };
    const auto toNobody = [](PeerId& to, ServicePacket&)
    {
        to = PeerId{9};
    };
    const auto again = [](PeerId&, ServicePacket&) {
    };
    return {
        AfterDelivery(
            "second_timer",
            "R-SRV-5",
            "starts a second timer for a pending request",
            PacketKind::INeed,
            [](State& state, const Flight& flight)
            {
                const PacketReceived heard{World::PeerOf(flight.from), 1967, flight.packet};
                const ArmTimer arm{{TimerKind::ResponseDelay, 5}, 0, 50};
                Show(state, flight.to, heard, {arm});
            }),
        AfterDelivery("pending_without_a_timer",
                      "R-SRV-2",
                      "a pending request has no timer",
                      PacketKind::INeed,
                      [](State& state, const Flight& flight) {
                          state.world.At(flight.to).timers.erase({TimerKind::ResponseDelay, 0});
                      }),
        ServerAnswers("answers_what_was_not_asked", "R-SRV-4", "what was not asked", asNobody),
        ServerAnswers("answers_somebody_else", "R-SRV-4", "answers somebody else", toNobody),
        ServerAnswers("answers_twice", "R-SRV-5", "of n2 again", again),
        ServerObeys("obeys_a_stranger", Policy::Fig4a, Forgery::OwnAddress),
        ServerObeys("obeys_a_stranger_under_lock", Policy::Robust, Forgery::OwnAddress),
        ServerObeys("obeys_an_address", Policy::Robust, Forgery::ForeignAddress),
        ServerObeys("obeys_a_wrong_key", Policy::Robust, Forgery::WrongKey),
        // In the world where it is busy, that is seen first where it says so rightly: the step is
        // taken anew in each world.
        {"believes_to_be_busy",
         "R-SRV-9",
         "server 1 miscounts its uploads",
         With(HoldersAndAskers(oneSlot, 1, 2), &Budgets::halves),
         [](const Rules&, State& state, const Step& step)
         {
             if (step.kind == StepKind::Progress)
             {
                 state.world.At(step.host).transfers.at(step.subject).slotHeld = false;
             }
         },
         {}},
    };
}

std::vector<Sabotage>
SabotagesOfClients()
{
    const TransferId running{0};
    const StartTransfer internet{running, std::string(kHref), std::nullopt, 0};
    const StartTransfer peer{
        TransferId{5}, std::string(kHref), PeerSource{World::PeerOf(kHolder), 6515, "a"}, 0};
    return {
        AskerSeems("offers_what_is_not_there",
                   "R-HTTP-2",
                   "offers what is not whole",
                   {OfferCopy{std::string(kHref), "alias", 1000}}),
        AskerSeems("tells_of_what_it_does_not_offer",
                   "R-HTTP-2",
                   "of what it does not offer",
                   {Broadcast{PacketOf(PacketKind::DownloadComplete)}}),
        AskerSeems("ends_a_download_unannounced",
                   "R-CLI-5",
                   "of a download that it did not announce",
                   {Broadcast{PacketOf(PacketKind::DownloadFailed)}}),
        AskerSeems("asks_without_end",
                   "R-CLI-1",
                   "\"I need\" and",
                   ActionList(20, Broadcast{PacketOf(PacketKind::INeed)})),
        AskerSeems("finds_without_end",
                   "R-CLI-1",
                   "\"I found\" for one request",
                   ActionList(20, Broadcast{PacketOf(PacketKind::IFound)})),
        AskerSeems("starts_what_runs", "contract", "starts a transfer that runs", {internet}),
        AskerSeems("cancels_what_is_not_armed",
                   "contract",
                   "cancels a timer that is not armed",
                   {CancelTimer{{TimerKind::Pause, 0}}}),
        AskerSeems("ends_what_does_not_run",
                   "R-CLI-7",
                   "ends request 8 more than once",
                   {TellFailed{kNobodys, Reason::Cancelled}}),
        AskerSeems("finds_what_is_not_there",
                   "R-CLI-7",
                   "found what is not whole",
                   {TellFound{kItsRequest, Source::Internet, std::nullopt}}),
        AskerSeems("fails_for_no_reason",
                   "R-CLI-7",
                   "for a reason that is not so",
                   {TellFailed{kItsRequest, Reason::NoInternet}}),
        AskerSeems("fails_before_its_deadline",
                   "R-CLI-7",
                   "for a reason that is not so",
                   {TellFailed{kItsRequest, Reason::DeadlineOver}}),
        AskerSeems("goes_on_after_its_end",
                   "R-CLI-7",
                   "forgot a request",
                   {TellFailed{kItsRequest, Reason::Cancelled}}),
        {"fetches_what_was_refused",
         "R-CLI-8",
         "from a peer whose copy was refused",
         With(OneHoldsOneAsks(), &Budgets::refusals),
         [peer](const Rules&, State& state, const Step& step)
         {
             if (step.kind == StepKind::Refuse &&
                 state.monitor.At(step.host).getting.count(std::string(kHref)) != 0)
             {
                 Show(state, step.host, kAnyTimer, {peer});
             }
         },
         {}},
        AfterDelivery("answers_no_upload",
                      "contract",
                      "answers an upload 0 times",
                      PacketKind::INeed,
                      [](State& state, const Flight& flight) {
                          Show(state, flight.to, UploadAsked{UploadId{1}, PeerId{2}, "a"}, {});
                      }),
        AfterDelivery("owes_word_of_its_download",
                      "R-CLI-5",
                      "owes word of its download",
                      PacketKind::INeed,
                      [](State& state, const Flight& flight)
                      {
                          ServicePacket packet = PacketOf(PacketKind::Downloading);
                          Show(state, flight.to, kAnyTimer, {Broadcast{std::move(packet)}});
                      }),
    };
}

std::vector<Sabotage>
SabotagesAtRest()
{
    const harness::RunningTimer aMinute{60'000, 60'000, 0};
    return {
        AskerIs("timer_that_it_does_not_know",
                "contract",
                "timer pause is armed, and the request believes otherwise",
                [=](Host& host) {
                    host.timers[{TimerKind::Pause, 0}] = aMinute;
                }),
        AskerIs("timer_that_is_not_there",
                "contract",
                "timer transferStall is not armed, and the request believes otherwise",
                [](Host& host) {
                    host.timers.erase({TimerKind::TransferStall, 0});
                }),
        AskerIs("timer_without_a_request",
                "contract",
                "outlives its request",
                [=](Host& host) {
                    host.timers[{TimerKind::Pause, 7}] = aMinute;
                }),
        AskerIs("transfer_without_a_request",
                "contract",
                "lost count of its transfers",
                [](Host& host) { host.transfers[7].href = std::string(kHref); }),
        AskerIs("transfer_that_is_not_there",
                "contract",
                "lost track of a transfer",
                [](Host& host) { host.transfers.erase(0); }),
        AskerIs("sleeps",
                "R-CLI-7",
                "a request sleeps in",
                [](Host& host)
                {
                    host.timers.erase({TimerKind::TransferStall, 0});
                    RequestOf(host).timers &= ~timers::Bit(TimerKind::TransferStall);
                }),
        AskerIs("too_many_refused",
                "limits",
                "a table is past its bound",
                [](Host& host)
                { RequestOf(host).refused.resize(limits::kRefusedPeers + 1, PeerId{9}); }),
        AskerIs("too_many_holders",
                "limits",
                "a table is past its bound",
                [](Host& host)
                { RequestOf(host).holders.resize(host.node.Config().rememberedHolders + 1); }),
        {"throws",
         "contract",
         "it throws: on purpose",
         OneHoldsOneAsks(),
         [](const Rules&, State&, const Step& step)
         {
             if (IsFire(step, TimerKind::ResponseWait))
             {
                 throw std::runtime_error("on purpose");
             }
         },
         {}},
    };
}

std::vector<Sabotage>
Sabotages()
{
    std::vector<Sabotage> all = SabotagesOfServers();
    for (std::vector<Sabotage> more : {SabotagesOfClients(), SabotagesAtRest()})
    {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    return all;
}

/// It is found in a world that does it, and at that, and not in the same world that does right.
class Faults : public testing::TestWithParam<Sabotage>
{
};

TEST_P(Faults, AreFound)
{
    const Sabotage& sabotage = GetParam();
    if (sabotage.requirement.rfind("R-", 0) == 0)
    {
        RecordProperty("requirement", sabotage.requirement);
    }
    const Report report = Explorer(Sabotaged(sabotage)).Run();
    EXPECT_FALSE(report.complete);
    ASSERT_TRUE(report.finding);
    EXPECT_EQ(report.finding->violation.requirement, sabotage.requirement) << report.Told();
    EXPECT_NE(report.finding->violation.what.find(sabotage.words), std::string::npos)
        << report.Told();
    EXPECT_FALSE(report.finding->story.empty());
}

INSTANTIATE_TEST_SUITE_P(EachInvariant,
                         Faults,
                         testing::ValuesIn(Sabotages()),
                         [](const testing::TestParamInfo<Sabotage>& one)
                         { return one.param.name; });

TEST(Explorer, FindsNothingInAWorldThatDoesRight)
{
    for (const Lane& lane : {OneHoldsOneAsks(),
                             With(OneHoldsOneAsks(), &Budgets::refusals),
                             With(OneHoldsOneAsks(), &Budgets::forgeries),
                             With(OneHoldsOneAsks(Policy::Robust), &Budgets::forgeries)})
    {
        const Report report = Explorer(Rules(lane)).Run();
        EXPECT_TRUE(report.complete) << report.Told();
    }
}

/// One server hears no "I found", though it arrives there.
class Deaf : public Rules
{
  public:
    Deaf()
        : Rules(HoldersAndAskers(LaneConfig(Policy::Fig4a), 2, 1))
    {
    }

    void Deliver(State& state, const Flight& flight) const override
    {
        if (flight.packet->kind == PacketKind::IFound)
        {
            const PacketReceived heard{World::PeerOf(flight.from), 1967, flight.packet};
            state.monitor.Handled(state.world, flight.to, heard, {});
            return;
        }
        Rules::Deliver(state, flight);
    }
};

TEST(Explorer, FindsAnAnswerAfterTheIFound)
{
    RecordProperty("requirement", "R-SRV-3");
    const Report report = Explorer(Deaf()).Run();
    ASSERT_TRUE(report.finding);
    EXPECT_EQ(report.finding->violation.requirement, "R-SRV-3") << report.Told();
}

/// Nodes whose client wait never runs out, although they wait for it.
class Forgetting : public Rules
{
  public:
    using Rules::Rules;

    void StepsAt(const Host& host, std::uint8_t number, std::vector<Step>& steps) const override
    {
        Rules::StepsAt(host, number, steps);
        steps.erase(std::remove_if(steps.begin(),
                                   steps.end(),
                                   [](const Step& step)
                                   { return IsFire(step, TimerKind::ResponseWait); }),
                    steps.end());
    }
};

/// "want 2 dat": by whom is request 2, and was it made? In these lanes the last nodes ask.
std::string
WantOf(const Lane& lane, std::uint32_t request)
{
    return "want " + std::to_string(lane.wants.at(request - 1).host + 1) + " dat";
}

/// One that asks alone; with a holder; two that are alike, so that requests change their numbers.
TEST(Explorer, FindsARequestThatCanNeverEnd)
{
    RecordProperty("requirement", "R-CLI-7");
    const PeeringConfig config = LaneConfig(Policy::Fig4a);
    for (const Lane& lane : {HoldersAndAskers(config, 0, 1),
                             HoldersAndAskers(config, 1, 1),
                             HoldersAndAskers(config, 0, 2),
                             HoldersAndAskers(config, 1, 2)})
    {
        const Report report = Explorer(Forgetting(lane)).Run();
        EXPECT_FALSE(report.complete);
        ASSERT_TRUE(report.finding);
        const Violation& violation = report.finding->violation;
        EXPECT_EQ(violation.requirement, "R-CLI-7");
        const std::string words = "from here on request ";
        ASSERT_EQ(violation.what.rfind(words, 0), 0U) << report.Told();
        EXPECT_NE(violation.what.find("cannot end"), std::string::npos) << report.Told();
        const auto request =
            static_cast<std::uint32_t>(std::stoul(violation.what.substr(words.size())));
        const auto& story = report.finding->story;
        EXPECT_EQ(std::count(story.begin(), story.end(), WantOf(lane, request)), 1)
            << report.Told();
    }
}

/// Where nothing is under way and no timer runs, that is said too.
TEST(Explorer, SaysThatNothingHappensAnyMore)
{
    RecordProperty("requirement", "R-CLI-7");
    const Report alone =
        Explorer(Forgetting(HoldersAndAskers(LaneConfig(Policy::Fig4a), 0, 1))).Run();
    ASSERT_TRUE(alone.finding);
    EXPECT_NE(alone.finding->violation.what.find(": nothing happens any more"), std::string::npos)
        << alone.Told();
}

TEST(Explorer, FailsAtItsLimit)
{
    Lane lane = OneHoldsOneAsks();
    lane.stateLimit = 10;
    const Rules rules(lane);
    const Report report = Explorer(rules).Run();
    EXPECT_FALSE(report.complete);
    ASSERT_TRUE(report.finding);
    EXPECT_EQ(report.finding->violation.requirement, "limit");
}

} // namespace
} // namespace lanpeer::explore
