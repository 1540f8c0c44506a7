#include "model/lan/update-application.h"

#include "model/lan/parameter-attributes.h"
#include "model/network/update-plan.h"

#include <algorithm>
#include <cmath>
#include <ns3/simulator.h>
#include <utility>

namespace lanpeer::lan
{

NS_OBJECT_ENSURE_REGISTERED(UpdateApplication);

namespace
{

/// The key of a request among those that run: its product, or nothing for the catalog.
std::string
KeyOf(const std::optional<CatalogEntry>& entry)
{
    return entry ? entry->product : std::string();
}

} // namespace

ns3::TypeId
UpdateApplication::GetTypeId()
{
    static ns3::TypeId tid = []
    {
        ns3::TypeId made("lanpeer::UpdateApplication");
        made.SetParent<ns3::Application>();
        made.SetGroupName("LanPeer");
        made.AddConstructor<UpdateApplication>();
        AddUpdateAttributes(made);
        made.AddTraceSource("CheckEnded",
                            "A check for updates has ended.",
                            ns3::MakeTraceSourceAccessor(&UpdateApplication::m_checkTrace),
                            "lanpeer::UpdateApplication::CheckCallback");
        made.AddTraceSource("Installed",
                            "A resource of the catalog was installed.",
                            ns3::MakeTraceSourceAccessor(&UpdateApplication::m_installedTrace),
                            "lanpeer::UpdateApplication::InstalledCallback");
        return made;
    }();
    return tid;
}

UpdateApplication::UpdateApplication()
    : m_draws(ns3::CreateObject<ns3::UniformRandomVariable>())
    , m_config(std::make_shared<UpdateConfig>(UpdateConfig::Defaults()))
{
}

UpdateApplication::~UpdateApplication() = default;

void
UpdateApplication::SetPeering(ns3::Ptr<PeeringApplication> peering)
{
    m_peering = std::move(peering);
}

void
UpdateApplication::SetPublisher(const Publisher* publisher)
{
    m_publisher = publisher;
}

void
UpdateApplication::SetNumbering(std::function<AppRequestId(const std::string& href)> numbering)
{
    m_numbering = std::move(numbering);
}

std::int64_t
UpdateApplication::AssignStreams(std::int64_t stream)
{
    m_draws->SetStream(stream);
    return 1;
}

// ---------------------------------------------------------------- life

void
UpdateApplication::StartApplication()
{
    m_config->catalogUrl = m_publisher->CatalogUrl();
    m_installed = m_publisher->InstalledAtStart();
    SwitchOn();
}

void
UpdateApplication::StopApplication()
{
    SwitchOff();
}

void
UpdateApplication::SwitchOn()
{
    m_service.emplace(m_config);
    Tell(UpdateStarted{m_memory, m_installed, NowS()});
}

void
UpdateApplication::SwitchOff()
{
    for (ns3::EventId& timer : m_timers)
    {
        timer.Cancel();
    }
    m_running.clear();
    m_waiting.clear();
    m_service.reset();
}

void
UpdateApplication::DoDispose()
{
    SwitchOff();
    m_peering = nullptr;
    m_draws = nullptr;
    ns3::Application::DoDispose();
}

/// The clock on the wall, which in the simulation is right (R-UPD-9).
std::uint64_t
UpdateApplication::NowS() const
{
    return kRunBeginsS +
           static_cast<std::uint64_t>(ns3::Simulator::Now().GetMicroSeconds()) / 1'000'000;
}

// ---------------------------------------------------------------- the core's host

void
UpdateApplication::Tell(const UpdateEvent& event)
{
    m_waiting.push_back(event);
    if (m_handling)
    {
        return;
    }
    m_handling = true;
    while (m_service && !m_waiting.empty())
    {
        const UpdateEvent next = std::move(m_waiting.front());
        m_waiting.pop_front();
        UpdateActionList actions;
        m_service->Handle(next, actions);
        for (const UpdateAction& action : actions)
        {
            std::visit([this](const auto& wanted) { On(wanted); }, action);
        }
    }
    m_handling = false;
}

void
UpdateApplication::On(const ArmUpdateTimer& action)
{
    ns3::EventId& timer = m_timers.at(static_cast<std::size_t>(action.timer));
    timer.Cancel();
    const double spanUs = static_cast<double>(action.maxMs - action.minMs) * 1000.0;
    const double drawn = action.maxMs > action.minMs ? m_draws->GetValue(0.0, spanUs) : 0.0;
    const auto delayUs = static_cast<std::int64_t>(action.minMs) * 1000 + std::llround(drawn);
    timer = ns3::Simulator::Schedule(ns3::MicroSeconds(delayUs),
                                     [this, which = action.timer] {
                                         Tell(UpdateTimerFired{which, NowS()});
                                     });
}

void
UpdateApplication::On(const CancelUpdateTimer& action)
{
    m_timers.at(static_cast<std::size_t>(action.timer)).Cancel();
}

void
UpdateApplication::On(const RequestCatalog& action)
{
    RequestOptions options;
    options.cacheable = action.mayUsePeers;
    Request({action.url, std::nullopt, options}, false);
}

void
UpdateApplication::On(const RequestPackage& action)
{
    Request({action.entry.url, action.entry, {}}, false);
}

void
UpdateApplication::Request(const Wanted& wanted, bool heldRefused)
{
    const AppRequestId request = m_numbering(wanted.href);
    m_running[KeyOf(wanted.entry)] = {request, false};
    const auto judge = [this, entry = wanted.entry](const PeeringApplication::Body& body)
    {
        return Judge(entry, body);
    };
    // Told as an event of its own, so that no event of the core's begins within another.
    const auto ended = [this, request, wanted](const std::optional<Reason>& failed)
    {
        ns3::Simulator::ScheduleNow([this, request, wanted, failed]
                                    { RequestOver(request, wanted, failed); });
    };
    m_peering->Ask(request, wanted.href, {judge, ended, heldRefused}, wanted.options);
}

bool
UpdateApplication::IsRunning(AppRequestId request, const std::string& key) const
{
    const auto running = m_running.find(key);
    return running != m_running.end() && running->second.request == request;
}

Verdict
UpdateApplication::Judge(const std::optional<CatalogEntry>& entry,
                         const PeeringApplication::Body& body)
{
    const auto running = m_running.find(KeyOf(entry));
    if (running == m_running.end())
    {
        return Verdict::Refused; // nobody asks for it any more
    }
    m_verdict = Verdict::Refused;
    const PackageFacts facts = m_publisher->FactsOf(body.descriptor, body.size);
    if (entry)
    {
        Tell(PackageArrived{entry->product, facts});
    }
    else
    {
        m_catalog = body;
        Tell(CatalogArrived{body.source,
                            facts,
                            {},
                            m_publisher->CatalogOf(body.descriptor),
                            m_publisher->Revoked()});
    }
    // The check may have ended over it, and its requests with it.
    if (const auto still = m_running.find(KeyOf(entry)); still != m_running.end())
    {
        still->second.accepted = m_verdict == Verdict::Accepted;
    }
    return m_verdict;
}

void
UpdateApplication::RequestOver(AppRequestId request,
                               const Wanted& wanted,
                               const std::optional<Reason>& failed)
{
    const std::string key = KeyOf(wanted.entry);
    if (!IsRunning(request, key))
    {
        return; // switched off, cancelled or asked anew meanwhile
    }
    bool accepted = m_running.at(key).accepted;
    if (!failed && !accepted)
    {
        // It was here before the request, and is looked at as what has just arrived.
        const auto held = m_peering->Held(wanted.href);
        accepted = held && Judge(wanted.entry, *held) == Verdict::Accepted;
        if (!IsRunning(request, key))
        {
            return; // over that verdict
        }
        if (held && !accepted)
        {
            Request(wanted, true);
            return;
        }
    }
    m_running.erase(key);
    if (!accepted)
    {
        const Reason reason = failed.value_or(Reason::ContentRefused);
        Tell(wanted.entry ? UpdateEvent(PackageFailed{wanted.entry->product, reason})
                          : UpdateEvent(CatalogFailed{reason}));
    }
    else if (wanted.entry)
    {
        Tell(PackageFound{wanted.entry->product});
    }
}

void
UpdateApplication::On(const CancelRequest& action)
{
    const auto running = m_running.find(action.product.value_or(""));
    if (running != m_running.end())
    {
        m_peering->Cancel(running->second.request);
        m_running.erase(running);
    }
}

void
UpdateApplication::On(const JudgeBody& action)
{
    m_verdict = action.refused == UpdateReason::None ? Verdict::Accepted : Verdict::Refused;
}

void
UpdateApplication::On(const InstallSet& action)
{
    for (const InstallEntry& wanted : action.entries)
    {
        const CatalogEntry& entry = wanted.entry;
        const auto found = std::find_if(m_installed.begin(),
                                        m_installed.end(),
                                        [&entry](const InstalledProduct& product)
                                        { return product.product == entry.product; });
        const InstalledProduct installed{entry.product, entry.version, entry.sha256, 0};
        found == m_installed.end() ? m_installed.push_back(installed) : void(*found = installed);
        if (wanted.fresh)
        {
            m_installedTrace(entry);
        }
    }
    Tell(SetInstalled{action.set});
}

void
UpdateApplication::On(const PersistUpdate& action)
{
    m_memory = action.memory;
}

void
UpdateApplication::On(const TellCheck& action)
{
    m_checkTrace(action.report);
}

void
UpdateApplication::On(const TellCatalog& /*action*/)
{
    if (m_config->catalogFromPeers)
    {
        m_peering->Offer(m_config->catalogUrl, m_catalog.size, m_catalog.descriptor);
    }
}

} // namespace lanpeer::lan
