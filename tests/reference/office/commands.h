#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// Commands that a test runs and waits for, programs that run beside it.

namespace lanpeer::reference
{

/// Never reached but by what hangs.
constexpr std::chrono::seconds kLongWhile{90};

/// Looks every few milliseconds. \returns false after a long while
bool Await(const std::function<bool()>& what);
/// The whole of a file; empty if there is none.
std::string TextOf(const std::filesystem::path& file);

/// What a command prints, both streams, and how it ended.
struct CommandResult
{
    int exitCode = -1; ///< 128 and the signal for one that was killed
    std::string output;
};

CommandResult RunCommand(const std::vector<std::string>& arguments);

/// A program that runs beside the test. It ends with its owner, and with the test.
class Program
{
  public:
    Program(const std::vector<std::string>& arguments, const std::filesystem::path& log);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void Signal(int signal) const;

    /// \returns its exit code, 128 and the signal for one that was killed; -1 if it goes on
    int AwaitEnd();
    int Kill();

    pid_t Pid() const
    {
        return m_pid;
    }

  private:
    std::optional<int> EndedWith();

    pid_t m_pid = -1;
    std::optional<int> m_ended;
};

} // namespace lanpeer::reference
