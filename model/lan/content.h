#pragma once

#include "model/protocol/types.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lanpeer::lan
{

/// SHA-256.
using Digest = std::array<std::uint8_t, 32>;

/// What a simulated body is: bytes are only counted, so what they would be travels beside them, as
/// the entity tag (ETag) of the response. Two bodies are the same content exactly when their
/// descriptors are. A verifier compares the descriptor's digest with the one that the request
/// names, as a real one compares the body's (R-HTTP-2); who serves altered data sends another
/// descriptor.
///
/// \returns e.g. "Myavdat.0104060900.cab/910000/1"
std::string ContentDescriptor(std::string_view name, std::uint64_t bytes, std::uint32_t revision);

/// SHA-256 of a descriptor.
Digest DigestOf(std::string_view descriptor);

/// R-PKT-6: bytes 0 to 15 of SHA-256. For Decode() and for TokenDrawn.
Lock LockOf(const Token& token);

} // namespace lanpeer::lan
