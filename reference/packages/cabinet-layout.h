#pragma once

#include "reference/packages/byte-source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

// The tables of a Microsoft cabinet, read strictly before any other code sees them. Numbers are
// little-endian:
//
//   CFHEADER  0 "MSCF"  4 zero  8 size of the cabinet  12 zero  16 offset of CFFILE  20 zero
//             24 version 3.1  26 folders  28 files  30 flags  32 set  34 number in the set
//             and with a reserve (flag 4), which signing needs:
//             36 size of the reserve, 20  38 zero (of folders)  39 zero (of data)
//             40 0x00100000  44 where the signature begins  48 its length  52 zero, 8 bytes
//   CFFOLDER  0 offset of its first CFDATA  4 how many  6 compression          one per folder
//   CFFILE    0 size  4 offset in the folder  8 folder  10 date  12 time  14 attributes  16 name
//   CFDATA    0 checksum  4 bytes here  6 bytes when decompressed  8 the bytes

inline constexpr std::uint64_t kHeaderBytes = 36;
inline constexpr std::uint64_t kReservedHeaderBytes = 60;

inline constexpr std::uint32_t kReservePresent = 4;       ///< of the flags
inline constexpr std::uint32_t kSigningReserve = 20;      ///< and none of folders and data
inline constexpr std::uint32_t kSigningMark = 0x00100000; ///< what a signature is known by

/// Where the signature stands, which is behind the cabinet.
struct SignaturePlace
{
    std::uint64_t offset = 0;
    std::uint64_t sizeBytes = 0;
};

struct CabinetHeader
{
    std::uint64_t sizeBytes = 0; ///< of the cabinet, without its signature
    std::uint64_t filesOffset = 0;
    std::uint32_t folders = 0;
    std::uint32_t files = 0;
    bool hasReserve = false;
    std::optional<SignaturePlace> signature;
};

/// Reads a header that is what making and signing a cabinet write: one cabinet alone, nothing in
/// fields that mean nothing, a signature right behind it up to the source's end, or none and the
/// cabinet ends there.
///
/// Throws PackageError.
CabinetHeader ReadCabinetHeader(const ByteSource& source);

/// What a cabinet may cost (L16). What is beyond is refused before anything is decompressed.
struct CabinetLimits
{
    std::uint64_t outputBytes = 256U << 20U; ///< of all entries
    std::uint64_t ratio = 100;               ///< of output to input, when it is more than 1 MiB
    std::uint32_t entries = 1024;
    std::uint32_t depth = 8; ///< parts of a name
};

struct CabinetEntry
{
    std::string name; ///< folders parted by slashes
    std::uint64_t sizeBytes = 0;
    bool executable = false;
};

/// Reads all tables and the head of each block of data, so that what comes out of it is known in
/// number, names and length: the tables and the data lie next to each other without a gap and
/// without sharing a byte, entries fill their folder in order, blocks are full but for the last.
/// Compression is none or MSZIP: what reads LZX and Quantum has a history.
///
/// Throws PackageError, also beyond the limits.
/// \returns the entries in their order
std::vector<CabinetEntry> ReadCabinetLayout(const ByteSource& source, const CabinetLimits& limits);

} // namespace lanpeer::reference
