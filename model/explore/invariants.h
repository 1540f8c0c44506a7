#pragma once

#include "model/harness/world.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::explore
{

/// A requirement that does not hold, and what was seen of it.
struct Violation
{
    std::string requirement; ///< "R-SRV-3"
    std::string what;
};

/// Readings of a requirement that are stricter than what the core promises; to look at what they
/// cost.
struct Strictness
{
    /// An "I found" that overtook its "I need" forbids the answer too.
    bool foundBeforeNeed = false;
};

/// A request as one server should know it.
struct KnownRequest
{
    RequestKey key;
    std::uint32_t requester = 0;       ///< the host that it came from
    std::optional<std::uint32_t> slot; ///< its delay runs
    std::uint32_t answers = 0;
    bool found = false;        ///< the matching "I found" was delivered
    std::uint32_t ageings = 0; ///< of the server's memory, since it ended

    LANPEER_FIELDS(key, requester, slot, answers, found, ageings)
};

/// What one host does to get one resource.
struct Getting
{
    std::uint32_t running = 0; ///< bit i: application request i + 1 is to be answered
    bool announced = false;    ///< it told of its download and owes word of its end
    std::uint32_t refused = 0; ///< bit i: host i sent what the verifier refused, for what runs
    std::uint8_t asked = 0;    ///< times that it was asked for since nothing ran
    std::uint8_t needs = 0;    ///< "I need" packets sent for what runs
    std::uint8_t founds = 0;   ///< and "I found"

    LANPEER_FIELDS(running, announced, refused, asked, needs, founds)
};

/// A fetch from a peer.
struct Fetch
{
    std::string href;
    PeerId peer{};

    LANPEER_FIELDS(href, peer)
};

/// What is known of one host. It is next to nothing that the node itself does not keep, so that a
/// right core has hardly more states with it than without.
struct Watch
{
    std::vector<KnownRequest> known;        ///< in order of keys; pending, or remembered for sure
    std::map<std::string, Getting> getting; ///< by href; what is all over is left out
    std::map<TransferId, Fetch> fetches;

    /// Bit i: application request i + 1 is to be answered.
    std::uint32_t Running() const;

    LANPEER_FIELDS(known, getting, fetches)
};

/// Watches the nodes of a world from outside and knows, of what they did, what is needed to say
/// that they did something wrong. Part of the explored state: two histories that the monitor tells
/// apart are two states.
class Monitor : public harness::Observer
{
  public:
    Monitor(std::size_t hosts, const Strictness& strictness);

    void Handled(const harness::World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override;

    /// A host died: what it knew is gone, and its requests are over.
    void Crashed(std::uint32_t host);

    /// Looks at a host at rest, between two steps.
    void LookAt(const harness::Host& host, std::uint32_t number);

    /// The first thing seen that is wrong. Nothing more is looked for after it.
    const std::optional<Violation>& Seen() const
    {
        return m_violation;
    }

    const Watch& At(std::uint32_t host) const
    {
        return m_watches[host];
    }

    Watch& At(std::uint32_t host)
    {
        return m_watches[host];
    }

    LANPEER_FIELDS(m_watches)

  private:
    struct Seeing;

    void Violate(std::string_view requirement, std::string what);
    KnownRequest* Find(std::uint32_t server, const NodeId& node, std::uint32_t id);

    // By event.
    void LookAtEvent(const Seeing& seeing);
    void HeardINeed(const Seeing& seeing, const PacketReceived& heard);
    void HeardIFound(const Seeing& seeing, const PacketReceived& heard);
    void DelayOver(const Seeing& seeing, std::uint32_t slot);
    void MakeRoom(const Seeing& seeing);
    void MemoryAged(std::uint32_t host);
    void Asked(const Seeing& seeing, const UploadAsked& asked);
    void Ended(const Seeing& seeing, const TransferEnded& ended);

    // By action: the i-th of those that are seen.
    void LookAtAction(const Seeing& seeing, std::size_t i);
    void Sent(const Seeing& seeing,
              std::size_t i,
              const ServicePacket& packet,
              std::optional<PeerId> to);
    void SaidToHave(const Seeing& seeing, std::size_t i, const ServicePacket& packet);
    void ToldOfDownload(const Seeing& seeing, const ServicePacket& packet);
    void Answered(const Seeing& seeing, const ServicePacket& packet, std::optional<PeerId> to);
    void Cancelled(const Seeing& seeing, std::size_t i, const TimerKey& timer);
    void Offered(const Seeing& seeing, const OfferCopy& offer);
    void Started(const Seeing& seeing, std::size_t i, const StartTransfer& start);
    void Found(const Seeing& seeing, const TellFound& found);
    void Failed(const Seeing& seeing, std::size_t i, const TellFailed& failed);
    std::string Told(std::uint32_t host, AppRequestId request);

    // At rest.
    void LookAtRequest(const harness::Host& host,
                       std::uint32_t number,
                       std::uint32_t slot,
                       const ClientRequest& request);
    void LookAtBounds(const harness::Host& host, std::uint32_t number);
    void LookAtGetting(const harness::Host& host,
                       std::uint32_t number,
                       const std::string& href,
                       const Getting& getting);

    Strictness m_strictness;
    std::vector<Watch> m_watches; ///< by host
    std::optional<Violation> m_violation;
};

/// How many upload slots of one host a host's transfers hold.
std::uint64_t SlotsHeldBy(const harness::Host& host, std::uint32_t server);

} // namespace lanpeer::explore
