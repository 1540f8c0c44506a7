#pragma once

#include "model/protocol/fields.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer
{

/// The sender's name in a packet: 1 to 40 of [A-Za-z0-9._-], compared as bytes (R-PKT-1, [0036]).
/// Drawn by the host at each start, so that it does not outlive one (ATTACKS L25).
///
/// A plain peer sends none; then its source address stands for it. Such a name starts with a colon,
/// which no sent one can.
class NodeId
{
  public:
    static constexpr std::size_t kMaxLength = 40;

    NodeId() = default;

    /// \returns the name, or nullopt where the text is not one.
    static std::optional<NodeId> Parse(std::string_view text);

    /// The name of a node that sends none: its source address.
    static NodeId OfAddress(std::uint64_t peer);

    std::string_view Text() const
    {
        return {m_text.data(), m_length};
    }

    bool Empty() const
    {
        return m_length == 0;
    }

    /// Is it a name that packets may carry, not an address that stands for one?
    bool MayTravel() const
    {
        return m_length != 0 && m_text[0] != ':';
    }

    friend bool operator==(const NodeId& a, const NodeId& b)
    {
        return a.Text() == b.Text();
    }

    friend bool operator!=(const NodeId& a, const NodeId& b)
    {
        return !(a == b);
    }

    /// By bytes: decides ties between two downloaders (R-CLI-5).
    friend bool operator<(const NodeId& a, const NodeId& b)
    {
        return a.Text() < b.Text();
    }

  private:
    explicit NodeId(std::string_view text);

    std::array<char, kMaxLength> m_text{};
    std::uint8_t m_length = 0;
};

template <typename Sink>
void
VisitValue(Sink& sink, const NodeId& id)
{
    sink.Integer(id.Text().size());
    sink.Bytes(id.Text().data(), id.Text().size());
}

/// A peer as the host knows it: one number per source address. Opaque to the core.
enum class PeerId : std::uint64_t
{
};

/// A request of an application, numbered by the host (R-API-1). The core only hands it back.
enum class AppRequestId : std::uint64_t
{
};

/// A transfer that the core started: one at a time per request, so the request's slot names it.
enum class TransferId : std::uint32_t
{
};

/// An HTTP request of a peer, numbered by the host.
enum class UploadId : std::uint64_t
{
};

/// 16 random bytes, drawn by the host: the secret v of R-PKT-6, or an alias (R-HTTP-1).
using Token = std::array<std::uint8_t, 16>;

/// Bytes 0 to 15 of SHA-256 of a token: what an "I need" shows of its secret (R-PKT-6).
using Lock = std::array<std::uint8_t, 16>;

/// What distinguishes one "I need" from every other (R-PKT-6): two locks are two requests.
struct RequestKey
{
    NodeId node;
    std::uint32_t id = 0;
    std::optional<Lock> lock;

    LANPEER_FIELDS(node, id, lock)
};

/// What an application says of a resource it asks for.
struct RequestOptions
{
    bool mayWait = true;        ///< it may wait for another node's download (148, [0030])
    bool mayUseInternet = true; ///< false: this LAN only
    bool cacheable = true;      ///< false: the catalog, straight to the Internet (R-CLI-11, [0054])
    bool verified = true;       ///< the host holds a verifier for it (R-HTTP-2); false: as above
    bool allowQuery = false;    ///< an href with a query may be put into a packet (R-PKT-4)

    LANPEER_FIELDS(mayWait, mayUseInternet, cacheable, verified, allowQuery)
};

/// Timers that the core arms. A key names one timer; arming it again replaces it.
enum class TimerKind : std::uint8_t
{
    ResponseDelay, ///< 126: a server's random delay before it answers [0021]; subject: pending slot
    ForgetEnded,   ///< ended requests are remembered for one to two client waits (R-SRV-5)
    ResponseWait,  ///< 144: D + T [0026]; subject, here and below: request slot
    Pause,         ///< before an Internet retrieval or a re-ask (R-CLI-8 `pause`)
    HolderWait,    ///< until a busy holder is tried again (R-CLI-9)
    BackOff,       ///< before the Internet, or the LAN without access, is tried again
    TransferStall, ///< no byte of a transfer (section 2)
    DownloadStall, ///< no word of the downloads heard of (section 2)
    Patience,      ///< the longest wait for peers per request, in all (R-CLI-9)
    Deadline,      ///< of a request (R-CLI-7)
    Progress,      ///< the next "downloading" of a retrieval (R-CLI-5)
    Quiet,         ///< another downloader is further on and was heard (R-CLI-5)
    HelpDelay,     ///< before a helper claims (R-CLI-12); subject: help slot
    AccessRetry,   ///< Internet access is presumed again (R-CLI-12)
};

struct TimerKey
{
    TimerKind kind = TimerKind::ResponseDelay;
    std::uint32_t subject = 0;

    LANPEER_FIELDS(kind, subject)
};

/// What a token is drawn for.
enum class TokenPurpose : std::uint8_t
{
    Request, ///< the secret of one "I need"; subject: request slot
    Alias,   ///< the alias of one local copy; subject: copy slot
};

struct TokenKey
{
    TokenPurpose purpose = TokenPurpose::Request;
    std::uint32_t subject = 0;

    LANPEER_FIELDS(purpose, subject)
};

/// Where a requester ended up getting a resource (R-CLI-7).
enum class Source : std::uint8_t
{
    Local,
    Peer,
    Internet,
};

std::string_view ToString(TimerKind kind);
std::string_view ToString(TokenPurpose purpose);
std::string_view ToString(Source source);

} // namespace lanpeer
