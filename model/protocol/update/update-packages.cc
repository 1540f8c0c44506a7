#include "model/protocol/update/update-service.h"

#include <algorithm>
#include <utility>

namespace lanpeer
{

PackageRun*
UpdateService::FindPackage(std::string_view product, SetRun*& set)
{
    for (SetRun& candidate : m_run->sets)
    {
        for (PackageRun& package : candidate.packages)
        {
            if (package.product == product && candidate.state == SetState::Retrieving)
            {
                set = &candidate;
                return &package;
            }
        }
    }
    return nullptr;
}

SetRun*
UpdateService::FindSet(std::string_view set)
{
    const auto found =
        std::find_if(m_run->sets.begin(),
                     m_run->sets.end(),
                     [set](const SetRun& candidate) { return candidate.set == set; });
    return found == m_run->sets.end() ? nullptr : &*found;
}

void
UpdateService::TakePackage(const UpdateEvent& event)
{
    const auto& arrived = std::get<PackageArrived>(event);
    SetRun* set = nullptr;
    PackageRun* package = FindPackage(arrived.product, set);
    if (package == nullptr ||
        (package->state != PackageState::Asked && package->state != PackageState::Accepted))
    {
        RefusePackage(event);
        return;
    }
    const auto refusal = JudgePackage(*FindEntry(m_memory.held->catalog, arrived.product),
                                      arrived.facts,
                                      m_memory.revoked ? &*m_memory.revoked : nullptr);
    if (refusal)
    {
        package->state = PackageState::Asked; // one accepted before has given way to this one
        package->refused = refusal->reason;
        Refuse(arrived.product, *refusal, arrived.body);
        return;
    }
    package->state = PackageState::Accepted;
    Do(JudgeBody{arrived.product, UpdateReason::None, "", arrived.body});
}

void
UpdateService::RefusePackage(const UpdateEvent& event)
{
    const auto& arrived = std::get<PackageArrived>(event);
    Do(JudgeBody{arrived.product, UpdateReason::NotAsked, "", arrived.body});
}

void
UpdateService::FinishPackage(const UpdateEvent& event)
{
    SetRun* set = nullptr;
    PackageRun* package = FindPackage(std::get<PackageFound>(event).product, set);
    if (package != nullptr && package->state == PackageState::Accepted)
    {
        package->state = PackageState::Found;
        Advance(*set);
    }
    else if (package != nullptr && package->state == PackageState::Asked)
    {
        // Nothing is installed that was not accepted, whatever the host says.
        FailPackage(*set, *package, UpdateReason::NotJudged);
    }
}

void
UpdateService::GivePackageUp(const UpdateEvent& event)
{
    SetRun* set = nullptr;
    const auto& failed = std::get<PackageFailed>(event);
    PackageRun* package = FindPackage(failed.product, set);
    if (package != nullptr &&
        (package->state == PackageState::Asked || package->state == PackageState::Accepted))
    {
        Do(UpdateNote{UpdateReason::PackageUnavailable,
                      failed.product,
                      std::string(ToString(failed.reason))});
        FailPackage(*set,
                    *package,
                    package->refused == UpdateReason::None ? UpdateReason::PackageUnavailable
                                                           : package->refused);
    }
}

void
UpdateService::FailPackage(SetRun& set, PackageRun& package, UpdateReason reason)
{
    package.state = PackageState::Failed;
    package.refused = reason;
    Advance(set);
}

/// The check's time is over: what is not there by now is done without. What is being installed is
/// awaited, since nobody can take it back.
void
UpdateService::TimerWhileUpdating(const UpdateEvent& event)
{
    const UpdateTimer timer = std::get<UpdateTimerFired>(event).timer;
    Fired(timer);
    if (timer != UpdateTimer::Deadline)
    {
        return; // the check that was due is this one
    }
    for (SetRun& set : m_run->sets)
    {
        for (PackageRun& package : set.packages)
        {
            const bool runs =
                set.state == SetState::Retrieving &&
                (package.state == PackageState::Asked || package.state == PackageState::Accepted);
            if (runs)
            {
                Do(CancelRequest{package.product});
                package.state = PackageState::Failed;
                package.refused = UpdateReason::TooSlow;
            }
        }
    }
    // Apart from the above: with the last set the check ends.
    for (std::size_t i = 0; m_run && i < m_run->sets.size(); ++i)
    {
        Advance(m_run->sets[i]);
    }
}

/// A set whose resources have all ended is installed, or is incomplete (U2). Those that came stay
/// in the store, so that the next check finds them on this node.
void
UpdateService::Advance(SetRun& set)
{
    const PackageRun* failed = nullptr;
    for (const PackageRun& package : set.packages)
    {
        if (package.state == PackageState::Asked || package.state == PackageState::Accepted)
        {
            return;
        }
        failed = failed == nullptr && package.state == PackageState::Failed ? &package : failed;
    }
    if (set.state != SetState::Retrieving)
    {
        return;
    }
    if (failed == nullptr)
    {
        Install(set);
        return;
    }
    set.state = SetState::Failed;
    set.reason = failed->refused;
    set.subject = failed->product;
    auto& incomplete = m_memory.incomplete;
    const bool known =
        std::any_of(incomplete.begin(),
                    incomplete.end(),
                    [&set](const IncompleteSet& other) { return other.set == set.set; });
    if (!known)
    {
        incomplete.push_back({set.set, m_run->asOfS});
    }
    Do(UpdateNote{UpdateReason::Incomplete, set.set, failed->product});
    EndIfAllSetsEnded();
}

void
UpdateService::Install(SetRun& set)
{
    const Catalog& catalog = m_memory.held->catalog;
    InstallSet install{
        set.set, std::to_string(catalog.epoch) + "-" + std::to_string(catalog.version), {}};
    for (const CatalogEntry& entry : catalog.entries)
    {
        if (entry.set == set.set)
        {
            const bool fresh = std::any_of(set.packages.begin(),
                                           set.packages.end(),
                                           [&entry](const PackageRun& package)
                                           { return package.product == entry.product; });
            install.entries.push_back({entry, fresh});
        }
    }
    std::sort(install.entries.begin(),
              install.entries.end(),
              [](const InstallEntry& a, const InstallEntry& b)
              { return a.entry.product < b.entry.product; });
    set.state = SetState::Installing;
    Do(std::move(install));
}

void
UpdateService::FinishSet(const UpdateEvent& event)
{
    SetRun* set = FindSet(std::get<SetInstalled>(event).set);
    if (set == nullptr || set->state != SetState::Installing)
    {
        return;
    }
    set->state = SetState::Installed;
    for (const PackageRun& package : set->packages)
    {
        RememberInstalled(*FindEntry(m_memory.held->catalog, package.product));
    }
    auto& incomplete = m_memory.incomplete;
    incomplete.erase(std::remove_if(incomplete.begin(),
                                    incomplete.end(),
                                    [set](const IncompleteSet& other)
                                    { return other.set == set->set; }),
                     incomplete.end());
    Persist();
    EndIfAllSetsEnded();
}

void
UpdateService::GiveSetUp(const UpdateEvent& event)
{
    const auto& failed = std::get<SetNotInstalled>(event);
    SetRun* set = FindSet(failed.set);
    if (set == nullptr || set->state != SetState::Installing)
    {
        return;
    }
    set->state = SetState::Failed;
    set->reason = UpdateReason::InstallFailed;
    set->subject = set->set;
    Do(UpdateNote{UpdateReason::InstallFailed, set->set, failed.detail});
    EndIfAllSetsEnded();
}

void
UpdateService::EndIfAllSetsEnded()
{
    const bool ended =
        std::all_of(m_run->sets.begin(),
                    m_run->sets.end(),
                    [](const SetRun& set)
                    { return set.state == SetState::Installed || set.state == SetState::Failed; });
    if (ended)
    {
        EndCheck(ReportOfSets());
    }
}

} // namespace lanpeer
