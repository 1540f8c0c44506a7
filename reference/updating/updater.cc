#include "reference/updating/updater.h"

#include "model/protocol/update/update-service.h"
#include "reference/installation/after-install.h"
#include "reference/installation/install-folder.h"
#include "reference/packages/byte-source.h"
#include "reference/service/peering-service.h"
#include "reference/updating/look.h"
#include "reference/updating/memory-file.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fmt/format.h>
#include <list>
#include <map>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// What the cabinet of a catalog may have: its text, the list of revocations, and some more.
constexpr std::uint64_t kCatalogCabinetBytes = 2U << 20U;

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
        , m_peering(service)
        , m_settings(std::move(settings))
        , m_roots(ReadRoots(m_settings))
        , m_folder(std::make_shared<InstallFolder>(m_settings.installFolder))
        , m_persistAgain(io)
        , m_looking(1)
        , m_installing(1)
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
        Installation installed = m_folder->Installed();
        for (const DamagedSet& damaged : installed.damaged)
        {
            Remark(fmt::format("{}: not as it was installed: {}", damaged.set, damaged.why));
        }
        m_revoked = read.memory.revoked;
        Tell(UpdateStarted{std::move(read.memory), std::move(installed.products), Now()});
    }

    /// Nothing comes back after this.
    void Stop()
    {
        m_core.reset();
        for (const auto& [what, request] : std::exchange(m_requests, {}))
        {
            m_peering.Cancel(request.id);
        }
        m_timers.clear();
        m_persistAgain.cancel();
        m_bodies.clear();
        m_looking.join();
        m_installing.join();
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
        return {m_revoked, TimeOf(Now(), ConfigOf(m_settings), m_core->Memory())};
    }

  private:
    /// A request of the peering service; "" is the catalog's.
    struct Asked
    {
        AppRequestId id{};
        std::uint64_t serial = 0;
        std::uint64_t asOfS = 0;
        std::function<void(bool accepted)> answer; ///< to the body that is looked at
        PackageFacts facts;                        ///< of it
        std::string message;                       ///< what was said of it
    };

    /// A body that was accepted, until it is installed.
    struct Accepted
    {
        Body body;
        PackageFacts facts;
    };

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
        m_revoked = action.memory.revoked;
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

    // ------------------------------------------------------------ requests

    void On(const RequestCatalog& action)
    {
        ResourceRequest request;
        request.url = action.url;
        request.verifier = CallbackVerifier{};
        request.cacheable = action.mayUsePeers;
        request.maxBytes = kCatalogCabinetBytes;
        Ask("", request, action.asOfS);
    }

    void On(const RequestPackage& action)
    {
        ResourceRequest request;
        request.url = action.entry.url;
        request.verifier = CallbackVerifier{};
        request.maxBytes = action.entry.sizeBytes;
        Ask(action.entry.product, request, action.asOfS);
    }

    /// \param what the product; "" is the catalog
    void Ask(const std::string& what, const ResourceRequest& request, std::uint64_t asOfS)
    {
        const std::uint64_t serial = ++m_lastSerial;
        m_bodies.erase(what);
        m_requests[what] = Asked{{}, serial, asOfS, {}, {}, {}};
        Application application;
        const std::weak_ptr<Inside> weak = weak_from_this();
        application.judge = [weak, what, serial](const Body& body, std::function<void(bool)> answer)
        {
            if (const auto self = weak.lock())
            {
                self->Look(what, serial, body, std::move(answer));
            }
        };
        application.found = [weak, what, serial](const FoundReport& report)
        {
            if (const auto self = weak.lock())
            {
                self->Found(what, serial, report);
            }
        };
        application.failed = [weak, what, serial](Reason reason, const std::string& detail)
        {
            if (const auto self = weak.lock())
            {
                self->Failed(what, serial, reason, detail);
            }
        };
        const AppRequestId id = m_peering.Ask(request, std::move(application));
        if (Asked* asked = Find(what, serial)) // it may have ended before Ask() returns
        {
            asked->id = id;
        }
    }

    Asked* Find(const std::string& what, std::uint64_t serial)
    {
        const auto found = m_requests.find(what);
        return found != m_requests.end() && found->second.serial == serial ? &found->second
                                                                           : nullptr;
    }

    void Look(const std::string& what,
              std::uint64_t serial,
              const Body& body,
              std::function<void(bool)> answer)
    {
        Asked* asked = Find(what, serial);
        if (asked == nullptr)
        {
            return;
        }
        asked->answer = std::move(answer);
        const auto source = body.source;
        boost::asio::post(m_looking,
                          [weak = weak_from_this(),
                           &io = m_io,
                           what,
                           serial,
                           body,
                           source,
                           roots = m_roots,
                           weakKeys = m_settings.allowWeakKeys,
                           believed = Believed{m_revoked, asked->asOfS}]
                          {
                              Looked looked = LookAt(what.empty(), body, roots, weakKeys, believed);
                              boost::asio::post(
                                  io,
                                  [weak, what, serial, source, looked = std::move(looked)]
                                  {
                                      if (const auto self = weak.lock())
                                      {
                                          self->LookedAt(what, serial, source, looked);
                                      }
                                  });
                          });
    }

    void LookedAt(const std::string& what,
                  std::uint64_t serial,
                  Source source,
                  const Looked& looked)
    {
        Asked* asked = Find(what, serial);
        if (asked == nullptr)
        {
            return;
        }
        asked->facts = looked.facts;
        asked->message = looked.message;
        if (what.empty())
        {
            Tell(
                CatalogArrived{source, looked.facts, looked.catalog, std::nullopt, looked.revoked});
        }
        else
        {
            Tell(PackageArrived{what, looked.facts});
        }
    }

    void On(const JudgeBody& action)
    {
        const auto found = m_requests.find(action.product.value_or(""));
        if (found == m_requests.end())
        {
            return;
        }
        Asked& asked = found->second;
        m_refused = action;
        m_refusal = asked.message;
        if (const auto answer = std::exchange(asked.answer, nullptr))
        {
            answer(action.refused == UpdateReason::None);
        }
    }

    void Found(const std::string& what, std::uint64_t serial, const FoundReport& report)
    {
        const Asked* asked = Find(what, serial);
        if (asked == nullptr)
        {
            return;
        }
        const Accepted accepted{report.body, asked->facts};
        m_requests.erase(what);
        if (!what.empty())
        {
            m_bodies[what] = accepted;
            Tell(PackageFound{what});
        }
    }

    void Failed(const std::string& what,
                std::uint64_t serial,
                Reason reason,
                const std::string& detail)
    {
        if (Find(what, serial) == nullptr)
        {
            return;
        }
        m_requests.erase(what);
        Remark(fmt::format("{}: {}{}{}",
                           what.empty() ? "catalog" : what,
                           ToString(reason),
                           detail.empty() ? "" : ": ",
                           detail));
        if (what.empty())
        {
            Tell(CatalogFailed{reason});
        }
        else
        {
            Tell(PackageFailed{what, reason});
        }
    }

    void On(const CancelRequest& action)
    {
        const auto found = m_requests.find(action.product.value_or(""));
        if (found != m_requests.end())
        {
            const AppRequestId id = found->second.id;
            m_requests.erase(found);
            m_peering.Cancel(id);
        }
    }

    // ------------------------------------------------------------ installation

    void On(const InstallSet& action)
    {
        std::map<std::string, Accepted> bodies;
        for (const InstallEntry& entry : action.entries)
        {
            const auto body = m_bodies.find(entry.entry.product);
            if (entry.fresh && body != m_bodies.end())
            {
                bodies.insert(m_bodies.extract(body));
            }
        }
        boost::asio::post(m_installing,
                          [weak = weak_from_this(),
                           &io = m_io,
                           folder = m_folder,
                           action,
                           bodies = std::move(bodies),
                           command = m_settings.afterInstall,
                           seconds = m_settings.afterInstallS]
                          {
                              const std::string wrong = Install(*folder, action, bodies);
                              std::string remark;
                              if (wrong.empty() && !command.empty())
                              {
                                  remark = RunCommand(*folder, action, command, seconds);
                              }
                              boost::asio::post(io,
                                                [weak, set = action.set, wrong, remark]
                                                {
                                                    if (const auto self = weak.lock())
                                                    {
                                                        self->Installed(set, wrong, remark);
                                                    }
                                                });
                          });
    }

    /// \returns why not, or nothing
    static std::string Install(InstallFolder& folder,
                               const InstallSet& action,
                               const std::map<std::string, Accepted>& bodies)
    {
        try
        {
            std::list<FileSource> sources; // which stay where they are
            std::map<std::string, AcceptedPackage> packages;
            for (const auto& [product, its] : bodies)
            {
                const auto& source = sources.emplace_back(*its.body.file, its.body.size);
                packages.emplace(product, AcceptedPackage{&source, its.facts});
            }
            const InstalledRelease installed = folder.Install(action, packages);
            if (!installed.leftover.empty())
            {
                spdlog::warn("updates: {}", installed.leftover);
            }
            return "";
        }
        catch (const std::exception& error)
        {
            return error.what();
        }
    }

    static std::string RunCommand(const InstallFolder& folder,
                                  const InstallSet& action,
                                  const std::vector<std::string>& command,
                                  std::uint64_t seconds)
    {
        const AfterInstallReport ran = RunAfterInstall(command,
                                                       action.set,
                                                       action.release,
                                                       folder.CurrentOf(action.set),
                                                       std::chrono::seconds(seconds));
        return ran.succeeded
                   ? ""
                   : fmt::format("{}: after {}: {}", command.front(), action.set, ran.message);
    }

    void Installed(const std::string& set, const std::string& wrong, const std::string& remark)
    {
        if (!remark.empty())
        {
            Remark(remark);
        }
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
    }

    void On(const UpdateNote& action)
    {
        // A refusal that the core says nothing of is nobody's fault.
        const JudgeBody refused = std::exchange(m_refused, JudgeBody{});
        if (refused.refused == action.reason && refused.product.value_or("") == action.subject)
        {
            TellRefusal(refused);
            return;
        }
        Remark(fmt::format("{}{}{}{}",
                           action.subject,
                           action.subject.empty() ? "" : ": ",
                           MeaningOf(action.reason),
                           action.detail.empty() ? "" : fmt::format(" ({})", action.detail)));
    }

    void TellRefusal(const JudgeBody& refused)
    {
        Remark(fmt::format("{}: {}",
                           refused.product.value_or("catalog"),
                           RefusalText(refused.refused, refused.detail, m_refusal)));
    }

    boost::asio::io_context& m_io;
    PeeringService& m_peering;
    UpdateSettings m_settings;
    const std::string m_roots; ///< PEM
    const std::shared_ptr<InstallFolder> m_folder;

    std::optional<UpdateService> m_core;
    bool m_busy = false;
    std::deque<UpdateEvent> m_events;
    std::deque<UpdateAction> m_actions; ///< of the event handled last, those not carried out yet
    boost::asio::steady_timer m_persistAgain;
    std::map<UpdateTimer, boost::asio::steady_timer> m_timers;

    std::map<std::string, Asked> m_requests;
    std::uint64_t m_lastSerial = 0;
    std::map<std::string, Accepted> m_bodies; ///< by product
    JudgeBody m_refused;                      ///< until it is told
    std::string m_refusal;                    ///< what was seen of that body
    std::optional<RevocationList> m_revoked;
    std::vector<std::function<void(const CheckReport&)>> m_ended;
    std::deque<UpdateRemark> m_remarks;

    // Two: the administrator's command may take its time, and who looks at a body may not.
    boost::asio::thread_pool m_looking;
    boost::asio::thread_pool m_installing;
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
