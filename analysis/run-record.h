#pragma once

#include "analysis/fault-record.h"
#include "analysis/update-record.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// Count per reason. The reasons are a closed list in the core; here they are plain words.
using ReasonCounts = std::map<std::string, std::uint64_t>;

/// Where a transfer's bytes come from or go to: the Internet, the caching proxy at the gateway
/// (policy `proxy` only), or one node of the LAN.
struct Place
{
    enum class Kind : std::uint8_t
    {
        Internet,
        Proxy,
        Node,
    };

    Kind kind = Kind::Internet;
    std::uint32_t node = 0; ///< index into RunRecord::nodes; 0 unless kind is Node

    static Place Internet();
    static Place Proxy();
    static Place AtNode(std::uint32_t node);
};

bool operator==(Place left, Place right);
bool operator!=(Place left, Place right);

/// A resource that requests and transfers point to by its index. The catalog is none of them: its
/// bytes are counted apart (RunRecord::catalogBytes), its requests and transfers not recorded here.
struct Resource
{
    std::string href;
    std::uint64_t bytes = 0; ///< its whole size
    std::uint32_t round = 0; ///< of several updates in a row, the one that it belongs to
};

/// How a request ended (R-CLI-7). What came through the caching proxy is FoundInternet: the node
/// that asked knows no other word for it.
enum class RequestEnd : std::uint8_t
{
    Running, ///< not ended when the run was over, or when the machine lost power
    FoundLocal,
    FoundPeer,
    FoundInternet,
    Failed,
};

/// Whether the request ended with the resource there, whatever the source.
bool IsFound(RequestEnd end);

/// One request of an application at one node. A request that joined a running one of the same node
/// (R-CLI-7) is not a second one.
struct Request
{
    std::uint32_t node = 0;                         ///< index into RunRecord::nodes
    std::uint32_t resource = 0;                     ///< index into RunRecord::resources
    std::int64_t askedAtUs = 0;                     ///< when the application asked
    std::optional<std::int64_t> sourceChosenAtUs{}; ///< the first choice; none: never came to it.
                                                    ///< Policies `direct` and `proxy`: askedAtUs
    std::optional<std::int64_t> endedAtUs{};        ///< none exactly while Running
    RequestEnd end = RequestEnd::Running;
    std::string reason{}; ///< not empty exactly when Failed
};

/// One HTTP exchange that carried a resource's body, or part of it. A transfer resumed by Range is
/// one more Transfer.
struct Transfer
{
    Place from{};
    Place to{};                    ///< a node or the proxy
    std::uint32_t resource = 0;    ///< index into RunRecord::resources
    std::uint64_t bodyBytes = 0;   ///< what arrived in this exchange, aborted or not
    std::int64_t endedAtUs = 0;    ///< when it completed or was aborted
    bool completedTheCopy = false; ///< after it the receiver had the whole resource, accepted
    std::int64_t begunAtUs = 0;    ///< when the receiver asked for it
};

/// What one node of the LAN wanted and gave.
struct NodeRecord
{
    /// Its whole set, indices into RunRecord::resources, without repeats; empty: asks for nothing
    /// and is left out of finish_s. What a node asked for must be in its set.
    std::vector<std::uint32_t> wanted{};
    std::uint64_t servedBodyBytes = 0; ///< HTTP body bytes sent to other nodes, aborted included
    std::uint64_t servedGets = 0;      ///< GETs of other nodes that it served (a 503 serves none)
};

/// Packets of all nodes, by the kinds of R-PKT-2; a broadcast counts once, re-asks are included.
struct PacketCounts
{
    std::uint64_t iNeed = 0;
    std::uint64_t iHave = 0;
    std::uint64_t iFound = 0;
    std::uint64_t iAmDownloading = 0;
    std::uint64_t downloading = 0;
    std::uint64_t downloadComplete = 0;
    std::uint64_t downloadFailed = 0;
    std::uint64_t applicationDefined = 0;
    std::uint64_t sentBytes = 0;      ///< UDP payload of all of them, a broadcast once
    std::uint64_t received = 0;       ///< deliveries to a node's service port, its own ones not
                                      ///< counted, before budgets
    std::uint64_t iHaveDuplicate = 0; ///< "I have" received after the first for its request [0024]
};

/// Frames of the LAN, of all its devices and segments; the uplink's are not among them (R-SIM-2).
/// All 0 where nobody counts: on a real network.
struct LanCounts
{
    std::uint64_t frames = 0; ///< put on the medium: on a switch once per cable, in the air also
                              ///< acknowledgements, beacons and what is sent again
    std::uint64_t lost = 0;   ///< not received by a device that it was for: lan.loss, and in the
                              ///< air distance and others' frames; once per such device
    std::uint64_t collisions = 0; ///< of those, that met a receiver busy with another frame; 802.11
    std::uint64_t backOffs = 0;   ///< a device found the channel busy and drew a time to wait; hub
    std::uint64_t retries = 0;    ///< frames sent again for want of an acknowledgement; 802.11
    std::uint64_t givenUp = 0;    ///< frames dropped after the last attempt; hub and 802.11
    std::uint64_t queueDrops =
        0; ///< frames that a device's queue had no room for, or kept too long

    LanCounts& operator+=(const LanCounts& other);
};

/// How often the caching proxy at the gateway was asked, and what for (policy `proxy`).
struct ProxyRecord
{
    std::uint64_t hits = 0;      ///< GETs for what it held whole
    std::uint64_t misses = 0;    ///< GETs that it went upstream for
    std::uint64_t collapsed = 0; ///< GETs that joined a transfer under way
};

/// What hostile nodes did, and what of it came through (R-SIM-6). All else in a RunRecord is of
/// honest nodes, but for transfers, whose `from` may be any node. What honest nodes accepted is
/// compared with what the resource is, whatever their verifier said.
struct AdversaryRecord
{
    std::uint64_t nodes = 0;            ///< that are hostile: the highest indices
    std::uint64_t packetsSent = 0;      ///< by them, a broadcast once
    std::uint64_t sentBytes = 0;        ///< UDP payload of those
    std::uint64_t servedBytes = 0;      ///< HTTP body bytes that honest nodes got from them
    std::uint64_t alteredOffered = 0;   ///< GETs that they began to answer with an altered body
    std::uint64_t alteredReceived = 0;  ///< altered bodies that came whole to an honest node, from
                                        ///< whomever
    std::uint64_t alteredInstalled = 0; ///< requests that ended found with an altered body
    std::uint64_t reflected = 0; ///< answers that came to honest nodes that had not asked (L3)
};

/// What a collector (of the simulation, or of real nodes) writes down during one run and nothing
/// more: every figure of INTERFACES.md is computed from it in one place, ComputeMetrics, so that
/// simulation and reality cannot mean different things by one word (R-SIM-8).
///
/// All times are whole microseconds since the run began, all amounts whole bytes: sums are exact,
/// so their order cannot change a result (R-SIM-9).
struct RunRecord
{
    std::string scenario{};
    std::string policy{};
    std::uint64_t seed = 0;
    std::uint64_t run = 1; ///< replicates count from 1

    std::vector<Resource> resources{}; ///< distinct; only those asked for count as such
    std::vector<NodeRecord> nodes{};   ///< all `lan.nodes`, by index
    std::vector<Request> requests{};   ///< in any order
    std::vector<Transfer> transfers{}; ///< in the order in which they ended

    PacketCounts packets{};
    std::vector<std::int64_t> responseDelaysUs{}; ///< "I need" sent to first "I have" heard, busy
                                                  ///< ones included; one per ask that heard one
    std::uint64_t stalls = 0;                     ///< transfers given up because no byte came
    ReasonCounts refusals{};                      ///< bodies that a verifier refused
    ReasonCounts dropped{};                       ///< packets dropped before the core or by it

    LanCounts lan{};
    std::uint64_t uplinkBytes = 0;  ///< every byte that the uplink device delivered downwards
    std::uint64_t catalogBytes = 0; ///< HTTP body bytes of the catalog that came down the uplink
    std::optional<AdversaryRecord> adversaries{}; ///< none: nobody was hostile
    std::optional<ProxyRecord> proxy{};           ///< none: there was no proxy
    std::optional<UpdateRecord> updates{};        ///< none: the nodes kept no update service
    std::optional<FaultRecord> faults{};          ///< none: nothing was to go wrong
    std::int64_t simulatedUs = 0;                 ///< length of the run on its own clock
    std::uint64_t events = 0;
    std::int64_t wallUs = 0; ///< the only field that may differ between two equal runs
};

/// Throws std::invalid_argument, naming the field and the index, when the record contradicts
/// itself: no node at all, an index out of range, a resource named twice, a time before what caused
/// it, an end without its time or a failure without its reason, a node that asked for what it did
/// not want, an installation before its release. A collector's mistake must not become a plausible
/// figure.
void CheckRecord(const RunRecord& record);

} // namespace lanpeer::analysis
