#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// Whence bytes came, or that they went.
enum class TrafficKind
{
    FromPeer,
    FromInternet,
    ServedToPeer,
};

/// How many rows that name a peer a month may have; whoever comes later is one of kOtherPeers.
constexpr std::size_t kMaxTrafficPeersPerMonth = 1000;

/// How many months are kept, the latest ones.
constexpr std::size_t kMaxTrafficMonths = 24;

constexpr const char* kOtherPeers = "others";

/// What was moved in a month, of a kind, with a peer.
struct TrafficRow
{
    std::string month; ///< "2026-11"
    TrafficKind kind = TrafficKind::FromPeer;
    std::string peer; ///< as the caller names it, or kOtherPeers
    std::uint64_t transfers = 0;
    std::uint64_t bytes = 0;
};

/// What is not given is not asked for.
struct TrafficQuery
{
    std::optional<std::string> month;
    std::optional<TrafficKind> kind;
    std::optional<std::string> peer;
};

} // namespace lanpeer::reference
