#include "scenarios/processes/process-pool.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lanpeer::processes
{

namespace
{

/// What a child writes: a kind, a length, that many bytes.
enum class Kind : char
{
    Progress = 'p',
    Result = 'r',
    Error = 'e',
};

void
WriteAll(int file, const void* data, std::size_t bytes)
{
    const char* at = static_cast<const char*>(data);
    while (bytes > 0)
    {
        const ssize_t written = write(file, at, bytes);
        if (written < 0 && errno == EINTR)
        {
            continue;
        }
        if (written <= 0)
        {
            _exit(3); // the parent is gone: nobody wants the result
        }
        at += written;
        bytes -= static_cast<std::size_t>(written);
    }
}

void
WriteMessage(int file, Kind kind, const std::string& bytes)
{
    const std::uint64_t size = bytes.size();
    WriteAll(file, &kind, sizeof kind);
    WriteAll(file, &size, sizeof size);
    WriteAll(file, bytes.data(), bytes.size());
}

[[noreturn]] void
RunChild(int file, const Job& job, std::size_t index)
{
    try
    {
        const std::string result =
            job(index,
                [file](double progress)
                {
                    WriteMessage(
                        file,
                        Kind::Progress,
                        std::string(reinterpret_cast<const char*>(&progress), sizeof progress));
                });
        WriteMessage(file, Kind::Result, result);
    }
    catch (const std::exception& error)
    {
        WriteMessage(file, Kind::Error, error.what());
    }
    // Neither destructors nor atexit: they belong to the parent's copy of the world.
    std::fflush(nullptr);
    _exit(0);
}

/// Both ends of a pipe, closed when they go unless they were taken.
class Pipe
{
  public:
    Pipe()
    {
        if (pipe(m_ends.data()) != 0)
        {
            throw std::system_error(errno, std::generic_category(), "pipe");
        }
    }

    ~Pipe()
    {
        for (const int end : m_ends)
        {
            if (end >= 0)
            {
                close(end);
            }
        }
    }

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int TakeReadEnd()
    {
        return std::exchange(m_ends[0], -1);
    }

    int WriteEnd() const
    {
        return m_ends[1];
    }

  private:
    std::array<int, 2> m_ends{-1, -1};
};

/// In a child: what it shares with its parent and must not. Locks and files of the parent would be
/// held as long as it lives, and its handlers of signals are wishes to the parent.
void
LetGoOfTheParent(int messages, int errors)
{
    if (errors >= 0)
    {
        dup2(errors, STDERR_FILENO);
    }
    constexpr unsigned kFirst = STDERR_FILENO + 1;
    const auto own = static_cast<unsigned>(messages);
    if (own > kFirst)
    {
        close_range(kFirst, own - 1, 0);
    }
    close_range(own + 1, ~0U, 0);
    for (const int signal : {SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD})
    {
        std::signal(signal, SIG_DFL);
    }
    std::signal(SIGINT, SIG_IGN); // Ctrl-C is for the parent, which ends its children
}

double
Seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

void
AppendLine(std::string& text, const std::string& line)
{
    if (!text.empty() && text.back() != '\n')
    {
        text += '\n';
    }
    text += line;
}

} // namespace

/// A child that runs, and what of its messages has come.
struct ProcessPool::Child
{
    std::size_t index = 0;
    pid_t process = 0;
    int file = -1;   ///< its messages; -1: it has closed it
    int errors = -1; ///< its standard error; -1: shown, or it has closed it
    std::string bytes{};
    std::string errorText{};
    std::optional<std::string> result{};
    std::optional<std::string> thrown{};
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

    /// Both of its files are closed: nothing more will come.
    bool IsOver() const
    {
        return file < 0 && errors < 0;
    }

    /// Takes what one of its files has.
    void ReadFrom(int which, const ProgressHeard& heard)
    {
        std::array<char, 65536> buffer;
        const ssize_t got = read(which, buffer.data(), buffer.size());
        if (got > 0 && which == errors)
        {
            TakeErrors(buffer.data(), static_cast<std::size_t>(got));
        }
        else if (got > 0)
        {
            bytes.append(buffer.data(), static_cast<std::size_t>(got));
            TakeMessages(heard);
        }
        else if (got == 0 || errno != EINTR)
        {
            close(which);
            (which == errors ? errors : file) = -1;
        }
    }

    void TakeMessages(const ProgressHeard& heard)
    {
        constexpr std::size_t headBytes = sizeof(Kind) + sizeof(std::uint64_t);
        while (bytes.size() >= headBytes)
        {
            std::uint64_t size = 0;
            std::memcpy(&size, bytes.data() + sizeof(Kind), sizeof size);
            if (bytes.size() < headBytes + size)
            {
                return;
            }
            const auto kind = static_cast<Kind>(bytes[0]);
            const std::string content = bytes.substr(headBytes, size);
            bytes.erase(0, headBytes + size);
            Take(kind, content, heard);
        }
    }

    void Take(Kind kind, const std::string& content, const ProgressHeard& heard)
    {
        double progress = 1;
        switch (kind)
        {
        case Kind::Progress:
            std::memcpy(&progress, content.data(), sizeof progress);
            break;
        case Kind::Result:
            result = content;
            break;
        case Kind::Error:
            thrown = content;
            return;
        }
        if (heard)
        {
            heard(index, progress);
        }
    }

    void TakeErrors(const char* data, std::size_t count)
    {
        errorText.append(data, count);
        if (errorText.size() > kErrorBytes)
        {
            errorText.erase(0, errorText.size() - kErrorBytes);
        }
    }
};

ProcessPool::ProcessPool(unsigned parallel, Errors errors, Job job)
    : m_parallel(parallel == 0 ? Processors() : parallel)
    , m_errors(errors)
    , m_job(std::move(job))
{
}

ProcessPool::~ProcessPool()
{
    for (const auto& child : m_children)
    {
        kill(child->process, SIGKILL);
        waitpid(child->process, nullptr, 0);
        for (const int file : {child->file, child->errors})
        {
            if (file >= 0)
            {
                close(file);
            }
        }
    }
}

bool
ProcessPool::HasRoom() const
{
    return m_children.size() < m_parallel;
}

std::size_t
ProcessPool::Running() const
{
    return m_children.size();
}

void
ProcessPool::Start(std::size_t index)
{
    Pipe messages;
    std::optional<Pipe> errors;
    if (m_errors == Errors::Caught)
    {
        errors.emplace();
    }
    auto child = std::make_unique<Child>();
    std::fflush(nullptr); // or what is buffered is written twice
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process < 0)
    {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (process == 0)
    {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
        {
            _exit(3); // it died in between
        }
        LetGoOfTheParent(messages.WriteEnd(), errors ? errors->WriteEnd() : -1);
        RunChild(messages.WriteEnd(), m_job, index);
    }
    child->index = index;
    child->process = process;
    child->file = messages.TakeReadEnd();
    child->errors = errors ? errors->TakeReadEnd() : -1;
    m_children.push_back(std::move(child));
}

std::vector<JobOutcome>
ProcessPool::Wait(int timeoutMs, const ProgressHeard& heard)
{
    std::vector<pollfd> files;
    std::vector<Child*> owners;
    for (const auto& child : m_children)
    {
        for (const int file : {child->file, child->errors})
        {
            if (file >= 0)
            {
                files.push_back({file, POLLIN, 0});
                owners.push_back(child.get());
            }
        }
    }
    if (poll(files.data(), files.size(), timeoutMs) < 0)
    {
        if (errno == EINTR)
        {
            return {};
        }
        throw std::runtime_error(fmt::format("poll: {}", std::strerror(errno)));
    }
    std::vector<JobOutcome> outcomes;
    for (std::size_t i = 0; i < files.size(); ++i)
    {
        Child& child = *owners[i];
        if (files[i].revents != 0)
        {
            child.ReadFrom(files[i].fd, heard);
        }
        if (child.IsOver() && files[i].revents != 0)
        {
            outcomes.push_back(Over(child));
        }
    }
    m_children.erase(std::remove_if(m_children.begin(),
                                    m_children.end(),
                                    [](const auto& child) { return child->IsOver(); }),
                     m_children.end());
    return outcomes;
}

JobOutcome
ProcessPool::Over(Child& child)
{
    int status = 0;
    rusage usage{};
    while (wait4(child.process, &status, 0, &usage) < 0 && errno == EINTR)
    {
    }
    JobOutcome outcome;
    outcome.index = child.index;
    outcome.cpuS = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
    outcome.wallS =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - child.begun).count();
    if (child.result)
    {
        outcome.result = std::move(child.result);
        return outcome;
    }
    outcome.errorText = std::move(child.errorText);
    if (child.thrown)
    {
        outcome.exitCode = 1;
        AppendLine(outcome.errorText, *child.thrown);
    }
    else if (WIFSIGNALED(status))
    {
        const int signal = WTERMSIG(status);
        outcome.exitCode = 128 + signal;
        AppendLine(outcome.errorText,
                   fmt::format("died by signal {} ({})", signal, strsignal(signal)));
    }
    else
    {
        outcome.exitCode = WEXITSTATUS(status) == 0 ? 1 : WEXITSTATUS(status);
        AppendLine(outcome.errorText,
                   fmt::format("ended without a result, exit {}", WEXITSTATUS(status)));
    }
    return outcome;
}

unsigned
Processors()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    {
        return 1;
    }
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)));
}

} // namespace lanpeer::processes
