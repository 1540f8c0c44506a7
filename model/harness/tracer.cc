#include "model/harness/tracer.h"

#include "model/harness/trace-text.h"

#include <fmt/format.h>

#include <utility>

namespace lanpeer::harness
{

namespace
{

bool
IsHousekeeping(const TimerKey& timer)
{
    return timer.kind == TimerKind::Deadline || timer.kind == TimerKind::ForgetEnded;
}

bool
IsShown(const Action& action)
{
    if (const auto* arm = std::get_if<ArmTimer>(&action))
    {
        return !IsHousekeeping(arm->timer);
    }
    if (const auto* cancel = std::get_if<CancelTimer>(&action))
    {
        return !IsHousekeeping(cancel->timer);
    }
    return !std::holds_alternative<DrawToken>(action);
}

/// The state that an action tells of, if \p action goes on from where \p before ended.
template <typename Entered>
std::optional<std::string_view>
Continued(const Action& before, const Action& action)
{
    const auto* first = std::get_if<Entered>(&before);
    const auto* second = std::get_if<Entered>(&action);
    if (first == nullptr || second == nullptr || first->subject != second->subject ||
        first->to != second->from)
    {
        return std::nullopt;
    }
    return ToString(second->to);
}

template <typename Entered>
std::string
StateLine(std::string_view who, const Entered& entered)
{
    return fmt::format(
        "{} {}: {} -> {}", who, entered.subject, ToString(entered.from), ToString(entered.to));
}

} // namespace

void
Tracer::Handled(const World& world,
                std::uint32_t host,
                const Event& event,
                const ActionList& actions)
{
    m_entered.reset();
    const auto* fired = std::get_if<TimerFired>(&event);
    if (m_timed && fired != nullptr && fired->timer.kind == TimerKind::ForgetEnded)
    {
        return;
    }
    // What follows a drawn token belongs to the event before.
    if (!std::holds_alternative<TokenDrawn>(event) || m_host != host)
    {
        if (m_timed)
        {
            m_text += fmt::format("@{:.4f} ", static_cast<double>(world.NowUs()) / 1e6);
        }
        TraceText(m_text, world).WriteEvent(host, event);
        m_text += "\n";
        m_host = host;
    }
    for (const Action& action : actions)
    {
        if (IsShown(action) && !ContinueStates(action))
        {
            WriteAction(world, host, action);
        }
    }
}

bool
Tracer::ContinueStates(const Action& action)
{
    if (!m_entered)
    {
        return false;
    }
    auto state = Continued<ServerEntered>(*m_entered, action);
    if (!state)
    {
        state = Continued<ClientEntered>(*m_entered, action);
    }
    if (!state)
    {
        return false;
    }
    m_text.pop_back(); // the end of the line that goes on
    m_text += fmt::format(" -> {}\n", *state);
    m_entered = action;
    return true;
}

void
Tracer::WriteAction(const World& world, std::uint32_t host, const Action& action)
{
    m_text += "   ";
    m_entered.reset();
    if (const auto* server = std::get_if<ServerEntered>(&action))
    {
        m_text += StateLine("server", *server);
        m_entered = action;
    }
    else if (const auto* client = std::get_if<ClientEntered>(&action))
    {
        m_text += StateLine("client", *client);
        m_entered = action;
    }
    else
    {
        TraceText(m_text, world).WriteAction(host, action);
    }
    m_text += "\n";
}

void
Tracer::Line(std::string_view text)
{
    m_text += text;
    m_text += "\n";
    m_host.reset();
}

std::string
Tracer::Take()
{
    m_host.reset();
    return std::exchange(m_text, {});
}

} // namespace lanpeer::harness
