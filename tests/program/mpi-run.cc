#include "tests/program/mpi-run.h"

#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace lanpeer::program
{

namespace
{

namespace fs = std::filesystem;

/// Of /proc: "pid (name) state parent ...". 0 and '?' where it is gone.
struct Process
{
    char state = '?';
    pid_t parent = 0;
};

Process
Look(pid_t process)
{
    const std::string text = ReadAll("/proc/" + std::to_string(process) + "/stat");
    Process seen;
    const std::size_t name = text.rfind(')');
    if (name != std::string::npos)
    {
        std::istringstream rest(text.substr(name + 1));
        rest >> seen.state >> seen.parent;
    }
    return seen;
}

std::vector<pid_t>
ChildrenOf(pid_t parent)
{
    std::vector<pid_t> children;
    for (const auto& entry : fs::directory_iterator("/proc"))
    {
        const std::string name = entry.path().filename();
        if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); }))
        {
            const pid_t process = std::stoi(name);
            const Process seen = Look(process);
            if (seen.parent == parent && seen.state != 'Z')
            {
                children.push_back(process);
            }
        }
    }
    return children;
}

int
ExitCode(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace

bool
IsOpenMpiThere()
{
    return std::system("mpirun --version 2>/dev/null | grep -q 'Open MPI'") == 0;
}

std::optional<pid_t>
StopAChildOf(pid_t parent)
{
    for (const pid_t child : ChildrenOf(parent))
    {
        kill(child, SIGSTOP);
        const auto isSettled = [child]() -> std::optional<char>
        {
            const char state = Look(child).state;
            const bool settled = state == 'T' || state == 'Z' || state == '?';
            return settled ? std::optional<char>(state) : std::nullopt;
        };
        if (Await<char>(isSettled) == 'T')
        {
            return child;
        }
    }
    return std::nullopt;
}

MpiRun::MpiRun(const fs::path& folder, const std::string& arguments)
    : m_folder(folder)
{
    const std::string line = "cd " + folder.string() + " && exec " + kMpirun + arguments +
                             " >out.txt 2>err.txt </dev/null";
    m_process = fork();
    if (m_process == 0)
    {
        execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
        _exit(127);
    }
}

MpiRun::~MpiRun()
{
    if (!m_over)
    {
        kill(m_process, SIGKILL);
        waitpid(m_process, nullptr, 0);
    }
    for (const pid_t process : m_seen)
    {
        kill(process, SIGKILL); // one that was stopped, if the test failed
    }
}

std::optional<pid_t>
MpiRun::RankProcess(int rank) const
{
    const std::string wanted = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
    for (const pid_t process : ChildrenOf(m_process))
    {
        std::istringstream variables(ReadAll("/proc/" + std::to_string(process) + "/environ"));
        for (std::string variable; std::getline(variables, variable, '\0');)
        {
            if (variable == wanted)
            {
                m_seen.push_back(process);
                const auto runs = ChildrenOf(process);
                m_seen.insert(m_seen.end(), runs.begin(), runs.end());
                return process;
            }
        }
    }
    return std::nullopt;
}

void
MpiRun::Kill(int signal)
{
    for (int rank = 0; RankProcess(rank); ++rank) // they have been seen
    {
    }
    kill(m_process, signal);
}

void
MpiRun::AwaitError(const std::string& text) const
{
    Await<bool>(
        [&]
        {
            const bool isThere = ReadAll(m_folder / "err.txt").find(text) != std::string::npos;
            return isThere ? std::optional<bool>(true) : std::nullopt;
        });
}

Output
MpiRun::Wait()
{
    const int status = Await<int>(
        [this]() -> std::optional<int>
        {
            int ended = 0;
            return waitpid(m_process, &ended, WNOHANG) == m_process ? std::optional<int>(ended)
                                                                    : std::nullopt;
        });
    m_over = true;
    return {ExitCode(status), ReadAll(m_folder / "out.txt"), ReadAll(m_folder / "err.txt")};
}

void
MpiRun::AwaitNobody() const
{
    Await<bool>(
        [this]
        {
            const bool nobody = std::all_of(m_seen.begin(),
                                            m_seen.end(),
                                            [](pid_t process)
                                            {
                                                const char state = Look(process).state;
                                                return state == '?' || state == 'Z';
                                            });
            return nobody ? std::optional<bool>(true) : std::nullopt;
        });
}

} // namespace lanpeer::program
