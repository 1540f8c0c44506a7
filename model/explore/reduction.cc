#include "model/explore/reduction.h"

#include <algorithm>

namespace lanpeer::explore
{

namespace
{

bool
Contains(const std::vector<std::uint32_t>& numbers, std::uint32_t number)
{
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

} // namespace

Reduction::Reduction(const Lane& lane, Parts& parts)
    : m_lane(lane)
    , m_parts(parts)
{
    for (const auto& config : lane.configs)
    {
        const bool cutOff = !config->internetAccess || !lane.unreachable.empty();
        m_pleas = m_pleas || (config->helper && cutOff);
    }
}

std::optional<Violation>
Reduction::Apply(Composite& composite)
{
    for (std::size_t i = 0; i < composite.flights.size();)
    {
        if (IsDead(composite, composite.flights[i]))
        {
            composite.Remove(i);
        }
        else
        {
            ++i;
        }
    }
    for (std::uint8_t host = 0; host < m_lane.configs.size(); ++host)
    {
        const Step age{StepKind::Fire, host, static_cast<std::uint8_t>(TimerKind::ForgetEnded), 0};
        while (m_parts.At(composite.parts[host]).remembersEnded &&
               !NeedUnderWay(composite, host, m_parts.At(composite.parts[host]).ended))
        {
            const Outcome& outcome = m_parts.Take(age, composite.parts);
            if (outcome.violation)
            {
                return outcome.violation;
            }
            if (outcome.changed.empty())
            {
                break; // it can't get younger
            }
            composite.parts[host] = outcome.changed.front().second;
        }
    }
    return std::nullopt;
}

bool
Reduction::IsDead(const Composite& composite, FlightId flight)
{
    const KnownFlight& known = m_parts.FlightAt(flight);
    if (!IsMoot(composite, known))
    {
        return false;
    }
    const Step arrival{StepKind::Deliver, static_cast<std::uint8_t>(known.flight.to), 0, flight};
    const Outcome& outcome = m_parts.Take(arrival, composite.parts);
    return outcome.changed.empty() && outcome.sent.empty() && !outcome.violation;
}

/// Can it never make a difference, if the receiver keeps to the protocol?
bool
Reduction::IsMoot(const Composite& composite, const KnownFlight& known) const
{
    const std::uint32_t host = known.flight.to;
    const Part& part = m_parts.At(composite.parts[host]);
    const bool mayHelp = m_pleas && m_lane.configs[host]->helper;
    const bool rests = part.clientRests && !WillAsk(composite, host) && !mayHelp;
    switch (known.flight.packet->kind)
    {
    case PacketKind::IHave:
    case PacketKind::IAmDownloading:
    case PacketKind::Downloading:
    case PacketKind::DownloadComplete:
    case PacketKind::DownloadFailed:
        return rests;
    case PacketKind::INeed:
        return rests && part.host.offered.empty();
    case PacketKind::IFound:
        return !mayHelp && (rests || !known.flight.packet->wait) &&
               !Contains(part.pending, known.request) &&
               !NeedUnderWay(composite, host, {known.request});
    case PacketKind::ApplicationDefined:
        return false;
    }
    return false;
}

bool
Reduction::WillAsk(const Composite& composite, std::uint32_t host) const
{
    for (std::size_t want = 0; want < m_lane.wants.size(); ++want)
    {
        if (m_lane.wants[want].host == host && (composite.wantsLeft >> want & 1) != 0)
        {
            return true;
        }
    }
    return false;
}

bool
Reduction::NeedUnderWay(const Composite& composite,
                        std::uint32_t host,
                        const std::vector<std::uint32_t>& requests) const
{
    return std::any_of(composite.flights.begin(),
                       composite.flights.end(),
                       [&](FlightId flight)
                       {
                           const KnownFlight& known = m_parts.FlightAt(flight);
                           return known.flight.to == host &&
                                  known.flight.packet->kind == PacketKind::INeed &&
                                  Contains(requests, known.request);
                       });
}

} // namespace lanpeer::explore
