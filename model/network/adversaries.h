#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// What a hostile node of the LAN does in place of an honest peer (R-SIM-6; the rows of ATTACKS.md
/// that name it).
enum class AdversaryKind : std::uint8_t
{
    Silent,       ///< nothing at all: what the others are measured against
    Altered,      ///< answers as an honest holder does, and serves an altered body (T6)
    FastLiar,     ///< the same, but answers at once and so is always the first (L1)
    BusyLiar,     ///< answers at once and for ever that no slot is free (L1)
    Empty,        ///< "I have", and then 404
    Closed,       ///< "I have", and then nobody listens
    Endless,      ///< serves a few bytes per second, for ever (U1)
    Stopping,     ///< serves half a body and keeps the connection (U1)
    Excess,       ///< serves more bytes than it announced (T2)
    Downloading,  ///< "I am downloading": a download that grows and never ends (L6)
    Stuck,        ///< the same, but it does not even grow (L6)
    Complete,     ///< "download complete" for whatever is asked for, and then 404 (L7)
    Cancel,       ///< "I found" for others' requests, without their key and with a wrong one (L2)
    CancelForged, ///< the same, with the requester's source address (L2)
    Flood,        ///< "I need" for things that nobody has, as fast as it is told to (L4, L5)
    Forged,       ///< "I need" with a victim's source address, for what is there (L3): that of the
                  ///< honest node of the highest index, in whose segment alone it is heard
};

std::string_view ToString(AdversaryKind kind);

/// All of them, in their order.
const std::vector<AdversaryKind>& AdversaryKinds();

/// The hostile nodes of a LAN: the highest indices. They ask for nothing and hold nothing; with two
/// interfaces they use the one in their own segment.
struct AdversaryConfig
{
    std::uint32_t count = 0;
    /// Dealt in turn, the first to the lowest index of them; not empty.
    std::vector<AdversaryKind> kinds = {AdversaryKind::Altered};
    double packetsPerS = 100; ///< of each Flood or Forged
    double bytesPerS = 1;     ///< of each body of an Endless
    /// Whoever has the gateway alters every body that comes from the Internet (L19); from nodes
    /// that keep themselves up to date it keeps every catalog but the first (T5).
    bool gateway = false;
};

} // namespace lanpeer::lan
