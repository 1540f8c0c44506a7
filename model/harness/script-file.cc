#include "model/harness/script-file.h"

#include "model/harness/script.h"

#include <utility>

namespace lanpeer::harness
{

namespace
{

constexpr std::string_view kBetween = "----";
constexpr std::string_view kRequirement = "# requirement:";

/// Takes a text line by line.
class Lines
{
  public:
    explicit Lines(std::string_view text)
        : m_text(text)
    {
    }

    bool Next(std::string& line)
    {
        if (m_text.empty())
        {
            return false;
        }
        const std::size_t end = m_text.find('\n');
        line = m_text.substr(0, end);
        m_text.remove_prefix(end == std::string_view::npos ? m_text.size() : end + 1);
        ++m_number;
        return true;
    }

    std::size_t Number() const
    {
        return m_number;
    }

  private:
    std::string_view m_text;
    std::size_t m_number = 0;
};

std::string
WithoutSpaces(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(' ');
    const std::size_t last = text.find_last_not_of(' ');
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, last - first + 1));
}

} // namespace

std::variant<ScriptFile, ScriptFileError>
ParseScript(std::string_view text)
{
    ScriptFile file;
    std::string above;
    std::string line;
    Lines lines(text);
    while (lines.Next(line))
    {
        if (line.empty() || line.front() == '#')
        {
            if (line.compare(0, kRequirement.size(), kRequirement) == 0)
            {
                file.requirements = WithoutSpaces(line.substr(kRequirement.size()));
            }
            above += line + "\n";
            continue;
        }
        ScriptStep step{std::exchange(above, {}), line, {}, lines.Number()};
        if (!lines.Next(line) || line != kBetween)
        {
            return ScriptFileError{lines.Number(), "---- is missing below the command"};
        }
        while (lines.Next(line) && !line.empty())
        {
            step.trace += line + "\n";
        }
        file.steps.push_back(std::move(step));
    }
    file.below = above;
    return file;
}

std::string
RenderScript(const ScriptFile& file)
{
    std::string text;
    for (const ScriptStep& step : file.steps)
    {
        text += step.above + step.command + "\n" + std::string(kBetween) + "\n" + step.trace;
        text += &step == &file.steps.back() ? "" : "\n";
    }
    const bool apart = !file.steps.empty() && !file.below.empty();
    return text + (apart ? "\n" : "") + file.below;
}

std::variant<ScriptRun, ScriptFileError>
RunScript(const ScriptFile& file)
{
    Script script;
    ScriptRun run{file, {}};
    for (ScriptStep& step : run.file.steps)
    {
        ScriptResult result = script.Run(step.command);
        if (!result.error.empty())
        {
            return ScriptFileError{step.line, result.error};
        }
        step.trace = std::move(result.trace);
    }
    run.tapes = script.Tapes();
    return run;
}

} // namespace lanpeer::harness
