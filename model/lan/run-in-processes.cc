#include "model/lan/run-in-processes.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <poll.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace lanpeer::lan
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

/// A child that runs, and what of its messages has come.
struct Child
{
    pid_t process = 0;
    int file = -1;
    std::size_t index = 0;
    std::string bytes;
};

class Runner
{
  public:
    Runner(std::size_t count, const Job& job, const ProgressHeard& heard)
        : m_job(job)
        , m_heard(heard)
        , m_results(count)
        , m_done(count, false)
    {
    }

    ~Runner()
    {
        for (const Child& child : m_children)
        {
            kill(child.process, SIGKILL);
            waitpid(child.process, nullptr, 0);
            close(child.file);
        }
    }

    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    std::vector<std::string> Run(unsigned parallel)
    {
        std::size_t next = 0;
        while (next < m_results.size() || !m_children.empty())
        {
            while (next < m_results.size() && m_children.size() < parallel)
            {
                Start(next++);
            }
            ReadSome();
        }
        return std::move(m_results);
    }

  private:
    void Start(std::size_t index)
    {
        std::array<int, 2> ends{};
        if (pipe(ends.data()) != 0)
        {
            throw std::runtime_error(fmt::format("pipe: {}", std::strerror(errno)));
        }
        std::fflush(nullptr); // or what is buffered is written twice
        const pid_t process = fork();
        if (process < 0)
        {
            throw std::runtime_error(fmt::format("fork: {}", std::strerror(errno)));
        }
        if (process == 0)
        {
            close(ends[0]);
            RunChild(ends[1], m_job, index);
        }
        close(ends[1]);
        m_children.push_back({process, ends[0], index, {}});
    }

    void ReadSome()
    {
        std::vector<pollfd> files;
        for (const Child& child : m_children)
        {
            files.push_back({child.file, POLLIN, 0});
        }
        if (poll(files.data(), files.size(), -1) < 0)
        {
            if (errno == EINTR)
            {
                return;
            }
            throw std::runtime_error(fmt::format("poll: {}", std::strerror(errno)));
        }
        for (std::size_t i = files.size(); i-- > 0;)
        {
            if (files[i].revents != 0)
            {
                ReadFrom(i);
            }
        }
    }

    void ReadFrom(std::size_t which)
    {
        Child& child = m_children[which];
        std::array<char, 65536> buffer;
        const ssize_t got = read(child.file, buffer.data(), buffer.size());
        if (got > 0)
        {
            child.bytes.append(buffer.data(), static_cast<std::size_t>(got));
            TakeMessages(child);
        }
        else if (got == 0 || errno != EINTR)
        {
            End(which);
        }
    }

    void TakeMessages(Child& child)
    {
        constexpr std::size_t headBytes = sizeof(Kind) + sizeof(std::uint64_t);
        while (child.bytes.size() >= headBytes)
        {
            std::uint64_t size = 0;
            std::memcpy(&size, child.bytes.data() + sizeof(Kind), sizeof size);
            if (child.bytes.size() < headBytes + size)
            {
                return;
            }
            const auto kind = static_cast<Kind>(child.bytes[0]);
            const std::string content = child.bytes.substr(headBytes, size);
            child.bytes.erase(0, headBytes + size);
            Take(child, kind, content);
        }
    }

    void Take(const Child& child, Kind kind, const std::string& content)
    {
        double progress = 1;
        switch (kind)
        {
        case Kind::Progress:
            std::memcpy(&progress, content.data(), sizeof progress);
            break;
        case Kind::Result:
            m_results[child.index] = content;
            m_done[child.index] = true;
            break;
        case Kind::Error:
            throw JobFailed(child.index, content);
        }
        if (m_heard)
        {
            m_heard(child.index, progress);
        }
    }

    void End(std::size_t which)
    {
        const Child child = m_children[which];
        m_children.erase(m_children.begin() + static_cast<std::ptrdiff_t>(which));
        close(child.file);
        int status = 0;
        waitpid(child.process, &status, 0);
        if (!m_done[child.index])
        {
            throw JobFailed(
                child.index,
                WIFSIGNALED(status)
                    ? fmt::format(
                          "died by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                    : fmt::format("ended without a result, exit {}", WEXITSTATUS(status)));
        }
    }

    const Job& m_job;
    const ProgressHeard& m_heard;
    std::vector<std::string> m_results;
    std::vector<bool> m_done;
    std::vector<Child> m_children;
};

} // namespace

std::vector<std::string>
RunInProcesses(std::size_t count, unsigned parallel, const Job& job, const ProgressHeard& heard)
{
    if (parallel == 0)
    {
        parallel = std::max(1U, std::thread::hardware_concurrency());
    }
    return Runner(count, job, heard).Run(parallel);
}

} // namespace lanpeer::lan
