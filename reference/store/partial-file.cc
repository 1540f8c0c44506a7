#include "reference/store/partial-file.h"

#include "reference/store/store-error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/random.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

std::string
RandomName(const PrivateFolder& folder)
{
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    {
        throw StoreError(folder.Path(), "no random name to be had");
    }
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

/// Lets the system copy, which may share the blocks.
/// \returns how much it did before it would or could no more
std::uint64_t
CopyInTheSystem(const FileDescriptor& from, const FileDescriptor& to, std::uint64_t bytes)
{
    loff_t in = 0;
    loff_t out = 0;
    while (static_cast<std::uint64_t>(in) < bytes)
    {
        const ssize_t copied = ::copy_file_range(
            from.Get(), &in, to.Get(), &out, bytes - static_cast<std::uint64_t>(in), 0);
        if (copied == 0 || (copied < 0 && errno != EINTR))
        {
            break;
        }
    }
    return static_cast<std::uint64_t>(in);
}

void
CopyByHand(const FileDescriptor& from,
           const FileDescriptor& to,
           std::uint64_t offset,
           std::uint64_t bytes)
{
    std::vector<char> piece(256 * 1024);
    while (offset < bytes)
    {
        const std::size_t got = from.ReadAt(
            offset, piece.data(), std::min<std::uint64_t>(piece.size(), bytes - offset));
        if (got == 0)
        {
            return; // shorter than it was: the caller sees it
        }
        to.WriteAt(offset, std::string_view(piece.data(), got));
        offset += got;
    }
}

} // namespace

PartialFile::PartialFile(std::string href,
                         std::shared_ptr<const PrivateFolder> folder,
                         std::shared_ptr<Room> room)
    : m_href(std::move(href))
    , m_folder(std::move(folder))
    , m_room(std::move(room))
    , m_name(RandomName(*m_folder))
    , m_path(m_folder->PathOf(m_name))
    , m_file(m_folder->Open(m_name, O_RDWR | O_CREAT | O_EXCL))
{
}

PartialFile::~PartialFile()
{
    if (m_moved)
    {
        return;
    }
    try
    {
        m_folder->Unlink(m_name);
    }
    catch (const StoreError&)
    {
        // The next start clears the folder.
    }
}

bool
PartialFile::Expect(std::uint64_t bytes)
{
    const std::lock_guard<std::mutex> lock(m_room->mutex);
    if (m_room->fits && !m_room->fits(*this, bytes))
    {
        return false;
    }
    m_expectedBytes = bytes;
    return true;
}

bool
PartialFile::Fits() const
{
    const std::lock_guard<std::mutex> lock(m_room->mutex);
    return !m_room->fits || m_room->fits(*this, 0);
}

std::uint64_t
PartialFile::CopyFrom(const FileDescriptor& source)
{
    const std::string what = "the file to be copied into " + m_path;
    const struct stat status = StatusOf(source, what);
    if (!S_ISREG(status.st_mode))
    {
        throw StoreError(what, "not a regular file");
    }
    const FileIdentity before(status);
    if (!Expect(before.sizeBytes))
    {
        throw StoreError(
            what,
            fmt::format("has {} bytes, which do not fit within the limits of the store",
                        before.sizeBytes));
    }
    try
    {
        m_file.Truncate(0);
        const std::uint64_t done = CopyInTheSystem(source, m_file, before.sizeBytes);
        CopyByHand(source, m_file, done, before.sizeBytes);
    }
    catch (const std::system_error& error)
    {
        throw StoreError(m_path, error.what(), error.code());
    }
    if (!FileIdentity(StatusOf(source, what)).HasSameBytes(before))
    {
        throw StoreError(what, "changed while it was copied");
    }
    return before.sizeBytes;
}

Digest
PartialFile::Seal(std::uint64_t expectedBytes)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (m_unfit)
    {
        throw StoreError(m_path, "was found unfit before");
    }
    m_unfit = true;
    try
    {
        const std::uint64_t bytes = m_file.Size();
        if (bytes != expectedBytes)
        {
            throw StoreError(
                m_path, fmt::format("has {} bytes, not the {} expected", bytes, expectedBytes));
        }
        if (::fchmod(m_file.Get(), S_IRUSR) != 0)
        {
            throw std::system_error(errno, std::generic_category(), "cannot make it read-only");
        }
        m_file.Sync();
        // Of before the digest is taken: who writes while it is taken is found out in MoveTo().
        const FileIdentity identity(StatusOf(m_file, m_path));
        m_sealed = Sealed{DigestOf(m_file), identity};
    }
    catch (const std::system_error& error)
    {
        throw StoreError(m_path, error.what(), error.code());
    }
    m_unfit = false;
    return m_sealed->digest;
}

std::uint64_t
PartialFile::CountedBytes() const
{
    return std::max(m_expectedBytes.load(), WrittenBytes());
}

std::uint64_t
PartialFile::WrittenBytes() const
{
    return FileIdentity(StatusOf(m_file, m_path)).sizeBytes;
}

std::uint64_t
PartialFile::MissingBytes(std::uint64_t ofBytes) const
{
    constexpr std::uint64_t kBlockBytes = 512; // of st_blocks, whatever the file system's are
    const struct stat status = StatusOf(m_file, m_path);
    const std::uint64_t written = static_cast<std::uint64_t>(status.st_blocks) * kBlockBytes;
    return ofBytes - std::min(ofBytes, written);
}

FileIdentity
PartialFile::MoveTo(const PrivateFolder& copies, const std::string& name, const Digest& digest)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (!m_sealed || m_unfit || m_moved)
    {
        throw StoreError(m_path, m_moved ? "is a copy already" : "is not sealed");
    }
    if (m_sealed->digest != digest)
    {
        throw StoreError(m_path, "is not the file that was accepted");
    }
    const auto there = m_folder->Look(m_name);
    if (!there || !WhyNotPlain(*there).empty() || !(FileIdentity(*there) == m_sealed->identity))
    {
        throw StoreError(m_path, "changed after it was sealed");
    }
    m_folder->Rename(m_name, copies, name);
    m_moved = true;
    // A rename changes the inode's time, so the copy is known by the new one; by nothing else that
    // is new, or what was written to it meanwhile would be taken for the file that was sealed.
    FileIdentity identity = m_sealed->identity;
    identity.changedNs = FileIdentity(StatusOf(m_file, copies.PathOf(name))).changedNs;
    return identity;
}

} // namespace lanpeer::reference
