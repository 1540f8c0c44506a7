#pragma once

#include <cstdint>
#include <initializer_list>

namespace lanpeer::swarm
{

/// Draws from a seed: splitmix64 (Steele, Lea, Flood 2014), mapped to integers by its own rule,
/// since std::uniform_int_distribution is another one in every library.
class Random
{
  public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }

    /// A generator of its own for each \p purpose, so that one draw more or less somewhere changes
    /// nothing elsewhere.
    Random(std::uint64_t seed, std::uint64_t purpose)
        : m_state(seed)
    {
        m_state = Next() ^ (purpose * 0xD6E8FEB86659FD93ULL);
        Next();
    }

    std::uint64_t Next()
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    /// 0 to \p bound - 1. (Bounds are so small that the bias of a remainder does not matter.)
    std::uint64_t Below(std::uint64_t bound)
    {
        return Next() % bound;
    }

    /// Both ends included.
    std::uint64_t Between(std::uint64_t least, std::uint64_t most)
    {
        return least + Below(most - least + 1);
    }

    bool Chance(std::uint64_t perMille)
    {
        return Below(1000) < perMille;
    }

    std::uint64_t OneOf(std::initializer_list<std::uint64_t> values)
    {
        return *(values.begin() + Below(values.size()));
    }

  private:
    std::uint64_t m_state;
};

} // namespace lanpeer::swarm
