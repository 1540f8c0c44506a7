#include "reference/files/private-folder.h"

#include "reference/files/file-error.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;

mode_t
ModeFor(Readers readers)
{
    return readers == Readers::OnlyWe ? 0700 : 0755;
}

[[noreturn]] void
Fail(const std::string& path, const std::string& what)
{
    const std::error_code code(errno, std::generic_category());
    throw FileError(path, fmt::format("{}: {}", what, code.message()), code);
}

std::string
WithoutSlashesAtTheEnd(std::string path)
{
    // "link/" is what the link leads to, "link" is the link.
    while (path.size() > 1 && path.back() == '/')
    {
        path.pop_back();
    }
    return path;
}

std::string
RealPathOf(const std::string& path)
{
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                           &std::free);
    if (!real)
    {
        Fail(path, "cannot tell where it is");
    }
    return real.get();
}

/// Whoever may write to a folder may put another in the place of ours, and SQLite goes by the path.
void
CheckAbove(const std::string& realPath)
{
    for (std::size_t slash = realPath.rfind('/'); slash != std::string::npos;)
    {
        const std::string above = slash == 0 ? "/" : realPath.substr(0, slash);
        struct stat status = {};
        if (::lstat(above.c_str(), &status) != 0)
        {
            Fail(above, "cannot look at it");
        }
        if (status.st_uid != 0 && status.st_uid != ::geteuid())
        {
            throw FileError(
                realPath,
                fmt::format("refused, for user {} owns {} and can replace what is in it",
                            status.st_uid,
                            above));
        }
        if ((status.st_mode & kOthersMayWrite) != 0 && (status.st_mode & S_ISVTX) == 0)
        {
            throw FileError(
                realPath,
                fmt::format(
                    "refused, for others may write {} and replace what is in it (mode {:o})",
                    above,
                    status.st_mode & 07777));
        }
        slash = slash == 0 ? std::string::npos : realPath.rfind('/', slash - 1);
    }
}

FileDescriptor
OpenFolder(int parent, const std::string& name, const std::string& path)
{
    FileDescriptor folder(
        ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.IsOpen())
    {
        const int reason = errno;
        struct stat status = {};
        if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(status.st_mode))
        {
            throw FileError(path, "refused, for it is a link: name the folder itself");
        }
        errno = reason;
        Fail(path, "cannot open the folder");
    }
    return folder;
}

void
SetMode(const FileDescriptor& folder, Readers readers, const std::string& path)
{
    if (::fchmod(folder.Get(), ModeFor(readers)) != 0)
    {
        Fail(path, "cannot set who may look into it");
    }
}

FileDescriptor
MakeFolder(int parent, const std::string& name, const std::string& path, Readers readers)
{
    const bool made = ::mkdirat(parent, name.c_str(), ModeFor(readers)) == 0;
    if (!made && errno != EEXIST)
    {
        Fail(path, "cannot make the folder");
    }
    FileDescriptor folder = OpenFolder(parent, name, path);
    if (made && readers == Readers::All)
    {
        SetMode(folder, readers, path);
    }
    return folder;
}

struct CloseFolder
{
    void operator()(DIR* stream) const
    {
        ::closedir(stream);
    }
};

std::int64_t
Nanoseconds(const struct timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

PrivateFolder::PrivateFolder(const std::string& path, Readers readers)
    : m_path(WithoutSlashesAtTheEnd(path))
    , m_folder(MakeFolder(AT_FDCWD, m_path, m_path, readers))
{
    CheckOurs();
    m_path = RealPathOf(m_path);
    CheckAbove(m_path);
    struct stat byPath = {};
    const struct stat opened = StatusOf(m_folder, m_path);
    if (::lstat(m_path.c_str(), &byPath) != 0 || byPath.st_dev != opened.st_dev ||
        byPath.st_ino != opened.st_ino)
    {
        throw FileError(m_path, "refused, for it was replaced while it was opened");
    }
}

PrivateFolder::PrivateFolder(const PrivateFolder& parent, const std::string& name, Readers readers)
    : PrivateFolder(MakeFolder(parent.m_folder.Get(), name, parent.PathOf(name), Readers::OnlyWe),
                    parent.PathOf(name))
{
    SetMode(m_folder, readers, m_path);
}

PrivateFolder::PrivateFolder(FileDescriptor folder, std::string path)
    : m_path(std::move(path))
    , m_folder(std::move(folder))
{
    CheckOurs();
}

std::optional<PrivateFolder>
PrivateFolder::Inside(const std::string& name) const
{
    if (!Look(name))
    {
        return std::nullopt;
    }
    return PrivateFolder(OpenFolder(m_folder.Get(), name, PathOf(name)), PathOf(name));
}

void
PrivateFolder::CheckOurs() const
{
    const struct stat status = StatusOf(m_folder, m_path);
    if (status.st_uid != ::geteuid())
    {
        throw FileError(m_path,
                        fmt::format("refused, for it belongs to user {} and not to us, user {}",
                                    status.st_uid,
                                    ::geteuid()));
    }
    if ((status.st_mode & kOthersMayWrite) != 0)
    {
        throw FileError(m_path,
                        fmt::format("refused, for others may write it (mode {:o}): chmod go-w",
                                    status.st_mode & 07777));
    }
}

std::string
PrivateFolder::PathOf(const std::string& name) const
{
    return m_path + "/" + name;
}

FileDescriptor
PrivateFolder::TryOpen(const std::string& name, int flags) const
{
    constexpr mode_t kForUs = S_IRUSR | S_IWUSR;
    return FileDescriptor(::openat(
        m_folder.Get(), name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kForUs));
}

FileDescriptor
PrivateFolder::Open(const std::string& name, int flags) const
{
    FileDescriptor file = TryOpen(name, flags);
    if (!file.IsOpen())
    {
        Fail(PathOf(name), "cannot open it");
    }
    return file;
}

std::optional<struct stat>
PrivateFolder::Look(const std::string& name) const
{
    struct stat status = {};
    if (::fstatat(m_folder.Get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
    {
        return status;
    }
    if (errno != ENOENT)
    {
        Fail(PathOf(name), "cannot look at it");
    }
    return std::nullopt;
}

void
PrivateFolder::Rename(const std::string& name,
                      const PrivateFolder& to,
                      const std::string& newName) const
{
    if (::renameat(m_folder.Get(), name.c_str(), to.m_folder.Get(), newName.c_str()) != 0)
    {
        Fail(PathOf(name), fmt::format("cannot move it to {}", to.PathOf(newName)));
    }
}

bool
PrivateFolder::Unlink(const std::string& name) const
{
    if (::unlinkat(m_folder.Get(), name.c_str(), 0) == 0 || errno == ENOENT)
    {
        return true;
    }
    if (errno == EISDIR || errno == EPERM)
    {
        return false;
    }
    Fail(PathOf(name), "cannot remove it");
}

bool
PrivateFolder::RemoveFolder(const std::string& name) const
{
    if (::unlinkat(m_folder.Get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT)
    {
        return true;
    }
    if (errno == ENOTEMPTY || errno == EEXIST)
    {
        return false;
    }
    Fail(PathOf(name), "cannot remove it");
}

void
PrivateFolder::HardLink(const std::string& name,
                        const PrivateFolder& to,
                        const std::string& newName) const
{
    if (::linkat(m_folder.Get(), name.c_str(), to.m_folder.Get(), newName.c_str(), 0) != 0)
    {
        Fail(PathOf(name), fmt::format("cannot have it as {} too", to.PathOf(newName)));
    }
}

void
PrivateFolder::MakeLink(const std::string& target, const std::string& name) const
{
    if (::symlinkat(target.c_str(), m_folder.Get(), name.c_str()) != 0)
    {
        Fail(PathOf(name), "cannot make the link");
    }
}

std::optional<std::string>
PrivateFolder::ReadLink(const std::string& name) const
{
    std::array<char, 4096> target{};
    const ssize_t length = ::readlinkat(m_folder.Get(), name.c_str(), target.data(), target.size());
    if (length >= 0)
    {
        return std::string(target.data(), static_cast<std::size_t>(length));
    }
    if (errno != ENOENT)
    {
        Fail(PathOf(name), "cannot read where it leads");
    }
    return std::nullopt;
}

std::vector<std::string>
PrivateFolder::Names() const
{
    FileDescriptor again = Open(".", O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(again.Get()));
    if (!stream)
    {
        Fail(m_path, "cannot list the folder");
    }
    again.Release();
    std::vector<std::string> names;
    for (errno = 0; const dirent* entry = ::readdir(stream.get()); errno = 0)
    {
        const std::string name = entry->d_name;
        if (name != "." && name != "..")
        {
            names.push_back(name);
        }
    }
    if (errno != 0)
    {
        Fail(m_path, "cannot list the folder");
    }
    return names;
}

void
PrivateFolder::Sync() const
{
    if (::fsync(m_folder.Get()) != 0)
    {
        Fail(m_path, "fsync");
    }
}

std::uint64_t
PrivateFolder::FreeBytes() const
{
    struct statvfs status = {};
    if (::fstatvfs(m_folder.Get(), &status) != 0)
    {
        Fail(m_path, "cannot ask for its free space");
    }
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

FileIdentity::FileIdentity(const struct stat& status)
    : device(status.st_dev)
    , inode(status.st_ino)
    , sizeBytes(static_cast<std::uint64_t>(status.st_size))
    , modifiedNs(Nanoseconds(status.st_mtim))
    , changedNs(Nanoseconds(status.st_ctim))
{
}

bool
FileIdentity::HasSameBytes(const FileIdentity& other) const
{
    return device == other.device && inode == other.inode && sizeBytes == other.sizeBytes &&
           modifiedNs == other.modifiedNs;
}

bool
FileIdentity::operator==(const FileIdentity& other) const
{
    return HasSameBytes(other) && changedNs == other.changedNs;
}

std::string
WhyNotPlain(const struct stat& status)
{
    if (S_ISLNK(status.st_mode))
    {
        return "a link";
    }
    if (S_ISDIR(status.st_mode))
    {
        return "a folder";
    }
    if (!S_ISREG(status.st_mode))
    {
        return "not a regular file";
    }
    if (status.st_uid != ::geteuid())
    {
        return "of another user";
    }
    // Through a hard link somebody else may have it open, or reach it past our folder.
    if (status.st_nlink != 1)
    {
        return status.st_nlink == 0 ? "removed" : "under another name as well";
    }
    return "";
}

struct stat
StatusOf(const FileDescriptor& file, const std::string& path)
{
    struct stat status = {};
    if (::fstat(file.Get(), &status) != 0)
    {
        Fail(path, "cannot look at it");
    }
    return status;
}

} // namespace lanpeer::reference
