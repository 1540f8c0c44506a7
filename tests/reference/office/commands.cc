#include "commands.h"

#include "reference/files/file-descriptor.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

[[noreturn]] void
Fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// In the child, behind fork().
[[noreturn]] void
Execute(const std::vector<std::string>& arguments, int output)
{
    std::vector<char*> words;
    for (const std::string& argument : arguments)
    {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

int
CodeOf(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

bool
Await(const std::function<bool()>& what)
{
    const auto until = Clock::now() + kLongWhile;
    while (!what())
    {
        if (Clock::now() > until)
        {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

std::string
TextOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

CommandResult
RunCommand(const std::vector<std::string>& arguments)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        Fail("pipe");
    }
    const pid_t child = ::fork();
    if (child == 0)
    {
        Execute(arguments, ends[1]);
    }
    const FileDescriptor reading(ends[0]);
    FileDescriptor(ends[1]).Close();
    CommandResult result;
    std::array<char, 4096> bytes{};
    ssize_t got = 0;
    while ((got = ::read(reading.Get(), bytes.data(), bytes.size())) > 0)
    {
        result.output.append(bytes.data(), static_cast<std::size_t>(got));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    result.exitCode = CodeOf(status);
    return result;
}

// ---------------------------------------------------------------- Program

Program::Program(const std::vector<std::string>& arguments, const fs::path& log)
{
    const FileDescriptor output(
        ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!output.IsOpen())
    {
        Fail(log);
    }
    const pid_t parent = ::getpid();
    m_pid = ::fork();
    if (m_pid == 0)
    {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
        {
            ::_exit(127);
        }
        Execute(arguments, output.Get());
    }
}

Program::~Program()
{
    Kill();
}

void
Program::Signal(int signal) const
{
    if (!m_ended)
    {
        ::kill(m_pid, signal);
    }
}

std::optional<int>
Program::EndedWith()
{
    int status = 0;
    if (!m_ended && ::waitpid(m_pid, &status, WNOHANG) == m_pid)
    {
        m_ended = CodeOf(status);
    }
    return m_ended;
}

int
Program::AwaitEnd()
{
    Await([this] { return EndedWith().has_value(); });
    return EndedWith().value_or(-1);
}

int
Program::Kill()
{
    if (!EndedWith())
    {
        ::kill(m_pid, SIGKILL);
    }
    return AwaitEnd();
}

} // namespace lanpeer::reference
