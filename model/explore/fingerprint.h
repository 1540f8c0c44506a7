#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lanpeer::explore
{

/// 128 bits that stand for a state's canonical encoding.
///
/// Two of n states share one by chance with a probability of at most n^2 / 2^129: about 1.5e-25 for
/// ten million. Such a clash would hide a state, so the lanes count on its not happening instead of
/// keeping some 600 bytes a state to be certain.
struct Fingerprint
{
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    friend bool operator==(const Fingerprint& a, const Fingerprint& b)
    {
        return a.low == b.low && a.high == b.high;
    }

    friend bool operator!=(const Fingerprint& a, const Fingerprint& b)
    {
        return !(a == b);
    }
};

/// MurmurHash3_x64_128 (Austin Appleby, public domain) with seed 0: as good as random for bytes
/// that nobody chose to collide, at several bytes per nanosecond, and the same on every machine.
Fingerprint FingerprintOf(std::string_view bytes);

} // namespace lanpeer::explore
