#include "reference/packages/cabinet-layout.h"

#include "reference/packages/cabinet-name.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/package-error.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::reference
{

namespace
{

constexpr std::uint64_t kBlockBytes = 32768;
/// What a block may grow to that cannot be made shorter, after the format's description.
constexpr std::uint64_t kMaxStoredBytes = kBlockBytes + 6144;
constexpr std::uint32_t kMaxFolders = 64;
constexpr std::size_t kMaxNameBytes = 255;
constexpr std::uint32_t kMaxCompression = 1; // MSZIP
constexpr std::uint32_t kAttributeExecute = 0x40;
/// Below it no ratio is asked: a page of zeros is no bomb.
constexpr std::uint64_t kNoBombBytes = 1U << 20U;

void
Require(bool holds, const char* what)
{
    if (!holds)
    {
        throw PackageError(what);
    }
}

/// The fields behind the 36 bytes of each header, which only signing writes.
void
ReadReserve(const ByteSource& source, CabinetHeader& header)
{
    const std::string bytes = source.TextAt(0, kReservedHeaderBytes);
    Require(LittleEndian(bytes, 36, 4) == kSigningReserve,
            "it reserves other room than 20 bytes in the header");
    Require(LittleEndian(bytes, 40, 4) == kSigningMark || LittleEndian(bytes, 40, 4) == 0,
            "the mark of a signature is another");
    Require(LittleEndian(bytes, 52, 4) == 0 && LittleEndian(bytes, 56, 4) == 0,
            "it has something in the header that signing leaves empty");
    const SignaturePlace place{LittleEndian(bytes, 44, 4), LittleEndian(bytes, 48, 4)};
    if (place.offset != 0 || place.sizeBytes != 0)
    {
        Require(LittleEndian(bytes, 40, 4) == kSigningMark, "the mark of a signature is missing");
        Require(place.offset == header.sizeBytes, "its signature is not right behind it");
        Require(place.sizeBytes == source.Size() - place.offset && place.sizeBytes > 0,
                "its signature does not end where the file does");
        header.signature = place;
    }
}

struct Folder
{
    std::uint64_t dataOffset = 0;
    std::uint32_t blocks = 0;
    std::uint64_t outputBytes = 0; ///< of its blocks
    std::uint64_t filled = 0;      ///< by the entries so far
};

std::vector<Folder>
ReadFolders(const ByteSource& source, const CabinetHeader& header)
{
    const std::uint64_t begin = header.hasReserve ? kReservedHeaderBytes : kHeaderBytes;
    Require(header.folders >= 1 && header.folders <= kMaxFolders, "too many folders, or none");
    Require(header.filesOffset == begin + 8 * header.folders,
            "its entries do not begin behind its folders");
    const std::string table = source.TextAt(begin, 8 * header.folders);
    std::vector<Folder> folders(header.folders);
    for (std::size_t i = 0; i < folders.size(); ++i)
    {
        folders[i].dataOffset = LittleEndian(table, 8 * i, 4);
        folders[i].blocks = LittleEndian(table, 8 * i + 4, 2);
        Require(LittleEndian(table, 8 * i + 6, 2) <= kMaxCompression,
                "a compression that is not read here: neither none nor MSZIP");
    }
    return folders;
}

/// One entry of CFFILE.
/// \returns where the next one begins
std::uint64_t
ReadEntry(const ByteSource& source,
          std::uint64_t at,
          std::uint64_t end,
          std::uint32_t depth,
          std::vector<Folder>& folders,
          CabinetEntry& entry)
{
    const auto window =
        static_cast<std::size_t>(std::min<std::uint64_t>(16 + kMaxNameBytes + 1, end - at));
    const std::string bytes = source.TextAt(at, window);
    const std::size_t zero = bytes.size() > 16 ? bytes.find('\0', 16) : std::string::npos;
    Require(zero != std::string::npos, "an entry's name has no end");
    const std::uint32_t folder = LittleEndian(bytes, 8, 2);
    Require(folder < folders.size(), "an entry in no folder");
    entry.sizeBytes = LittleEndian(bytes, 0, 4);
    entry.executable = (LittleEndian(bytes, 14, 2) & kAttributeExecute) != 0;
    entry.name = ReadEntryName(std::string_view(bytes).substr(16, zero - 16), depth);
    Require(LittleEndian(bytes, 4, 4) == folders[folder].filled,
            "an entry does not begin where the one before it ends");
    folders[folder].filled += entry.sizeBytes;
    return at + zero + 1;
}

/// The head of each block.
/// \returns where the folder's data end
std::uint64_t
ReadBlocks(const ByteSource& source, std::uint64_t at, std::uint64_t end, Folder& folder)
{
    for (std::uint32_t i = 0; i < folder.blocks; ++i)
    {
        Require(end - at >= 8, "a block of data is not there");
        const std::string head = source.TextAt(at, 8);
        const std::uint64_t stored = LittleEndian(head, 4, 2);
        const std::uint64_t output = LittleEndian(head, 6, 2);
        Require(stored >= 1 && stored <= kMaxStoredBytes && stored <= end - at - 8,
                "a block of data is longer than it may be");
        Require(output >= 1 &&
                    (output == kBlockBytes || (output < kBlockBytes && i + 1 == folder.blocks)),
                "a block of data that is not full, or too full");
        folder.outputBytes += output;
        at += 8 + stored;
    }
    return at;
}

void
CheckRatio(std::uint64_t output, std::uint64_t input, const CabinetLimits& limits)
{
    if (output > limits.outputBytes)
    {
        throw PackageError(fmt::format("decompression bomb: {} bytes come out of it, more than {}",
                                       output,
                                       limits.outputBytes));
    }
    if (output > kNoBombBytes && output / limits.ratio > input)
    {
        throw PackageError(fmt::format("decompression bomb: {} bytes come out of {}, more than "
                                       "{} times as many",
                                       output,
                                       input,
                                       limits.ratio));
    }
}

} // namespace

CabinetHeader
ReadCabinetHeader(const ByteSource& source)
{
    Require(source.Size() >= kHeaderBytes, "no cabinet: too short");
    const std::string bytes = source.TextAt(0, kHeaderBytes);
    Require(bytes.compare(0, 4, "MSCF") == 0, "no cabinet");
    CabinetHeader header;
    header.sizeBytes = LittleEndian(bytes, 8, 4);
    header.filesOffset = LittleEndian(bytes, 16, 4);
    header.folders = LittleEndian(bytes, 26, 2);
    header.files = LittleEndian(bytes, 28, 2);
    const std::uint32_t flags = LittleEndian(bytes, 30, 2);
    Require(LittleEndian(bytes, 4, 4) == 0 && LittleEndian(bytes, 12, 4) == 0 &&
                LittleEndian(bytes, 20, 4) == 0,
            "it has something in the header that is to be empty");
    Require(LittleEndian(bytes, 24, 2) == 0x0103, "a cabinet of another version than 1.3");
    Require((flags & ~kReservePresent) == 0 && LittleEndian(bytes, 34, 2) == 0,
            "one of several cabinets that belong together, or a flag that is unknown");
    Require(header.sizeBytes <= source.Size(), "it ends too early");
    if ((flags & kReservePresent) != 0)
    {
        header.hasReserve = true;
        ReadReserve(source, header);
    }
    Require(header.signature || header.sizeBytes == source.Size(), "bytes behind its end");
    return header;
}

std::vector<CabinetEntry>
ReadCabinetLayout(const ByteSource& source, const CabinetLimits& limits)
{
    const CabinetHeader header = ReadCabinetHeader(source);
    if (header.files < 1 || header.files > limits.entries)
    {
        throw PackageError(fmt::format("{} entries, not 1 to {}", header.files, limits.entries));
    }
    std::vector<Folder> folders = ReadFolders(source, header);
    std::vector<CabinetEntry> entries(header.files);
    std::vector<std::string> names;
    std::uint64_t at = header.filesOffset;
    for (CabinetEntry& entry : entries)
    {
        Require(at < header.sizeBytes, "an entry is not there");
        at = ReadEntry(source, at, header.sizeBytes, limits.depth, folders, entry);
        names.push_back(entry.name);
    }
    CheckDistinct(names);
    const std::uint64_t dataBegin = at;
    std::uint64_t output = 0;
    for (Folder& folder : folders)
    {
        Require(folder.dataOffset == at, "a folder's data do not begin behind what is before them");
        at = ReadBlocks(source, at, header.sizeBytes, folder);
        Require(folder.filled == folder.outputBytes, "entries and data are not of one length");
        output += folder.outputBytes;
    }
    Require(at == header.sizeBytes, "bytes behind its data");
    CheckRatio(output, header.sizeBytes - dataBegin, limits);
    return entries;
}

} // namespace lanpeer::reference
