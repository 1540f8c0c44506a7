#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// \returns its text, or nothing if there is no file. Throws std::system_error if it is there and
///          cannot be read, or is longer.
std::optional<std::string> ReadText(const std::string& file, std::uint64_t bytesMax);

/// After a crash at any instant the old text is there or the new one (T8), and the new one is on
/// the disk when this returns. Throws std::system_error, which names the file.
///
/// \param before where the old text goes, if there was one; empty: nowhere
void WriteDurably(const std::string& file, const std::string& text, const std::string& before = "");

} // namespace lanpeer::reference
