#include "model/harness/arguments.h"
#include "model/harness/packet-words.h"
#include "model/harness/script.h"
#include "model/harness/trace-text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

// The commands that are about one node's timers, transfers and host; and the clock.

namespace lanpeer::harness
{

namespace
{

constexpr std::uint64_t kStableWithinUs = 600'000'000; ///< ten minutes

/// Timers that say nothing of what is still to happen: they bound it.
bool
IsBound(const TimerKey& timer)
{
    return timer.kind == TimerKind::Deadline || timer.kind == TimerKind::Patience ||
           timer.kind == TimerKind::AccessRetry;
}

TimerKind
TimerKindFrom(std::string_view name)
{
    for (unsigned i = 0; i <= static_cast<unsigned>(TimerKind::AccessRetry); ++i)
    {
        if (ToString(static_cast<TimerKind>(i)) == name)
        {
            return static_cast<TimerKind>(i);
        }
    }
    throw ScriptError(fmt::format("\"{}\" is no timer", name));
}

bool
OnOff(Arguments& words, std::string_view on, std::string_view off)
{
    if (words.Take(on))
    {
        return true;
    }
    if (words.Take(off))
    {
        return false;
    }
    throw ScriptError(fmt::format("{} or {}?", on, off));
}

/// How a transfer ends; none of them: as it would by itself.
struct Ending
{
    std::string_view name;
    TransferOutcome outcome;
    Verdict verdict;
};

constexpr std::array<Ending, 8> kEndings{{
    {"complete", TransferOutcome::Complete, Verdict::Accepted},
    {"refused", TransferOutcome::Complete, Verdict::Refused},
    {"unverified", TransferOutcome::Complete, Verdict::None},
    {"failed", TransferOutcome::Failed, Verdict::None},
    {"busy", TransferOutcome::Busy, Verdict::None},
    {"not-found", TransferOutcome::NotFound, Verdict::None},
    {"no-access", TransferOutcome::NoAccess, Verdict::None},
    {"store-failed", TransferOutcome::StoreFailed, Verdict::None},
}};

} // namespace

// ---------------------------------------------------------------- timers and transfers

void
Script::Fire(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const TimerKind kind = TimerKindFrom(words.Word("the timer"));
    const auto slot = words.TakeNumber();
    words.End();
    std::vector<TimerKey> running;
    for (const auto& [key, timer] : TheWorld().At(host).timers)
    {
        if (key.kind == kind && (!slot || key.subject == *slot))
        {
            running.push_back(key);
        }
    }
    if (running.size() != 1)
    {
        throw ScriptError(fmt::format("{} of these timers run", running.size()));
    }
    TheWorld().Fire(host, running.front());
}

void
Script::Timers(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    words.End();
    std::string text;
    for (const auto& [key, timer] : TheWorld().At(host).timers)
    {
        text += " ";
        TraceText(text, TheWorld()).Write(key);
    }
    m_tracer.Line(fmt::format("n{}{}", host + 1, text.empty() ? " none" : text));
}

void
Script::Progress(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::uint64_t received = words.Number("how many bytes");
    TheWorld().ProgressTransfer(host, TransferSlot(words, host), received);
}

void
Script::Whole(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    TheWorld().CompleteBody(host, TransferSlot(words, host));
}

void
Script::Finish(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const auto ending = std::find_if(kEndings.begin(),
                                     kEndings.end(),
                                     [&words](const Ending& one) { return words.Take(one.name); });
    const std::uint32_t slot = TransferSlot(words, host);
    if (ending == kEndings.end())
    {
        TheWorld().FinishTransfer(host, slot);
    }
    else
    {
        TheWorld().EndTransfer(host, slot, ending->outcome, ending->verdict);
    }
}

void
Script::Upload(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::string resource = words.Word("the resource");
    if (!words.Take("from"))
    {
        throw ScriptError("from whom?");
    }
    const PeerId peer = PeerFrom(words.Word("the peer"));
    const bool body = !words.Take("head");
    words.End();
    const LocalCopy* copy = TheWorld().At(host).node.Copies().FindOffered(HrefOf(resource));
    const std::string alias = copy != nullptr ? copy->alias : "no-such-alias";
    TheWorld().Handle(host, UploadAsked{static_cast<UploadId>(++m_uploads), peer, alias, body});
}

void
Script::UploadEnd(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::uint64_t upload = words.Number("the upload");
    words.End();
    TheWorld().Handle(host, lanpeer::UploadEnded{static_cast<UploadId>(upload)});
}

// ---------------------------------------------------------------- hosts

void
Script::Kill(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    words.End();
    m_tracer.Line(fmt::format("n{} dies", host + 1));
    TheWorld().Kill(host);
}

void
Script::Restart(Arguments& words)
{
    const std::uint32_t host = NextHost(words, false);
    words.End();
    TheWorld().Restart(host);
}

void
Script::Liar(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    words.End();
    TheWorld().At(host).liar = true;
}

void
Script::Access(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const bool access = OnOff(words, "on", "off");
    words.End();
    TheWorld().At(host).internet = access;
    TheWorld().Handle(host, InternetAccessChanged{access});
}

void
Script::Uplink(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    TheWorld().At(host).internet = OnOff(words, "up", "down");
    words.End();
}

void
Script::Lan(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const bool up = OnOff(words, "up", "down");
    words.End();
    TheWorld().Handle(host, LanChanged{up});
}

void
Script::Show(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    words.End();
    const PeeringNode& node = TheWorld().At(host).node;
    const auto& requests = node.Client().Requests();
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        if (const ClientRequest* request = requests.Find(slot))
        {
            std::string text = fmt::format("n{} request {}", host + 1, slot);
            TraceText(text, TheWorld()).WriteMembers(*request);
            m_tracer.Line(text);
        }
    }
    std::string text = fmt::format("n{} server", host + 1);
    TraceText trace(text, TheWorld());
    trace.WriteMembers(node.Server());
    trace.WriteMembers(node.Copies());
    m_tracer.Line(text);
}

// ---------------------------------------------------------------- the clock

bool
Script::IsStable() const
{
    if (!m_world->Flights().empty())
    {
        return false;
    }
    for (std::uint32_t host = 0; host < m_world->Size(); ++host)
    {
        const Host& one = m_world->At(host);
        const bool bound = std::all_of(one.timers.begin(),
                                       one.timers.end(),
                                       [](const auto& timer) { return IsBound(timer.first); });
        if (!bound || !one.transfers.empty())
        {
            return false;
        }
    }
    return true;
}

void
Script::RunUntil(std::uint64_t endUs, bool untilStable)
{
    World& world = TheWorld();
    m_tracer.ShowTime(true);
    for (std::size_t step = 0; step < kMostSteps && !(untilStable && IsStable()); ++step)
    {
        const auto due = world.NextDueUs();
        if (!due || *due > endUs)
        {
            world.AdvanceTo(endUs);
            break;
        }
        world.RunNext();
    }
    m_tracer.ShowTime(false);
}

void
Script::RunFor(Arguments& words)
{
    const std::uint64_t ms = words.Number("how many ms");
    words.End();
    RunUntil(TheWorld().NowUs() + ms * 1000, false);
}

void
Script::Stabilize(Arguments& words)
{
    words.End();
    RunUntil(TheWorld().NowUs() + kStableWithinUs, true);
    if (!IsStable())
    {
        m_tracer.Line("not stable yet");
    }
}

} // namespace lanpeer::harness
