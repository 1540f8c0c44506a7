#include "tests/swarm/bound.h"

#include "model/protocol/limits.h"
#include "tests/swarm/network.h"

#include <algorithm>

namespace lanpeer::swarm
{

using harness::Host;
using harness::World;

namespace
{

constexpr std::uint64_t kMsUs = 1000;

/// The longest that a transfer takes when nothing goes wrong.
std::uint64_t
TransferUs(const Setting& setting, std::uint64_t bytesPerStep)
{
    std::uint64_t most = 0;
    for (const Resource& resource : setting.resources)
    {
        most = std::max(most, resource.bytes);
    }
    return Network::kConnectUs + (most / bytesPerStep + 1) * Network::kStepUs + Network::kVerdictUs;
}

/// What one request may have to wait for, in order.
struct Waits
{
    const Setting& setting;
    const World& world;
    std::uint32_t host;

    const PeeringConfig& Config() const
    {
        return world.At(host).node.Config();
    }

    std::uint64_t PauseUs() const
    {
        return Config().pause ? Config().responseDelayMs * kMsUs : 0;
    }

    /// Until what runs now, gone wrong already, is over.
    std::uint64_t PresentUs() const
    {
        const PeeringConfig& config = Config();
        const std::uint64_t doublings = std::min<std::uint64_t>(config.internetRetries, 6);
        const std::uint64_t backOffMs =
            config.internetRetries == 0
                ? 0
                : std::min(limits::kBackOffMaxMs, limits::kBackOffMs << doublings);
        const std::uint64_t stallUs = std::max(config.peerStallMs, config.internetStallMs) * kMsUs;
        return stallUs + backOffMs * kMsUs + TransferUs(setting, Network::kUplinkBytesPerStep);
    }

    /// All rounds of asking, with what they lead to.
    std::uint64_t RoundsUs() const
    {
        const PeeringConfig& config = Config();
        const std::uint64_t rounds =
            config.reask ? 1 + config.reasks + (limits::kAskRounds - 1) : 1;
        const std::uint64_t holders =
            std::min<std::uint64_t>(config.rememberedHolders, setting.nodes.size() + kStrangers);
        return rounds * (PauseUs() + config.ClientWaitMs() * kMsUs +
                         holders * TransferUs(setting, Network::kPeerBytesPerStep));
    }

    /// For busy holders and for downloads of others.
    std::uint64_t PatienceUs() const
    {
        const PeeringConfig& config = Config();
        const std::uint64_t longestUs =
            std::min(config.longestWaitS, config.requestDeadlineS) * kSecondUs;
        return config.wait || config.slots ? longestUs : 0;
    }

    std::uint64_t InternetUs() const
    {
        return PauseUs() + TransferUs(setting, Network::kUplinkBytesPerStep);
    }

    /// Until lost access is presumed again.
    std::uint64_t AccessUs() const
    {
        const PeeringConfig& config = Config();
        const std::uint64_t retryUs = config.accessRetryS * kSecondUs;
        return config.internetAccess ? retryUs : 0;
    }
};

/// Does an answer of one host come before the other has stopped waiting for it?
bool
AnswersInTime(const World& world, std::uint32_t server, std::uint32_t asker)
{
    constexpr std::uint64_t kOnTheWayMs = 1;
    const PeeringConfig& its = world.At(server).node.Config();
    const PeeringConfig& asking = world.At(asker).node.Config();
    const std::uint64_t pending = world.At(server).node.Server().PendingCount(); // strangers' too
    std::uint64_t delayMs = its.responseDelayMs;
    if (its.delay && asking.delay)
    {
        delayMs = std::min(delayMs, std::max(asking.responseDelayMs, limits::kDelayFloorMs));
    }
    return its.server && (asking.lock || !its.requireLock) &&
           its.pendingRequests >= world.Size() + pending &&
           delayMs + kOnTheWayMs <= asking.ClientWaitMs();
}

bool
Holds(const World& world, std::uint32_t host, const std::string& href)
{
    const Host& its = world.At(host);
    return its.alive && its.offered.count(href) != 0 && its.node.Config().server;
}

/// Would a host retrieve a resource for others?
bool
Helps(const Setting& setting, const World& world, std::uint32_t host, const std::string& href)
{
    const Host& its = world.At(host);
    const PeeringConfig& config = its.node.Config();
    const Node& node = setting.nodes[host];
    const auto number = static_cast<std::uint32_t>(href.back() - '0');
    const bool named = node.named == 0 || (node.named >> number & 1) != 0;
    return its.alive && config.helper && config.internetAccess && node.allows && named;
}

/// As long as somebody has it.
std::uint64_t
BoundOfPeersUs(const Setting& setting, const World& world, std::uint32_t host)
{
    const Waits waits{setting, world, host};
    return waits.RoundsUs() + waits.PatienceUs();
}

} // namespace

std::uint64_t
BoundUs(const Setting& setting, const World& world, std::uint32_t host, std::uint64_t requests)
{
    const Waits waits{setting, world, host};
    const PeeringConfig& config = waits.Config();
    const std::uint64_t deadlineUs = config.requestDeadlineS * kSecondUs;
    if (!config.internetAccess && config.helper)
    {
        return deadlineUs; // it goes on asking
    }
    const std::uint64_t parallel = std::min(config.parallelRequests, config.parallelTransfers);
    const std::uint64_t turns = (requests + parallel - 1) / parallel;
    const std::uint64_t oneUs = waits.PresentUs() + waits.RoundsUs() + waits.PatienceUs() +
                                waits.InternetUs() + waits.AccessUs();
    return std::min(deadlineUs, turns * oneUs);
}

bool
MustFind(const Setting& setting, const World& world, std::uint32_t host, const std::string& href)
{
    const PeeringConfig& config = world.At(host).node.Config();
    if (!config.client)
    {
        return false;
    }
    const std::uint64_t deadlineUs = config.requestDeadlineS * kSecondUs;
    const bool lost = world.At(host).timers.count({TimerKind::AccessRetry, 0}) != 0;
    if (config.internetAccess && !lost)
    {
        return BoundUs(setting, world, host, 1) < deadlineUs;
    }
    // Some backings off, one after the other, before a helper has room and the copy.
    constexpr std::uint64_t kHelpUs = 300 * kSecondUs;
    bool holder = false;
    for (std::uint32_t other = 0; other < world.Size(); ++other)
    {
        if (other == host)
        {
            continue;
        }
        if (world.At(other).alive && world.At(other).liar)
        {
            return false; // it may be the only one that has it, or gets it
        }
        const bool holds = Holds(world, other, href);
        const bool slots = config.slots || !world.At(other).node.Config().slots ||
                           world.At(other).node.Config().uploadSlots >= world.Size();
        if (holds && !slots)
        {
            return false; // it may take that one, and fail
        }
        const bool helps =
            config.helper && deadlineUs >= kHelpUs && slots && Helps(setting, world, other, href);
        holder = holder || ((holds || helps) && AnswersInTime(world, other, host));
    }
    return holder && deadlineUs >= BoundOfPeersUs(setting, world, host);
}

} // namespace lanpeer::swarm
