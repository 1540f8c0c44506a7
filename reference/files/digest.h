#pragma once

#include "reference/files/file-descriptor.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// SHA-256 of some bytes. From libsodium, as in the simulation, so that nothing that the two share
/// needs OpenSSL.
using Digest = std::array<std::uint8_t, 32>;

Digest DigestOf(std::string_view bytes);

/// Of a whole file, from its first byte on. Throws std::system_error.
Digest DigestOf(const FileDescriptor& file);

/// 64 lower-case hexadecimal digits.
std::string ToHex(const Digest& digest);

/// \returns nullopt for what is not 64 hexadecimal digits, of either case
std::optional<Digest> DigestFromHex(std::string_view text);

} // namespace lanpeer::reference
