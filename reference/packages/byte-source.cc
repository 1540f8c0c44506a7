#include "reference/packages/byte-source.h"

#include "reference/packages/package-error.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kPieceBytes = 256 * 1024;

} // namespace

void
ByteSource::ReadAt(std::uint64_t offset, char* bytes, std::size_t count) const
{
    if (offset > Size() || count > Size() - offset || DoReadAt(offset, bytes, count) != count)
    {
        throw PackageError("it ends too early");
    }
}

std::string
ByteSource::TextAt(std::uint64_t offset, std::size_t count) const
{
    // Not before it is known that so much is there.
    std::string text(offset <= Size() && count <= Size() - offset ? count : 0, '\0');
    ReadAt(offset, text.data(), count);
    return text;
}

void
ByteSource::ReadInPieces(std::uint64_t begin,
                         std::uint64_t end,
                         const std::function<void(std::string_view)>& take) const
{
    std::vector<char> piece(
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, end - begin)));
    while (begin < end)
    {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end - begin));
        ReadAt(begin, piece.data(), count);
        take({piece.data(), count});
        begin += count;
    }
}

std::size_t
FileSource::DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const
{
    return m_file.ReadAt(offset, bytes, count);
}

std::size_t
MemorySource::DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const
{
    std::memcpy(bytes, m_bytes.data() + offset, count);
    return count;
}

} // namespace lanpeer::reference
