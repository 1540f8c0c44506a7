#pragma once

#include "model/protocol/update/update-memory.h"

#include <optional>
#include <string>

namespace lanpeer::reference
{

/// What a file of the update service's memory held.
struct ReadMemory
{
    UpdateMemory memory; ///< as of a first start if there is no file, or a damaged one
    std::string damage;  ///< why the file was set aside as FILE.damaged; empty if it was not
};

/// Reads it. Throws std::system_error if it is there and cannot be read.
ReadMemory ReadMemoryFile(const std::string& file);

/// Writes it, JSON: after a crash at any instant the old one is there or the new one (T8), and the
/// new one is on the disk when this returns.
///
/// Throws std::system_error, which names the file.
void WriteMemoryFile(const std::string& file, const UpdateMemory& memory);

} // namespace lanpeer::reference
