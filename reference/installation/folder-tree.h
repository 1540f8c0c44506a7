#pragma once

#include "reference/files/private-folder.h"

#include <string>

namespace lanpeer::reference
{

/// Makes all files of a folder and of those within it files of another folder too, and puts that on
/// the disk; the bytes are there already. The other folder should be empty.
///
/// Throws FileError, also for what is neither a file nor a folder (L21).
void CarryOver(const PrivateFolder& from, const PrivateFolder& to);

/// Removes a file, a link, or a folder with all that is in it. Nothing is no error.
///
/// Throws FileError.
void RemoveTree(const PrivateFolder& folder, const std::string& name);

} // namespace lanpeer::reference
