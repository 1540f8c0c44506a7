#include "reference/updating/durable-file.h"

#include "reference/files/file-descriptor.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

[[noreturn]] void
Fail(const std::string& file)
{
    throw std::system_error(errno, std::generic_category(), file);
}

FileDescriptor
OpenFolderOf(const std::string& file)
{
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    FileDescriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.IsOpen())
    {
        Fail(folder);
    }
    return opened;
}

/// The file stands under its own name all the while.
void
KeepAs(const std::string& before, const std::string& file)
{
    const std::string kept = before + ".new";
    if (::unlink(kept.c_str()) != 0 && errno != ENOENT)
    {
        Fail(kept);
    }
    if (::link(file.c_str(), kept.c_str()) != 0)
    {
        if (errno == ENOENT)
        {
            return; // there is none yet
        }
        Fail(kept);
    }
    if (::rename(kept.c_str(), before.c_str()) != 0)
    {
        Fail(before);
    }
}

} // namespace

std::optional<std::string>
ReadText(const std::string& file, std::uint64_t bytesMax)
{
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!opened.IsOpen())
    {
        if (errno == ENOENT)
        {
            return std::nullopt;
        }
        Fail(file);
    }
    if (opened.Size() > bytesMax)
    {
        errno = EFBIG;
        Fail(file);
    }
    std::string text(opened.Size(), '\0');
    text.resize(opened.ReadAt(0, text.data(), text.size()));
    return text;
}

void
WriteDurably(const std::string& file, const std::string& text, const std::string& before)
{
    const std::string written = file + ".new";
    {
        const FileDescriptor opened(
            ::open(written.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!opened.IsOpen())
        {
            Fail(written);
        }
        opened.WriteAt(0, text);
        opened.Sync();
    }
    if (!before.empty())
    {
        KeepAs(before, file);
    }
    if (::rename(written.c_str(), file.c_str()) != 0)
    {
        Fail(file);
    }
    OpenFolderOf(file).Sync();
}

} // namespace lanpeer::reference
