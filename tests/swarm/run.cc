#include "tests/swarm/run.h"

#include "tests/swarm/bound.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::swarm
{

using harness::Host;
using harness::NextStep;
using harness::RunningTransfer;
using harness::World;

namespace
{

constexpr std::uint64_t kTimers = 3000; // purposes of generators
constexpr std::uint64_t kProbes = 3001;

constexpr std::uint64_t kMostEvents = 2'000'000; ///< of a run; past that it runs away

} // namespace

Run::Run(const Setting& setting, bool traced)
    : m_setting(setting)
    , m_world(ConfigsOf(setting))
    , m_network(setting)
    , m_monitor(setting.nodes.size(), {})
    , m_ledger(setting)
    , m_asked(setting.nodes.size())
{
    if (traced)
    {
        m_tracer.emplace();
        m_tracer->ShowTime(true);
    }
}

Outcome
Run::Go()
{
    SetUp();
    MakeAppointments();
    Suffer();
    Settle();
    AskOnceMore();
    BeQuiet();
    if (m_tracer)
    {
        m_outcome.trace = m_tracer->Take();
    }
    return std::move(m_outcome);
}

void
Run::SetUp()
{
    m_world.SetObserver(this);
    m_world.SetConditions(&m_network);
    m_world.SeedDraws(Random(m_setting.seed, kTimers).Next());
    for (const Resource& resource : m_setting.resources)
    {
        m_world.SetResourceBytes(resource.href, resource.bytes);
    }
    for (std::uint32_t host = 0; host < m_world.Size(); ++host)
    {
        const Node& node = m_setting.nodes[host];
        m_world.At(host).liar = node.liar;
        if (!node.present)
        {
            m_world.Kill(host);
            continue;
        }
        TellOfCatalog(host);
        for (std::uint32_t i = 0; i < m_setting.resources.size(); ++i)
        {
            if ((m_setting.holders[i] >> host & 1) != 0)
            {
                const Resource& resource = m_setting.resources[i];
                m_ledger.Holds(host, resource.href);
                m_world.At(host).whole.insert(resource.href);
                m_world.Handle(host, CopyOffered{resource.href, resource.bytes});
            }
        }
    }
}

/// At each start of a node.
void
Run::TellOfCatalog(std::uint32_t host)
{
    const std::uint32_t named = m_setting.nodes[host].named;
    if (named == 0)
    {
        return;
    }
    CatalogHeld catalog;
    for (std::uint32_t i = 0; i < m_setting.resources.size(); ++i)
    {
        if ((named >> (i + 1) & 1) != 0)
        {
            catalog.hrefs.insert(m_setting.resources[i].href);
        }
    }
    m_world.Handle(host, catalog);
}

void
Run::MakeAppointments()
{
    using Kind = Appointment::Kind;
    for (std::uint32_t i = 0; i < m_setting.wants.size(); ++i)
    {
        m_appointments.push_back({m_setting.wants[i].atUs, Kind::Want, i, 0});
    }
    for (std::uint32_t i = 0; i < m_setting.mishaps.size(); ++i)
    {
        const Mishap& mishap = m_setting.mishaps[i];
        // A stranger's packets come at once, or one by one.
        const std::uint64_t apartUs = mishap.number % 2 == 0 ? 0 : kSecondUs * 3 / 10;
        const bool stranger = mishap.kind == MishapKind::Stranger;
        for (std::uint32_t number = 0; number < (stranger ? mishap.count : 1); ++number)
        {
            const std::uint64_t atUs = mishap.atUs + number * apartUs;
            m_appointments.push_back({std::min(atUs, m_setting.faultsUs), Kind::Begin, i, number});
        }
        if (mishap.untilUs != 0)
        {
            m_appointments.push_back({mishap.untilUs, Kind::End, i, 0});
        }
    }
    std::stable_sort(m_appointments.begin(),
                     m_appointments.end(),
                     [](const Appointment& a, const Appointment& b)
                     { return std::tie(a.atUs, a.kind) < std::tie(b.atUs, b.kind); });
}

void
Run::KeepAppointment(const Appointment& appointment)
{
    m_world.AdvanceTo(std::max(m_world.NowUs(), appointment.atUs));
    switch (appointment.kind)
    {
    case Appointment::Kind::Want:
    {
        const Want& want = m_setting.wants[appointment.index];
        Ask(want.host, m_setting.resources[want.resource].href, want.options);
        break;
    }
    case Appointment::Kind::Begin:
        Begin(m_setting.mishaps[appointment.index], appointment.number);
        break;
    case Appointment::Kind::End:
        End(m_setting.mishaps[appointment.index]);
        break;
    }
}

void
Run::Ask(std::uint32_t host, const std::string& href, const RequestOptions& options)
{
    if (m_world.At(host).alive)
    {
        ++m_outcome.requests;
        m_world.Handle(host,
                       ResourceWanted{static_cast<AppRequestId>(++m_asked[host]), href, options});
    }
}

// ---------------------------------------------------------------- steps

/// Lets the next thing happen, if it is due by then and nothing is wrong yet.
bool
Run::Advance(std::uint64_t untilUs)
{
    if (m_outcome.violation)
    {
        return false;
    }
    const auto step = m_world.Next();
    const bool appointed = m_kept < m_appointments.size() &&
                           (!step || m_appointments[m_kept].atUs <= step->dueUs) &&
                           m_appointments[m_kept].atUs <= untilUs;
    if (appointed)
    {
        KeepAppointment(m_appointments[m_kept++]);
        LookAtTouched();
        return true;
    }
    if (!step || step->dueUs > untilUs)
    {
        return false;
    }
    Step(*step);
    LookAtTouched();
    if (m_outcome.events > kMostEvents)
    {
        Violate({"R-PKT-7", "the nodes keep each other busy without end"});
    }
    return true;
}

void
Run::Step(const NextStep& step)
{
    m_world.AdvanceTo(std::max(m_world.NowUs(), step.dueUs));
    switch (step.kind)
    {
    case NextStep::Kind::Flight:
        m_world.Deliver(step.flight);
        break;
    case NextStep::Kind::Transfer:
        StepTransfer(step.host, step.transfer);
        break;
    case NextStep::Kind::Timer:
        m_world.Fire(step.host, TimerKey(step.timer));
        break;
    }
}

void
Run::StepTransfer(std::uint32_t host, std::uint32_t slot)
{
    RunningTransfer& transfer = m_world.At(host).transfers.at(slot);
    const Course course = m_network.CourseOf(host, slot);
    const std::uint64_t nextUs = m_world.NowUs() + Network::kStepUs;
    const auto server = transfer.server;
    const bool toNode = server && *server < m_world.Size();
    const bool cut = toNode ? !m_network.Reaches(host, *server)
                            : !server && !m_world.At(host).internet &&
                                  transfer.outcome != TransferOutcome::NoAccess;
    if (transfer.bodyComplete)
    {
        EndTransfer(host, slot, course.altered);
        return;
    }
    if (cut)
    {
        transfer.dueUs = nextUs; // nothing arrives; it may go on later
        return;
    }
    const bool died = toNode && !m_world.At(*server).alive;
    if (died || transfer.received >= course.turnsAt)
    {
        if (died ? course.silent : course.stalls)
        {
            transfer.dueUs = kNever;
            return;
        }
        m_world.EndTransfer(host, slot, transfer.outcome, Verdict::None);
        return;
    }
    const std::uint64_t size = m_world.ResourceBytes(transfer.href);
    const std::uint64_t reachedBytes =
        std::min({transfer.received + course.bytesPerStep, size, course.turnsAt});
    if (reachedBytes == size && course.turnsAt > size)
    {
        if (!course.toldWhole)
        {
            EndTransfer(host, slot, course.altered);
            return;
        }
        transfer.dueUs = m_world.NowUs() + Network::kVerdictUs;
        m_world.CompleteBody(host, slot);
        return;
    }
    transfer.dueUs = nextUs;
    m_world.ProgressTransfer(host, slot, reachedBytes);
}

/// Its bytes are all there: what does who wants them say of them?
void
Run::EndTransfer(std::uint32_t host, std::uint32_t slot, bool altered)
{
    Host& its = m_world.At(host);
    const std::string href = its.transfers.at(slot).href;
    const ClientRequest& request = *its.node.Client().Requests().Find(slot);
    // As accepted, from an origin on the list (R-CLI-12).
    const bool counts = request.helping && request.joined.empty();
    // By what any of those who want it by then has named.
    const auto& entries = m_ledger.EntriesOf(host);
    const bool verified = std::any_of(request.joined.begin(),
                                      request.joined.end(),
                                      [&entries](const Joined& joined)
                                      { return entries.at(joined.application).options.verified; });
    // The origins on a helper's list are trusted: what nobody verifies is right.
    const bool wrong = altered && !counts;
    const Verdict verdict = !verified ? Verdict::None
                            : wrong   ? Verdict::Refused
                                      : Verdict::Accepted;
    if (verdict != Verdict::Refused)
    {
        its.whole.insert(href);
        m_ledger.Brought(host, href, wrong, (verified || counts) && request.peered);
    }
    m_world.EndTransfer(host, slot, TransferOutcome::Complete, verdict);
    if (its.offered.count(href) == 0)
    {
        its.whole.erase(href); // nothing is kept of it
    }
}

void
Run::Handled(const World& world, std::uint32_t host, const Event& event, const ActionList& actions)
{
    ++m_outcome.events;
    m_touched |= 1U << host;
    if (m_tracer)
    {
        m_tracer->Handled(world, host, event, actions);
    }
    m_outcome.digest = (m_outcome.digest ^ world.NowUs()) * 0x100000001B3ULL;
    m_outcome.digest = (m_outcome.digest ^ (host + event.index() * 32)) * 0x100000001B3ULL;
    m_outcome.digest = (m_outcome.digest ^ actions.size()) * 0x100000001B3ULL;
    for (const Action& action : actions)
    {
        const auto* broadcast = std::get_if<Broadcast>(&action);
        if (broadcast != nullptr && broadcast->packet->kind == PacketKind::INeed)
        {
            m_heard[broadcast->packet->href] = {*broadcast->packet, host};
        }
    }
    m_monitor.Handled(world, host, event, actions);
    m_ledger.Handled(world, host, event, actions);
    if (m_monitor.Seen())
    {
        Violate(*m_monitor.Seen());
    }
    if (m_ledger.Seen())
    {
        Violate(*m_ledger.Seen());
    }
}

void
Run::Violate(const Violation& violation)
{
    if (!m_outcome.violation)
    {
        m_outcome.violation = violation;
        m_outcome.violatedUs = m_world.NowUs();
        if (m_tracer)
        {
            m_tracer->Line(fmt::format("VIOLATED {}: {}", violation.requirement, violation.what));
        }
    }
}

// ---------------------------------------------------------------- phases

/// Between two steps.
void
Run::LookAtTouched()
{
    for (std::uint32_t host = 0; m_touched != 0; ++host, m_touched >>= 1)
    {
        if ((m_touched & 1) != 0)
        {
            m_monitor.LookAt(m_world.At(host), host);
        }
    }
    if (m_monitor.Seen())
    {
        Violate(*m_monitor.Seen());
    }
}

void
Run::Suffer()
{
    while (Advance(m_setting.faultsUs))
    {
    }
    m_world.AdvanceTo(m_setting.faultsUs);
}

void
Run::Settle()
{
    m_network.Calm();
    std::vector<std::uint64_t> boundsUs;
    for (std::uint32_t host = 0; host < m_world.Size(); ++host)
    {
        Host& its = m_world.At(host);
        its.liar = its.liar && m_setting.liarsStay;
        boundsUs.push_back(BoundUs(m_setting, m_world, host, RequestsOf(host)));
    }
    AwaitEnds(boundsUs, true, m_outcome.slowest);
}

void
Run::AskOnceMore()
{
    Random random(m_setting.seed, kProbes);
    std::vector<std::uint64_t> boundsUs(m_world.Size());
    std::vector<bool> mustFind(m_world.Size());
    std::vector<const Resource*> shared;
    for (const Resource& resource : m_setting.resources)
    {
        shared.push_back(&resource);
    }
    for (std::uint32_t host = 0; host < m_world.Size(); ++host)
    {
        const Resource& resource = *shared[random.Below(shared.size())];
        RequestOptions options;
        options.cacheable = resource.cacheable;
        boundsUs[host] = BoundUs(m_setting, m_world, host, 1);
        mustFind[host] = m_world.At(host).alive && resource.cacheable &&
                         MustFind(m_setting, m_world, host, resource.href);
        if (!m_outcome.violation)
        {
            Ask(host, resource.href, options);
        }
    }
    AwaitEnds(boundsUs, false, m_outcome.slowestAfter);
    for (std::uint32_t host = 0; host < m_world.Size() && !m_outcome.violation; ++host)
    {
        const auto& entries = m_ledger.EntriesOf(host);
        const auto last = entries.find(static_cast<AppRequestId>(m_asked[host]));
        if (mustFind[host] && (last == entries.end() || !last->second.found))
        {
            Violate({"R-CLI-7", fmt::format("n{} did not find what it could", host + 1)});
        }
    }
}

std::uint64_t
Run::RequestsOf(std::uint32_t host) const
{
    const Host& its = m_world.At(host);
    return its.alive ? its.node.Client().Requests().Count() : 0;
}

/// Does an application wait for what the host gets? A helper may begin to get something for others
/// in the middle of that; that it ends, the end of all sees to.
bool
Run::IsAwaited(std::uint32_t host) const
{
    const auto& requests = m_world.At(host).node.Client().Requests();
    for (std::uint32_t slot = 0; m_world.At(host).alive && slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        if (request != nullptr && !request->joined.empty())
        {
            return true;
        }
    }
    return false;
}

/// Runs until no host has a request left, each within its bound from now.
///
/// \param helpersToo what nodes get for others too, else of applications only
void
Run::AwaitEnds(const std::vector<std::uint64_t>& boundsUs, bool helpersToo, std::uint64_t& slowest)
{
    const std::uint64_t fromUs = m_world.NowUs();
    std::vector<bool> over(m_world.Size());
    const auto look = [&]
    {
        std::uint64_t dueUs = kNever;
        for (std::uint32_t host = 0; host < m_world.Size(); ++host)
        {
            if (!over[host] && (helpersToo ? RequestsOf(host) == 0 : !IsAwaited(host)))
            {
                over[host] = true;
                const PeeringConfig& config = m_world.At(host).node.Config();
                const bool byDeadline = boundsUs[host] >= config.requestDeadlineS * kSecondUs;
                const std::uint64_t tookUs = byDeadline ? 0 : m_world.NowUs() - fromUs;
                slowest =
                    std::max(slowest, tookUs * 1000 / std::max<std::uint64_t>(boundsUs[host], 1));
            }
            if (!over[host])
            {
                dueUs = std::min(dueUs, fromUs + boundsUs[host]);
            }
        }
        return dueUs;
    };
    for (std::uint64_t dueUs = look(); dueUs != kNever; dueUs = look())
    {
        if (!Advance(dueUs))
        {
            if (!m_outcome.violation)
            {
                Violate({"R-CLI-7",
                         fmt::format("a request did not end within {} s after the faults",
                                     (dueUs - fromUs) / kSecondUs)});
            }
            return;
        }
    }
}

void
Run::BeQuiet()
{
    while (true)
    {
        const auto step = m_world.Next();
        if (!step || !Advance(kNever - 1))
        {
            break;
        }
    }
    if (!m_outcome.violation)
    {
        m_ledger.LookAtEnd(m_world);
    }
    if (m_ledger.Seen())
    {
        Violate(*m_ledger.Seen());
    }
}

} // namespace lanpeer::swarm
