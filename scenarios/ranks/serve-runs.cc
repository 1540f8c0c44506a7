#include "scenarios/ranks/serve-runs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <poll.h>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBeat{1000};
constexpr std::chrono::milliseconds kProgress{250};
constexpr int kNapMs = 2;        ///< without a run
constexpr int kNapBesideMs = 20; ///< the run's end wakes it anyway
constexpr int kLeaveMs = 300;
/// Before rank 0 speaks for the first time it may read a large file of results.
constexpr int kFirstSilences = 20;

std::string
HostName()
{
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

/// A run that crashes dies as it would without MPI, whose handlers would print a trace of calls.
void
DropHandlersOfMpi()
{
    for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGTERM})
    {
        std::signal(signal, SIG_DFL);
    }
}

/// A rank at work.
class RankServer
{
  public:
    RankServer(MpiJob& job, const DoRun& doRun, std::chrono::milliseconds silence)
        : m_job(job)
        , m_silence(silence)
        , m_doRun(doRun)
    {
    }

    void Greet(const std::function<std::string()>& sameEverywhere)
    {
        try
        {
            Say(RankMessage::Kind::Hello, sameEverywhere());
        }
        catch (const std::exception& error)
        {
            Say(RankMessage::Kind::Unfit, error.what());
        }
    }

    void Serve()
    {
        while (Listen())
        {
            ForgiveOwnAbsence();
            if (m_pool)
            {
                Attend();
            }
            else
            {
                poll(nullptr, 0, kNapMs);
            }
            Beat();
            EndIfAlone();
        }
    }

  private:
    void Say(RankMessage::Kind kind, const std::string& text)
    {
        RankMessage message;
        message.kind = kind;
        message.text = text;
        message.host = HostName();
        m_job.Send(0, message);
    }

    /// \returns false at the end
    bool Listen()
    {
        for (const auto& [rank, message] : m_job.Take())
        {
            m_heard = Clock::now();
            m_wasHeard = true;
            switch (message.kind)
            {
            case RankMessage::Kind::Do:
                Start(message);
                break;
            case RankMessage::Kind::Rest:
                m_pool.reset();
                m_wasHeard = false;
                break;
            case RankMessage::Kind::End:
                return false;
            case RankMessage::Kind::Leave:
                Leave(); // does not come back
            case RankMessage::Kind::Beat:
            case RankMessage::Kind::Hello:
            case RankMessage::Kind::Unfit:
            case RankMessage::Kind::Progress:
            case RankMessage::Kind::Over:
                break;
            }
        }
        return true;
    }

    void Start(const RankMessage& message)
    {
        try
        {
            m_pool = std::make_unique<processes::ProcessPool>(
                1,
                processes::ProcessPool::Errors::Caught,
                [this, spec = RunSpecFromJson(message.text)](std::size_t /*number*/,
                                                             const processes::SayProgress& say)
                {
                    DropHandlersOfMpi();
                    return Joined(m_doRun(spec, say));
                });
            m_number = message.number;
            m_progress = m_toldProgress = 0;
            m_pool->Start(message.number);
        }
        catch (const std::exception& error)
        {
            m_pool.reset();
            Say(RankMessage::Kind::Unfit, error.what());
        }
    }

    /// Waits a little for the run under way.
    void Attend()
    {
        const auto outcomes = m_pool->Wait(kNapBesideMs,
                                           [this](std::size_t /*number*/, double progress)
                                           { m_progress = progress; });
        if (outcomes.empty())
        {
            return;
        }
        RankMessage message;
        message.kind = RankMessage::Kind::Over;
        message.outcome = {outcomes.front(), false};
        m_job.Send(0, message);
        m_pool.reset();
    }

    [[noreturn]] void Leave()
    {
        // Open MPI of mpirun --enable-recovery ends one that hangs when rank 0 aborts and then the
        // others are gone without a word; without that option it ends all at once.
        m_pool.reset();
        poll(nullptr, 0, kLeaveMs);
        std::_Exit(0);
    }

    /// Who was stopped himself cannot tell who was silent.
    void ForgiveOwnAbsence()
    {
        const auto now = Clock::now();
        const auto absent = now - std::exchange(m_turned, now);
        if (absent >= kBeat)
        {
            m_heard += absent;
        }
    }

    void Beat()
    {
        const auto now = Clock::now();
        if (m_pool && m_progress != m_toldProgress && now - m_told >= kProgress)
        {
            m_told = now;
            RankMessage message;
            message.kind = RankMessage::Kind::Progress;
            message.number = m_number;
            message.progress = m_toldProgress = m_progress;
            m_job.Send(0, message);
        }
        if (now - m_beaten >= kBeat)
        {
            m_beaten = now;
            m_job.Send(0, {});
        }
    }

    void EndIfAlone()
    {
        const auto silence = m_wasHeard ? m_silence : kFirstSilences * m_silence;
        if (Clock::now() - m_heard < silence)
        {
            return;
        }
        fmt::print(stderr,
                   "lanpeer-sim: rank {} on {}: nothing heard of rank 0 for {} s\n",
                   m_job.Rank(),
                   HostName(),
                   std::chrono::duration<double>(silence).count());
        m_job.EndAll(1); // a process of its own that still runs dies with this one
    }

    MpiJob& m_job;
    std::chrono::milliseconds m_silence;
    DoRun m_doRun;
    std::size_t m_number = 0;
    double m_progress = 0;
    double m_toldProgress = 0;
    Clock::time_point m_told;
    Clock::time_point m_beaten;
    Clock::time_point m_heard = Clock::now();
    Clock::time_point m_turned = Clock::now();
    bool m_wasHeard = false;
    std::unique_ptr<processes::ProcessPool> m_pool; ///< of the run under way
};

} // namespace

void
ServeRuns(MpiJob& job,
          const DoRun& doRun,
          const std::function<std::string()>& sameEverywhere,
          std::chrono::milliseconds silence)
{
    RankServer server(job, doRun, silence);
    server.Greet(sameEverywhere);
    server.Serve();
}

} // namespace lanpeer::scenario
