#include "model/protocol/update/update-service.h"

#include <algorithm>
#include <utility>

namespace lanpeer
{

void
UpdateService::Begin(bool install, std::uint64_t nowS)
{
    if (nowS < TimeOf(0))
    {
        Do(UpdateNote{UpdateReason::ClockBehind, "", ""});
    }
    // The clock's word is remembered, but no further than the catalog held needs in order to stay
    // expired: a clock that was once years ahead must not make every later catalog an expired one.
    if (m_memory.held)
    {
        const std::uint64_t capS = m_memory.held->catalog.expiresS + 1;
        m_memory.highestSeenS = std::max(m_memory.highestSeenS, std::min(nowS, capS));
    }
    m_run = CheckRun{};
    m_run->asOfS = TimeOf(nowS);
    m_run->clockS = nowS;
    m_run->install = install;
    m_run->mayUsePeers = m_config->catalogFromPeers;
    m_state = UpdateState::AwaitCatalog;
    Arm(UpdateTimer::Deadline, m_config->checkDeadlineS, 0);
    Do(RequestCatalog{m_config->catalogUrl, m_run->mayUsePeers, m_run->asOfS});
}

void
UpdateService::TakeCatalog(const UpdateEvent& event)
{
    const auto& arrived = std::get<CatalogArrived>(event);
    auto judged = JudgeCatalog(m_memory, m_config->catalogUrl, m_run->asOfS, arrived);
    if (const auto* refusal = std::get_if<UpdateRefusal>(&judged))
    {
        m_run->refused = refusal->reason;
        Refuse(std::nullopt, *refusal, arrived.body);
        return;
    }
    auto& catalog = std::get<Catalog>(judged);
    const bool newer = !m_memory.held || m_memory.held->sha256 != arrived.facts.sha256;
    if (!newer && arrived.source != Source::Internet)
    {
        // It may be the newest, or what somebody wants it to stay (T5): the Internet is asked. The
        // peer is not to blame, so nothing is noted.
        Do(JudgeBody{std::nullopt, UpdateReason::NoNewerThanHeld, "", arrived.body});
        if (m_run->mayUsePeers)
        {
            m_run->mayUsePeers = false;
            Do(CancelRequest{});
            Do(RequestCatalog{m_config->catalogUrl, false, m_run->asOfS});
        }
        return;
    }
    AcceptCatalog(std::move(catalog), arrived, newer);
}

void
UpdateService::AcceptCatalog(Catalog catalog, const CatalogArrived& arrived, bool newer)
{
    // Related to the clock's own word, not to what is remembered: it does not creep with each
    // check.
    const std::uint64_t atMostS =
        std::max(m_run->clockS, m_config->timeFloorS) + limits::kSignedAheadS;
    const std::uint64_t vouchedS = std::max(m_run->asOfS, std::min(SignedTimeS(catalog), atMostS));
    m_memory.highestSeenS = std::max(m_memory.highestSeenS, std::min(vouchedS, catalog.expiresS));
    m_memory.lastFreshS = TimeOf(m_run->clockS); // what has just come is not stale already
    m_memory.revoked = arrived.revoked;
    m_memory.held = HeldCatalog{std::move(catalog), arrived.facts.sha256, arrived.facts.signer};
    Plan();
    Persist();
    Do(JudgeBody{std::nullopt, UpdateReason::None, "", arrived.body});
    if (newer)
    {
        Do(TellCatalog{*m_memory.held});
    }
    const bool anyNewer =
        std::any_of(m_run->sets.begin(),
                    m_run->sets.end(),
                    [](const SetRun& set) { return set.state == SetState::Retrieving; });
    if (!anyNewer || !m_run->install)
    {
        EndCheck(ReportOfSets());
        return;
    }
    AskForPackages();
}

void
UpdateService::GiveCatalogUp(const UpdateEvent& event)
{
    const Reason why = std::get<CatalogFailed>(event).reason;
    const UpdateReason reason =
        m_run->refused == UpdateReason::None ? UpdateReason::CatalogUnavailable : m_run->refused;
    Do(UpdateNote{UpdateReason::CatalogUnavailable, "", std::string(ToString(why))});
    EndCheck({m_run->asOfS, CheckOutcome::Failed, reason, ""});
}

void
UpdateService::RefuseCatalog(const UpdateEvent& event)
{
    const std::uint64_t body = std::get<CatalogArrived>(event).body;
    Do(JudgeBody{std::nullopt, UpdateReason::NotAsked, "", body});
}

/// Which sets have something newer, and which the catalog must not list so.
void
UpdateService::Plan()
{
    const Catalog& catalog = m_memory.held->catalog;
    for (const CatalogEntry& entry : catalog.entries)
    {
        if (!Subscribed(entry.set))
        {
            continue;
        }
        const Standing standing = StandingOf(entry,
                                             catalog.epoch,
                                             FindInstalled(m_installed, entry.product),
                                             FindInstalled(m_memory.highest, entry.product));
        if (standing == Standing::Current)
        {
            RememberInstalled(entry);
            continue;
        }
        SetRun* set = FindSet(entry.set);
        if (set == nullptr)
        {
            m_run->sets.push_back({entry.set, SetState::Retrieving, UpdateReason::None, "", {}});
            set = &m_run->sets.back();
        }
        if (set->state == SetState::Failed)
        {
            continue;
        }
        if (standing == Standing::Newer)
        {
            set->packages.push_back({entry.product, PackageState::Asked, UpdateReason::None});
        }
        else
        {
            set->packages.clear(); // whole or not at all
            set->state = SetState::Failed;
            set->reason = standing == Standing::Older ? UpdateReason::RollbackOfProduct
                                                      : UpdateReason::MixAndMatch;
            set->subject = entry.product;
            Do(UpdateNote{set->reason, entry.product, entry.version});
        }
    }
    // What is whole by now, or listed no longer, is not incomplete any more.
    auto& incomplete = m_memory.incomplete;
    incomplete.erase(std::remove_if(incomplete.begin(),
                                    incomplete.end(),
                                    [this](const IncompleteSet& set)
                                    { return FindSet(set.set) == nullptr; }),
                     incomplete.end());
}

void
UpdateService::AskForPackages()
{
    m_state = UpdateState::Updating;
    for (const SetRun& set : m_run->sets)
    {
        for (const PackageRun& package : set.packages)
        {
            Do(RequestPackage{*FindEntry(m_memory.held->catalog, package.product), m_run->asOfS});
        }
    }
}

/// How the check went, by its sets: the first that failed is told.
CheckReport
UpdateService::ReportOfSets() const
{
    CheckReport report{m_run->asOfS, CheckOutcome::UpToDate, UpdateReason::None, ""};
    for (const SetRun& set : m_run->sets)
    {
        if (set.state == SetState::Failed)
        {
            return {m_run->asOfS, CheckOutcome::Failed, set.reason, set.subject};
        }
        report.outcome =
            set.state == SetState::Installed ? CheckOutcome::Installed : CheckOutcome::Newer;
    }
    return report;
}

void
UpdateService::EndCheck(const CheckReport& report)
{
    const bool looked = !m_run->install;
    Disarm(UpdateTimer::Deadline);
    m_memory.lastCheck = report;
    Persist();
    Do(TellCheck{report});
    if (const auto sinceS = StaleSince(m_run->asOfS))
    {
        Do(UpdateNote{UpdateReason::Stale, "", std::to_string(*sinceS)});
    }
    m_run.reset();
    m_state = UpdateState::Resting;
    // Who only looks leaves the schedule as it was.
    if (!looked || (!IsArmed(UpdateTimer::NextCheck) && !IsArmed(UpdateTimer::AfterBoot)))
    {
        ArmNextCheck(report.outcome == CheckOutcome::UpToDate ||
                     report.outcome == CheckOutcome::Installed);
    }
}

void
UpdateService::ArmNextCheck(bool success)
{
    Arm(UpdateTimer::NextCheck,
        success ? m_config->afterSuccessS : m_config->afterFailureS,
        m_config->spreadS);
}

} // namespace lanpeer
