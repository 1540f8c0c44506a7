#pragma once

#include "model/protocol/update/package-facts.h"
#include "reference/files/file-descriptor.h"
#include "reference/packages/byte-source.h"
#include "reference/packages/cabinet-layout.h"

#include <vector>

namespace lanpeer::reference
{

/// Whether what was written is on the disk when it is told of.
enum class Durability
{
    Synced,  ///< each file and each folder, \p folder itself last
    Written, ///< for who syncs later, or not at all
};

/// Writes what is in a package into a folder: files of 0644, or 0755 if the package says that they
/// are programs, in folders of 0755. Nothing that is there is opened, followed or replaced (L21):
/// the folder should be empty, and of nobody else.
///
/// All limits hold before the first byte is written (L16). What fails later leaves what was written
/// until then, for the owner of the folder to throw away.
///
/// \param facts what ExaminePackage() said of it: the signature is valid, and the bytes are the
///              same still
/// \returns what was written, in the package's order
///
/// Throws PackageError, std::system_error.
std::vector<CabinetEntry> UnpackPackage(const ByteSource& source,
                                        const PackageFacts& facts,
                                        const CabinetLimits& limits,
                                        const FileDescriptor& folder,
                                        Durability durability = Durability::Synced);

} // namespace lanpeer::reference
