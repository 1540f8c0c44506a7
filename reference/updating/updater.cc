#include "reference/updating/updater.h"

#include "model/protocol/update/update-judgement.h"
#include "model/protocol/update/update-service.h"
#include "reference/installation/install-folder.h"
#include "reference/updating/command-runner.h"
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
#include <random>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kRemarks = 20;

/// After a disk that did not take the memory; then twice as long each time.
constexpr std::chrono::seconds kPersistAgain{10};
constexpr std::chrono::seconds kPersistAgainMax{3600};

/// Random numbers that nobody foresees.
struct RandomBits
{
    using result_type = std::uint32_t;

    static constexpr result_type min()
    {
        return 0;
    }

    static constexpr result_type max()
    {
        return UINT32_MAX;
    }

    result_type operator()() const
    {
        return ::randombytes_random();
    }
};

/// Uniform in [min, max], in milliseconds: of a year too.
std::chrono::milliseconds
Draw(std::uint64_t minMs, std::uint64_t maxMs)
{
    RandomBits bits;
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::uint64_t>(minMs, maxMs)(bits));
}

/// Who waits for a check.
struct Waiting
{
    bool install;
    std::function<void(const CheckEnding&)> ended;
};

/// What one updater leaves to the next.
struct Heritage
{
    bool checking = false;
    std::vector<Waiting> waiting;
    std::shared_ptr<CommandRunner> commands;
};

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
        , m_folder(std::make_shared<const InstallFolder>(m_settings.installFolder))
        , m_read(ReadMemoryFile(m_settings.memoryFile))
        , m_found(m_folder->Installed())
        , m_persistAgain(io)
    {
        m_core.emplace(std::make_shared<const UpdateConfig>(ConfigOf(m_settings)));
    }

    void Start(Inside* before)
    {
        Heritage heritage = before != nullptr ? before->Stop() : Heritage{};
        const bool isFirst = !heritage.commands;
        m_commands = isFirst ? std::make_shared<CommandRunner>(m_io, DueFileOf(m_settings))
                             : std::move(heritage.commands);
        m_commands->Use(m_settings,
                        m_folder,
                        [weak = weak_from_this()](std::string remark)
                        {
                            if (const auto self = weak.lock())
                            {
                                self->Remark(std::move(remark));
                            }
                        });
        m_installer.emplace(m_io, m_folder, m_commands);
        if (isFirst)
        {
            m_commands->RunWhatIsDue();
        }
        else
        {
            ReadAgain();
        }
        TellWhatIsDamaged();
        Tell(UpdateStarted{std::move(m_read.memory), std::move(m_found.products), Now()});
        if (heritage.checking)
        {
            heritage.waiting.push_back({heritage.waiting.empty(), [](const CheckEnding&) {
                                        }});
        }
        for (Waiting& waiting : heritage.waiting)
        {
            Check(waiting.install, std::move(waiting.ended));
        }
    }

    /// Nothing comes back after this.
    Heritage Stop()
    {
        Heritage heritage;
        heritage.checking = m_core && m_core->Status(Now()).checking;
        heritage.waiting = std::exchange(m_waiting, {});
        m_core.reset();
        m_timers.clear();
        m_persistAgain.cancel();
        m_requests->Stop();
        if (m_installer)
        {
            m_installer->Stop();
            m_installer.reset();
        }
        heritage.commands = std::exchange(m_commands, nullptr);
        return heritage;
    }

    void Check(bool install, std::function<void(const CheckEnding&)> ended)
    {
        if (!m_unwritten.empty())
        {
            m_mayWrite = true; // who asks may have mended it
            GoOn();
        }
        m_waiting.push_back({install, std::move(ended)});
        if (!m_unwritten.empty())
        {
            EndWaiting({std::nullopt, m_unwritten});
            return;
        }
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

    /// What may have changed since: the one before ran until now.
    void ReadAgain()
    {
        try
        {
            m_read = ReadMemoryFile(m_settings.memoryFile);
            m_found = m_folder->Installed();
        }
        catch (const std::exception& error)
        {
            Remark(error.what());
        }
    }

    void TellWhatIsDamaged()
    {
        if (!m_read.damage.empty())
        {
            Remark(fmt::format("what was remembered of updates is damaged, {}: {}",
                               m_read.isSecond ? "what was remembered before that counts"
                                               : "and begins anew",
                               m_read.damage));
            try
            {
                RepairMemoryFile(m_settings.memoryFile, m_read);
            }
            catch (const std::system_error& error)
            {
                Remark(error.what()); // it counts all the same
            }
        }
        for (const DamagedSet& damaged : m_found.damaged)
        {
            Remark(fmt::format("{}: not as it was installed: {}", damaged.set, damaged.why));
        }
    }

    /// Not from within the core's actions: who is told may ask at once.
    void EndWaiting(const CheckEnding& ending)
    {
        for (const Waiting& waiting : std::exchange(m_waiting, {}))
        {
            boost::asio::post(m_io, [ended = waiting.ended, ending] { ended(ending); });
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
                if (!m_mayWrite || !Persist(*persist))
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
            WriteAgain(fmt::format("what is to be remembered cannot be written: {}", error.what()));
            return false;
        }
        m_unwritten.clear();
        m_persistAgainAfter = kPersistAgain;
        return true;
    }

    /// Later. Who waits for the check is told now: a disk may stay full for days.
    void WriteAgain(const std::string& why)
    {
        if (why != m_unwritten)
        {
            Remark(why);
        }
        m_unwritten = why;
        EndWaiting({std::nullopt, why});
        m_mayWrite = false;
        m_persistAgain.expires_after(m_persistAgainAfter);
        m_persistAgainAfter = std::min(2 * m_persistAgainAfter, kPersistAgainMax);
        m_persistAgain.async_wait(
            [weak = weak_from_this()](boost::system::error_code cancelled)
            {
                const auto self = weak.lock();
                if (!cancelled && self)
                {
                    self->m_mayWrite = true;
                    self->GoOn();
                }
            });
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
        m_installer->Install(action,
                             m_requests->Take(action),
                             [weak = weak_from_this(), set = action.set](const std::string& wrong)
                             {
                                 if (const auto self = weak.lock())
                                 {
                                     self->Installed(set, wrong);
                                 }
                             });
    }

    void Installed(const std::string& set, const std::string& wrong)
    {
        if (wrong.empty())
        {
            spdlog::info("updates: {}: installed", set);
            Tell(SetInstalled{set});
        }
        else
        {
            Remark(wrong);
            Tell(SetNotInstalled{set, wrong});
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
        EndWaiting({report, ""});
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
    const std::shared_ptr<const InstallFolder> m_folder;
    ReadMemory m_read;    ///< until the start
    Installation m_found; ///< likewise
    std::shared_ptr<CommandRunner> m_commands;
    std::optional<SetInstaller> m_installer;

    std::optional<UpdateService> m_core;
    bool m_busy = false;
    std::deque<UpdateEvent> m_events;
    std::deque<UpdateAction> m_actions; ///< of the event handled last, those not carried out yet
    bool m_mayWrite = true;
    std::string m_unwritten; ///< why the memory is not on the disk; "": it is
    std::chrono::seconds m_persistAgainAfter = kPersistAgain;
    boost::asio::steady_timer m_persistAgain;
    std::map<UpdateTimer, boost::asio::steady_timer> m_timers;

    std::vector<Waiting> m_waiting;
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
    Stop("the service ends");
}

void
Updater::Start(Updater* before)
{
    m_inside->Start(before != nullptr ? before->m_inside.get() : nullptr);
}

void
Updater::Stop(const std::string& why)
{
    for (const Waiting& waiting : m_inside->Stop().waiting)
    {
        waiting.ended({std::nullopt, why});
    }
}

void
Updater::Check(bool install, std::function<void(const CheckEnding&)> ended)
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
