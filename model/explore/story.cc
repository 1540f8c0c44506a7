#include "model/explore/story.h"

#include "model/harness/trace-text.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::explore
{

namespace
{

using harness::Flight;
using harness::World;

std::string
PolicyWord(const PeeringConfig& config)
{
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        PeeringConfig same = config;
        SetRules(same, policy);
        if (same == config)
        {
            return fmt::format(" policy={}", ToString(policy));
        }
    }
    return {};
}

/// `peers` with whatever differs from the usual.
std::string
PeersLine(const Lane& lane)
{
    const PeeringConfig& first = *lane.configs.front();
    const std::string policy = PolicyWord(first);
    std::string line = fmt::format("peers {}{}", lane.configs.size(), policy);
    PeeringConfig usual = PeeringConfig::Defaults();
    for (const Parameter& parameter : ParameterTable())
    {
        const bool said = !policy.empty() && parameter.key.substr(0, 6) == "rules.";
        const std::uint64_t value = GetParameter(first, parameter);
        if (!said && value != GetParameter(usual, parameter))
        {
            line += fmt::format(" {}={}", parameter.key, value);
        }
    }
    for (std::size_t host = 1; host < lane.configs.size(); ++host)
    {
        for (const Parameter& parameter : ParameterTable())
        {
            const std::uint64_t value = GetParameter(*lane.configs[host], parameter);
            if (value != GetParameter(first, parameter))
            {
                line += fmt::format(" n{}.{}={}", host + 1, parameter.key, value);
            }
        }
    }
    std::string access;
    for (std::size_t host = 0; host < lane.configs.size(); ++host)
    {
        if (lane.configs[host]->internetAccess)
        {
            access += fmt::format("{}{}", access.empty() ? "" : ",", host + 1);
        }
    }
    return line + fmt::format(" access={}", access.empty() ? "none" : access);
}

std::vector<std::string>
Setting(const Lane& lane)
{
    std::vector<std::string> lines{PeersLine(lane)};
    for (const std::uint32_t host : lane.unreachable)
    {
        lines.push_back(fmt::format("uplink {} down", host + 1));
    }
    for (const std::uint32_t host : lane.holders)
    {
        lines.push_back(fmt::format("offer {} dat", host + 1));
    }
    return lines;
}

/// A world as the script has it, and how it goes on.
class Teller
{
  public:
    Teller(const Rules& rules, const Parts& parts)
        : m_rules(rules)
        , m_parts(parts)
        , m_state(rules.Start())
    {
        m_state.world.SetObserver(&m_state.monitor); // forgers know what is pending
    }

    Teller(const Teller&) = delete;
    Teller& operator=(const Teller&) = delete;

    std::string Text(const Step& step) const;
    void Take(const Step& step);

  private:
    std::string FlightText(const Step& step) const;
    std::string WantText(const Step& step) const;
    std::string TransferText(std::string_view what, const Step& step) const;
    std::size_t Fitting(const Flight& flight) const;
    std::string Sent(const PacketReceived& heard, std::uint32_t to) const;
    std::size_t IndexOf(const Flight& flight) const;

    const Flight& FlightOf(const Step& step) const
    {
        return m_parts.FlightAt(step.subject).flight;
    }

    const Rules& m_rules;
    const Parts& m_parts;
    State m_state;
};

/// How many flights the script would take for this one.
std::size_t
Teller::Fitting(const Flight& flight) const
{
    const auto& flights = m_state.world.Flights();
    return static_cast<std::size_t>(std::count_if(flights.begin(),
                                                  flights.end(),
                                                  [&flight](const Flight& other)
                                                  {
                                                      return other.from == flight.from &&
                                                             other.to == flight.to &&
                                                             other.packet->kind ==
                                                                 flight.packet->kind;
                                                  }));
}

std::size_t
Teller::IndexOf(const Flight& flight) const
{
    const auto& flights = m_state.world.Flights();
    const auto its = std::find_if(
        flights.begin(), flights.end(), [&flight](const Flight& other) { return other == flight; });
    return static_cast<std::size_t>(its - flights.begin());
}

/// `send`: the packet arrives, whatever is under way.
std::string
Teller::Sent(const PacketReceived& heard, std::uint32_t to) const
{
    std::string seen; // "n1 received KIND from n2 NAME=VALUE ..."
    harness::TraceText(seen, m_state.world).WriteEvent(to, heard);
    const auto number = static_cast<std::uint64_t>(heard.peer);
    const bool stranger = number > m_state.world.Size();
    const std::string from = fmt::format("{}{}", stranger ? "p" : "n", number);
    const std::size_t behind = seen.find(" from " + from) + 6 + from.size();
    return fmt::format("send {} {} {}{}",
                       stranger ? from : std::to_string(number),
                       to + 1,
                       ToString(heard.packet->kind),
                       seen.substr(behind));
}

std::string
Teller::FlightText(const Step& step) const
{
    const Flight& flight = FlightOf(step);
    const std::string words =
        fmt::format("{} from {} {}", flight.to + 1, flight.from + 1, ToString(flight.packet->kind));
    const bool only = Fitting(flight) == 1;
    const auto sent = [&]
    {
        return Sent({World::PeerOf(flight.from), 1967, flight.packet}, flight.to);
    };
    switch (step.kind)
    {
    case StepKind::Deliver:
        return only ? "deliver " + words : sent();
    case StepKind::Lose:
        return only ? "lose " + words : "# lost: " + words;
    case StepKind::Duplicate:
        return sent(); // and it is still under way
    case StepKind::Forge:
        return Sent(m_rules.Forged(m_state, step, flight), flight.to);
    case StepKind::Want:
    case StepKind::Fire:
    case StepKind::Progress:
    case StepKind::Whole:
    case StepKind::Finish:
    case StepKind::Fail:
    case StepKind::Refuse:
    case StepKind::Cancel:
    case StepKind::Crash:
    case StepKind::Restart:
    case StepKind::Pretend:
    case StepKind::ForgePending:
        break;
    }
    return {};
}

std::string
Teller::WantText(const Step& step) const
{
    const RequestOptions& options = m_rules.TheLane().wants[step.subject].options;
    return fmt::format("want {} dat{}{}",
                       step.host + 1,
                       options.mayWait ? "" : " nowait",
                       options.mayUseInternet ? "" : " lan-only");
}

std::string
Teller::TransferText(std::string_view what, const Step& step) const
{
    const bool only = m_state.world.At(step.host).transfers.size() == 1;
    return only ? std::string(what) : fmt::format("{} {}", what, step.subject);
}

std::string
Teller::Text(const Step& step) const
{
    const int host = step.host + 1;
    switch (step.kind)
    {
    case StepKind::Want:
        return WantText(step);
    case StepKind::Deliver:
    case StepKind::Lose:
    case StepKind::Duplicate:
    case StepKind::Forge:
        return FlightText(step);
    case StepKind::Fire:
        return fmt::format(
            "fire {} {} {}", host, ToString(static_cast<TimerKind>(step.detail)), step.subject);
    case StepKind::Progress:
        return TransferText(fmt::format("progress {} {}", host, kResourceBytes / 2), step);
    case StepKind::Whole:
        return TransferText(fmt::format("whole {}", host), step);
    case StepKind::Finish:
        return TransferText(fmt::format("finish {}", host), step);
    case StepKind::Fail:
    {
        const auto outcome = static_cast<TransferOutcome>(step.detail);
        return TransferText(fmt::format("finish {} {}", host, ToString(outcome)), step);
    }
    case StepKind::Refuse:
        return TransferText(fmt::format("finish {} refused", host), step);
    case StepKind::Cancel:
        return fmt::format("cancel {} dat", host);
    case StepKind::Crash:
        return fmt::format("kill {}", host);
    case StepKind::Restart:
        return fmt::format("restart {}", host);
    case StepKind::Pretend:
        return Sent(m_rules.Pretended(m_state, static_cast<Pretence>(step.detail)), step.host);
    case StepKind::ForgePending:
        return Sent(m_rules.ForgedPending(m_state, step), step.host);
    }
    return {};
}

void
Teller::Take(const Step& step)
{
    World& world = m_state.world;
    switch (step.kind)
    {
    case StepKind::Deliver:
    {
        const Flight flight = FlightOf(step);
        if (Fitting(flight) == 1)
        {
            world.Lose(IndexOf(flight));
        }
        m_rules.Deliver(m_state, flight);
        break;
    }
    case StepKind::Lose:
        if (Fitting(FlightOf(step)) == 1)
        {
            world.Lose(IndexOf(FlightOf(step)));
        }
        break;
    case StepKind::Duplicate:
        m_rules.Deliver(m_state, FlightOf(step));
        break;
    case StepKind::Forge:
        world.Handle(step.host, m_rules.Forged(m_state, step, FlightOf(step)));
        break;
    case StepKind::Want:
    case StepKind::Fire:
    case StepKind::Progress:
    case StepKind::Whole:
    case StepKind::Finish:
    case StepKind::Fail:
    case StepKind::Refuse:
    case StepKind::Cancel:
    case StepKind::Crash:
    case StepKind::Restart:
    case StepKind::Pretend:
    case StepKind::ForgePending:
        m_rules.Take(m_state, step);
        break;
    }
}

} // namespace

std::vector<std::string>
Tell(const Rules& rules, const Parts& parts, const std::vector<Step>& steps)
{
    std::vector<std::string> lines = Setting(rules.TheLane());
    Teller teller(rules, parts);
    for (std::size_t i = 0; i < steps.size(); ++i)
    {
        lines.push_back(teller.Text(steps[i]));
        if (i + 1 < steps.size())
        {
            teller.Take(steps[i]); // the last one may throw
        }
    }
    return lines;
}

} // namespace lanpeer::explore
