#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer::reference
{

/// What happened to the resources that were asked for of late, step by step: what `lanpeer why`
/// tells. Bounded: the URL that was touched longest ago goes first, and of one URL the steps in the
/// middle.
class History
{
  public:
    static constexpr std::size_t kUrls = 256;
    static constexpr std::size_t kStepsPerUrl = 200;

    struct Step
    {
        std::chrono::system_clock::time_point at;
        std::string text; ///< one line of printable characters
    };

    /// A new story begins: somebody asks for it.
    void Begin(const std::string& href);

    /// Nothing happens for a URL whose story has not begun.
    void Add(const std::string& href, std::string text);

    bool Knows(const std::string& href) const
    {
        return m_stories.count(href) != 0;
    }

    /// In their order; empty for what is not known.
    std::vector<Step> StepsOf(const std::string& href) const;

  private:
    struct Story
    {
        std::deque<Step> steps;
        std::uint64_t left = 0; ///< steps that were left out
        std::uint64_t touched = 0;
    };

    std::unordered_map<std::string, Story> m_stories;
    std::uint64_t m_touches = 0;
};

} // namespace lanpeer::reference
