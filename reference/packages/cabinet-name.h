#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

// What an entry of a cabinet may be called. In the cabinet folders are parted by a backslash, to
// everybody here by a slash: "help/en.html". Letters of one case or the other are the same name,
// as they are where cabinets come from.

/// \param inCabinet as it stands in the cabinet
/// \returns the name with slashes
///
/// Throws PackageError unless it is parts of printable ASCII, 255 bytes at most in all and no more
/// than \p maxDepth of them, none empty, "." or "..", none with what Windows or a shell makes
/// something else of (<>:"|?*/), none that ends in a dot or begins or ends with a blank.
std::string ReadEntryName(std::string_view inCabinet, std::size_t maxDepth);

/// As it will stand in the cabinet; throws for what ReadEntryName() would refuse.
std::string WriteEntryName(std::string_view name, std::size_t maxDepth);

/// Throws PackageError if two are the same, or one is the folder that another is in.
void CheckDistinct(const std::vector<std::string>& names);

} // namespace lanpeer::reference
