#pragma once

#include "reference/packages/byte-source.h"
#include "reference/packages/cabinet-layout.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

/// A file that goes into a cabinet.
struct CabinetFile
{
    std::string name; ///< folders parted by slashes
    std::string bytes;
    bool executable = false;
};

/// A cabinet of these files in this order. The same files make the same
/// bytes: the time of each entry is 2000-01-01 00:00:00, whatever the clock says.
///
/// Throws PackageError for what ReadCabinetLayout() would refuse.
std::string MakeCabinet(const std::vector<CabinetFile>& files, const CabinetLimits& limits = {});

/// A cabinet with the room in its header that a signature needs. libgcab can make that too, but
/// frees it twice.
///
/// Throws PackageError for what is no cabinet.
std::string WithRoomForSignature(std::string_view cabinet);

/// Reads an entry after the other out of a cabinet, each as a whole: no more is held in memory than
/// the longest of them. What comes out is what ReadCabinetLayout() said, name and length, or it
/// throws.
///
/// \param wanted which entries; the others are passed over
/// \param take is given each as it comes, which is the order of their data; what it throws ends it
///
/// Throws PackageError.
void ExtractCabinet(const ByteSource& source,
                    const CabinetLimits& limits,
                    const std::function<bool(const CabinetEntry&)>& wanted,
                    const std::function<void(const CabinetEntry&, std::string_view)>& take);

} // namespace lanpeer::reference
