#include "model/explore/explorer.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::explore
{

std::string
Report::Summary() const
{
    const double perState = states == 0 ? 0 : static_cast<double>(storeBytes) / static_cast<double>(states);
    const double perSecond = seconds > 0 ? static_cast<double>(states) / seconds : 0;
    return fmt::format("{} states, {} transitions, depth {}, {:.2f} s, {:.0f} states/s, {:.0f} bytes "
                       "a state, at most {} worlds at a time{}",
                       states,
                       transitions,
                       depth,
                       seconds,
                       perSecond,
                       perState,
                       widest,
                       complete ? "" : ", NOT COMPLETE");
}

std::string
Report::Told() const
{
    if (!finding)
    {
        return {};
    }
    std::string told;
    for (const std::string& line : finding->story)
    {
        told += line + "\n";
    }
    return told + "# " + finding->violation.requirement + ": " + finding->violation.what + "\n";
}

Explorer::Explorer(const Rules& rules)
    : m_rules(rules)
{
}

Report
Explorer::Run()
{
    const auto begin = std::chrono::steady_clock::now();
    Add(m_rules.Start(), 0, {}, 0);
    for (std::uint32_t number = 0; !m_frontier.empty() && !m_report.finding; ++number)
    {
        const Waiting waiting = std::move(m_frontier.front());
        m_frontier.pop_front();
        Expand(number, waiting);
    }
    if (!m_report.finding)
    {
        LookForTraps();
    }
    m_report.complete = !m_report.finding;
    m_report.states = m_store.Size();
    m_report.storeBytes = m_store.Bytes() + m_liveness.Bytes();
    m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return m_report;
}

void
Explorer::Expand(std::uint32_t number, const Waiting& waiting)
{
    m_liveness.AddState(waiting.state.monitor.Running());
    m_report.depth = std::max<std::size_t>(m_report.depth, waiting.depth);
    m_steps.clear();
    m_rules.Possible(waiting.state, m_steps);
    for (const Step& step : m_steps)
    {
        State next = waiting.state;
        try
        {
            m_rules.Take(next, step);
        }
        catch (const std::exception& thrown)
        {
            Find({"contract", fmt::format("the core threw: {}", thrown.what())}, number, step);
            return;
        }
        ++m_report.transitions;
        Add(std::move(next), number, step, waiting.depth + 1);
        if (m_report.finding)
        {
            return;
        }
    }
}

void
Explorer::Add(State state, std::uint32_t parent, const Step& step, std::uint32_t depth)
{
    const bool start = m_store.Size() == 0;
    const Fingerprint fingerprint = FingerprintOf(m_canonical.Of(state));
    const auto [number, isNew] = m_store.Insert(fingerprint, parent, step.Packed());
    if (!start && m_rules.HappensByItself(step))
    {
        m_liveness.AddEdge(number);
    }
    if (isNew)
    {
        state.monitor.LookAt(state.world);
    }
    if (const auto& seen = state.monitor.Seen())
    {
        Find(*seen, parent, start ? std::nullopt : std::optional(step));
    }
    else if (m_store.Size() > m_rules.GetLane().stateLimit)
    {
        Find({"limit", fmt::format("more than {} states", m_rules.GetLane().stateLimit)}, 0, {});
    }
    else if (isNew)
    {
        m_frontier.push_back({std::move(state), depth});
        m_report.widest = std::max(m_report.widest, m_frontier.size());
    }
}

void
Explorer::LookForTraps()
{
    if (const auto trap = m_liveness.FindTrap())
    {
        std::uint32_t request = 1;
        while ((trap->request >> (request - 1) & 1) == 0)
        {
            ++request;
        }
        Find({"R-CLI-7",
              fmt::format("from here on request {} cannot end{}",
                          request,
                          trap->dead ? ": nothing happens any more" : "")},
             trap->state,
             {});
    }
}

void
Explorer::Find(const Violation& violation, std::uint32_t state, std::optional<Step> last)
{
    m_report.finding = Finding{violation, Retell(state, last)};
}

std::vector<std::string>
Explorer::Retell(std::uint32_t number, std::optional<Step> last) const
{
    std::vector<Step> steps;
    if (last)
    {
        steps.push_back(*last);
    }
    for (; number != 0; number = m_store.ParentOf(number))
    {
        steps.push_back(Step::Unpacked(m_store.StepTo(number)));
    }
    std::reverse(steps.begin(), steps.end());

    std::vector<std::string> story = m_rules.Setting();
    State state = m_rules.Start();
    for (std::size_t i = 0; i < steps.size(); ++i)
    {
        story.push_back(m_rules.Text(state, steps[i]));
        if (i + 1 < steps.size())
        {
            m_rules.Take(state, steps[i]); // the last one may be one that throws
        }
    }
    return story;
}

} // namespace lanpeer::explore
