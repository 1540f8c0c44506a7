#pragma once

#include "reference/files/digest.h"
#include "reference/files/file-descriptor.h"
#include "reference/files/private-folder.h"
#include "reference/store/room.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// The body of a transfer while it arrives: a file in partial/ of the state folder, of a random
/// name, that goes with this object unless Store::Keep() made it a copy (R-HTTP-2).
///
/// Made by Store::StartPartial(). Used by one worker at a time; the store may look at it and be
/// used meanwhile. Its end may come in any thread, also after the store's.
class PartialFile
{
  public:
    ~PartialFile();

    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    const std::string& Href() const
    {
        return m_href;
    }

    /// To be written to, until Seal(). What this throws is std::system_error: a full disk is
    /// std::errc::no_space_on_device.
    const FileDescriptor& File() const
    {
        return m_file;
    }

    /// How long it will be, once that is known, or at least: the store's limits count it from then
    /// on.
    ///
    /// \returns false if that does not fit within the limits even if every copy that may go went;
    ///          then what was expected before still holds, and no more should be written. Nothing
    ///          is evicted for it: Store::Evict() does that for what was written
    bool Expect(std::uint64_t bytes);

    /// Makes it a copy of a file that an application offers, which the caller opened.
    ///
    /// Throws StoreError if that is not a regular file, does not fit (see Expect()), or changes
    /// meanwhile.
    /// \returns its length
    std::uint64_t CopyFrom(const FileDescriptor& source);

    /// Nothing is written to it any more: makes it read-only (0400), puts it on the disk (fsync)
    /// and says what it holds. May take long: 1 GB is some seconds.
    ///
    /// Throws StoreError if its length is another (L15) or the disk fails; then the file stays
    /// unfit for good, as a second fsync would not tell what the first one lost.
    Digest Seal(std::uint64_t expectedBytes);

  private:
    friend class Store;

    PartialFile(std::string href,
                std::shared_ptr<const PrivateFolder> folder,
                std::shared_ptr<Room> room);

    /// Whether the store has it as a copy now. The store's thread alone changes it.
    bool HasMoved() const
    {
        return m_moved;
    }

    /// What the store's limits count it as.
    std::uint64_t CountedBytes() const;
    /// How long it is.
    std::uint64_t WrittenBytes() const;
    /// How much of so many bytes the disk does not have yet.
    std::uint64_t MissingBytes(std::uint64_t ofBytes) const;
    /// Whether what it has fits within the limits, if every copy that may go went.
    bool Fits() const;

    /// Moves it to where the copies are.
    ///
    /// Throws StoreError if it is not sealed, not of this digest, or changed since.
    /// \returns what to know the copy by
    FileIdentity MoveTo(const PrivateFolder& copies, const std::string& name, const Digest& digest);

    struct Sealed
    {
        Digest digest{};
        FileIdentity identity;
    };

    const std::string m_href;
    const std::shared_ptr<const PrivateFolder> m_folder;
    const std::shared_ptr<Room> m_room;
    const std::string m_name;
    const std::string m_path;
    const FileDescriptor m_file;
    std::atomic<std::uint64_t> m_expectedBytes{0};

    std::mutex m_mutex; ///< of what follows
    std::optional<Sealed> m_sealed;
    bool m_unfit = false;
    std::atomic<bool> m_moved{false};
};

} // namespace lanpeer::reference
