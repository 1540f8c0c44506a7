#include "model/explore/fingerprint.h"

namespace lanpeer::explore
{

namespace
{

constexpr std::uint64_t kLowFactor = 0x87C37B91114253D5ULL;
constexpr std::uint64_t kHighFactor = 0x4CF5AD432745937FULL;

std::uint64_t
RotateLeft(std::uint64_t value, unsigned bits)
{
    return (value << bits) | (value >> (64 - bits));
}

/// Up to eight bytes, the first one lowest.
std::uint64_t
Word(std::string_view bytes)
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size() && i < 8; ++i)
    {
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return word;
}

std::uint64_t
Finished(std::uint64_t value)
{
    value ^= value >> 33;
    value *= 0xFF51AFD7ED558CCDULL;
    value ^= value >> 33;
    value *= 0xC4CEB9FE1A85EC53ULL;
    return value ^ (value >> 33);
}

std::uint64_t
MixedLow(std::uint64_t word)
{
    return RotateLeft(word * kLowFactor, 31) * kHighFactor;
}

std::uint64_t
MixedHigh(std::uint64_t word)
{
    return RotateLeft(word * kHighFactor, 33) * kLowFactor;
}

} // namespace

Fingerprint
FingerprintOf(std::string_view bytes)
{
    constexpr std::size_t kBlock = 16;
    const std::uint64_t size = bytes.size();
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    while (bytes.size() >= kBlock)
    {
        low ^= MixedLow(Word(bytes));
        low = (RotateLeft(low, 27) + high) * 5 + 0x52DCE729;
        high ^= MixedHigh(Word(bytes.substr(8)));
        high = (RotateLeft(high, 31) + low) * 5 + 0x38495AB5;
        bytes.remove_prefix(kBlock);
    }
    low ^= MixedLow(Word(bytes));
    high ^= MixedHigh(bytes.size() > 8 ? Word(bytes.substr(8)) : 0);

    low ^= size;
    high ^= size;
    low += high;
    high += low;
    low = Finished(low);
    high = Finished(high);
    low += high;
    high += low;
    return {low, high};
}

} // namespace lanpeer::explore
