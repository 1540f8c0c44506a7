#pragma once

#include "model/network/adversaries.h"
#include "model/network/lan-network-config.h"
#include "model/protocol/parameters.h"
#include "model/protocol/update/update-parameters.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Scenarios: what is simulated, as plain values without ns-3. Each member is one key of the table
/// (key-table.h), and its initialiser is the key's default.
namespace lanpeer::scenario
{

using lan::Arp;
using lan::kNodesMax;
using lan::Medium;

/// The LAN (keys `lan.*`, R-SIM-2).
struct Lan
{
    std::uint32_t nodes = 50; ///< the gateway and the origin come on top
    Medium medium = Medium::Switch;
    lan::Wifi wifi;        ///< needs Medium::Wifi
    double rateMbps = 100; ///< of every cable, in each direction; of a hub: of all of it
    double latencyUs = 25; ///< one way, node to switch or hub
    double loss = 0;       ///< probability, per link and frame
    std::uint32_t segments = 1;
    std::uint32_t twoHomed = 0; ///< nodes with an interface in the next segment, too
    std::uint32_t queuePackets = 1000;
    Arp arp = Arp::Static;
    bool arpJitter = false; ///< needs Arp::Cold: a request waits 0 to 10 ms
};

/// The uplink (keys `uplink.*`, R-SIM-3): a preset, and what was set apart from it.
struct Uplink
{
    std::string preset = "dsl"; ///< a name of lan::UplinkPresets()
    std::optional<double> downKbps;
    std::optional<double> upKbps;
    std::optional<double> latencyMs;
    std::optional<std::uint32_t> queuePackets;
};

/// Who has Internet access (key `internet.nodes`).
struct InternetNodes
{
    enum class Kind : std::uint8_t
    {
        All,
        Highest, ///< the `count` highest indices
        Listed,  ///< exactly `indices`
    };

    Kind kind = Kind::All;
    std::uint32_t count = 0;
    std::vector<std::uint32_t> indices;
};

/// How the instants at which nodes ask are spread: see arrival.h.
enum class Arrival : std::uint8_t
{
    Simultaneous,
    Uniform,
    Morning,
    Poisson,
    Trace, ///< as Workload::trace says
};

/// Something that nodes ask for.
struct Resource
{
    std::string name; ///< last part of its URI: letters, digits, '.', '_', '-'
    std::uint64_t bytes = 0;
    double share = 1; ///< of the requesters, that needs it: the chance of each
};

/// A line of a trace: a node asks for a resource.
struct TraceAsk
{
    std::int64_t atUs = 0; ///< since kFirstAskUs (arrival.h)
    std::uint32_t node = 0;
    std::uint32_t resource = 0;
};

bool operator==(const Resource& left, const Resource& right);

/// The six .cab files of a full update [0058], 2,236,000 bytes, named after the minute of their
/// release, 2001-04-06 09:00 [0061].
const std::vector<Resource>& FullUpdate();

/// A product that its publisher releases anew from time to time, in one .cab file [0058].
struct ReleasedProduct
{
    std::string name;
    std::uint64_t bytes = 0;
    std::uint32_t daysMin = 1; ///< from one release to the next
    std::uint32_t daysMax = 1;
};

bool operator==(const ReleasedProduct& left, const ReleasedProduct& right);

/// What such a publisher has, after [0003] and [0058]: virus definitions weekly, the engine every
/// two to three months, the product every six to eight weeks.
const std::vector<ReleasedProduct>& RegularReleases();

/// Who asks for what, and when (keys `workload.*`, R-SIM-4). Every requester asks for every
/// resource that it needs at its one instant, in each round anew; or as a trace says; or, with
/// `days`, every node runs an update service, which asks for what is newer than what it has
/// (FIG. 8).
struct Workload
{
    Arrival arrival = Arrival::Uniform;
    double windowS = 60;
    std::vector<Resource> resources = FullUpdate();
    std::uint32_t holders = 0; ///< the lowest indices hold every resource at the start
    std::optional<std::uint32_t> requesters; ///< those right after the holders; none: all of them
    std::string traceFile;                   ///< for Arrival::Trace; empty: none
    std::vector<TraceAsk> trace;             ///< what is in it, in the order of time

    std::uint32_t rounds = 1;  ///< updates in a row, each of resources of its own
    double roundEveryS = 3600; ///< from the begin of one to the begin of the next
    double leaveShare = 0;     ///< chance of a requester to leave after it has asked
    double leaveWithinS = 60;  ///< it leaves a drawn 0 to this after that
    double awayMaxS = 600;     ///< and is back a drawn 0 to this later

    std::uint32_t days = 0; ///< of update services, instead of what stands above; 0: none
    std::vector<ReleasedProduct> releases = RegularReleases();
    std::uint64_t catalogBytes = 7500;
    bool officeHours = true; ///< nodes are off at night, on Saturdays and on Sundays
    double onAtH = 8;
    double offAtH = 17;
    double hoursSpreadH = 1;
};

/// The hostile nodes (keys `adversaries.*`, R-SIM-6): the highest indices.
struct Adversaries
{
    std::vector<lan::AdversaryKind> kinds = lan::AdversaryConfig().kinds;
    std::uint32_t count = 0;
    double share = 0; ///< of all nodes, instead of a count
    double packetsPerS = lan::AdversaryConfig().packetsPerS;
    double bytesPerS = lan::AdversaryConfig().bytesPerS;
    bool gateway = false;
};

/// The caching proxy of policy `proxy` (keys `proxy.*`).
struct Proxy
{
    bool collapse = true; ///< concurrent requests for one URL share one transfer
};

/// What goes wrong (keys `faults.*`, R-SIM-5, U3). Which nodes it hits is drawn.
struct FaultSettings
{
    /// Of the uplink.
    struct Outage
    {
        double fromS = 0; ///< since kFirstAskUs (arrival.h)
        double forS = 0;
    };

    double duplication = 0; ///< shares of the packets that come to a host: see lan::LinkFaults
    double reordering = 0;
    double reorderingMaxMs = 10;
    double corruption = 0;
    double corruptionUnseen = 0.001;
    std::uint32_t deaf = 0;                       ///< nodes that no service packet reaches
    std::uint32_t mute = 0;                       ///< nodes whose broadcasts reach nobody
    std::uint32_t crashes = 0;                    ///< nodes that lose power once
    double crashWithinS = 60;                     ///< at a drawn instant of that time
    std::optional<double> restartAfterS = 30;     ///< for how long; none: for good
    std::uint32_t fullDisks = 0;                  ///< nodes that can keep nothing
    std::optional<std::uint32_t> stormControlPps; ///< per port of the switch; none: off
    std::vector<Outage> uplinkDown; ///< in the order of time, none before the end of another
};

bool operator==(const FaultSettings::Outage& left, const FaultSettings::Outage& right);

/// What is run side by side (R-SIM-7). `coop` has its word and is not built.
enum class PolicyChoice : std::uint8_t
{
    Direct, ///< no peering: everybody goes to the Internet
    Proxy,  ///< no peering: everybody goes through a caching proxy at the gateway
    Fig4a,
    Fig4b,
    Robust,
};

std::string_view ToString(Arp arp);
std::string_view ToString(Arrival arrival);
std::string_view ToString(PolicyChoice policy);

/// A whole scenario. One that LoadScenario() returned keeps every promise made here.
struct Scenario
{
    std::string name;  ///< of its file, without folder and ".yaml"
    std::string about; ///< lines: what it is; why; what to look for
    Lan lan;
    Uplink uplink;
    InternetNodes internet;
    Workload workload;
    Adversaries adversaries;
    Proxy proxy;
    std::vector<PolicyChoice> policies = {PolicyChoice::Robust}; ///< at least one, no doubles
    FaultSettings faults;

    /// The keys below `protocol.` that were set, and nothing else: a rule that was set wins over
    /// every policy's own, so it must be told apart from one that merely is as it is.
    std::map<std::string, std::uint64_t, std::less<>> protocol;

    /// The parameters of the update services (keys `update.*`); its URL and products are the
    /// simulation's.
    UpdateConfig update = UpdateConfig::Defaults();
};

/// Index of the first node that asks, and how many do: the nodes right after the holders.
std::uint32_t FirstRequester(const Scenario& scenario);
std::uint32_t RequesterCount(const Scenario& scenario);

/// Who has Internet access, by node index; as many entries as nodes. A count means honest nodes.
std::vector<bool> InternetAccess(const Scenario& scenario);

/// The preset's figures with those that were set in their place.
lan::Uplink UplinkOf(const Scenario& scenario);

/// Whether anything is to go wrong, leaving nodes included.
bool HasFaults(const Scenario& scenario);

/// The LAN, its uplink and who has Internet access, as those who build it take them.
lan::LanNetworkConfig NetworkOf(const Scenario& scenario);

/// The nodes' configuration under a policy: its rules, then every key that was set. `direct` and
/// `proxy` have no peering, and so no rules: keys `protocol.rules.*` mean nothing to them.
///
/// Throws std::invalid_argument, naming the key, if CheckConfig() objects; never for a scenario
/// that was loaded and a policy of its list.
PeeringConfig ConfigFor(const Scenario& scenario, PolicyChoice policy);

/// Two keys that do not go together.
struct Contradiction
{
    std::vector<std::string> keys; ///< every key that has a part in it, the likeliest culprit first
    std::string message;           ///< what is wrong, and what would be right
};

/// \returns what single keys cannot say: the first contradiction among them, or nullopt
std::optional<Contradiction> CheckScenario(const Scenario& scenario);

} // namespace lanpeer::scenario
