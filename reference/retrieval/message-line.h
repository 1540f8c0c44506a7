#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// Bytes of a message at most.
inline constexpr std::size_t kMaxMessageBytes = 512;

/// One line of printable ASCII, whatever came from the network (L22): other bytes as \xNN, a
/// backslash doubled, and "..." where it was cut to \p maxBytes.
std::string PrintableLine(std::string_view text, std::size_t maxBytes = kMaxMessageBytes);

} // namespace lanpeer::reference
