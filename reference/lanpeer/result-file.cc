#include "reference/lanpeer/result-file.h"

#include "reference/files/file-descriptor.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace lanpeer::command
{

namespace
{

using reference::FileDescriptor;

[[noreturn]] void
Fail(const std::string& name, int code)
{
    throw std::runtime_error(fmt::format("{}: {}", name, std::generic_category().message(code)));
}

/// By write(), since it may be a pipe.
void
WriteAll(int to, std::string_view bytes, const std::string& name)
{
    while (!bytes.empty())
    {
        const ssize_t written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
        {
            Fail(name, errno);
        }
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

void
Copy(const FileDescriptor& body, int to, const std::string& name)
{
    std::vector<char> piece(256 * 1024);
    std::uint64_t offset = 0;
    while (const std::size_t got = body.ReadAt(offset, piece.data(), piece.size()))
    {
        WriteAll(to, {piece.data(), got}, name);
        offset += got;
    }
}

/// What a new file of this process may be by its mask; mkostemp() makes them 0600.
mode_t
NewFileMode()
{
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

/// Whole or not at all: \p write is given what to write to.
void
Save(const std::string& name, const std::function<void(int to)>& write)
{
    struct stat status = {};
    if (::stat(name.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    {
        // A device or a pipe: written in place, as it is no file to be replaced.
        const FileDescriptor to(::open(name.c_str(), O_WRONLY | O_CLOEXEC));
        if (!to.IsOpen())
        {
            Fail(name, errno);
        }
        write(to.Get());
        return;
    }
    std::string temporary = name + ".XXXXXX";
    const FileDescriptor to(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!to.IsOpen())
    {
        Fail(name, errno);
    }
    try
    {
        write(to.Get());
        to.Sync();
        if (::fchmod(to.Get(), NewFileMode()) != 0 ||
            ::rename(temporary.c_str(), name.c_str()) != 0)
        {
            Fail(name, errno);
        }
    }
    catch (...)
    {
        ::unlink(temporary.c_str());
        throw;
    }
}

} // namespace

void
SaveBody(int body, const std::string& name)
{
    const FileDescriptor from(body);
    if (name == "-")
    {
        Copy(from, STDOUT_FILENO, "standard output");
        return;
    }
    Save(name, [&from, &name](int to) { Copy(from, to, name); });
}

void
SaveBytes(std::string_view bytes, const std::string& name)
{
    Save(name, [bytes, &name](int to) { WriteAll(to, bytes, name); });
}

} // namespace lanpeer::command
