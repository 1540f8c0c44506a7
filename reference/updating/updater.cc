#include "reference/updating/updater.h"

#include "model/protocol/update/update-judgement.h"
#include "model/protocol/update/update-service.h"
#include "reference/updating/memory-file.h"
#include "reference/updating/set-installer.h"
#include "reference/updating/update-requests.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kRemarks = 20;

/// After a disk that did not take the memory.
constexpr std::chrono::seconds kPersistAgain{60};

/// Uniform in [min, max], in milliseconds.
std::chrono::milliseconds
Draw(std::uint64_t minMs, std::uint64_t maxMs)
{
    const std::uint64_t values = std::min<std::uint64_t>(maxMs - minMs, UINT32_MAX - 1) + 1;
    return std::chrono::milliseconds(minMs + randombytes_uniform(static_cast<uint32_t>(values)));
}

} // namespace

/// One at a time: what comes while actions are carried out waits for its turn.
class Updater::Inside : public std::enable_shared_from_this<Inside>
{
  public:
    Inside(boost::asio::io_context& io, PeeringService& service, UpdateSettings settings)
        : m_io(io)
        , m_settings(std::move(settings))
        , m_requests(std::make_shared<UpdateRequests>(
              io,
              service,
              m_settings.allowWeakKeys,
              ReadRoots(m_settings),
              UpdateRequests::Listener{[this](UpdateEvent event) { Tell(std::move(event)); },
                                       [this](std::string text)
                                       {
                                           Remark(std::move(text));
                                       }}))
        , m_installer(io, m_settings)
        , m_persistAgain(io)
    {
        m_core.emplace(std::make_shared<const UpdateConfig>(ConfigOf(m_settings)));
    }

    void Start()
    {
        ReadMemory read = ReadMemoryFile(m_settings.memoryFile);
        if (!read.damage.empty())
        {
            Remark(fmt::format("what was remembered of updates is damaged and begins anew: {}",
                               read.damage));
        }
        Installation installed = m_installer.Installed();
        for (const DamagedSet& damaged : installed.damaged)
        {
            Remark(fmt::format("{}: not as it was installed: {}", damaged.set, damaged.why));
        }
        Tell(UpdateStarted{std::move(read.memory), std::move(installed.products), Now()});
    }

    /// Nothing comes back after this.
    void Stop()
    {
        m_core.reset();
        m_timers.clear();
        m_persistAgain.cancel();
        m_requests->Stop();
        m_installer.Stop();
        for (const auto& ended : std::exchange(m_ended, {}))
        {
            ended({Now(), CheckOutcome::Failed, UpdateReason::CatalogUnavailable, ""});
        }
    }

    void Check(bool install, std::function<void(const CheckReport&)> ended)
    {
        m_ended.push_back(std::move(ended));
        Tell(CheckWanted{install, Now()});
    }

    UpdaterStatus Status() const
    {
        UpdaterStatus status;
        status.updates = m_core->Status(Now());
        status.remarks.assign(m_remarks.begin(), m_remarks.end());
        for (const UpdateTimer timer : {UpdateTimer::AfterBoot, UpdateTimer::NextCheck})
        {
            const auto found = m_timers.find(timer);
            if (found != m_timers.end() && !status.updates.checking)
            {
                const auto left = std::chrono::duration_cast<std::chrono::seconds>(
                    found->second.expiry() - std::chrono::steady_clock::now());
                const std::uint64_t at =
                    Now() + static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 0));
                status.nextCheckS = std::min(status.nextCheckS.value_or(at), at);
            }
        }
        return status;
    }

    Believed BelievedNow() const
    {
        return {m_core->Memory().revoked, TimeOf(Now(), ConfigOf(m_settings), m_core->Memory())};
    }

  private:
    std::uint64_t Now() const
    {
        return NowS(m_settings);
    }

    void Remark(std::string text)
    {
        spdlog::warn("updates: {}", text);
        m_remarks.push_back({Now(), std::move(text)});
        if (m_remarks.size() > kRemarks)
        {
            m_remarks.pop_front();
        }
    }

    // ------------------------------------------------------------ events in, actions out

    void Tell(UpdateEvent event)
    {
        m_events.push_back(std::move(event));
        GoOn();
    }

    void GoOn()
    {
        if (m_busy)
        {
            return;
        }
        m_busy = true;
        while (m_core && (CarryOut(), m_core) && m_actions.empty() && !m_events.empty())
        {
            const UpdateEvent event = std::move(m_events.front());
            m_events.pop_front();
            UpdateActionList actions;
            m_core->Handle(event, actions);
            m_actions.assign(std::make_move_iterator(actions.begin()),
                             std::make_move_iterator(actions.end()));
        }
        m_busy = false;
    }

    /// As far as the disk lets it: an action that is to follow what is on the disk waits for that.
    void CarryOut()
    {
        while (m_core && !m_actions.empty())
        {
            if (const auto* persist = std::get_if<PersistUpdate>(&m_actions.front()))
            {
                if (!Persist(*persist))
                {
                    return;
                }
                m_actions.pop_front();
                continue;
            }
            const UpdateAction action = std::move(m_actions.front());
            m_actions.pop_front();
            std::visit([this](const auto& wanted) { On(wanted); }, action);
        }
    }

    bool Persist(const PersistUpdate& action)
    {
        try
        {
            WriteMemoryFile(m_settings.memoryFile, action.memory);
        }
        catch (const std::system_error& error)
        {
            Remark(fmt::format("what is to be remembered cannot be written: {}", error.what()));
            m_persistAgain.expires_after(kPersistAgain);
            m_persistAgain.async_wait(
                [weak = weak_from_this()](boost::system::error_code cancelled)
                {
                    const auto self = weak.lock();
                    if (!cancelled && self)
                    {
                        self->GoOn();
                    }
                });
            return false;
        }
        return true;
    }

    void On(const PersistUpdate& /*action*/)
    {
        // CarryOut() does it.
    }

    void On(const ArmUpdateTimer& action)
    {
        const UpdateTimer timer = action.timer;
        const auto place = m_timers.find(timer);
        auto& its =
            place != m_timers.end() ? place->second : m_timers.emplace(timer, m_io).first->second;
        its.expires_after(Draw(action.minMs, action.maxMs)); // cancels what ran
        its.async_wait(
            [weak = weak_from_this(), timer, at = its.expiry()](boost::system::error_code error)
            {
                const auto self = weak.lock();
                if (error || !self)
                {
                    return;
                }
                // Run out already, but cancelled or armed again before its turn came.
                const auto armed = self->m_timers.find(timer);
                if (armed != self->m_timers.end() && armed->second.expiry() == at)
                {
                    self->m_timers.erase(armed);
                    self->Tell(UpdateTimerFired{timer, self->Now()});
                }
            });
    }

    void On(const CancelUpdateTimer& action)
    {
        m_timers.erase(action.timer);
    }

    // ------------------------------------------------------------ who does it

    void On(const RequestCatalog& action)
    {
        m_requests->Ask(action);
    }

    void On(const RequestPackage& action)
    {
        m_requests->Ask(action);
    }

    void On(const JudgeBody& action)
    {
        m_refused = action.body;
        m_refusal = m_requests->Judge(action);
    }

    void On(const CancelRequest& action)
    {
        m_requests->Cancel(action);
    }

    void On(const InstallSet& action)
    {
        m_installer.Install(
            action,
            m_requests->Take(action),
            [weak = weak_from_this(), set = action.set](const SetInstaller::Ending& ending)
            {
                if (const auto self = weak.lock())
                {
                    self->Installed(set, ending);
                }
            });
    }

    void Installed(const std::string& set, const SetInstaller::Ending& ending)
    {
        if (!ending.remark.empty())
        {
            Remark(ending.remark);
        }
        if (ending.wrong.empty())
        {
            spdlog::info("updates: {}: installed", set);
            Tell(SetInstalled{set});
        }
        else
        {
            Remark(ending.wrong);
            Tell(SetNotInstalled{set, ending.wrong});
        }
    }

    // ------------------------------------------------------------ what is told

    void On(const TellCheck& action)
    {
        m_requests->DropBodies(); // those of sets that failed: the next check finds copies of them
        const CheckReport& report = action.report;
        const std::string why = report.outcome == CheckOutcome::Failed
                                    ? fmt::format(": {}{}{}",
                                                  report.subject,
                                                  report.subject.empty() ? "" : ": ",
                                                  MeaningOf(report.reason))
                                    : "";
        spdlog::info("updates: check ended: {}{}", ToString(report.outcome), why);
        for (const auto& ended : std::exchange(m_ended, {}))
        {
            // Not from within the core's actions: who is told may ask at once.
            boost::asio::post(m_io, [ended, report] { ended(report); });
        }
    }

    void On(const TellCatalog& action)
    {
        spdlog::info(
            "updates: catalog {}-{} taken", action.held.catalog.epoch, action.held.catalog.version);
        if (m_settings.config.catalogFromPeers)
        {
            m_requests->OfferCatalog();
        }
    }

    void On(const UpdateNote& action)
    {
        if (action.body != 0 && action.body == m_refused && !m_refusal.empty())
        {
            Remark(m_refusal); // the same, with what was seen of the body
            return;
        }
        Remark(fmt::format("{}{}{}{}",
                           action.subject,
                           action.subject.empty() ? "" : ": ",
                           MeaningOf(action.reason),
                           action.detail.empty() ? "" : fmt::format(" ({})", action.detail)));
    }

    boost::asio::io_context& m_io;
    UpdateSettings m_settings;
    const std::shared_ptr<UpdateRequests> m_requests;
    SetInstaller m_installer;

    std::optional<UpdateService> m_core;
    bool m_busy = false;
    std::deque<UpdateEvent> m_events;
    std::deque<UpdateAction> m_actions; ///< of the event handled last, those not carried out yet
    boost::asio::steady_timer m_persistAgain;
    std::map<UpdateTimer, boost::asio::steady_timer> m_timers;

    std::vector<std::function<void(const CheckReport&)>> m_ended;
    std::deque<UpdateRemark> m_remarks;
    std::uint64_t m_refused = 0; ///< number of the body that was judged last
    std::string m_refusal;       ///< why, in words
};

Updater::Updater(boost::asio::io_context& io, PeeringService& service, UpdateSettings settings)
    : m_inside(std::make_shared<Inside>(io, service, std::move(settings)))
{
}

Updater::~Updater()
{
    m_inside->Stop();
}

void
Updater::Start()
{
    m_inside->Start();
}

void
Updater::Check(bool install, std::function<void(const CheckReport&)> ended)
{
    m_inside->Check(install, std::move(ended));
}

UpdaterStatus
Updater::Status() const
{
    return m_inside->Status();
}

Believed
Updater::BelievedNow() const
{
    return m_inside->BelievedNow();
}

} // namespace lanpeer::reference
