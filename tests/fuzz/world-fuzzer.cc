#include "model/explore/invariants.h"
#include "model/explore/lane.h"
#include "model/harness/world.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Some whole nodes with each other: the first bytes say how many and of what kind, the others what
// happens next to packets, timers, transfers and nodes. The explorer's invariants hold throughout;
// then nothing more goes wrong, and every request comes to its end.

namespace lanpeer::fuzz
{

namespace
{

using harness::Host;
using harness::World;

constexpr std::uint32_t kWantsMost = 32; ///< what the monitor can tell apart
constexpr std::size_t kStepsMost = 400;
constexpr std::size_t kStepsToTheEnd = 50'000;

std::vector<std::shared_ptr<const PeeringConfig>>
ConfigsOf(Choices& choices)
{
    constexpr std::array<Policy, 4> kPolicies{
        Policy::Robust, Policy::Fig4b, Policy::Fig4a, Policy::Robust};
    const std::size_t hosts = 2 + choices.Below(3);
    PeeringConfig config = PeeringConfig::Defaults(choices.OneOf(kPolicies));
    const std::uint8_t flipped = choices.Byte();
    std::size_t bit = 0;
    for (bool PeeringConfig::*rule : {&PeeringConfig::delay,
                                      &PeeringConfig::slots,
                                      &PeeringConfig::holders,
                                      &PeeringConfig::reask,
                                      &PeeringConfig::pause,
                                      &PeeringConfig::helper,
                                      &PeeringConfig::progressToWaiters,
                                      &PeeringConfig::broadcastIHave})
    {
        config.*rule = config.*rule != (((flipped >> bit++) & 1U) != 0);
    }
    config.helperOrigins = {"http://origin.test"};
    config.requestDeadlineS = 600; // soon enough for those who find nobody
    config.uploadSlots = 1 + choices.Below(2);
    config.parallelTransfers = 1 + choices.Below(2);
    const std::uint8_t without = choices.Byte(); // access, and who knows of it
    std::vector<std::shared_ptr<const PeeringConfig>> configs;
    for (std::size_t host = 0; host < hosts; ++host)
    {
        PeeringConfig own = config;
        own.internetAccess = ((without >> host) & 1U) == 0;
        configs.push_back(std::make_shared<const PeeringConfig>(own));
    }
    return configs;
}

class Run
{
  public:
    explicit Run(std::string_view bytes)
        : m_choices(bytes)
        , m_world(ConfigsOf(m_choices), explore::kResourceBytes)
        , m_monitor(m_world.Size(), {})
    {
        m_world.SetObserver(&m_monitor);
        m_world.SeedDraws(m_choices.Byte());
        const std::uint8_t holders = m_choices.Byte();
        const std::uint8_t flaws = m_choices.Byte();
        for (std::uint32_t host = 0; host < m_world.Size(); ++host)
        {
            m_world.At(host).liar = ((flaws >> host) & 1U) != 0;
            // Some find out that they have no access.
            m_world.At(host).internet =
                m_world.At(host).internet && ((flaws >> (host + 4)) & 1U) == 0;
            if (((holders >> host) & 1U) != 0)
            {
                m_world.At(host).whole.insert(std::string(explore::kHref));
                m_world.Handle(host,
                               CopyOffered{std::string(explore::kHref), m_world.ResourceBytes()});
            }
        }
    }

    void Go()
    {
        for (std::size_t steps = 0; !m_choices.Empty() && steps < kStepsMost; ++steps)
        {
            (this->*kSteps[m_choices.Below(kSteps.size())])();
            Look();
        }
        RunToTheEnd();
    }

  private:
    void Look()
    {
        for (std::uint32_t host = 0; host < m_world.Size(); ++host)
        {
            m_monitor.LookAt(m_world.At(host), host);
        }
        if (const auto& seen = m_monitor.Seen())
        {
            Require(false, seen->requirement + ": " + seen->what);
        }
    }

    /// By the clock, with nothing lost any more.
    void RunToTheEnd()
    {
        std::size_t steps = 0;
        while (Running())
        {
            Require(++steps < kStepsToTheEnd && m_world.RunNext(),
                    "R-CLI-7: nothing waits for ever");
            Look();
        }
    }

    bool Running() const
    {
        for (std::uint32_t host = 0; host < m_world.Size(); ++host)
        {
            if (m_world.At(host).alive && m_world.At(host).node.Client().Requests().Count() > 0)
            {
                return true;
            }
        }
        return false;
    }

    /// One that lives, or nobody.
    std::optional<std::uint32_t> Alive()
    {
        const auto host = static_cast<std::uint32_t>(m_choices.Below(m_world.Size()));
        return m_world.At(host).alive ? std::optional(host) : std::nullopt;
    }

    void Want()
    {
        const auto host = Alive();
        const std::uint8_t bits = m_choices.Byte();
        if (host && m_wants < kWantsMost)
        {
            RequestOptions options;
            options.mayWait = (bits & 1U) == 0;
            options.mayUseInternet = (bits & 2U) == 0;
            m_world.Handle(
                *host,
                ResourceWanted{AppRequestId{++m_wants}, std::string(explore::kHref), options});
        }
    }

    void Cancel()
    {
        const auto host = Alive();
        const std::size_t want = m_choices.Byte();
        if (host && m_wants > 0)
        {
            m_world.Handle(*host, RequestCancelled{AppRequestId{1 + want % m_wants}});
        }
    }

    std::optional<std::size_t> Flight()
    {
        const std::size_t flight = m_choices.Byte();
        const std::size_t flights = m_world.Flights().size();
        return flights == 0 ? std::nullopt : std::optional(flight % flights);
    }

    void Deliver()
    {
        if (const auto flight = Flight())
        {
            m_world.Deliver(*flight);
        }
    }

    void DeliverAll()
    {
        for (std::size_t flights = m_world.Flights().size(); flights > 0; --flights)
        {
            m_world.Deliver(0);
        }
    }

    void Lose()
    {
        if (const auto flight = Flight())
        {
            m_world.Lose(*flight);
        }
    }

    void Duplicate()
    {
        if (const auto flight = Flight())
        {
            m_world.Duplicate(*flight);
        }
    }

    void Fire()
    {
        const auto host = Alive();
        const std::size_t choice = m_choices.Byte();
        if (host && !m_world.At(*host).timers.empty())
        {
            const auto& timers = m_world.At(*host).timers;
            const auto timer = std::next(timers.begin(), static_cast<long>(choice % timers.size()));
            m_world.Fire(*host, TimerKey(timer->first));
        }
    }

    void RunNext()
    {
        m_world.RunNext();
    }

    void OfTransfer()
    {
        const auto host = Alive();
        const std::uint8_t choice = m_choices.Byte();
        const std::uint8_t how = m_choices.Byte();
        if (!host || m_world.At(*host).transfers.empty())
        {
            return;
        }
        const auto& transfers = m_world.At(*host).transfers;
        const auto& [id, transfer] =
            *std::next(transfers.begin(), static_cast<long>(choice % transfers.size()));
        const std::uint32_t subject = id;
        const bool whole = transfer.bodyComplete;
        const std::uint64_t received = transfer.received;
        const bool served = transfer.outcome == TransferOutcome::Complete;
        switch (how % 8)
        {
        case 0:
        case 1:
        case 2:
            m_world.FinishTransfer(*host, subject);
            break;
        case 3:
            if (served && !whole)
            {
                m_world.CompleteBody(*host, subject);
            }
            break;
        case 4:
            if (served && !whole && received < m_world.ResourceBytes())
            {
                m_world.ProgressTransfer(*host, subject, (received + m_world.ResourceBytes()) / 2);
            }
            break;
        case 5:
            if (served)
            {
                m_world.EndTransfer(*host, subject, TransferOutcome::Complete, Verdict::Refused);
            }
            break;
        default:
            if (!whole)
            {
                constexpr std::array<TransferOutcome, 4> kFailures{TransferOutcome::Failed,
                                                                   TransferOutcome::Busy,
                                                                   TransferOutcome::NotFound,
                                                                   TransferOutcome::StoreFailed};
                m_world.EndTransfer(
                    *host, subject, kFailures[(how / 8) % kFailures.size()], Verdict::None);
            }
            break;
        }
    }

    void KillOrRestart()
    {
        const auto host = static_cast<std::uint32_t>(m_choices.Below(m_world.Size()));
        if (m_world.At(host).alive)
        {
            m_monitor.Crashed(host);
            m_world.Kill(host);
        }
        else
        {
            m_world.Restart(host);
        }
    }

    void LoseLan()
    {
        const auto host = Alive();
        const bool up = m_choices.Flag();
        if (host)
        {
            m_world.Handle(*host, LanChanged{up});
        }
    }

    using Step = void (Run::*)();
    static const std::array<Step, 16> kSteps;

    Choices m_choices;
    World m_world;
    explore::Monitor m_monitor;
    std::uint32_t m_wants = 0;
};

/// What leads somewhere stands here more than once.
const std::array<Run::Step, 16> Run::kSteps{&Run::Want,
                                            &Run::Want,
                                            &Run::Deliver,
                                            &Run::Deliver,
                                            &Run::DeliverAll,
                                            &Run::DeliverAll,
                                            &Run::Fire,
                                            &Run::Fire,
                                            &Run::RunNext,
                                            &Run::OfTransfer,
                                            &Run::OfTransfer,
                                            &Run::Lose,
                                            &Run::Duplicate,
                                            &Run::Cancel,
                                            &Run::KillOrRestart,
                                            &Run::LoseLan};

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    Run(TextOf(data, size)).Go();
    return 0;
}
