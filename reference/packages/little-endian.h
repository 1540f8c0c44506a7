#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lanpeer::reference
{

/// A number of so many bytes, which must be there.
inline std::uint32_t
LittleEndian(std::string_view bytes, std::size_t offset, std::size_t count)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < count; ++i)
    {
        number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[offset + i]))
                  << (8 * i);
    }
    return number;
}

/// Writes one in the place of what is there.
template <typename Bytes>
void
PutLittleEndian(Bytes& bytes, std::size_t offset, std::uint32_t number, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
    {
        bytes[offset + i] = static_cast<char>(number >> (8 * i));
    }
}

} // namespace lanpeer::reference
