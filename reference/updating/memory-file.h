#pragma once

#include "model/protocol/update/update-memory.h"

#include <string>

namespace lanpeer::reference
{

/// What a file of the update service's memory held.
struct ReadMemory
{
    UpdateMemory memory;   ///< as of a first start if there is no file, or none that is whole
    std::string damage;    ///< what is wrong with the file; empty if nothing is
    bool isSecond = false; ///< then: the memory is the one before, FILE.before
};

/// Reads it, and changes nothing. Throws std::system_error if it is there and cannot be read;
/// UpdaterError if a later version wrote it: to begin anew would be to forget what was published
/// and who was revoked (T8, T9).
ReadMemory ReadMemoryFile(const std::string& file);

/// Sets a damaged file aside as FILE.damaged, and puts the one before in its place. Throws
/// std::system_error.
void RepairMemoryFile(const std::string& file, const ReadMemory& read);

/// Writes it, JSON: after a crash at any instant the old one is there or the new one (T8), and the
/// new one is on the disk when this returns. The old one becomes FILE.before.
///
/// Throws std::system_error, which names the file.
void WriteMemoryFile(const std::string& file, const UpdateMemory& memory);

} // namespace lanpeer::reference
