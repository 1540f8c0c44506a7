#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace lanpeer::scenario
{

/// How far a sweep is.
struct SweepStatus
{
    std::size_t runs = 0; ///< in all, as far as is known
    std::size_t over = 0; ///< failed ones included
    std::size_t failed = 0;
    double share = 0;            ///< of the work, 0 to 1
    std::optional<double> leftS; ///< nullopt: nothing is known of what runs cost
};

/// "[#####.....]  43.2 %, 37 of 100 runs, 1 failed, 2 min 13 s left"
std::string StatusLine(const SweepStatus& status);

/// "45 s", "2 min 13 s", "3 h 5 min".
std::string DurationText(double seconds);

/// Says on standard error how far a sweep is: on a terminal one line that changes, elsewhere (a
/// log) a line from time to time.
class SweepProgress
{
  public:
    SweepProgress();

    /// Takes the line away again.
    ~SweepProgress();
    SweepProgress(const SweepProgress&) = delete;
    SweepProgress& operator=(const SweepProgress&) = delete;

    /// Asks for the status only when it is time to say it.
    void Show(const std::function<SweepStatus()>& status);

  private:
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_next;
};

} // namespace lanpeer::scenario
