#include "system-calls.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace lanpeer::reference::system_calls
{

namespace
{

struct Plan
{
    bool watching = false;
    std::size_t killAt = 0;
    std::size_t failAt = 0;
    int error = 0;
    bool toTheEnd = false;
    std::vector<std::string> calls;
};

Plan g_plan;
std::mutex g_counting; ///< a service has several threads that write

/// "folder/name" of a path.
std::string
ShortOf(const std::string& name)
{
    const std::size_t last = name.rfind('/');
    const std::size_t before =
        last == std::string::npos || last == 0 ? last : name.rfind('/', last - 1);
    return before == std::string::npos ? name : name.substr(before + 1);
}

/// Of what is open.
std::string
NameOf(int descriptor)
{
    std::array<char, 4096> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const ssize_t length = ::readlink(link.c_str(), path.data(), path.size() - 1);
    return ShortOf({path.data(), length > 0 ? static_cast<std::size_t>(length) : 0});
}

/// \returns whether it may be done
bool
Before(const std::string& call)
{
    const std::lock_guard lock(g_counting);
    if (!g_plan.watching)
    {
        return true;
    }
    g_plan.calls.push_back(call);
    const std::size_t number = g_plan.calls.size();
    if (number == g_plan.killAt)
    {
        ::raise(SIGKILL);
    }
    if (g_plan.failAt != 0 &&
        (number == g_plan.failAt || (g_plan.toTheEnd && number > g_plan.failAt)))
    {
        errno = g_plan.error;
        return false;
    }
    return true;
}

template <typename... Arguments>
long
Call(const std::string& what, long number, Arguments... arguments)
{
    return Before(what) ? ::syscall(number, arguments...) : -1;
}

/// \param rest the mode, where one is given
int
Open(const char* name, int flags, va_list rest)
{
    if ((flags & O_CREAT) == 0)
    {
        return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, name, flags));
    }
    return static_cast<int>(
        Call("create " + ShortOf(name), SYS_openat, AT_FDCWD, name, flags, va_arg(rest, mode_t)));
}

void
Begin(const Plan& plan)
{
    const std::lock_guard lock(g_counting);
    g_plan = plan;
    g_plan.watching = true;
}

} // namespace

void
Watch()
{
    Begin({});
}

void
WatchAndKillAt(std::size_t nth)
{
    Plan plan;
    plan.killAt = nth;
    Begin(plan);
}

void
WatchAndFailAt(std::size_t nth, int error, bool toTheEnd)
{
    Plan plan;
    plan.failAt = nth;
    plan.error = error;
    plan.toTheEnd = toTheEnd;
    Begin(plan);
}

std::vector<std::string>
Stop()
{
    const std::lock_guard lock(g_counting);
    g_plan.watching = false;
    return g_plan.calls;
}

} // namespace lanpeer::reference::system_calls

namespace calls = lanpeer::reference::system_calls;

// SQLite calls the names with 64 where the C library has both.
extern "C"
{
    ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset)
    {
        return calls::Call(
            "write " + calls::NameOf(file), SYS_pwrite64, file, bytes, count, offset);
    }

    ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset)
    {
        return calls::Call(
            "write " + calls::NameOf(file), SYS_pwrite64, file, bytes, count, offset);
    }

    int fsync(int file)
    {
        return static_cast<int>(calls::Call("fsync " + calls::NameOf(file), SYS_fsync, file));
    }

    int fdatasync(int file)
    {
        return static_cast<int>(calls::Call("fsync " + calls::NameOf(file), SYS_fdatasync, file));
    }

    int ftruncate(int file, off_t size) noexcept
    {
        return static_cast<int>(
            calls::Call("truncate " + calls::NameOf(file), SYS_ftruncate, file, size));
    }

    int ftruncate64(int file, off64_t size) noexcept
    {
        return static_cast<int>(
            calls::Call("truncate " + calls::NameOf(file), SYS_ftruncate, file, size));
    }

    int fchmod(int file, mode_t mode) noexcept
    {
        return static_cast<int>(
            calls::Call("chmod " + calls::NameOf(file), SYS_fchmod, file, mode));
    }

    int renameat(int from, const char* name, int to, const char* newName) noexcept
    {
        return static_cast<int>(
            calls::Call("rename " + calls::NameOf(from) + " " + calls::NameOf(to),
                        SYS_renameat,
                        from,
                        name,
                        to,
                        newName));
    }

    int unlinkat(int folder, const char* name, int flags) noexcept
    {
        return static_cast<int>(
            calls::Call("unlink " + calls::NameOf(folder), SYS_unlinkat, folder, name, flags));
    }

    int mkdirat(int folder, const char* name, mode_t mode) noexcept
    {
        return static_cast<int>(
            calls::Call("mkdir " + calls::NameOf(folder), SYS_mkdirat, folder, name, mode));
    }

    int linkat(int from, const char* name, int to, const char* newName, int flags) noexcept
    {
        return static_cast<int>(calls::Call("link " + calls::NameOf(from) + " " + calls::NameOf(to),
                                            SYS_linkat,
                                            from,
                                            name,
                                            to,
                                            newName,
                                            flags));
    }

    int symlinkat(const char* target, int folder, const char* name) noexcept
    {
        return static_cast<int>(
            calls::Call("symlink " + calls::NameOf(folder), SYS_symlinkat, target, folder, name));
    }

    int openat(int folder, const char* name, int flags, ...)
    {
        if ((flags & O_CREAT) == 0)
        {
            return static_cast<int>(::syscall(SYS_openat, folder, name, flags));
        }
        va_list rest;
        va_start(rest, flags);
        const mode_t mode = va_arg(rest, mode_t);
        va_end(rest);
        return static_cast<int>(
            calls::Call("create " + calls::NameOf(folder), SYS_openat, folder, name, flags, mode));
    }

    int open(const char* name, int flags, ...)
    {
        va_list rest;
        va_start(rest, flags);
        const int opened = calls::Open(name, flags, rest);
        va_end(rest);
        return opened;
    }

    int open64(const char* name, int flags, ...)
    {
        va_list rest;
        va_start(rest, flags);
        const int opened = calls::Open(name, flags, rest);
        va_end(rest);
        return opened;
    }

    int rename(const char* name, const char* newName) noexcept
    {
        return static_cast<int>(
            calls::Call("rename " + calls::ShortOf(name) + " " + calls::ShortOf(newName),
                        SYS_renameat,
                        AT_FDCWD,
                        name,
                        AT_FDCWD,
                        newName));
    }

    int unlink(const char* name) noexcept
    {
        return static_cast<int>(calls::Call("unlink", SYS_unlink, name));
    }
}
