#include "raw-cabinet.h"

#include "reference/packages/little-endian.h"

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kBlockBytes = 32768;

void
Append(std::string& bytes, std::uint32_t number, std::size_t count)
{
    bytes.resize(bytes.size() + count);
    PutLittleEndian(bytes, bytes.size() - count, number, count);
}

std::uint32_t
Checksum(const std::string& bytes, std::uint32_t seed)
{
    std::uint32_t sum = seed;
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4)
    {
        sum ^= LittleEndian(bytes, at, 4);
    }
    std::uint32_t last = 0;
    for (; at < bytes.size(); ++at)
    {
        last = last << 8U | static_cast<unsigned char>(bytes[at]);
    }
    return sum ^ last;
}

std::string
BlocksOf(const std::string& data, std::uint32_t& count)
{
    std::string blocks;
    for (std::size_t at = 0; at < data.size(); at += kBlockBytes)
    {
        const std::string piece = data.substr(at, kBlockBytes);
        std::string head;
        const auto size = static_cast<std::uint32_t>(piece.size());
        Append(head, size, 2);
        Append(head, size, 2);
        Append(blocks, Checksum(head, Checksum(piece, 0)), 4);
        blocks += head + piece;
        ++count;
    }
    return blocks;
}

} // namespace

RawCabinet::RawCabinet(std::initializer_list<File> files)
{
    std::uint32_t at = 0;
    for (const auto& [name, bytes] : files)
    {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        entries.push_back({name, bytes, size, at});
        at += size;
    }
}

std::string
RawCabinet::Bytes() const
{
    std::string table;
    std::string data;
    for (const Entry& entry : entries)
    {
        Append(table, entry.sizeBytes, 4);
        Append(table, entry.offset, 4);
        Append(table, entry.folder, 2);
        Append(table, 0x2821, 2); // 2000-01-01
        Append(table, 0, 2);
        Append(table, 0x20, 2);
        table += entry.name + '\0';
        data += entry.bytes;
    }
    std::uint32_t blocks = 0;
    const std::string packed = BlocksOf(data, blocks);
    const std::size_t dataOffset = 36 + 8 + table.size();
    std::string bytes = "MSCF";
    Append(bytes, 0, 4);
    Append(bytes, static_cast<std::uint32_t>(dataOffset + packed.size()), 4);
    Append(bytes, 0, 4);
    Append(bytes, 44, 4);
    Append(bytes, 0, 4);
    Append(bytes, 0x0103, 2);
    Append(bytes, 1, 2);
    Append(bytes, static_cast<std::uint32_t>(entries.size()), 2);
    Append(bytes, 0, 2);
    Append(bytes, 0, 4);
    Append(bytes, static_cast<std::uint32_t>(dataOffset) + dataMoved, 4);
    Append(bytes, blocksSaid == 0 ? blocks : blocksSaid, 2);
    Append(bytes, compression, 2);
    return bytes + table + packed;
}

std::string
WithField(std::string bytes, std::size_t offset, std::uint32_t value, std::size_t count)
{
    PutLittleEndian(bytes, offset, value, count);
    return bytes;
}

} // namespace lanpeer::reference
