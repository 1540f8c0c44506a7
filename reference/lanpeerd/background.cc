#include "reference/lanpeerd/background.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

[[noreturn]] void
Fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// Waits for the word of the child, or for its end.
[[noreturn]] void
EndAsItDoes(pid_t child, int ready)
{
    char byte = 0;
    ssize_t got = -1;
    do
    {
        got = ::read(ready, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1)
    {
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

} // namespace

Background::Background()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        Fail("going to the background");
    }
    const pid_t child = ::fork();
    if (child < 0)
    {
        Fail("going to the background");
    }
    FileDescriptor reading(ends[0]);
    m_ready = FileDescriptor(ends[1]);
    if (child > 0)
    {
        m_ready.Close();
        EndAsItDoes(child, reading.Get());
    }
    ::setsid();
}

void
Background::Ready()
{
    const FileDescriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing.IsOpen())
    {
        Fail("/dev/null");
    }
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    {
        ::dup2(nothing.Get(), standard);
    }
    const char byte = 1;
    if (::write(m_ready.Get(), &byte, 1) != 1)
    {
        Fail("telling that it is ready");
    }
    m_ready.Close();
}

} // namespace lanpeer::reference
