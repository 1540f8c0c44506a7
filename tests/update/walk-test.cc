#include "tests/update/samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

// Every order of a small alphabet of events, from the start: breadth first, each state once. What
// the service promises (update-service.h) holds in all of them.

namespace lanpeer
{
namespace
{

using namespace samples;

const CatalogEntry kDat1 = Resource("dat", "202611010000", "scanner");
const CatalogEntry kDat2 = Resource("dat", "202611080000", "scanner");
const CatalogEntry kEngine1 = Resource("engine", "202611010000", "scanner");
const CatalogEntry kEngine2 = Resource("engine", "202611080000", "scanner");
const CatalogEntry kHelp = Resource("help", "202611010000");

/// A product's place on the disk.
struct Place
{
    std::uint64_t epoch = 0; ///< of the catalog that it came by
    CatalogEntry entry;

    LANPEER_FIELDS(epoch, entry)
};

/// What a host has in hand, and what the disk has: the service's other half.
struct Host
{
    bool catalogAsked = false;
    std::vector<CatalogEntry> asked;    ///< requests that run
    std::vector<CatalogEntry> accepted; ///< bodies kept for the requests that run
    std::vector<InstallSet> installing;
    std::vector<Place> onDisk; ///< by product
    std::vector<UpdateTimer> timers;
    UpdateMemory persisted;

    LANPEER_FIELDS(catalogAsked, asked, accepted, installing, onDisk, timers, persisted)
};

struct World
{
    UpdateService service;
    Host host;

    LANPEER_FIELDS(service, host)
};

template <typename List, typename Match>
void
Erase(List& list, Match match)
{
    list.erase(std::remove_if(list.begin(), list.end(), match), list.end());
}

class Walk
{
  public:
    /// \returns how many states there are
    std::size_t Run(bool catalogFromPeers)
    {
        UpdateConfig config = Config();
        config.catalogFromPeers = catalogFromPeers;
        World start{UpdateService(std::make_shared<const UpdateConfig>(config)), {}};
        Step(start, UpdateStarted{{}, {}, kNowS});
        while (!m_waiting.empty() && !testing::Test::HasFailure())
        {
            const World world = std::move(m_waiting.front());
            m_waiting.pop_front();
            for (const UpdateEvent& event : EventsOf(world))
            {
                Step(world, event);
            }
            // A crash behind the atomic step, before the service was told of it.
            for (const InstallSet& set : world.host.installing)
            {
                World there = world;
                PutInPlace(there.host, set.set);
                Step(there, Crash(there));
            }
        }
        return m_seen.size();
    }

    std::size_t Installations() const
    {
        return m_installations;
    }

    std::size_t Refusals() const
    {
        return m_refusals;
    }

  private:
    /// What can happen: what the host has in hand may end, and anybody may send anything.
    static std::vector<UpdateEvent> EventsOf(const World& world)
    {
        std::vector<UpdateEvent> events{CheckWanted{true, kNowS}, CheckWanted{false, kNowS}};
        for (const UpdateTimer timer : world.host.timers)
        {
            events.emplace_back(UpdateTimerFired{timer, kNowS});
        }
        if (world.host.catalogAsked)
        {
            events.emplace_back(CatalogFailed{Reason::InternetFailed});
            static const std::vector<CatalogArrived> catalogs = Catalogs();
            events.insert(events.end(), catalogs.begin(), catalogs.end());
        }
        for (const CatalogEntry& asked : world.host.asked)
        {
            events.emplace_back(PackageFound{asked.product}); // also with nothing accepted
            events.emplace_back(PackageFailed{asked.product, Reason::NotFound});
        }
        static const std::vector<PackageArrived> bodies{{"dat", FactsOf(kDat1), 1},
                                                        {"dat", FactsOf(kDat2), 2},
                                                        {"engine", FactsOf(kEngine1), 3},
                                                        {"engine", FactsOf(kDat1), 4}, // swapped
                                                        {"engine", FactsOf(kEngine2), 5},
                                                        {"help", FactsOf(kHelp), 6},
                                                        {"dat", FactsOf(kDat1, "0b02"), 7},
                                                        {"engine", FactsOf(kEngine2, "0b02"), 8}};
        events.insert(events.end(), bodies.begin(), bodies.end());
        for (const InstallSet& set : world.host.installing)
        {
            events.emplace_back(SetInstalled{set.set});
            events.emplace_back(SetNotInstalled{set.set, ""});
        }
        events.emplace_back(Crash(world));
        return events;
    }

    static std::vector<CatalogArrived> Catalogs()
    {
        // The last but one revokes who signed the others, and brings an older dat (T4, T9).
        CatalogArrived epoch = Signed(Release(2, 1, {kDat1, kEngine2}), "0b02");
        epoch.revoked = RevocationList{2, {kSigner}};
        CatalogArrived peers = Signed(Release(1, 1, {kDat1, kEngine1, kHelp}));
        peers.source = Source::Peer;
        return {Signed(Release(1, 1, {kDat1, kEngine1, kHelp})),
                Signed(Release(1, 2, {kDat2, kEngine1, kHelp})),
                Signed(Release(1, 3, {kDat1, kEngine2})), // lists an older dat than 1-2
                Signed(Release(1, 1, {kDat2})),           // another content than the first
                epoch,
                peers};
    }

    static UpdateEvent Crash(const World& world)
    {
        UpdateStarted started{world.host.persisted, {}, kNowS};
        for (const Place& there : world.host.onDisk)
        {
            started.installed.push_back({there.entry.product, there.entry.version, "", 0});
        }
        return started;
    }

    void Step(const World& before, const UpdateEvent& event)
    {
        World world = before;
        Host& host = world.host;
        if (std::holds_alternative<UpdateStarted>(event))
        {
            Host kept;
            kept.onDisk = host.onDisk;
            kept.persisted = host.persisted;
            host = kept;
        }
        EndWhatTheEventEnds(host, event);
        UpdateActionList actions;
        world.service.Handle(event, actions);
        for (const UpdateAction& action : actions)
        {
            std::visit([&](const auto& one) { CarryOut(host, event, one); }, action);
        }
        CheckInvariants(world, event, actions);
        ForgetWhatIsOnlyTold(world);
        if (m_seen.insert(Encoded(world)).second)
        {
            m_waiting.push_back(std::move(world));
        }
    }

    /// Reports and reasons are for people: what is done next does not depend on them, so states
    /// that differ in nothing else are one.
    static void ForgetWhatIsOnlyTold(World& world)
    {
        auto [state, memory, installed, run, timers] = world.service.Fields();
        for (UpdateMemory* one : {&memory, &world.host.persisted})
        {
            one->lastCheck.reset();
            one->incomplete.clear();
        }
        if (run)
        {
            run->refused = UpdateReason::None;
            for (SetRun& set : run->sets)
            {
                set.reason = UpdateReason::None;
                set.subject.clear();
                for (PackageRun& package : set.packages)
                {
                    package.refused = UpdateReason::None;
                }
            }
        }
        if (!world.service.Run())
        {
            world.host.accepted.clear();
        }
    }

    void EndWhatTheEventEnds(Host& host, const UpdateEvent& event)
    {
        if (const auto* fired = std::get_if<UpdateTimerFired>(&event))
        {
            Erase(host.timers, [fired](UpdateTimer timer) { return timer == fired->timer; });
        }
        if (std::holds_alternative<CatalogFailed>(event))
        {
            host.catalogAsked = false;
        }
        if (const auto* found = std::get_if<PackageFound>(&event))
        {
            Erase(host.asked,
                  [found](const CatalogEntry& entry) { return entry.product == found->product; });
        }
        if (const auto* failed = std::get_if<PackageFailed>(&event))
        {
            EndRequest(host, failed->product);
        }
        if (const auto* installed = std::get_if<SetInstalled>(&event))
        {
            PutInPlace(host, installed->set);
        }
        if (const auto* failed = std::get_if<SetNotInstalled>(&event))
        {
            Erase(host.installing,
                  [failed](const InstallSet& set) { return set.set == failed->set; });
        }
    }

    static void EndRequest(Host& host, const std::string& product)
    {
        const auto ofProduct = [&product](const CatalogEntry& entry)
        {
            return entry.product == product;
        };
        Erase(host.asked, ofProduct);
        Erase(host.accepted, ofProduct);
    }

    /// The atomic step: of each product, what was there gives way, and never to an older one (T8).
    void PutInPlace(Host& host, const std::string& name)
    {
        const auto set = std::find_if(host.installing.begin(),
                                      host.installing.end(),
                                      [&name](const InstallSet& one) { return one.set == name; });
        ++m_installations;
        for (const InstallEntry& entry : set->entries)
        {
            const auto sameProduct = [&entry](const Place& other)
            {
                return other.entry.product == entry.entry.product;
            };
            const auto orderOf = [](const Place& place)
            {
                return std::make_pair(place.epoch, place.entry.version);
            };
            const Place place{host.persisted.held->catalog.epoch, entry.entry};
            const auto there = std::find_if(host.onDisk.begin(), host.onDisk.end(), sameProduct);
            EXPECT_TRUE(there == host.onDisk.end() || orderOf(*there) <= orderOf(place))
                << "a version goes back";
            EXPECT_TRUE(entry.fresh ||
                        (there != host.onDisk.end() && there->entry.sha256 == entry.entry.sha256))
                << "what is carried over is not there";
            Erase(host.onDisk, sameProduct);
            host.onDisk.push_back(place);
            EndRequest(host, entry.entry.product);
        }
        std::sort(host.onDisk.begin(),
                  host.onDisk.end(),
                  [](const Place& a, const Place& b) { return a.entry.product < b.entry.product; });
        host.installing.erase(set);
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const ArmUpdateTimer& action)
    {
        Erase(host.timers, [&](UpdateTimer timer) { return timer == action.timer; });
        host.timers.push_back(action.timer);
        std::sort(host.timers.begin(), host.timers.end());
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const CancelUpdateTimer& action)
    {
        Erase(host.timers, [&](UpdateTimer timer) { return timer == action.timer; });
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const RequestCatalog& /*action*/)
    {
        EXPECT_FALSE(host.catalogAsked) << "two checks at a time";
        EXPECT_TRUE(host.asked.empty() && host.installing.empty()) << "two checks at a time";
        host.accepted.clear();
        host.catalogAsked = true;
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const RequestPackage& action)
    {
        for (const CatalogEntry& other : host.asked)
        {
            EXPECT_NE(other.product, action.entry.product) << "two requests for one product";
        }
        EndRequest(host, action.entry.product);
        host.asked.push_back(action.entry);
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const CancelRequest& action)
    {
        if (action.product)
        {
            EndRequest(host, *action.product);
        }
        else
        {
            host.catalogAsked = false;
        }
    }

    void CarryOut(Host& host, const UpdateEvent& event, const JudgeBody& action)
    {
        const bool accepted = action.refused == UpdateReason::None;
        m_refusals += accepted ? 0 : 1;
        if (!action.product)
        {
            host.catalogAsked = host.catalogAsked && !accepted;
            return;
        }
        const auto& arrived = std::get<PackageArrived>(event);
        EXPECT_EQ(action.body, arrived.body) << "a verdict on another body";
        if (action.refused != UpdateReason::NotAsked)
        {
            // A body that is judged has taken the place of the one accepted before.
            Erase(host.accepted,
                  [&](const CatalogEntry& entry) { return entry.product == arrived.product; });
        }
        if (accepted)
        {
            // By its digest: what is kept is the very file that the request is about.
            const auto& facts = arrived.facts;
            const auto asked = std::find_if(host.asked.begin(),
                                            host.asked.end(),
                                            [&](const CatalogEntry& entry)
                                            { return entry.product == *action.product; });
            ASSERT_NE(asked, host.asked.end()) << "accepted, but not asked for";
            EXPECT_EQ(asked->sha256, facts.sha256) << "another file is accepted";
            host.accepted.push_back(*asked);
        }
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const InstallSet& action)
    {
        for (const InstallEntry& entry : action.entries)
        {
            EXPECT_TRUE(!entry.fresh ||
                        std::find(host.accepted.begin(), host.accepted.end(), entry.entry) !=
                            host.accepted.end())
                << "installed, but not accepted";
            // A set is the snapshot of one catalog, the one that was persisted (T7).
            const HeldCatalog& held = *host.persisted.held;
            const CatalogEntry* listed = FindEntry(held.catalog, entry.entry.product);
            EXPECT_TRUE(listed != nullptr && *listed == entry.entry) << "of two catalogs";
        }
        host.installing.push_back(action);
    }

    void CarryOut(Host& host, const UpdateEvent& /*event*/, const PersistUpdate& action)
    {
        const auto order = [](const UpdateMemory& memory)
        {
            return memory.held
                       ? std::make_pair(memory.held->catalog.epoch, memory.held->catalog.version)
                       : std::make_pair(std::uint64_t{0}, std::uint64_t{0});
        };
        EXPECT_LE(order(host.persisted), order(action.memory)) << "the catalog goes back";
        EXPECT_LE(host.persisted.highestSeenS, action.memory.highestSeenS) << "time goes back";
        host.persisted = action.memory;
    }

    void CarryOut(Host& /*host*/, const UpdateEvent& /*event*/, const TellCheck& /*action*/)
    {
    }

    void CarryOut(Host& /*host*/, const UpdateEvent& /*event*/, const TellCatalog& /*action*/)
    {
    }

    void CarryOut(Host& /*host*/, const UpdateEvent& /*event*/, const UpdateNote& /*action*/)
    {
    }

    static void CheckInvariants(const World& world,
                                const UpdateEvent& event,
                                const UpdateActionList& actions)
    {
        const Host& host = world.host;
        const UpdateState state = world.service.State();
        EXPECT_TRUE(!host.timers.empty() || !host.asked.empty() || host.catalogAsked ||
                    !host.installing.empty())
            << "nothing will ever happen again";
        EXPECT_EQ(state == UpdateState::AwaitCatalog, host.catalogAsked) << "a request is lost";
        EXPECT_EQ(state == UpdateState::Updating, !host.asked.empty() || !host.installing.empty())
            << "a request or installation is lost";
        EXPECT_EQ(world.service.Run().has_value(),
                  state == UpdateState::AwaitCatalog || state == UpdateState::Updating);
        for (const UpdateTimer timer :
             {UpdateTimer::AfterBoot, UpdateTimer::NextCheck, UpdateTimer::Deadline})
        {
            EXPECT_EQ(world.service.IsArmed(timer),
                      std::count(host.timers.begin(), host.timers.end(), timer) == 1);
        }
        const bool body = std::holds_alternative<CatalogArrived>(event) ||
                          std::holds_alternative<PackageArrived>(event);
        const auto verdicts = std::count_if(actions.begin(),
                                            actions.end(),
                                            [](const UpdateAction& action)
                                            { return std::holds_alternative<JudgeBody>(action); });
        EXPECT_EQ(verdicts, body ? 1 : 0) << "one verdict for each body";
    }

    std::deque<World> m_waiting;
    std::unordered_set<std::string> m_seen; ///< whole encodings: no two states are taken for one
    std::size_t m_installations = 0;
    std::size_t m_refusals = 0;
};

TEST(WalkTest, WhatIsPromisedHoldsInEveryOrderOfEvents)
{
    RecordProperty("requirement", "R-UPD-2 R-UPD-4 R-UPD-5 R-UPD-8");
    RecordProperty("attack", "T7 T8 U2");
    for (const bool catalogFromPeers : {false, true})
    {
        Walk walk;
        const std::size_t states = walk.Run(catalogFromPeers);
        RecordProperty(catalogFromPeers ? "states_peers" : "states", static_cast<int>(states));
        EXPECT_GT(states, 1000U);
        EXPECT_GT(walk.Installations(), 100U);
        EXPECT_GT(walk.Refusals(), 1000U);
    }
}

} // namespace
} // namespace lanpeer
