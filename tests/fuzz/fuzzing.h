#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

/// What libFuzzer calls, a definition in each *-fuzzer.cc. The corpus test, which links all of
/// them, compiles each under a name of its own (CMakeLists.txt).
///
/// \returns 0; whatever the bytes are, a promise that is broken ends the program (Require()).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lanpeer::fuzz
{

/// A promise of the code under test. Where it is broken, says which and aborts, which is what
/// libFuzzer takes for a crash, and keeps the input of.
inline void
Require(bool holds, std::string_view promise)
{
    if (!holds)
    {
        std::cerr << "fuzz: broken: " << promise << std::endl;
        std::abort();
    }
}

/// The input as text.
inline std::string_view
TextOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// The input as a sequence of choices. What lies behind its end is zeros, so that a shorter input
/// is the beginning of what a longer one does.
class Choices
{
  public:
    explicit Choices(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    bool Empty() const
    {
        return m_bytes.empty();
    }

    std::uint8_t Byte()
    {
        const auto byte = static_cast<std::uint8_t>(m_bytes.empty() ? 0 : m_bytes.front());
        m_bytes.remove_prefix(m_bytes.empty() ? 0 : 1);
        return byte;
    }

    bool Flag()
    {
        return (Byte() & 1U) != 0;
    }

    /// From 0 to below \p bound, which is from 1 to 256.
    std::size_t Below(std::size_t bound)
    {
        return Byte() % bound;
    }

    /// One of a list's elements.
    template <typename List>
    const typename List::value_type& OneOf(const List& list)
    {
        return list[Below(list.size())];
    }

    /// Little-endian.
    std::uint64_t Number(unsigned bytes)
    {
        std::uint64_t number = 0;
        for (unsigned i = 0; i < bytes; ++i)
        {
            number |= std::uint64_t{Byte()} << (8 * i);
        }
        return number;
    }

    /// At most \p bytes of what is left.
    std::string_view Text(std::size_t bytes)
    {
        const std::string_view text = m_bytes.substr(0, bytes);
        m_bytes.remove_prefix(text.size());
        return text;
    }

    std::string_view Rest()
    {
        return Text(m_bytes.size());
    }

  private:
    std::string_view m_bytes;
};

} // namespace lanpeer::fuzz
