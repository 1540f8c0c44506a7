#include "tests/golden/line-diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lanpeer
{

namespace
{

constexpr std::size_t kAround = 3; ///< lines shown on both sides of a difference

struct Line
{
    char mark; ///< ' ', '-' or '+'
    std::string_view text;
    std::size_t number; ///< in the expected text
};

std::vector<std::string_view>
LinesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty())
    {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

/// How many lines the tails from (i, j) on have in common, in order.
class CommonLengths
{
  public:
    CommonLengths(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
        : m_width(b.size() + 1)
        , m_lengths((a.size() + 1) * m_width, 0)
    {
        for (std::size_t i = a.size(); i-- > 0;)
        {
            for (std::size_t j = b.size(); j-- > 0;)
            {
                m_lengths[i * m_width + j] =
                    a[i] == b[j] ? At(i + 1, j + 1) + 1 : std::max(At(i + 1, j), At(i, j + 1));
            }
        }
    }

    std::size_t At(std::size_t i, std::size_t j) const
    {
        return m_lengths[i * m_width + j];
    }

  private:
    std::size_t m_width;
    std::vector<std::size_t> m_lengths;
};

std::vector<Line>
Merge(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
{
    const CommonLengths common(a, b);
    std::vector<Line> merged;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size())
    {
        if (i < a.size() && j < b.size() && a[i] == b[j])
        {
            merged.push_back({' ', a[i], i + 1});
            ++i;
            ++j;
        }
        else if (i < a.size() && (j == b.size() || common.At(i + 1, j) >= common.At(i, j + 1)))
        {
            merged.push_back({'-', a[i], i + 1});
            ++i;
        }
        else
        {
            merged.push_back({'+', b[j], i + 1});
            ++j;
        }
    }
    return merged;
}

} // namespace

std::string
LineDiff(std::string_view expected, std::string_view actual)
{
    const std::vector<Line> merged = Merge(LinesOf(expected), LinesOf(actual));
    std::string text;
    bool skipped = true;
    for (std::size_t i = 0; i < merged.size(); ++i)
    {
        const auto first = merged.begin() + static_cast<std::ptrdiff_t>(i - std::min(i, kAround));
        const auto last =
            merged.begin() + static_cast<std::ptrdiff_t>(std::min(i + kAround + 1, merged.size()));
        if (std::all_of(first, last, [](const Line& line) { return line.mark == ' '; }))
        {
            skipped = true;
            continue;
        }
        if (skipped)
        {
            text += "line " + std::to_string(merged[i].number) + ":\n";
            skipped = false;
        }
        text += std::string(1, merged[i].mark) + " " + std::string(merged[i].text) + "\n";
    }
    return text;
}

} // namespace lanpeer
