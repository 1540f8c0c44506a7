#include "scenarios/progress-line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <unistd.h>

namespace lanpeer::scenario
{

ProgressLine::ProgressLine(std::size_t runs)
    : m_done(runs, 0.0)
    , m_terminal(isatty(STDERR_FILENO) == 1)
{
}

void
ProgressLine::Heard(std::size_t run, double done)
{
    m_done[run] = done;
    const double sum = std::accumulate(m_done.begin(), m_done.end(), 0.0);
    const double share = sum / static_cast<double>(m_done.size());
    const int permille = static_cast<int>(share * 1000);
    if (!m_terminal || permille == m_shownPermille)
    {
        return;
    }
    m_shownPermille = permille;
    const auto ended = std::count(m_done.begin(), m_done.end(), 1.0);
    constexpr std::size_t kWidth = 40;
    const auto filled = static_cast<std::size_t>(share * kWidth);
    fmt::print(stderr,
               "\r[{:#<{}}{:.<{}}] {:5.1f} %, {} of {} run{}",
               "",
               filled,
               "",
               kWidth - filled,
               share * 100,
               ended,
               m_done.size(),
               m_done.size() == 1 ? "" : "s");
    std::fflush(stderr);
}

void
ProgressLine::Clear()
{
    if (m_terminal && m_shownPermille >= 0)
    {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }
}

} // namespace lanpeer::scenario
