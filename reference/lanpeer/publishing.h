#pragma once

#include "reference/packages/certificates.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// What the publisher's commands have in common.

namespace lanpeer::command
{

/// More than certificates and a key have.
inline constexpr std::uint64_t kMostPemBytes = 1U << 20U;

/// A decimal number of digits alone, from \p least to \p most, or throws WrongUse that names the
/// option.
std::uint64_t NumberOf(std::string_view option,
                       const std::string& text,
                       std::uint64_t least,
                       std::uint64_t most);

/// All of a file, or of a pipe. Throws WrongUse for more than \p mostBytes, std::runtime_error if
/// it cannot be read.
std::string ReadFile(const std::string& name, std::uint64_t mostBytes);

/// Throws WrongUse for files that are no certificate and its key, std::runtime_error.
reference::SigningKey ReadSigningKey(const std::string& certificate, const std::string& key);

/// Seconds since 1970.
std::int64_t NowS();

/// Throws std::runtime_error for a version that lies more than a day ahead of this computer's
/// clock: whatever takes it takes no earlier one any more (L23, T8).
void RequireOfThisTime(const std::string& file, std::string_view version);

/// The last part of a path: what a file is called in its folder.
std::string BaseName(const std::string& path);

/// Puts what was made where it was asked for, and prints its name, its size and its SHA-256.
///
/// \param described what JSON says of it beside these
void Publish(std::string_view bytes,
             const std::string& output,
             const nlohmann::ordered_json& described,
             bool json);

} // namespace lanpeer::command
