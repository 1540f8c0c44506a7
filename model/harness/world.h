#pragma once

#include "model/protocol/peering-node.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lanpeer::harness
{

/// A packet under way to one receiver. A broadcast is as many flights as there are other hosts.
struct Flight
{
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    Shared<ServicePacket> packet;
    std::uint64_t dueUs = 0; ///< in a timed run

    LANPEER_FIELDS(from, to, packet) // when it arrives is no state: untimed runs try every order
};

/// A timer that is armed.
struct RunningTimer
{
    std::uint64_t minMs = 0;
    std::uint64_t maxMs = 0;
    std::uint64_t dueUs = 0; ///< in a timed run

    LANPEER_FIELDS(minMs, maxMs)
};

/// A transfer that runs: from another host, or from the Internet.
struct RunningTransfer
{
    std::string href;
    std::optional<std::uint32_t> server; ///< none: the Internet
    std::uint64_t offset = 0;
    std::uint64_t received = 0; ///< of the whole body, as far as the node was told
    bool bodyComplete = false;  ///< all bytes are here; only the verdict is still to come
    /// What becomes of it if nothing goes wrong from here on.
    TransferOutcome outcome = TransferOutcome::Complete;
    bool altered = false; ///< the server lies: the verifier will refuse it
    UploadId upload{};
    bool slotHeld = false; ///< the server counts it as an upload
    std::uint32_t retryAfterMs = 0;
    std::uint64_t dueUs = 0; ///< in a timed run

    LANPEER_FIELDS(href,
                   server,
                   offset,
                   received,
                   bodyComplete,
                   outcome,
                   altered,
                   upload,
                   slotHeld,
                   retryAfterMs)
};

/// A timer's key in an order, for std::map.
struct TimerOrder
{
    bool operator()(const TimerKey& a, const TimerKey& b) const
    {
        return a.Fields() < b.Fields();
    }
};

/// One computer of the world: a node and what its host keeps for it.
struct Host
{
    explicit Host(PeeringNode newNode)
        : node(std::move(newNode))
    {
    }

    PeeringNode node;
    bool alive = true;
    bool liar = false;    ///< serves altered bytes
    bool internet = true; ///< the Internet can be reached from here
    std::uint32_t starts = 1;
    std::uint32_t tokensDrawn = 0;
    std::map<TimerKey, RunningTimer, TimerOrder> timers;
    std::map<std::uint32_t, RunningTransfer> transfers;
    std::set<std::string> whole;   ///< resources it has whole and accepted
    std::set<std::string> offered; ///< resources it offers to peers

    LANPEER_FIELDS(
        node, alive, liar, internet, starts, tokensDrawn, timers, transfers, whole, offered)
};

class World;

/// What the network and the sources of transfers are like in a timed run. Without it every packet
/// arrives once after Timing::packetUs, and every transfer goes well.
class Conditions
{
  public:
    virtual ~Conditions() = default;

    /// A packet is sent. \returns when it arrives: once, never, or several times.
    virtual std::vector<std::uint64_t> ArrivalsUs(const World& world, const Flight& flight) = 0;

    /// Does a connection come about?
    virtual bool Connects(const World& world, std::uint32_t from, std::uint32_t server) = 0;

    /// A transfer has started: what becomes of it, and when something happens to it first.
    virtual void Started(const World& world,
                         std::uint32_t host,
                         std::uint32_t slot,
                         RunningTransfer& transfer) = 0;
};

/// What happens next by itself in a timed run: a packet arrives, something comes of a transfer, or
/// a timer runs out.
struct NextStep
{
    enum class Kind : std::uint8_t
    {
        Flight,
        Transfer,
        Timer,
    };

    std::uint64_t dueUs = 0;
    Kind kind = Kind::Flight;
    std::size_t flight = 0;
    std::uint32_t host = 0;     ///< of a transfer or timer
    std::uint32_t transfer = 0; ///< its slot
    TimerKey timer;
};

/// Sees each event with the actions it led to, before they are carried out.
class Observer
{
  public:
    virtual ~Observer() = default;
    virtual void Handled(const World& world,
                         std::uint32_t host,
                         const Event& event,
                         const ActionList& actions) = 0;
};

/// How long things take in a timed run, in microseconds.
struct Timing
{
    std::uint64_t packetUs = 100;
    std::uint64_t peerTransferUs = 10'000;
    std::uint64_t internetTransferUs = 1'000'000;
};

/// Some nodes, the packets between them, their timers and transfers, in memory: a host without a
/// network, and a regular value. Every step is the caller's choice (a script's, the explorer's), or
/// the clock's (RunNext). Tokens are `HOST, COUNT`, so that what a run shows is readable and two
/// ways to the same state meet.
///
/// Hosts are counted from 0; host i has the node ID "n<i+1>" ("n<i+1>.<starts>" after a restart)
/// and is PeerId i+1.
class World
{
  public:
    /// One host per configuration. \p resourceBytes is the size of every resource.
    explicit World(const std::vector<std::shared_ptr<const PeeringConfig>>& configs,
                   std::uint64_t resourceBytes = 1000);

    /// Told of each event handled from now on; nullptr: nobody. Not part of the value.
    void SetObserver(Observer* observer)
    {
        m_observer = observer;
    }

    /// Asked from now on; nullptr: nobody. Not part of the value.
    void SetConditions(Conditions* conditions)
    {
        m_conditions = conditions;
    }

    void SetTiming(const Timing& timing)
    {
        m_timing = timing;
    }

    /// Draws in timed runs from a seed; without it each host draws its own fixed share of a range,
    /// lower hosts less, which is easy to follow by eye.
    void SeedDraws(std::uint64_t seed)
    {
        m_random = seed;
    }

    std::size_t Size() const
    {
        return m_hosts.size();
    }

    const Host& At(std::uint32_t host) const
    {
        return m_hosts[host];
    }

    Host& At(std::uint32_t host)
    {
        return m_hosts[host];
    }

    const std::vector<Flight>& Flights() const
    {
        return m_flights;
    }

    std::uint64_t NowUs() const
    {
        return m_nowUs;
    }

    std::uint64_t ResourceBytes() const
    {
        return m_resourceBytes;
    }

    /// The size of one resource, where it is another than that of all the others.
    void SetResourceBytes(const std::string& href, std::uint64_t bytes)
    {
        m_bytesOf[href] = bytes;
    }

    std::uint64_t ResourceBytes(const std::string& href) const
    {
        const auto its = m_bytesOf.find(href);
        return its == m_bytesOf.end() ? m_resourceBytes : its->second;
    }

    static PeerId PeerOf(std::uint32_t host)
    {
        return static_cast<PeerId>(host + 1);
    }

    // Steps. Each hands one event to one node and carries out what it wants done. Those about a
    // flight, timer or transfer ask that it exists.

    void Handle(std::uint32_t host, const Event& event);
    void Deliver(std::size_t flight);
    void Lose(std::size_t flight);
    /// The same packet arrives once more, later.
    void Duplicate(std::size_t flight);
    void Fire(std::uint32_t host, const TimerKey& timer);
    void ProgressTransfer(std::uint32_t host, std::uint32_t transfer, std::uint64_t received);
    /// All bytes are there, the verdict is not.
    void CompleteBody(std::uint32_t host, std::uint32_t transfer);
    void EndTransfer(std::uint32_t host,
                     std::uint32_t transfer,
                     TransferOutcome outcome,
                     Verdict verdict);
    /// Ends a transfer as it would by itself: whole, busy, refused or broken.
    void FinishTransfer(std::uint32_t host, std::uint32_t transfer);
    void Kill(std::uint32_t host);
    /// Starts a dead host again under a new name, with the copies that it kept.
    void Restart(std::uint32_t host);

    // Timed runs.

    /// What happens by itself next, in order of time, or nullopt.
    std::optional<NextStep> Next() const;

    /// When that is.
    std::optional<std::uint64_t> NextDueUs() const;

    /// Lets the next thing happen: a packet arrives, a transfer ends or a timer fires, in order of
    /// time. \returns false when there is none.
    bool RunNext();

    /// Time passes without anything happening.
    void AdvanceTo(std::uint64_t nowUs)
    {
        m_nowUs = nowUs;
    }

    // The clock and what is drawn by it are no state.
    LANPEER_FIELDS(m_hosts, m_flights)

  private:
    void Carry(std::uint32_t host, const ActionList& actions);
    void Carry(std::uint32_t host, const Broadcast& action);
    void Carry(std::uint32_t host, const SendTo& action);
    void Carry(std::uint32_t host, const ArmTimer& action);
    void Carry(std::uint32_t host, const CancelTimer& action);
    void Carry(std::uint32_t host, const DrawToken& action);
    void Carry(std::uint32_t host, const StartTransfer& action);
    void Carry(std::uint32_t host, const StopTransfer& action);
    void Carry(std::uint32_t host, const AnswerUpload& action);
    void Carry(std::uint32_t host, const OfferCopy& action);
    void Carry(std::uint32_t host, const WithdrawCopy& action);

    /// What is only told: to applications, to whoever looks.
    template <typename Told>
    void Carry(std::uint32_t /*host*/, const Told& /*action*/)
    {
    }

    void Connect(std::uint32_t host,
                 std::uint32_t slot,
                 const PeerSource& source,
                 RunningTransfer& transfer);
    void Send(std::uint32_t from, std::uint32_t to, const Shared<ServicePacket>& packet);
    void ReleaseUpload(const RunningTransfer& transfer);
    std::uint64_t DrawUs(std::uint32_t host, std::uint64_t minMs, std::uint64_t maxMs);

    std::vector<Host> m_hosts;
    std::vector<Flight> m_flights;
    std::uint64_t m_resourceBytes;
    std::map<std::string, std::uint64_t> m_bytesOf; ///< of resources of another size
    std::uint64_t m_nowUs = 0;
    Timing m_timing;
    std::optional<std::uint64_t> m_random;
    Observer* m_observer = nullptr;
    Conditions* m_conditions = nullptr;
    std::optional<AnswerUpload> m_uploadAnswer; ///< of the upload being asked for
};

/// The lock of a harness token: what SHA-256 is to a real one, but readable.
Lock HarnessLock(const Token& token);

} // namespace lanpeer::harness
