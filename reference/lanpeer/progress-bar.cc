#include "reference/lanpeer/progress-bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace lanpeer::command
{

namespace
{

constexpr auto kBetweenLines = std::chrono::seconds(3);
constexpr auto kBetweenBars = std::chrono::milliseconds(100);

std::string
TextOf(const lanpeer_progress& at)
{
    const char* whose = at.own != 0 ? "" : " of another computer's download, which is waited for";
    return at.size >= 0 ? fmt::format("{} of {} bytes{}", at.received, at.size, whose)
                        : fmt::format("{} bytes{}", at.received, whose);
}

std::string
BarOf(const lanpeer_progress& at)
{
    constexpr std::uint64_t kWidth = 30;
    if (at.size <= 0)
    {
        return "";
    }
    const auto size = static_cast<std::uint64_t>(at.size);
    const auto full = std::min(at.received, size) * kWidth / size;
    return fmt::format("[{:#>{}}{: >{}}] ", "", full, "", kWidth - full);
}

} // namespace

ProgressBar::ProgressBar()
    : m_terminal(::isatty(STDERR_FILENO) == 1)
    , m_last(std::chrono::steady_clock::now())
{
}

void
ProgressBar::Show(const lanpeer_progress& at)
{
    const auto now = std::chrono::steady_clock::now();
    const bool due =
        m_terminal ? !m_shown || now - m_last >= kBetweenBars : now - m_last >= kBetweenLines;
    if (!due)
    {
        return;
    }
    m_last = now;
    m_shown = true;
    if (m_terminal)
    {
        fmt::print(stderr, "\r\033[K{}{}", BarOf(at), TextOf(at));
        std::fflush(stderr);
    }
    else
    {
        fmt::print(stderr, "{}\n", TextOf(at));
    }
}

void
ProgressBar::End()
{
    if (m_terminal && m_shown)
    {
        fmt::print(stderr, "\r\033[K");
    }
}

} // namespace lanpeer::command
