#pragma once

#include "reference/files/file-descriptor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace lanpeer::reference
{

/// Who may look into a folder that is made.
enum class Readers
{
    OnlyWe, ///< 0700
    All,    ///< 0755, whatever the umask is
};

/// A folder that nobody else may write, held open: what is done in it goes by its descriptor and a
/// name without a slash, and never follows a link (L21). All of it throws FileError.
class PrivateFolder
{
  public:
    /// Makes it if it is missing; the folders above must be there.
    ///
    /// Refused: a link, what is not ours, what others may write, what lies in a folder whose
    /// entries others may replace: one that is neither ours nor root's, or that others may write
    /// and is not sticky.
    explicit PrivateFolder(const std::string& path, Readers readers = Readers::OnlyWe);

    /// One inside; it is made if missing and always of that mode afterwards.
    PrivateFolder(const PrivateFolder& parent,
                  const std::string& name,
                  Readers readers = Readers::OnlyWe);

    /// One inside as it is; nullopt if nothing stands there.
    std::optional<PrivateFolder> Inside(const std::string& name) const;

    /// For what is done by it elsewhere.
    const FileDescriptor& Descriptor() const
    {
        return m_folder;
    }

    /// Without links, for what has to be given a path.
    const std::string& Path() const
    {
        return m_path;
    }

    /// How errors name what is in it.
    std::string PathOf(const std::string& name) const;

    /// Opens, as openat() does, with O_CLOEXEC, O_NOFOLLOW and O_NONBLOCK (a pipe put there may
    /// not hold us). Files are made 0600.
    /// \returns one that is not open, errno saying why
    FileDescriptor TryOpen(const std::string& name, int flags) const;

    /// Throws instead.
    FileDescriptor Open(const std::string& name, int flags) const;

    /// What stands there, itself and not what it links to; nullopt if nothing does.
    std::optional<struct stat> Look(const std::string& name) const;

    /// Over whatever stands there.
    void Rename(const std::string& name, const PrivateFolder& to, const std::string& newName) const;

    /// \returns whether it is gone now, or was; false for a folder, which stays
    bool Unlink(const std::string& name) const;

    /// \returns whether a folder is gone now, or was; false for one with something in it
    bool RemoveFolder(const std::string& name) const;

    /// The file under another name as well. Nothing may stand there.
    void HardLink(const std::string& name,
                  const PrivateFolder& to,
                  const std::string& newName) const;

    /// Makes a link that leads to \p target. Nothing may stand there.
    void MakeLink(const std::string& target, const std::string& name) const;

    /// Where a link leads; nullopt if nothing stands there.
    std::optional<std::string> ReadLink(const std::string& name) const;

    /// All names but "." and "..".
    std::vector<std::string> Names() const;

    /// Its entries are on the disk when this returns.
    void Sync() const;

    /// What is free to us on its file system.
    std::uint64_t FreeBytes() const;

  private:
    PrivateFolder(FileDescriptor folder, std::string path);

    void CheckOurs() const;

    std::string m_path;
    FileDescriptor m_folder;
};

/// Which file it is and in which state: whoever writes to it, replaces it or changes its
/// permissions changes this too, up to the grain of the file system's clock.
struct FileIdentity
{
    explicit FileIdentity(const struct stat& status);

    bool operator==(const FileIdentity& other) const;

    /// But for the time of the last change of the inode, which a rename sets.
    bool HasSameBytes(const FileIdentity& other) const;

    std::uint64_t device;
    std::uint64_t inode;
    std::uint64_t sizeBytes;
    std::int64_t modifiedNs;
    std::int64_t changedNs;
};

/// What keeps it from being a file of ours that nobody else has a hand in: "a link", "a folder",
/// "not a regular file", "of another user", "under another name as well"; empty if nothing does.
std::string WhyNotPlain(const struct stat& status);

/// fstat(), which throws FileError naming the file.
struct stat StatusOf(const FileDescriptor& file, const std::string& path);

} // namespace lanpeer::reference
