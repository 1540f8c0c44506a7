#pragma once

#include "reference/files/digest.h"
#include "reference/files/file-descriptor.h"
#include "reference/files/private-folder.h"
#include "reference/store/index.h"
#include "reference/store/partial-file.h"
#include "reference/store/room.h"
#include "reference/store/store-error.h"
#include "reference/store/traffic.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace lanpeer::reference
{

/// What the copies may take (R-HTTP-4).
struct StoreLimits
{
    /// All copies together, and what is arriving; 10 GB.
    std::uint64_t bytes = 10'000'000'000;
    /// How long after it was kept a copy goes, used or not; 90 days, 0: never.
    std::uint64_t ageS = 90 * 24 * 3600;
    /// What must stay free on the file system; 1 GB.
    std::uint64_t freeDiskBytes = 1'000'000'000;
};

struct StoreSettings
{
    /// The state folder; made if missing, the folders above it must be there.
    std::string folder;
    StoreLimits limits;
    /// Seconds since the epoch; the system's clock if empty.
    std::function<std::int64_t()> now;
    /// What the file system has free, in bytes; asks it if empty. Called in any thread.
    std::function<std::uint64_t()> freeDiskBytes;
};

/// A file that the store does not have any more, or would not have.
struct DroppedFile
{
    std::string href; ///< empty if it was no copy
    std::string file; ///< its path
    std::string why;  ///< "another digest", "a link"...
};

/// What a start found.
struct StartCheck
{
    std::vector<CopyInfo> kept; ///< whole, in the order of their hrefs
    std::vector<DroppedFile> dropped;
    std::string indexDamage; ///< why the index was set aside; empty if it was not
};

/// How far the check at the start is.
struct CheckProgress
{
    std::size_t copies = 0;
    std::size_t ofCopies = 0;
    std::uint64_t bytes = 0;
    std::uint64_t ofBytes = 0;
};

/// What Open() gives.
struct OpenedCopy
{
    /// To read from, in any thread; while somebody has it, the copy is in use. Null: no copy.
    std::shared_ptr<const FileDescriptor> file;
    CopyInfo info;
    /// Why there is none although there was: what is on the disk is not the file that was kept.
    /// The store has dropped it, whoever offers it must stop.
    std::string damage;
};

/// The local copies, one per href: files in copies/ of the state folder, with an index in SQLite
/// (R-HTTP-2, R-HTTP-4).
///
///     state/              must be ours and not be written by others
///         lock            held while a store has the folder
///         index.sqlite    which copies there are; and the counters
///         copies/         0700; read-only files (0400) named after href and digest
///         partial/        0700; what is arriving; emptied at every start
///
/// A copy is there once its row is. The file has its final name before, on the disk, and that name
/// has the digest in it, so that a new copy of an href never stands where the old one does: a crash
/// at any instant leaves the old copy or the new one, and a file too many that the next start
/// removes.
///
/// Against who plants files (L20, L21): at the start every copy is read and its digest taken; later
/// a copy whose inode, size, times or permissions changed is not served. Nothing follows a link.
///
/// Used from one thread, but for PartialFile and what Open() gives. Whatever goes wrong is a
/// StoreError.
class Store
{
  public:
    /// Checks every copy, which takes as long as it takes to read them all: `progress`, if any, is
    /// called before each and once at the end, and may throw to give up.
    ///
    /// Throws StoreError if the folder is refused (see PrivateFolder), another store has it, or it
    /// cannot be used. A damaged index is no error: it is set aside as index.sqlite.damaged, the
    /// copies go.
    explicit Store(StoreSettings settings,
                   const std::function<void(const CheckProgress&)>& progress = {});

    /// Flushes.
    ~Store();

    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// What the start found.
    const StartCheck& Checked() const
    {
        return m_checked;
    }

    /// For a body that is to arrive.
    /// \returns nullptr while another of the same href lives: one writer per URL
    std::shared_ptr<PartialFile> StartPartial(const std::string& href);

    /// Makes what has arrived the copy of its href, in the place of an old one: to be called once
    /// it is sealed and accepted. It is on the disk when this returns.
    ///
    /// \param digest what was accepted; throws StoreError if the file is another, or was written to
    ///        after it was sealed, or does not fit within the limits even if every copy that may
    ///        go went. After an error the old copy is still there.
    CopyInfo Keep(PartialFile& partial, const Digest& digest);

    /// Gives the copy to read from and marks it used now.
    OpenedCopy Open(const std::string& href);

    /// \returns nullopt if there is no copy
    std::optional<CopyInfo> Find(const std::string& href) const;

    /// In the order of their hrefs.
    std::vector<CopyInfo> List() const;

    /// Who has it open can read on. Nothing happens if there is none.
    ///
    /// If this throws, the copy is gone nevertheless, unless its file could not be removed: then
    /// the next start may find it again.
    void Remove(const std::string& href);

    /// Takes other limits, which hold from the next call on: what is too much for them goes by
    /// Evict().
    void SetLimits(const StoreLimits& limits);

    /// Says which copies must go so that the limits hold with what was written to partial bodies
    /// and so many bytes more: those that are too old, then the least recently used. Those in use
    /// stay. Removes nothing: whoever offers them must be told first.
    ///
    /// What a partial body is expected to have and does not have yet costs no copy. If not even all
    /// copies would make the room, none goes for it.
    std::vector<std::string> Evict(std::uint64_t incomingBytes) const;

    /// Whether that fits now, by size and free disk, beside what partial bodies are expected to
    /// have.
    bool HasRoomFor(std::uint64_t incomingBytes) const;

    /// Of all copies.
    std::uint64_t TotalBytes() const
    {
        return m_totalBytes;
    }

    /// Counts one transfer, for `status`. Throws std::invalid_argument for what is not like
    /// "2026-11".
    void AddTraffic(TrafficKind kind,
                    const std::string& peer,
                    std::uint64_t bytes,
                    const std::string& month);

    /// In the order of month, kind and peer.
    std::vector<TrafficRow> Traffic(const TrafficQuery& query = {});

    /// Writes down what only memory knows: uses and counters. Happens by itself when one of them
    /// changes and the last time is a minute ago; a crash loses no more than that, and no copy.
    void Flush();

  private:
    struct Copy
    {
        CopyInfo info;
        FileIdentity identity;
        std::uint64_t use = 0; ///< the larger the later, also within a second
        bool unwritten = false;
        std::weak_ptr<const FileDescriptor> open;
    };

    void Lock();
    void OpenIndex();
    void SetIndexAside();
    void CheckCopies(const std::function<void(const CheckProgress&)>& progress);
    void ClearFolder(const PrivateFolder& folder, const char* why);
    std::int64_t Now() const;
    std::uint64_t FreeDiskBytes() const;
    /// For PartialFile, in any thread: whether it could have so many bytes if every copy that may
    /// go went. The room's mutex must be held.
    bool CanFit(const PartialFile& partial, std::uint64_t bytes) const;
    /// Written to partial bodies.
    std::uint64_t ArrivedBytes() const;
    void Drop(std::map<std::string, Copy>::iterator copy);
    void FlushIfDue();

    const StoreSettings m_settings;
    StoreLimits m_limits;
    /// Its mutex is held where m_limits, m_copies, m_totalBytes and m_partials change, and where
    /// another thread than the store's reads them.
    const std::shared_ptr<Room> m_room;
    const PrivateFolder m_folder;
    FileDescriptor m_lock;
    const PrivateFolder m_copiesFolder;
    const std::shared_ptr<const PrivateFolder> m_partialFolder;
    std::unique_ptr<Index> m_index;

    StartCheck m_checked;
    std::map<std::string, Copy> m_copies;
    std::uint64_t m_totalBytes = 0;
    std::uint64_t m_uses = 0;
    std::unordered_map<std::string, std::weak_ptr<PartialFile>> m_partials;

    std::map<std::tuple<std::string, TrafficKind, std::string>, TrafficRow> m_traffic;
    std::int64_t m_flushedS = 0;
};

} // namespace lanpeer::reference
