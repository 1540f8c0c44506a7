#include "scenarios/sweep/sweep-progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace lanpeer::scenario
{

namespace
{

using namespace std::chrono_literals;

constexpr auto kOnTerminalEvery = 100ms;
constexpr auto kInLogEvery = 30s;

} // namespace

std::string
DurationText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::max(0.0, std::ceil(seconds)));
    if (whole < 60)
    {
        return fmt::format("{} s", whole);
    }
    if (whole < 3600)
    {
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string
StatusLine(const SweepStatus& status)
{
    constexpr std::size_t kWidth = 30;
    const auto filled = static_cast<std::size_t>(status.share * kWidth);
    std::string line = fmt::format("[{:#<{}}{:.<{}}] {:5.1f} %, {} of {} runs",
                                   "",
                                   filled,
                                   "",
                                   kWidth - filled,
                                   status.share * 100,
                                   status.over,
                                   status.runs);
    if (status.failed > 0)
    {
        line += fmt::format(", {} failed", status.failed);
    }
    if (status.leftS)
    {
        line += ", " + DurationText(*status.leftS) + " left";
    }
    return line;
}

SweepProgress::SweepProgress()
    : m_terminal(isatty(STDERR_FILENO) == 1)
    , m_next(std::chrono::steady_clock::now() + (m_terminal ? 0s : kInLogEvery))
{
}

void
SweepProgress::Show(const std::function<SweepStatus()>& status)
{
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next)
    {
        return;
    }
    if (m_terminal)
    {
        m_next = now + kOnTerminalEvery;
        fmt::print(stderr, "\r{}\033[K", StatusLine(status()));
    }
    else
    {
        m_next = now + kInLogEvery;
        fmt::print(stderr, "{}\n", StatusLine(status()));
    }
    m_shown = true;
    std::fflush(stderr);
}

SweepProgress::~SweepProgress()
{
    if (m_terminal && m_shown)
    {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }
}

} // namespace lanpeer::scenario
