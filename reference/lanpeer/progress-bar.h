#pragma once

#include <lanpeer.h>

#include <chrono>

namespace lanpeer::command
{

/// How far a request is, on standard error: a bar that is renewed in place on a terminal, a line
/// every few seconds elsewhere.
class ProgressBar
{
  public:
    ProgressBar();

    void Show(const lanpeer_progress& at);

    /// Takes the bar away.
    void End();

  private:
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_last;
};

} // namespace lanpeer::command
