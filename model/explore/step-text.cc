#include "model/explore/steps.h"

#include <fmt/format.h>

namespace lanpeer::explore
{

namespace
{

using harness::Flight;

std::string
FlightText(const harness::World& world, std::uint16_t canonical)
{
    const auto order = CanonicalFlights(world);
    const auto& flights = world.Flights();
    const Flight& flight = flights[order[canonical]];
    std::size_t nth = 1;
    for (std::size_t i = 0; i < order[canonical]; ++i)
    {
        const Flight& other = flights[i];
        nth += other.from == flight.from && other.to == flight.to &&
                       other.packet->kind == flight.packet->kind
                   ? 1
                   : 0;
    }
    const std::string text = fmt::format(
        "from {} to {} {}", flight.from + 1, flight.to + 1, ToString(flight.packet->kind));
    return nth == 1 ? text : fmt::format("{} {}", text, nth);
}

} // namespace

std::string
Rules::Text(const State& state, const Step& step) const
{
    const harness::World& world = state.world;
    const unsigned host = step.host + 1U;
    switch (step.kind)
    {
    case StepKind::Want:
        return fmt::format("want {} dat", host);
    case StepKind::Deliver:
        return "deliver " + FlightText(world, step.subject);
    case StepKind::Lose:
        return "lose " + FlightText(world, step.subject);
    case StepKind::Duplicate:
        return "duplicate " + FlightText(world, step.subject);
    case StepKind::Fire:
        return fmt::format(
            "fire {} {} {}", host, ToString(static_cast<TimerKind>(step.detail)), step.subject);
    case StepKind::Progress:
        return fmt::format("progress {} {}", host, world.ResourceBytes() / 2);
    case StepKind::Whole:
        return fmt::format("whole {}", host);
    case StepKind::Finish:
        return fmt::format("finish {}", host);
    case StepKind::Fail:
        return fmt::format(
            "finish {} {}", host, ToString(static_cast<TransferOutcome>(step.detail)));
    case StepKind::Refuse:
        return fmt::format("finish {} refused", host);
    case StepKind::Crash:
        return fmt::format("kill {}", host);
    case StepKind::Restart:
        return fmt::format("restart {}", host);
    case StepKind::Forge:
        return "forge " + FlightText(world, step.subject);
    }
    return {};
}

std::vector<std::string>
Rules::Setting() const
{
    std::vector<std::string> lines{fmt::format("# lane {}", m_lane.name)};
    for (const std::uint32_t host : m_lane.holders)
    {
        lines.push_back(fmt::format("have {} dat", host + 1));
    }
    return lines;
}

} // namespace lanpeer::explore
