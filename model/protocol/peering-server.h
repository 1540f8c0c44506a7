#pragma once

#include "model/protocol/context.h"
#include "model/protocol/event.h"
#include "model/protocol/local-copies.h"
#include "model/protocol/request-index.h"
#include "model/protocol/slot-table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace lanpeer
{

/// How far this node's own Internet retrieval of a resource is.
struct OwnRetrieval
{
    std::uint64_t received = 0;
    std::optional<std::uint64_t> size;
};

/// What a server finds when it looks a resource up (124, and again at expiry: R-SRV-4).
struct Located
{
    const LocalCopy* copy = nullptr;
    std::optional<OwnRetrieval> retrieval;

    bool Anything() const
    {
        return copy != nullptr || retrieval.has_value();
    }
};

/// The peering server: FIG. 3 and FIG. 5, [0020]-[0024], [0040]-[0043], R-SRV-1 to R-SRV-9. One
/// state per request, independent of each other; and the upload slots (R-HTTP-3).
class PeeringServer
{
  public:
    /// "I need" was heard (184): 122 to 126, or back to 122.
    void HeardINeed(const Context& context, const PacketReceived& heard, const Located& located);

    /// "I found" was heard: cancels the request it belongs to, if its key fits (R-PKT-6).
    void HeardIFound(const Context& context, const PacketReceived& heard);

    /// \returns the href of a pending request, so that it can be located anew at expiry.
    const std::string* PendingHref(std::uint32_t slot) const;

    /// The delay of a request is over (R-SRV-4).
    void DelayOver(const Context& context, std::uint32_t slot, const Located& located);

    /// The memory of ended requests ages.
    void ForgetEnded(const Context& context);

    /// A peer asks for an alias by HTTP.
    void UploadAsked(const Context& context,
                     const lanpeer::UploadAsked& asked,
                     const LocalCopies& copies);
    void UploadEnded();

    std::size_t PendingCount() const
    {
        return m_pending.Count();
    }

    std::size_t EndedCount() const
    {
        return m_index.EndedCount();
    }

    LANPEER_FIELDS(m_pending, m_index, m_forgetArmed, m_uploads)

  private:
    struct Pending
    {
        RequestKey key;
        PeerId peer{};          ///< where the answer goes
        std::uint16_t port = 0; ///< and to which port
        std::string href;

        LANPEER_FIELDS(key, peer, port, href)
    };

    /// What a handler of the state table may look at; which members are set depends on the input.
    struct Input
    {
        RequestKey key;
        const PacketReceived* heard = nullptr;
        const Located* located = nullptr;
        ServerState state = ServerState::Delay;
        std::uint32_t slot = 0; ///< in that state
    };

    /// What can happen to one request: the columns of the state table.
    enum class Happening : std::uint8_t
    {
        INeed,
        IFound,
        DelayOver,
    };

    using Handler = void (PeeringServer::*)(const Context&, const Input&);
    struct Table;

    void Dispatch(const Context& context, Happening happening, const Input& input);

    // Handlers, one per cell of the state table that does something.
    void Ignore(const Context& context, const Input& input);
    void Locate(const Context& context, const Input& input);
    void NoteRepeated(const Context& context, const Input& input);
    void Cancel(const Context& context, const Input& input);
    void Transmit(const Context& context, const Input& input);

    bool SlotFree(const Context& context) const;
    void End(const Context& context, std::uint32_t slot);

    SlotTable<Pending> m_pending;
    RequestIndex m_index;
    bool m_forgetArmed = false;
    std::uint64_t m_uploads = 0; ///< slots in use
};

} // namespace lanpeer
