#pragma once

#include "model/lan/peering-application.h"
#include "model/lan/publisher.h"
#include "model/protocol/update/update-service.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <ns3/application.h>
#include <ns3/event-id.h>
#include <ns3/random-variable-stream.h>
#include <ns3/traced-callback.h>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer::lan
{

/// The update service of one simulated node, an application of its peering service (FIG. 8): an
/// UpdateService whose timers are ns-3's, whose disk forgets nothing and whose installations take
/// no time. Holds no decision of its own (R-SIM-1).
///
/// Attributes: one per row of UpdateParameterTable(), named after its key in CamelCase
/// (`AfterBoot`, a Time, for after_boot_s). To be set before the application starts.
///
/// Trace sources: `CheckEnded` (each check's report), `Installed` (a set's entries that are new).
class UpdateApplication : public ns3::Application
{
  public:
    static ns3::TypeId GetTypeId();

    UpdateApplication();
    ~UpdateApplication() override;

    /// Of what is set here only parameters count; URL and products are the publisher's.
    UpdateConfig& Config()
    {
        return *m_config;
    }

    const UpdateConfig& Config() const
    {
        return *m_config;
    }

    /// Must both outlive the application. What is installed at the start is the publisher's word.
    void SetPeering(ns3::Ptr<PeeringApplication> peering);
    void SetPublisher(const Publisher* publisher);

    /// Gives each request its number, told of its URL: those of one node must differ.
    void SetNumbering(std::function<AppRequestId(const std::string& href)> numbering);

    /// A stream for the timers' draws (R-SIM-9). \returns how many were assigned.
    std::int64_t AssignStreams(std::int64_t stream);

    /// The machine loses power, after its peering service; what was persisted and installed stays.
    void SwitchOff();

    /// It has power again, after its peering service.
    void SwitchOn();

    /// While it is on.
    const UpdateService* Service() const
    {
        return m_service ? &*m_service : nullptr;
    }

    using CheckCallback = void (*)(const CheckReport& report);
    using InstalledCallback = void (*)(const CatalogEntry& entry);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    void Tell(const UpdateEvent& event);
    void On(const ArmUpdateTimer& action);
    void On(const CancelUpdateTimer& action);
    void On(const RequestCatalog& action);
    void On(const RequestPackage& action);
    void On(const CancelRequest& action);
    void On(const JudgeBody& action);
    void On(const InstallSet& action);
    void On(const PersistUpdate& action);
    void On(const TellCheck& action);
    void On(const TellCatalog& action);

    /// What is only told to those who watch.
    template <typename Told>
    void On(const Told& /*action*/)
    {
    }

    /// What the core asks for: a package, or without an entry the catalog.
    struct Wanted
    {
        std::string href;
        std::optional<CatalogEntry> entry;
        RequestOptions options;
    };

    void Request(const Wanted& wanted, bool heldRefused);
    Verdict Judge(const std::optional<CatalogEntry>& entry, const PeeringApplication::Body& body);
    void RequestOver(AppRequestId request,
                     const Wanted& wanted,
                     const std::optional<Reason>& failed);
    bool IsRunning(AppRequestId request, const std::string& key) const;
    std::uint64_t NowS() const;

    /// A request of the service that runs, by product; of the catalog: "", no product's name.
    struct Running
    {
        AppRequestId request{};
        bool accepted = false; ///< a body of it was
    };

    ns3::Ptr<PeeringApplication> m_peering;
    const Publisher* m_publisher = nullptr;
    std::function<AppRequestId(const std::string&)> m_numbering;
    ns3::Ptr<ns3::UniformRandomVariable> m_draws;
    std::shared_ptr<UpdateConfig> m_config;
    std::optional<UpdateService> m_service;
    UpdateMemory m_memory;                     ///< on the disk
    std::vector<InstalledProduct> m_installed; ///< on the disk
    bool m_handling = false;
    std::deque<UpdateEvent> m_waiting; ///< what came meanwhile
    std::array<ns3::EventId, 3> m_timers;
    std::unordered_map<std::string, Running> m_running;
    Verdict m_verdict = Verdict::None;  ///< the last JudgeBody's
    PeeringApplication::Body m_catalog; ///< the one that was looked at last

    ns3::TracedCallback<const CheckReport&> m_checkTrace;
    ns3::TracedCallback<const CatalogEntry&> m_installedTrace;
};

} // namespace lanpeer::lan
