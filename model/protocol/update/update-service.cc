#include "model/protocol/update/update-service.h"

#include "model/protocol/state-table.h"
#include "model/protocol/update/version-name.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lanpeer
{

/// FIG. 8 with what ours adds, as a table: what happens x in which state.
struct UpdateService::Table
{
    using S = UpdateService;
    using Row = std::array<Cell<Handler>, kUpdateEvents>;

    // clang-format off
    static constexpr Row kOff{
        /*Started*/        &S::Start,          /*TimerFired*/    &S::Ignore,
        /*CheckWanted*/    &S::Ignore,         /*CatalogArrived*/ &S::RefuseCatalog,
        /*CatalogFailed*/  &S::Ignore,         /*PackageArrived*/ &S::RefusePackage,
        /*PackageFound*/   &S::Ignore,         /*PackageFailed*/ &S::Ignore,
        /*SetInstalled*/   &S::Ignore,         /*SetNotInstalled*/ &S::Ignore,
        /*Stopped*/        &S::Ignore};

    static constexpr Row kResting{
        /*Started*/        &S::Start,          /*TimerFired*/    &S::BeginByTimer,
        /*CheckWanted*/    &S::BeginOnDemand,  /*CatalogArrived*/ &S::RefuseCatalog,
        /*CatalogFailed*/  &S::Ignore,         /*PackageArrived*/ &S::RefusePackage,
        /*PackageFound*/   &S::Ignore,         /*PackageFailed*/ &S::Ignore,
        /*SetInstalled*/   &S::Ignore,         /*SetNotInstalled*/ &S::Ignore,
        /*Stopped*/        &S::Stop};

    static constexpr Row kAwaitCatalog{
        /*Started*/        &S::Start,          /*TimerFired*/    &S::TimerWhileAwaitingCatalog,
        /*CheckWanted*/    &S::JoinCheck,      /*CatalogArrived*/ &S::TakeCatalog,
        /*CatalogFailed*/  &S::GiveCatalogUp,  /*PackageArrived*/ &S::RefusePackage,
        /*PackageFound*/   &S::Ignore,         /*PackageFailed*/ &S::Ignore,
        /*SetInstalled*/   &S::Ignore,         /*SetNotInstalled*/ &S::Ignore,
        /*Stopped*/        &S::Stop};

    static constexpr Row kUpdating{
        /*Started*/        &S::Start,          /*TimerFired*/    &S::TimerWhileUpdating,
        /*CheckWanted*/    &S::Ignore,         /*CatalogArrived*/ &S::RefuseCatalog,
        /*CatalogFailed*/  &S::Ignore,         /*PackageArrived*/ &S::TakePackage,
        /*PackageFound*/   &S::FinishPackage,  /*PackageFailed*/ &S::GivePackageUp,
        /*SetInstalled*/   &S::FinishSet,      /*SetNotInstalled*/ &S::GiveSetUp,
        /*Stopped*/        &S::Stop};

    static constexpr std::array<const Row*, kUpdateStates> kRows{
        &kOff, &kResting, &kAwaitCatalog, &kUpdating};
    // clang-format on
};

static_assert(static_cast<std::size_t>(UpdateState::Updating) + 1 == kUpdateStates,
              "a row for every state");

UpdateService::UpdateService(std::shared_ptr<const UpdateConfig> config)
    : m_config(std::move(config))
{
}

void
UpdateService::Handle(const UpdateEvent& event, UpdateActionList& actions)
{
    m_actions = &actions;
    const Handler handler = (*Table::kRows[static_cast<std::size_t>(m_state)])[event.index()].Get();
    (this->*handler)(event);
    m_actions = nullptr;
}

void
UpdateService::Ignore(const UpdateEvent& /*event*/)
{
}

void
UpdateService::Start(const UpdateEvent& event)
{
    const auto& started = std::get<UpdateStarted>(event);
    m_state = UpdateState::Resting;
    m_run.reset();
    m_timers = 0;
    m_memory = started.memory;
    TakeInstalled(started.installed);
    // A clock that was years ahead once must not keep the node from ever being called stale (T5).
    const std::uint64_t timeS = TimeOf(started.nowS);
    m_memory.lastFreshS = m_memory.lastFreshS == 0 ? timeS : std::min(m_memory.lastFreshS, timeS);
    Arm(UpdateTimer::AfterBoot, m_config->afterBootS, m_config->spreadS);
    if (m_config->bootCheck)
    {
        Begin(true, started.nowS);
    }
}

void
UpdateService::Stop(const UpdateEvent& /*event*/)
{
    for (const UpdateTimer timer :
         {UpdateTimer::AfterBoot, UpdateTimer::NextCheck, UpdateTimer::Deadline})
    {
        Disarm(timer);
    }
    if (m_state == UpdateState::AwaitCatalog)
    {
        Do(CancelRequest{});
    }
    for (const SetRun& set : m_run ? m_run->sets : std::vector<SetRun>())
    {
        for (const PackageRun& package : set.packages)
        {
            if (package.state == PackageState::Asked || package.state == PackageState::Accepted)
            {
                Do(CancelRequest{package.product});
            }
        }
    }
    m_run.reset();
    m_state = UpdateState::Off;
}

void
UpdateService::BeginByTimer(const UpdateEvent& event)
{
    const auto& fired = std::get<UpdateTimerFired>(event);
    Fired(fired.timer);
    if (fired.timer == UpdateTimer::Deadline)
    {
        return; // of a check that has ended
    }
    Begin(true, fired.nowS);
}

void
UpdateService::BeginOnDemand(const UpdateEvent& event)
{
    const auto& wanted = std::get<CheckWanted>(event);
    Begin(wanted.install, wanted.nowS);
}

/// One check at a time: who wants one while it runs gets what it finds.
void
UpdateService::JoinCheck(const UpdateEvent& event)
{
    m_run->install = m_run->install || std::get<CheckWanted>(event).install;
}

void
UpdateService::TimerWhileAwaitingCatalog(const UpdateEvent& event)
{
    const UpdateTimer timer = std::get<UpdateTimerFired>(event).timer;
    Fired(timer);
    if (timer != UpdateTimer::Deadline)
    {
        m_run->install = true; // the check that was due is this one
        return;
    }
    Do(CancelRequest{});
    EndCheck({m_run->asOfS, CheckOutcome::Failed, UpdateReason::TooSlow, ""});
}

void
UpdateService::Do(UpdateAction action)
{
    m_actions->push_back(std::move(action));
}

/// Says no to the body that is there, and why.
void
UpdateService::Refuse(const std::optional<std::string>& product,
                      const UpdateRefusal& refusal,
                      std::uint64_t body)
{
    Do(JudgeBody{product, refusal.reason, refusal.detail, body});
    Do(UpdateNote{refusal.reason, product.value_or(""), refusal.detail, body});
}

void
UpdateService::Arm(UpdateTimer timer, std::uint64_t seconds, std::uint64_t spreadS)
{
    m_timers |= 1U << static_cast<unsigned>(timer);
    Do(ArmUpdateTimer{timer, seconds * 1000, (seconds + spreadS) * 1000});
}

void
UpdateService::Disarm(UpdateTimer timer)
{
    if (IsArmed(timer))
    {
        Fired(timer);
        Do(CancelUpdateTimer{timer});
    }
}

void
UpdateService::Fired(UpdateTimer timer)
{
    m_timers &= ~(1U << static_cast<unsigned>(timer));
}

void
UpdateService::Persist()
{
    Do(PersistUpdate{m_memory});
}

/// Never earlier than what is known to have been (L23).
std::uint64_t
UpdateService::TimeOf(std::uint64_t nowS) const
{
    return lanpeer::TimeOf(nowS, *m_config, m_memory);
}

const InstalledProduct*
FindInstalled(const std::vector<InstalledProduct>& products, std::string_view product)
{
    const auto found = std::find_if(products.begin(),
                                    products.end(),
                                    [product](const InstalledProduct& installed)
                                    { return installed.product == product; });
    return found == products.end() ? nullptr : &*found;
}

namespace
{

/// In its place by product, instead of the one of its name that is there.
void
Put(std::vector<InstalledProduct>& products, const InstalledProduct& product)
{
    const auto at = std::lower_bound(products.begin(),
                                     products.end(),
                                     product,
                                     [](const InstalledProduct& a, const InstalledProduct& b)
                                     { return a.product < b.product; });
    if (at != products.end() && at->product == product.product)
    {
        *at = product;
    }
    else
    {
        products.insert(at, product);
    }
}

std::pair<std::uint64_t, std::uint64_t>
OrderOf(const InstalledProduct& product)
{
    return {product.epoch, VersionTimeS(product.version).value_or(0)};
}

bool
SameVersion(std::string_view a, std::string_view b)
{
    return VersionTimeS(a) == VersionTimeS(b);
}

} // namespace

/// What the disk says counts; of the memory, what it cannot know: the epoch, perhaps the digest. A
/// crash may have come between the installation and the word of it.
void
UpdateService::TakeInstalled(const std::vector<InstalledProduct>& onDisk)
{
    m_installed.clear();
    for (const InstalledProduct& found : onDisk)
    {
        InstalledProduct product = found;
        const InstalledProduct* known = FindInstalled(m_memory.highest, found.product);
        const CatalogEntry* listed =
            m_memory.held ? FindEntry(m_memory.held->catalog, found.product) : nullptr;
        if (known != nullptr && SameVersion(known->version, found.version))
        {
            product.epoch = std::max(product.epoch, known->epoch);
            product.sha256 = found.sha256.empty() ? known->sha256 : found.sha256;
        }
        else if (listed != nullptr && SameVersion(listed->version, found.version))
        {
            product.epoch = std::max(product.epoch, m_memory.held->catalog.epoch);
            product.sha256 = found.sha256.empty() ? listed->sha256 : found.sha256;
        }
        Put(m_installed, product);
        if (known == nullptr || OrderOf(*known) < OrderOf(product))
        {
            Put(m_memory.highest, product);
        }
    }
}

/// Installed by the catalog held: from now on its epoch counts for it as well, so that nothing goes
/// back within that either (T8).
void
UpdateService::RememberInstalled(const CatalogEntry& entry)
{
    const Catalog& catalog = m_memory.held->catalog;
    const InstalledProduct installed{entry.product, entry.version, entry.sha256, catalog.epoch};
    Put(m_installed, installed);
    Put(m_memory.highest, installed);
    // Room for what is listed and installed there always is: what no catalog names goes first.
    auto& highest = m_memory.highest;
    const auto forgettable = [this, &catalog](const InstalledProduct& product)
    {
        return FindEntry(catalog, product.product) == nullptr &&
               FindInstalled(m_installed, product.product) == nullptr;
    };
    while (highest.size() > limits::kRememberedProducts)
    {
        const auto at = std::find_if(highest.begin(), highest.end(), forgettable);
        if (at == highest.end())
        {
            return;
        }
        highest.erase(at);
    }
}

} // namespace lanpeer
