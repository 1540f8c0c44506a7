#include "reference/installation/after-install.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxLineBytes = 256;

/// For a command that is told to end, before it is killed.
constexpr std::chrono::seconds kToEnd{3};

enum class Followed
{
    Ended,
    TooLong,
    Stopped
};

/// Of systemd's, meant for this process alone.
constexpr std::array<std::string_view, 6> kNotForChildren{
    "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"};

/// The last line of what comes that has something in it.
class LastLine
{
  public:
    void Add(std::string_view bytes)
    {
        for (const char c : bytes)
        {
            if (c == '\n')
            {
                End();
            }
            else if (m_line.size() < kMaxLineBytes)
            {
                m_line += c >= ' ' && c <= '~' ? c : '?';
            }
        }
    }

    std::string Take()
    {
        End();
        return m_last;
    }

  private:
    void End()
    {
        if (m_line.find_first_not_of(" ?") != std::string::npos)
        {
            m_last = m_line;
        }
        m_line.clear();
    }

    std::string m_line;
    std::string m_last;
};

std::vector<char*>
Pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (const std::string& text : texts)
    {
        pointers.push_back(const_cast<char*>(text.c_str())); // as posix_spawn() wants it
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string>
EnvironmentFor(const std::string& set, const std::string& release, const std::string& folder)
{
    std::vector<std::string> environment{
        "LANPEER_SET=" + set, "LANPEER_RELEASE=" + release, "LANPEER_FOLDER=" + folder};
    for (char** at = environ; at != nullptr && *at != nullptr; ++at)
    {
        const std::string_view variable = *at;
        const std::string_view name = variable.substr(0, variable.find('='));
        const bool isOurs = std::any_of(environment.begin(),
                                        environment.begin() + 3,
                                        [name](const std::string& ours)
                                        { return name == ours.substr(0, ours.find('=')); });
        if (!isOurs && std::find(kNotForChildren.begin(), kNotForChildren.end(), name) ==
                           kNotForChildren.end())
        {
            environment.emplace_back(variable);
        }
    }
    return environment;
}

/// \returns the process, 0 if it did not start, errno saying why
pid_t
Spawn(const std::vector<std::string>& command,
      const std::vector<std::string>& environment,
      const FileDescriptor& output)
{
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, output.Get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, output.Get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    // A service blocks and ignores signals that a command may count on.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    pid_t child = 0;
    const int error = ::posix_spawn(&child,
                                    command.front().c_str(),
                                    &files,
                                    &attributes,
                                    Pointers(command).data(),
                                    Pointers(environment).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    errno = error;
    return error == 0 ? child : 0;
}

/// \returns whether there may be more
bool
ReadOnce(const FileDescriptor& output, LastLine& lines)
{
    std::array<char, 4096> bytes{};
    const ssize_t got = ::read(output.Get(), bytes.data(), bytes.size());
    if (got > 0)
    {
        lines.Add({bytes.data(), static_cast<std::size_t>(got)});
    }
    return got > 0 || (got < 0 && errno == EINTR);
}

/// Reads what it writes until it ends, or is to.
Followed
Follow(const FileDescriptor& ended,
       const FileDescriptor& output,
       LastLine& lines,
       Clock::time_point until,
       const FileDescriptor* stop)
{
    bool outputIsOpen = true;
    for (;;)
    {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        std::array<struct pollfd, 3> wait{{{ended.Get(), POLLIN, 0},
                                           {outputIsOpen ? output.Get() : -1, POLLIN, 0},
                                           {stop != nullptr ? stop->Get() : -1, POLLIN, 0}}};
        const auto leftMs = std::clamp<std::int64_t>(left.count(), 0, 3'600'000);
        if (::poll(wait.data(), wait.size(), static_cast<int>(leftMs)) < 0 && errno != EINTR)
        {
            return Followed::TooLong;
        }
        if (wait[0].revents != 0)
        {
            // What it wrote is in the pipe, of whatever length a pipe is; what it left running may
            // write for ever.
            for (int rest = 0; rest < 256 && ReadOnce(output, lines); ++rest)
            {
            }
            return Followed::Ended;
        }
        if (wait[2].revents != 0)
        {
            return Followed::Stopped;
        }
        if (Clock::now() >= until)
        {
            return Followed::TooLong;
        }
        if (wait[1].revents != 0)
        {
            outputIsOpen = ReadOnce(output, lines) || errno == EAGAIN;
        }
    }
}

std::string
SystemError(const std::string& what)
{
    return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

void
Conclude(AfterInstallReport& report,
         int status,
         Followed followed,
         std::chrono::milliseconds timeout)
{
    if (followed == Followed::Stopped)
    {
        report.message = "ended, for the service ends";
    }
    else if (followed == Followed::TooLong)
    {
        report.message = fmt::format("killed, for it took longer than {} ms", timeout.count());
    }
    else if (WIFEXITED(status))
    {
        report.exitCode = WEXITSTATUS(status);
        report.succeeded = *report.exitCode == 0;
        report.message = fmt::format("exit code {}", *report.exitCode);
    }
    else
    {
        report.message = fmt::format("ended by signal {}", WTERMSIG(status));
    }
    if (!report.lastLine.empty())
    {
        report.message += ": " + report.lastLine;
    }
}

} // namespace

AfterInstallReport
RunAfterInstall(const std::vector<std::string>& command,
                const std::string& set,
                const std::string& release,
                const std::string& folder,
                std::chrono::milliseconds timeout,
                const FileDescriptor* stop)
{
    AfterInstallReport report;
    if (command.empty() || command.front().empty() || command.front().front() != '/')
    {
        report.message = "not started: its first word must be the absolute path of a program";
        return report;
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        report.message = SystemError("not started");
        return report;
    }
    const FileDescriptor output(ends[0]);
    FileDescriptor input(ends[1]);
    ::fcntl(output.Get(), F_SETFL, O_NONBLOCK);
    const auto until = Clock::now() + timeout;
    const pid_t child = Spawn(command, EnvironmentFor(set, release, folder), input);
    if (child == 0)
    {
        report.message = SystemError("not started: " + command.front());
        return report;
    }
    input.Close();
    LastLine lines;
    // Not by glibc 2.36's header, which forgets extern "C".
    const FileDescriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const Followed followed =
        ended.IsOpen() ? Follow(ended, output, lines, until, stop) : Followed::TooLong;
    if (followed == Followed::Stopped)
    {
        ::kill(-child, SIGTERM);
        Follow(ended, output, lines, Clock::now() + kToEnd, nullptr);
    }
    if (followed != Followed::Ended)
    {
        // Not waited for yet, so that the number is still its own.
        ::kill(-child, SIGKILL);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    {
    }
    report.lastLine = lines.Take();
    Conclude(report, status, followed, timeout);
    return report;
}

} // namespace lanpeer::reference
