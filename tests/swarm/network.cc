#include "tests/swarm/network.h"

#include <algorithm>

namespace lanpeer::swarm
{

using harness::Flight;
using harness::RunningTransfer;
using harness::World;

namespace
{

constexpr std::uint64_t kLinks = 1000; // purposes of generators
constexpr std::uint64_t kTransfers = 2000;

void
SetBit(std::uint32_t& mask, std::uint32_t host, bool on)
{
    mask = on ? mask | 1U << host : mask & ~(1U << host);
}

} // namespace

Network::Network(const Setting& setting)
    : m_setting(setting)
{
    const std::uint64_t hosts = setting.nodes.size();
    for (std::uint64_t link = 0; link < hosts * hosts; ++link)
    {
        m_links.push_back({Random(setting.seed, kLinks + link), false});
        m_links.back().dead = m_links.back().random.Chance(setting.odds.deadLink);
    }
    for (std::uint64_t host = 0; host < hosts; ++host)
    {
        m_transfers.emplace_back(setting.seed, kTransfers + host);
    }
}

void
Network::Calm()
{
    m_calm = true;
    for (auto& [its, course] : m_courses)
    {
        course.bytesPerStep = std::max(course.bytesPerStep, kUplinkBytesPerStep);
    }
}

void
Network::Cut(std::uint32_t mask, bool cut)
{
    if (cut)
    {
        m_cuts.push_back(mask);
    }
    else if (const auto its = std::find(m_cuts.begin(), m_cuts.end(), mask); its != m_cuts.end())
    {
        m_cuts.erase(its);
    }
}

void
Network::TakeAway(std::uint32_t host, bool away)
{
    SetBit(m_away, host, away);
}

void
Network::FillStore(std::uint32_t host, bool full)
{
    SetBit(m_full, host, full);
}

bool
Network::Reaches(std::uint32_t from, std::uint32_t to) const
{
    const auto parts = [from, to](std::uint32_t mask)
    {
        return (mask >> from & 1) != (mask >> to & 1);
    };
    return (m_away & (1U << from | 1U << to)) == 0 &&
           std::none_of(m_cuts.begin(), m_cuts.end(), parts);
}

std::vector<std::uint64_t>
Network::ArrivalsUs(const World& world, const Flight& flight)
{
    const std::uint64_t soonUs = world.NowUs() + kPacketUs;
    if (!Reaches(flight.from, flight.to))
    {
        return {};
    }
    Link& link = LinkOf(flight.from, flight.to);
    if (m_calm)
    {
        return {soonUs};
    }
    const Odds& odds = m_setting.odds;
    std::vector<std::uint64_t> arrivals;
    const std::uint64_t copies = link.random.Chance(odds.duplicates) ? 2 : 1;
    for (std::uint64_t copy = 0; copy < copies; ++copy)
    {
        const bool lost = link.random.Chance(odds.loss) || link.dead;
        const bool late = link.random.Chance(odds.late);
        const std::uint64_t jitterUs = link.random.Below(m_setting.jitterUs + 1);
        const std::uint64_t lateUs = late ? link.random.Below(kLateUs) : 0;
        if (!lost)
        {
            arrivals.push_back(soonUs + jitterUs + lateUs);
        }
    }
    return arrivals;
}

bool
Network::Connects(const World& /*world*/, std::uint32_t from, std::uint32_t server)
{
    const bool dead = LinkOf(from, server).dead || LinkOf(server, from).dead;
    return Reaches(from, server) && (m_calm || !dead);
}

void
Network::Started(const World& world,
                 std::uint32_t host,
                 std::uint32_t slot,
                 RunningTransfer& transfer)
{
    Random& random = m_transfers[host];
    Course course;
    course.bytesPerStep = transfer.server ? kPeerBytesPerStep : kUplinkBytesPerStep;
    course.toldWhole = random.Chance(300);
    course.silent = random.Chance(500);
    if (transfer.server && *transfer.server >= world.Size() + kLeadNowhere)
    {
        transfer.outcome = TransferOutcome::Complete;
        transfer.altered = true;
    }
    course.altered = transfer.altered;
    transfer.dueUs = world.NowUs() + kConnectUs;
    if (transfer.outcome == TransferOutcome::Complete && !m_calm)
    {
        Spoil(host, world.ResourceBytes(transfer.href), transfer, course);
    }
    else if (transfer.outcome != TransferOutcome::Complete)
    {
        course.turnsAt = 0;
    }
    m_courses[{host, slot}] = course;
}

/// Draws whether a transfer goes wrong, and how.
void
Network::Spoil(std::uint32_t host, std::uint64_t size, RunningTransfer& transfer, Course& course)
{
    Random& random = m_transfers[host];
    const Odds& odds = m_setting.odds;
    const std::uint64_t somewhere = random.Below(size + 1);
    if (random.Chance(odds.slow))
    {
        course.bytesPerStep = std::max<std::uint64_t>(size / random.Between(2, 40), 1);
    }
    if (random.Chance(odds.failed))
    {
        transfer.outcome = TransferOutcome::Failed;
        course.turnsAt = somewhere;
    }
    else if (random.Chance(odds.stalled))
    {
        course.stalls = true;
        course.turnsAt = somewhere;
    }
    else if ((m_full >> host & 1) != 0)
    {
        transfer.outcome = TransferOutcome::StoreFailed;
        course.turnsAt = somewhere;
    }
    else if (!transfer.server)
    {
        course.altered = random.Chance(odds.altered);
        if (random.Chance(odds.notFound))
        {
            transfer.outcome = TransferOutcome::NotFound;
            course.turnsAt = 0;
        }
        else if (random.Chance(odds.busy))
        {
            transfer.outcome = TransferOutcome::Busy;
            course.turnsAt = 0;
        }
    }
}

} // namespace lanpeer::swarm
