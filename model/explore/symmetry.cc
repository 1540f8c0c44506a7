#include "model/explore/symmetry.h"

#include <algorithm>
#include <limits>

namespace lanpeer::explore
{

namespace
{

constexpr PartId kNoPart = std::numeric_limits<PartId>::max();
constexpr FlightId kNoFlight = std::numeric_limits<FlightId>::max();

/// 5! = 120 renamings are worth trying for each world, 720 are not.
constexpr std::size_t kMostAlike = 5;

std::vector<std::uint32_t>
WantsOf(const Lane& lane, std::uint32_t host)
{
    std::vector<std::uint32_t> wants;
    for (std::uint32_t want = 0; want < lane.wants.size(); ++want)
    {
        if (lane.wants[want].host == host)
        {
            wants.push_back(want);
        }
    }
    return wants;
}

bool
Contains(const std::vector<std::uint32_t>& hosts, std::uint32_t host)
{
    return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

/// May the host come to retrieve from the Internet, for itself or for another?
bool
MayRetrieve(const Lane& lane, std::uint32_t host)
{
    const bool cutOff = !lane.unreachable.empty() ||
                        std::any_of(lane.configs.begin(),
                                    lane.configs.end(),
                                    [](const auto& config) { return !config->internetAccess; });
    return !WantsOf(lane, host).empty() || (lane.configs[host]->helper && cutOff);
}

bool
AreAlike(const Lane& lane, std::uint32_t a, std::uint32_t b)
{
    const std::vector<std::uint32_t> wantsOfA = WantsOf(lane, a);
    const std::vector<std::uint32_t> wantsOfB = WantsOf(lane, b);
    const bool tied = lane.configs[a]->wait && MayRetrieve(lane, a) && MayRetrieve(lane, b);
    return *lane.configs[a] == *lane.configs[b] && !tied &&
           Contains(lane.holders, a) == Contains(lane.holders, b) &&
           Contains(lane.unreachable, a) == Contains(lane.unreachable, b) &&
           std::equal(wantsOfA.begin(),
                      wantsOfA.end(),
                      wantsOfB.begin(),
                      wantsOfB.end(),
                      [&lane](std::uint32_t left, std::uint32_t right)
                      { return lane.wants[left].options == lane.wants[right].options; });
}

/// The hosts of a lane, those that are alike together, each group in order of numbers.
std::vector<std::vector<std::uint8_t>>
GroupsOf(const Lane& lane)
{
    std::vector<std::vector<std::uint8_t>> groups;
    for (std::uint8_t host = 0; host < lane.configs.size(); ++host)
    {
        const auto its = std::find_if(groups.begin(),
                                      groups.end(),
                                      [&](const std::vector<std::uint8_t>& group) {
                                          return group.size() < kMostAlike &&
                                                 AreAlike(lane, group.front(), host);
                                      });
        if (its == groups.end())
        {
            groups.push_back({host});
        }
        else
        {
            its->push_back(host);
        }
    }
    return groups;
}

/// Each of the renamings with each order of one more group behind it.
std::vector<Renaming>
WithGroup(const Lane& lane,
          const std::vector<Renaming>& renamings,
          const std::vector<std::uint8_t>& group)
{
    std::vector<Renaming> all;
    for (const Renaming& base : renamings)
    {
        std::vector<std::uint8_t> order = group;
        do
        {
            Renaming next = base;
            for (std::size_t i = 0; i < group.size(); ++i)
            {
                next.hosts[group[i]] = order[i];
                const auto from = WantsOf(lane, group[i]);
                const auto to = WantsOf(lane, order[i]);
                for (std::size_t want = 0; want < from.size(); ++want)
                {
                    next.wants[from[want]] = static_cast<std::uint8_t>(to[want]);
                }
            }
            all.push_back(next);
        } while (std::next_permutation(order.begin(), order.end()));
    }
    return all;
}

std::vector<Renaming>
RenamingsOf(const Lane& lane)
{
    constexpr std::size_t kMostRenamings = std::numeric_limits<RenamingId>::max();
    std::vector<Renaming> renamings{SameNames()};
    if (!lane.symmetric)
    {
        return renamings;
    }
    for (const std::vector<std::uint8_t>& group : GroupsOf(lane))
    {
        auto all = WithGroup(lane, renamings, group);
        if (all.size() <= kMostRenamings)
        {
            renamings = std::move(all);
        }
    }
    return renamings;
}

} // namespace

Symmetry::Symmetry(const Lane& lane, Parts& parts)
    : m_lane(lane)
    , m_parts(parts)
    , m_renamings(RenamingsOf(lane))
{
    for (const Renaming& back : m_renamings)
    {
        for (const Renaming& forth : m_renamings)
        {
            const auto its =
                std::find(m_renamings.begin(), m_renamings.end(), back.Inverse().Then(forth));
            m_backAndForth.push_back(static_cast<RenamingId>(its - m_renamings.begin()));
        }
        auto& wants = m_wants.emplace_back();
        for (std::uint32_t bits = 0; bits < kWantSets; ++bits)
        {
            wants[bits] = static_cast<std::uint8_t>(back.Wants(bits));
        }
    }
}

PartId
Symmetry::PartAs(RenamingId renaming, PartId part)
{
    const std::size_t row = static_cast<std::size_t>(part) * Size();
    if (row + renaming >= m_partsAs.size())
    {
        m_partsAs.resize(std::max((m_parts.Count() + 1) * Size(), m_partsAs.size() * 2), kNoPart);
    }
    if (m_partsAs[row + renaming] == kNoPart)
    {
        const PartId renamed = m_parts.NumberAs(m_renamings[renaming], part);
        m_partsAs[row + renaming] = renamed;
        const std::size_t back = renamed * Size() + BackAndForth(renaming, 0);
        if (back >= m_partsAs.size())
        {
            m_partsAs.resize(std::max(back + Size(), m_partsAs.size() * 2), kNoPart);
        }
        m_partsAs[back] = part;
    }
    return m_partsAs[row + renaming];
}

FlightId
Symmetry::FlightAs(RenamingId renaming, FlightId flight)
{
    const std::size_t place = static_cast<std::size_t>(flight) * Size() + renaming;
    if (place >= m_flightsAs.size())
    {
        m_flightsAs.resize((m_parts.FlightCount() + 1) * Size(), kNoFlight);
    }
    if (m_flightsAs[place] == kNoFlight)
    {
        const FlightId renamed = m_parts.NumberAs(m_renamings[renaming], flight);
        m_flightsAs[place] = renamed;
        const std::size_t back = renamed * Size() + BackAndForth(renaming, 0);
        if (back >= m_flightsAs.size())
        {
            m_flightsAs.resize(back + Size(), kNoFlight);
        }
        m_flightsAs[back] = flight;
    }
    return m_flightsAs[place];
}

/// Renames the hosts of the candidate. \returns false if it is higher than the lowest so far.
bool
Symmetry::RenameHosts(const Composite& real, RenamingId renaming, const PartIds* lowest)
{
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        m_candidate.parts[m_renamings[renaming].hosts[host]] = PartAs(renaming, real.parts[host]);
    }
    return lowest == nullptr || m_candidate.parts <= *lowest;
}

void
Symmetry::RenameRest(const Composite& real, RenamingId renaming)
{
    m_candidate.left = real.left;
    m_candidate.wantsLeft = Wants(renaming, real.wantsLeft);
    m_candidate.flights.clear();
    for (const FlightId flight : real.flights)
    {
        m_candidate.flights.push_back(FlightAs(renaming, flight));
    }
    std::sort(m_candidate.flights.begin(), m_candidate.flights.end());
}

std::uint64_t
Symmetry::Fingerprint(const Composite& real) const
{
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = 0; i < Size(); ++i)
    {
        const Renaming& renaming = m_renamings[i];
        std::vector<std::string> hosts(m_lane.configs.size());
        for (std::size_t host = 0; host < hosts.size(); ++host)
        {
            const Part& part = m_parts.At(real.parts[host]);
            hosts[renaming.hosts[host]] = EncodedAs(renaming, part.host, part.watch, part.number);
        }
        std::vector<std::string> flights;
        for (const FlightId flight : real.flights)
        {
            flights.push_back(EncodedAs(renaming, m_parts.FlightAt(flight).flight));
        }
        std::sort(flights.begin(), flights.end());
        HashSink sink;
        VisitValue(sink, hosts);
        VisitValue(sink, flights);
        VisitValue(sink, real.left);
        VisitValue(sink, Wants(static_cast<RenamingId>(i), real.wantsLeft));
        lowest = std::min(lowest, sink.Value());
    }
    return lowest;
}

RenamingId
Symmetry::Lowest(const Composite& real, Composite& lowest)
{
    RenamingId by = 0;
    for (std::size_t i = 0; i < Size(); ++i)
    {
        const auto renaming = static_cast<RenamingId>(i);
        if (!RenameHosts(real, renaming, i == 0 ? nullptr : &lowest.parts))
        {
            continue;
        }
        RenameRest(real, renaming);
        const auto key = [](const Composite& world)
        {
            return std::tie(world.parts, world.wantsLeft, world.flights);
        };
        if (i == 0 || key(m_candidate) < key(lowest))
        {
            std::swap(lowest, m_candidate);
            by = renaming;
        }
    }
    return by;
}

void
Symmetry::Real(const Composite& lowest, RenamingId renaming, Composite& real) const
{
    const RenamingId back = BackAndForth(renaming, 0);
    for (std::size_t host = 0; host < m_lane.configs.size(); ++host)
    {
        real.parts[m_renamings[back].hosts[host]] = m_partsAs[lowest.parts[host] * Size() + back];
    }
    real.left = lowest.left;
    real.wantsLeft = Wants(back, lowest.wantsLeft);
    real.flights.clear();
    for (const FlightId flight : lowest.flights)
    {
        real.flights.push_back(m_flightsAs[flight * Size() + back]);
    }
    std::sort(real.flights.begin(), real.flights.end());
}

} // namespace lanpeer::explore
