#pragma once

#include "model/protocol/packet.h"
#include "model/protocol/parameters.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::swarm
{

constexpr std::uint64_t kSecondUs = 1'000'000;

/// One parameter of one node, or of all, that is not as the policy has it.
struct Change
{
    std::uint32_t number = 0; ///< as drawn, so that leaving out another one does not rename it
    std::optional<std::uint32_t> host; ///< none: of all
    std::string key;                   ///< of ParameterTable()
    std::uint64_t value = 0;
};

struct Node
{
    bool present = true;
    Policy policy = Policy::Robust;
    bool access = true;      ///< as it is configured
    bool liar = false;       ///< it serves altered bytes
    bool allows = true;      ///< the origin stands on its helper's list
    std::uint32_t named = 0; ///< 0: it holds no catalog; else bit i: it names resource i - 1
};

struct Resource
{
    std::string href;
    std::uint64_t bytes = 0;
    bool cacheable = true;
};

/// An application asks.
struct Want
{
    std::uint32_t number = 0;
    std::uint64_t atUs = 0;
    std::uint32_t host = 0;
    std::uint32_t resource = 0;
    RequestOptions options;
};

/// What goes wrong at a time, for a time.
enum class MishapKind : std::uint8_t
{
    Crash,      ///< a node dies; at the end it starts again
    Partition,  ///< the nodes of a mask hear nobody else
    Uplink,     ///< a node's Internet access is down, and it has to find out
    ToldUplink, ///< the same, and it is told
    Lan,        ///< a node's LAN goes away, and it is told
    StoreFull,  ///< a node cannot keep what it gets
    Cancel,     ///< an application takes its request back
    Withdraw,   ///< a copy is evicted
    Offer,      ///< an application offers a copy
    Stranger,   ///< forged packets of one who is no node
};

std::string_view ToString(MishapKind kind);

/// What a stranger sends. It hears what is broadcast, so it knows what is asked for.
enum class Forgery : std::uint8_t
{
    IHave,          ///< leads nowhere
    IHaveAltered,   ///< leads to altered bytes
    IHaveForeign,   ///< leads to another's address (R-PKT-5)
    IHaveBusy,      ///< for ever busy
    IFound,         ///< for the request of another, without its key (L2); some from its address
    IFoundKey,      ///< the same, with a wrong key
    IFoundWait,     ///< claims to wait
    Downloading,    ///< each further on than the last (L6)
    Complete,       ///< leads nowhere (L7)
    Failed,         ///< of a download that never was
    INeed,          ///< asks for what there is, and never ends it
    INeedHelp,      ///< asks all to retrieve (R-CLI-12)
    ApplicationOwn, ///< of a type that nobody registered
};

constexpr std::uint64_t kForgeries = static_cast<std::uint64_t>(Forgery::ApplicationOwn) + 1;

std::string_view ToString(Forgery forgery);

struct Mishap
{
    std::uint32_t number = 0;
    MishapKind kind = MishapKind::Crash;
    std::uint64_t atUs = 0;
    std::uint64_t untilUs = 0; ///< 0: of no duration
    std::uint32_t host = 0;
    std::uint32_t resource = 0;
    std::uint32_t mask = 0;  ///< of hosts
    std::uint32_t count = 1; ///< of packets
    Forgery forgery = Forgery::IHave;
};

/// What goes wrong at random while faults are on, in thousandths.
struct Odds
{
    std::uint64_t loss = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t late = 0;     ///< a packet overtaken by others
    std::uint64_t deadLink = 0; ///< a link that loses everything
    std::uint64_t failed = 0;   ///< transfers: each of them
    std::uint64_t stalled = 0;
    std::uint64_t altered = 0;
    std::uint64_t slow = 0;
    std::uint64_t notFound = 0; ///< of the Internet only
    std::uint64_t busy = 0;     ///< of the Internet only
};

/// Everything that a seed decides but the draws of the run itself.
struct Setting
{
    std::uint64_t seed = 0;
    std::vector<Node> nodes;
    std::vector<Change> changes;
    std::vector<Resource> resources;
    std::vector<std::uint32_t> holders; ///< by resource: a mask of hosts
    std::vector<Want> wants;
    std::vector<Mishap> mishaps;
    Odds odds;
    std::uint64_t jitterUs = 0;       ///< of a packet, at most
    std::uint64_t faultsUs = 0;       ///< from here on nothing goes wrong any more
    bool liarsStay = false;           ///< then too they lie
    std::vector<std::string> dropped; ///< as given to Drop()
};

/// \returns the setting of a seed.
Setting DrawSetting(std::uint64_t seed);

/// What can be left out of a setting, as the command line names it: "loss", "want:3", "node:2".
std::vector<std::string> Droppable(const Setting& setting);

/// Leaves something out. \returns false if there is nothing of that name.
bool Drop(Setting& setting, const std::string& name);

/// The configuration of each node.
std::vector<std::shared_ptr<const PeeringConfig>> ConfigsOf(const Setting& setting);

/// The setting in words, a line each.
std::string Told(const Setting& setting);

} // namespace lanpeer::swarm
