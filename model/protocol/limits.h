#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the core that is not a parameter (parameters.h), in one place. What a remote peer
/// sends grows no table past these.
namespace lanpeer::limits
{

constexpr std::size_t kPacketBytes = 1400;              ///< R-PKT-4: one datagram, never fragmented
constexpr std::size_t kPacketAttributes = 32;           ///< R-PKT-4
constexpr std::size_t kHrefEscapedBytes = 1000;         ///< R-PKT-4: as it stands in the XML
constexpr std::uint32_t kRequestIdSentMax = 0x7FFFFFFF; ///< R-PKT-1: 2^31 - 1
constexpr std::uint32_t kRequestIdAcceptedMax = 0x80000000; ///< R-PKT-1: 2^31, [0038] says both
constexpr std::size_t kLocationPathBytes = 256; ///< a plain peer's alias may be a longer path
constexpr std::uint64_t kResourceBytesMax = 1ULL << 53; ///< exact in every JSON reader; no packet
                                                        ///< tells of more

constexpr std::size_t kRefusedPeers = 64;      ///< per request; the oldest is forgotten first
constexpr std::size_t kHeardDownloads = 16;    ///< downloads of others tracked per request
constexpr std::size_t kJoined = 256;           ///< application requests that share one request
constexpr std::size_t kHelpJobs = 64;          ///< resources a helper considers at a time
constexpr std::size_t kHelpAskers = 16;        ///< known to ask for one of them
constexpr std::size_t kFailedHolders = 16;     ///< per "I need"; then no more answers to it count
constexpr std::size_t kApplicationTypes = 64;  ///< packet types that applications registered
constexpr std::uint32_t kBusyAnswersTaken = 4; ///< R-CLI-9: the fourth busy answer ends the wait
constexpr std::uint32_t kAskRounds = 4;        ///< R-CLI-8: rounds that newly refused peers allow

constexpr std::uint64_t kDelayFloorMs = 50; ///< R-SRV-2: the least D that a request may ask for
constexpr std::uint64_t kBackOffMs = 1000;  ///< first back-off, doubled up to the next line
constexpr std::uint64_t kBackOffMaxMs = 60000;

} // namespace lanpeer::limits
