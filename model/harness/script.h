#pragma once

#include "model/harness/replay.h"
#include "model/harness/tracer.h"
#include "model/harness/world.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::harness
{

class Arguments;

/// What a line of a script did, or why it can't be carried out.
struct ScriptResult
{
    std::string trace; ///< lines, each with its end
    std::string error; ///< empty if all went well
};

/// Carries out golden scripts (script-file.h) on a World, a line at a time.
///
/// Nodes are counted from 1; PEER is a node or "p99", which is none. RESOURCE is a short name
/// ("dat" is http://origin.test/dat) or a whole URI. Words in brackets may be left out; SLOT tells
/// apart what runs several times.
///
///     peers N [holding=K]         a new world; the first K hold "dat"
///         [policy=fig4a|fig4b|robust] [access=1,2|all|none]
///         [KEY=VALUE ...]         of ParameterTable(), for all nodes
///         [n2.KEY=VALUE ...]      for one (n2.policy= too: a plain peer among robust ones)
///     want N RESOURCE [nowait] [lan-only] [uncacheable] [unverified] [query] [held-refused]
///     cancel N RESOURCE           the latest request for it
///     deliver all                 what is under way, and what comes of it, until nothing is
///     deliver [N] [KIND]          of what is under way now, that which fits, in order
///     deliver from A [to B] [KIND]    KIND as in the traces: i_need, i_have, ...
///     lose, duplicate             the same selections; a duplicate arrives as a second flight
///     under-way                   lists it
///     fire N TIMER [SLOT]
///     timers N                    lists them
///     progress N BYTES [SLOT]     of a transfer
///     whole N [SLOT]              all bytes are there, the verdict is not
///     finish N [OUTCOME] [SLOT]   complete, refused, unverified, failed, busy, not-found,
///                                 no-access or store-failed; else as it would by itself
///     kill N, restart N, liar N
///     access N on|off             the node is told
///     uplink N up|down            it will find out
///     lan N up|down
///     offer N RESOURCE, withdraw N RESOURCE, catalog N RESOURCE,...
///     upload N RESOURCE from PEER [head]    asks N's HTTP server
///     upload-end N UPLOAD
///     send PEER N|all KIND [NAME=VALUE ...] a packet arrives (packet-words.h); without node= it
///                                 has the ID of the node PEER, or none
///     register N TYPE, unregister N TYPE
///     app N PEER|all TYPE [NAME=VALUE ...]
///     run MS                      by the clock: each node draws its own fixed share of a range,
///                                 lower ones less
///     stabilize                   by the clock, until nothing is left but the timers Deadline,
///                                 Patience and AccessRetry, or for ten minutes
///     show N                      what the node knows
class Script
{
  public:
    Script();
    ~Script();

    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    /// Carries out one line, or says why it cannot be.
    ScriptResult Run(std::string_view line);

    /// A tape of each node of each world so far.
    std::vector<std::string> Tapes() const;

  private:
    /// Of one line, so that each comes to an end.
    static constexpr std::size_t kMostSteps = 100'000;

    struct Command;
    static const std::vector<Command>& Commands();

    // The commands, by their words.
    void Peers(Arguments& words);
    void Want(Arguments& words);
    void Cancel(Arguments& words);
    void Deliver(Arguments& words);
    void Lose(Arguments& words);
    void Duplicate(Arguments& words);
    void UnderWay(Arguments& words);
    void Fire(Arguments& words);
    void Timers(Arguments& words);
    void Progress(Arguments& words);
    void Whole(Arguments& words);
    void Finish(Arguments& words);
    void Kill(Arguments& words);
    void Restart(Arguments& words);
    void Liar(Arguments& words);
    void Access(Arguments& words);
    void Uplink(Arguments& words);
    void Lan(Arguments& words);
    void Offer(Arguments& words);
    void Withdraw(Arguments& words);
    void Catalog(Arguments& words);
    void Upload(Arguments& words);
    void UploadEnd(Arguments& words);
    void Send(Arguments& words);
    void Register(Arguments& words);
    void Unregister(Arguments& words);
    void App(Arguments& words);
    void RunFor(Arguments& words);
    void Stabilize(Arguments& words);
    void Show(Arguments& words);

    // What they share.
    World& TheWorld();
    std::uint32_t HostOf(std::uint64_t number, bool alive);
    PeerId PeerFrom(std::string_view text);
    std::uint32_t NextHost(Arguments& words, bool alive = true);
    std::uint32_t TransferSlot(Arguments& words, std::uint32_t host);
    std::vector<Flight> Selected(Arguments& words);
    std::size_t IndexOf(const Flight& flight);
    void FlightLine(std::string_view what, const Flight& flight);
    void RegisterType(Arguments& words, bool registered);
    void RunUntil(std::uint64_t endUs, bool untilStable);
    bool IsStable() const;

    std::unique_ptr<World> m_world;
    Tracer m_tracer;
    std::unique_ptr<TapeRecorder> m_tapes;
    std::vector<std::string> m_earlierTapes; ///< of the worlds before
    std::uint64_t m_requests = 0;            ///< of applications, numbered from 1
    std::uint64_t m_uploads = 0;             ///< that the script asked for
};

} // namespace lanpeer::harness
