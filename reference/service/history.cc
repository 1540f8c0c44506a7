#include "reference/service/history.h"

#include "model/settings/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// How a story began stays, whatever is left out behind it.
constexpr std::size_t kFirstSteps = 20;

} // namespace

void
History::Begin(const std::string& href)
{
    if (m_stories.size() >= kUrls && m_stories.count(href) == 0)
    {
        m_stories.erase(std::min_element(m_stories.begin(),
                                         m_stories.end(),
                                         [](const auto& a, const auto& b)
                                         { return a.second.touched < b.second.touched; }));
    }
    m_stories[href].touched = ++m_touches;
}

void
History::Add(const std::string& href, std::string text)
{
    const auto found = m_stories.find(href);
    if (found == m_stories.end())
    {
        return;
    }
    Story& story = found->second;
    story.touched = ++m_touches;
    if (story.steps.size() >= kStepsPerUrl)
    {
        story.steps.erase(story.steps.begin() + kFirstSteps);
        ++story.left;
    }
    story.steps.push_back({std::chrono::system_clock::now(), settings::OneLine(text)});
}

std::vector<History::Step>
History::StepsOf(const std::string& href) const
{
    const auto found = m_stories.find(href);
    if (found == m_stories.end())
    {
        return {};
    }
    const Story& story = found->second;
    std::vector<Step> steps(story.steps.begin(), story.steps.end());
    if (story.left > 0)
    {
        const auto at = steps.begin() + static_cast<std::ptrdiff_t>(kFirstSteps);
        steps.insert(at, {at->at, fmt::format("({} steps are left out)", story.left)});
    }
    return steps;
}

} // namespace lanpeer::reference
