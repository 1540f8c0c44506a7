#pragma once

#include "model/protocol/update/update-action.h"
#include "model/protocol/update/update-event.h"
#include "model/protocol/update/update-judgement.h"
#include "model/protocol/update/update-parameters.h"
#include "model/protocol/update/update-run.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer
{

/// The update service of FIG. 8 [0052]-[0067]: what the patent's peering exists for. It stands
/// beside a peering node as one of its applications: the host hands its requests on to the node.
///
/// An event goes in, actions come out, as with PeeringNode. There is no clock, no file, no socket
/// inside: the time arrives as data in events.
///
/// # The host contract
///
/// The host
/// - calls Handle() with one event at a time, never from within Handle(), UpdateStarted first;
/// - carries the actions out in their order, after Handle() has returned; PersistUpdate has reached
///   the disk before the next one is carried out, or the host stops there;
/// - reports each body that arrives for a request by CatalogArrived or PackageArrived, with what it
///   found out about it at the request's `asOfS`, also a copy that was on this node before. The
///   answer is exactly one JudgeBody, at once: a refused body is discarded and asked for elsewhere.
///   Where it may give a body up before the answer is carried out, it numbers bodies, and lets an
///   answer count for the body of that number alone;
/// - ends a RequestPackage by one PackageFound, after a body was accepted, or one PackageFailed; a
///   RequestCatalog by CatalogFailed where no body is accepted; and says nothing more of what was
///   cancelled;
/// - reads no more bytes of a package than its entry's size, and of a catalog than
///   limits::kCatalogBytes in its text (T2); where more come, `facts.sizeBytes` says more;
/// - answers each InstallSet by one SetInstalled or SetNotInstalled, one at a time and in order;
/// - finds out at its start what is installed, whatever the memory says.
///
/// The service promises in return
/// - Handle() is synchronous and total: every event is legal in every state;
/// - one check at a time, at most one RequestCatalog and one RequestPackage per product running;
/// - once started and until stopped, a timer is armed, or a request or an installation runs;
/// - nothing is installed that was not accepted, a set only in whole, and of one catalog (T7).
///
/// A regular value, compared, hashed and encoded by what it knows, not by how it is configured.
class UpdateService
{
  public:
    explicit UpdateService(std::shared_ptr<const UpdateConfig> config);

    void Handle(const UpdateEvent& event, UpdateActionList& actions);

    const UpdateConfig& Config() const
    {
        return *m_config;
    }

    UpdateState State() const
    {
        return m_state;
    }

    const UpdateMemory& Memory() const
    {
        return m_memory;
    }

    /// As it is on this node now, by product.
    const std::vector<InstalledProduct>& Installed() const
    {
        return m_installed;
    }

    /// The check that runs, if one does.
    const std::optional<CheckRun>& Run() const
    {
        return m_run;
    }

    bool IsArmed(UpdateTimer timer) const
    {
        return (m_timers & (1U << static_cast<unsigned>(timer))) != 0;
    }

    /// What `lanpeer status` tells. \param nowS the clock's word
    UpdateStatus Status(std::uint64_t nowS) const;

    LANPEER_FIELDS(m_state, m_memory, m_installed, m_run, m_timers)

  private:
    struct Table;
    using Handler = void (UpdateService::*)(const UpdateEvent& event);

    // What happens in a state (the table is in update-service.cc).
    void Ignore(const UpdateEvent& event);
    void Start(const UpdateEvent& event);
    void Stop(const UpdateEvent& event);
    void BeginByTimer(const UpdateEvent& event);
    void BeginOnDemand(const UpdateEvent& event);
    void JoinCheck(const UpdateEvent& event);
    void TimerWhileAwaitingCatalog(const UpdateEvent& event);
    void TimerWhileUpdating(const UpdateEvent& event);
    void TakeCatalog(const UpdateEvent& event);
    void GiveCatalogUp(const UpdateEvent& event);
    void RefuseCatalog(const UpdateEvent& event);
    void TakePackage(const UpdateEvent& event);
    void RefusePackage(const UpdateEvent& event);
    void FinishPackage(const UpdateEvent& event);
    void GivePackageUp(const UpdateEvent& event);
    void FinishSet(const UpdateEvent& event);
    void GiveSetUp(const UpdateEvent& event);

    // update-check.cc
    void Begin(bool install, std::uint64_t nowS);
    void AcceptCatalog(Catalog catalog, const CatalogArrived& arrived, bool newer);
    void Plan();
    void AskForPackages();
    void EndCheck(const CheckReport& report);
    CheckReport ReportOfSets() const;
    void ArmNextCheck(bool success);

    // update-packages.cc
    PackageRun* FindPackage(std::string_view product, SetRun*& set);
    SetRun* FindSet(std::string_view set);
    void FailPackage(SetRun& set, PackageRun& package, UpdateReason reason);
    void Advance(SetRun& set);
    void Install(SetRun& set);
    void EndIfAllSetsEnded();

    // update-service.cc
    void Do(UpdateAction action);
    void Refuse(const std::optional<std::string>& product,
                const UpdateRefusal& refusal,
                std::uint64_t body);
    void Arm(UpdateTimer timer, std::uint64_t seconds, std::uint64_t spreadS);
    void Disarm(UpdateTimer timer);
    void Fired(UpdateTimer timer);
    void Persist();
    void TakeInstalled(const std::vector<InstalledProduct>& onDisk);
    void RememberInstalled(const CatalogEntry& entry);
    std::uint64_t TimeOf(std::uint64_t nowS) const;

    // update-status.cc
    std::optional<std::uint64_t> StaleSince(std::uint64_t timeS) const;
    bool Subscribed(std::string_view set) const;

    UpdateState m_state = UpdateState::Off;
    std::shared_ptr<const UpdateConfig> m_config;
    UpdateMemory m_memory;
    std::vector<InstalledProduct> m_installed;
    std::optional<CheckRun> m_run;
    std::uint32_t m_timers = 0;            ///< those that are armed
    UpdateActionList* m_actions = nullptr; ///< of the event being handled
};

/// \returns the one of that product, or nullptr
const InstalledProduct* FindInstalled(const std::vector<InstalledProduct>& products,
                                      std::string_view product);

} // namespace lanpeer
