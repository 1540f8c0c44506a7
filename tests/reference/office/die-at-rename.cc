// A shared library that a daemon is started with (LD_PRELOAD): as it gives a whole copy its name it
// is killed, before or after, as LANPEER_DIE_AT_RENAME says.

#include <csignal>
#include <cstdlib>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int
renameat(int from, const char* name, int to, const char* newName) noexcept
{
    const char* when = std::getenv("LANPEER_DIE_AT_RENAME");
    if (when != nullptr && std::string_view(when) == "before")
    {
        ::raise(SIGKILL);
    }
    const long done = ::syscall(SYS_renameat, from, name, to, newName);
    if (when != nullptr && std::string_view(when) == "after")
    {
        ::raise(SIGKILL);
    }
    return static_cast<int>(done);
}
