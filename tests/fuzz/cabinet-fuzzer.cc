#include "reference/packages/cabinet.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/package-error.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <string>
#include <vector>

// A cabinet. What libgcab gets to see is only what has passed our own reading of its tables (L16).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::reference;

CabinetLimits
Limits()
{
    CabinetLimits limits;
    limits.outputBytes = 1U << 20U;
    limits.entries = 16;
    limits.depth = 4;
    return limits;
}

void
CheckMessage(std::string_view message)
{
    Require(!message.empty() && message.size() < 400, "a message is a line");
    Require(
        std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; }),
        "L22: no control characters in a message");
}

void
CheckName(std::string_view name)
{
    Require(!name.empty() && name.size() <= 255, "a name's length");
    Require(name.front() != '/' && name.back() != '/', "L11: no absolute name");
    std::size_t parts = 0;
    while (!name.empty())
    {
        const std::string_view part = name.substr(0, std::min(name.find('/'), name.size()));
        Require(!part.empty() && part != "." && part != "..", "L11: no name leads elsewhere");
        Require(std::all_of(part.begin(),
                            part.end(),
                            [](char c) { return c >= ' ' && c <= '~' && c != '\\'; }),
                "L22: no control characters in a name");
        name.remove_prefix(std::min(part.size() + 1, name.size()));
        ++parts;
    }
    Require(parts <= Limits().depth, "L16: a name's depth");
}

void
CheckEntries(const std::vector<CabinetEntry>& entries)
{
    Require(!entries.empty() && entries.size() <= Limits().entries, "L16: how many entries");
    std::uint64_t total = 0;
    for (const CabinetEntry& entry : entries)
    {
        CheckName(entry.name);
        total += entry.sizeBytes;
        const auto same = [&entry](const CabinetEntry& other)
        {
            return other.name == entry.name;
        };
        Require(std::count_if(entries.begin(), entries.end(), same) == 1, "no name twice");
    }
    Require(total <= Limits().outputBytes, "L16: how much comes out");
}

/// \returns whether all of it could be decompressed
bool
CheckExtraction(const ByteSource& source, const std::vector<CabinetEntry>& entries)
{
    std::vector<std::string> taken;
    try
    {
        ExtractCabinet(
            source,
            Limits(),
            [](const CabinetEntry& /*entry*/) { return true; },
            [&taken](const CabinetEntry& entry, std::string_view bytes)
            {
                Require(bytes.size() == entry.sizeBytes, "what comes out is what was said");
                taken.push_back(entry.name);
            });
    }
    catch (const PackageError& error)
    {
        CheckMessage(error.what());
        return false;
    }
    std::vector<std::string> names;
    for (const CabinetEntry& entry : entries)
    {
        names.push_back(entry.name);
    }
    std::sort(taken.begin(), taken.end());
    std::sort(names.begin(), names.end());
    Require(taken == names, "all entries come out, once");
    return true;
}

/// The same with the checksum of each block as it should be: else hardly a change of the data
/// would come to where they are decompressed.
std::string
WithChecksums(std::string bytes)
{
    const CabinetHeader header = ReadCabinetHeader(MemorySource(bytes));
    const std::size_t folder = header.hasReserve ? kReservedHeaderBytes : kHeaderBytes;
    std::size_t at = LittleEndian(bytes, folder, 4);
    while (at < header.sizeBytes)
    {
        const std::size_t stored = LittleEndian(bytes, at + 4, 2);
        std::uint32_t sum = LittleEndian(bytes, at + 4, 4);
        std::size_t i = 0;
        for (; i + 4 <= stored; i += 4)
        {
            sum ^= LittleEndian(bytes, at + 8 + i, 4);
        }
        std::uint32_t last = 0;
        for (; i < stored; ++i)
        {
            last = last << 8U | static_cast<unsigned char>(bytes[at + 8 + i]);
        }
        PutLittleEndian(bytes, at, sum ^ last, 4);
        at += 8 + stored;
    }
    return bytes;
}

/// Room for a signature changes nothing of what is in it.
void
CheckRoom(std::string_view bytes, const std::vector<CabinetEntry>& entries)
{
    const std::string with = WithRoomForSignature(bytes);
    const MemorySource source(with);
    const std::vector<CabinetEntry> again = ReadCabinetLayout(source, Limits());
    Require(again.size() == entries.size(), "with room for a signature it has the same entries");
    Require(CheckExtraction(source, again), "with room for a signature it can be read still");
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    const std::string_view bytes = TextOf(data, size);
    const MemorySource source(bytes);
    std::vector<CabinetEntry> entries;
    try
    {
        entries = ReadCabinetLayout(source, Limits());
    }
    catch (const PackageError& error)
    {
        CheckMessage(error.what());
        return 0;
    }
    CheckEntries(entries);
    CheckExtraction(source, entries);
    const std::string repaired = WithChecksums(std::string(bytes));
    if (CheckExtraction(MemorySource(repaired), entries))
    {
        CheckRoom(repaired, entries);
    }
    return 0;
}
