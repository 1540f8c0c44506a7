#pragma once

#include "model/protocol/update/package-facts.h"

#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// What the entry is called that carries the embedded name [0065], [0066].
inline constexpr const char* kCabInfoName = "cabinfo.ini";
inline constexpr std::size_t kMaxCabInfoBytes = 4096;

/// "[cabinfo]" and a line each of file=, product= and version=.
///
/// Throws PackageError for a value that ReadCabInfo() would refuse.
std::string WriteCabInfo(const EmbeddedName& name);

/// Strict: this one group with these three keys, each once; blank lines and lines that begin with
/// '#' count for nothing. Values are 1 to 255 printable ASCII characters without a
/// backslash, a slash or blanks.
///
/// Throws PackageError, which says what is missing, double or unknown.
EmbeddedName ReadCabInfo(std::string_view text);

} // namespace lanpeer::reference
