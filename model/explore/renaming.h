#pragma once

#include "model/explore/lane.h"
#include "model/harness/world.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace lanpeer::explore
{

/// Other numbers for the hosts of a lane and for what they want: host i becomes hosts[i], request
/// i + 1 of an application becomes wants[i] + 1.
struct Renaming
{
    std::array<std::uint8_t, kMaxHosts> hosts{};
    std::array<std::uint8_t, kMaxWants> wants{};

    /// First this one, then \p next.
    Renaming Then(const Renaming& next) const;

    Renaming Inverse() const;

    /// Bit wants[i] of the result is bit i.
    std::uint32_t Wants(std::uint32_t bits) const;

    friend bool operator==(const Renaming& a, const Renaming& b)
    {
        return a.hosts == b.hosts && a.wants == b.wants;
    }
};

/// The renaming under which everybody keeps its number.
Renaming SameNames();

/// The canonical encoding of what a host would be if the hosts had those numbers: names, peers,
/// tokens, aliases and IDs of requests are of who has the number then. What has no order of its own
/// is sorted under the new names, so that equal hosts have equal encodings.
std::string EncodedAs(const Renaming& renaming,
                      const harness::Host& host,
                      const Watch& watch,
                      std::uint8_t number);

std::string EncodedAs(const Renaming& renaming, const harness::Flight& flight);

} // namespace lanpeer::explore
