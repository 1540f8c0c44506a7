#include "scenarios/trace-file.h"

#include "model/settings/text.h"
#include "scenarios/adversaries.h"
#include "scenarios/scenario-reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace lanpeer::scenario
{

namespace
{

constexpr std::string_view kHeader = "time,node,resource";
constexpr std::size_t kColumns = 3;
constexpr double kTimeMaxS = 31536000; // a year, as all times of a workload

using Columns = std::array<std::string, kColumns>;

Columns
ColumnsOf(std::string_view line, std::size_t number)
{
    Columns columns;
    std::size_t column = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++column)
    {
        const std::size_t comma = std::min(line.find(',', begin), line.size());
        if (column < kColumns)
        {
            columns[column] = std::string(line.substr(begin, comma - begin));
        }
        begin = comma + 1;
    }
    if (column != kColumns)
    {
        throw ValueError(
            number,
            Quote(line),
            fmt::format("{} column{}; expected {}", column, column == 1 ? "" : "s", kHeader));
    }
    return columns;
}

/// Finds resources by what stands in the last column.
class ResourceNames
{
  public:
    explicit ResourceNames(const std::vector<Resource>& resources)
        : m_count(resources.size())
    {
        for (std::uint32_t i = 0; i < resources.size(); ++i)
        {
            m_byName.emplace(resources[i].name, i);
        }
    }

    std::uint32_t Find(const std::string& text, std::size_t line) const
    {
        const auto named = m_byName.find(text);
        if (named != m_byName.end())
        {
            return named->second;
        }
        const bool isIndex = !text.empty() && text.size() < 9 &&
                             text.find_first_not_of("0123456789") == std::string::npos;
        if (!isIndex || std::stoul(text) >= m_count)
        {
            throw ValueError(line,
                             "resource",
                             fmt::format("{} is none of workload.resources; expected a name of "
                                         "theirs or 0 to {}",
                                         Quote(text),
                                         m_count - 1));
        }
        return static_cast<std::uint32_t>(std::stoul(text));
    }

  private:
    std::map<std::string, std::uint32_t, std::less<>> m_byName;
    std::size_t m_count;
};

TraceAsk
ReadAsk(std::string_view line,
        std::size_t number,
        const Scenario& scenario,
        const ResourceNames& names)
{
    const Columns columns = ColumnsOf(line, number);
    const std::uint64_t lastNode = HonestCount(scenario) - 1; // hostile ones ask for nothing
    TraceAsk ask;
    const double timeS = ReadNumber({"time", fmt::format("0 to {}", kTimeMaxS)},
                                    Value::Scalar(columns[0], number),
                                    0,
                                    kTimeMaxS);
    ask.atUs = std::llround(timeS * 1e6);
    ask.node = static_cast<std::uint32_t>(ReadCount({"node", fmt::format("0 to {}", lastNode)},
                                                    Value::Scalar(columns[1], number),
                                                    0,
                                                    lastNode));
    ask.resource = names.Find(columns[2], number);
    return ask;
}

std::vector<TraceAsk>
ReadLines(const std::string& text, const Scenario& scenario)
{
    const ResourceNames names(scenario.workload.resources);
    std::vector<TraceAsk> asks;
    bool headerRead = false;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = std::string_view(text).substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r')
        {
            line.remove_suffix(1);
        }
        if (line.empty())
        {
            continue;
        }
        if (!headerRead)
        {
            if (line != kHeader)
            {
                throw ValueError(
                    number, Quote(line), fmt::format("is no header; expected {}", kHeader));
            }
            headerRead = true;
            continue;
        }
        if (asks.size() == kTraceAsksMax)
        {
            throw ValueError(number, "", fmt::format("expected at most {} asks", kTraceAsksMax));
        }
        asks.push_back(ReadAsk(line, number, scenario, names));
    }
    if (asks.empty())
    {
        throw ValueError(std::max<std::size_t>(number, 1),
                         "",
                         fmt::format("no ask; expected {} and a line for each", kHeader));
    }
    return asks;
}

} // namespace

std::vector<TraceAsk>
ReadTrace(const std::string& fileName, const std::string& text, const Scenario& scenario)
{
    try
    {
        std::vector<TraceAsk> asks = ReadLines(text, scenario);
        std::stable_sort(asks.begin(),
                         asks.end(),
                         [](const TraceAsk& a, const TraceAsk& b) { return a.atUs < b.atUs; });
        return asks;
    }
    catch (const ValueError& error)
    {
        throw ScenarioError(fmt::format("{}:{}: {}{}{}",
                                        OneLine(fileName),
                                        error.Line(),
                                        error.Subject(),
                                        error.Subject().empty() ? "" : ": ",
                                        error.Message()));
    }
}

void
LoadTrace(Scenario& scenario)
{
    const std::string& file = scenario.workload.traceFile;
    if (file.empty())
    {
        return;
    }
    std::error_code error;
    const bool isFile = std::filesystem::is_regular_file(file, error);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(
        isFile ? std::fopen(file.c_str(), "rbe") : nullptr, std::fclose);
    if (stream == nullptr)
    {
        const std::string why = error ? error.message() : std::strerror(errno);
        throw std::runtime_error(isFile || error ? why : "not a file");
    }
    std::string text(std::min<std::size_t>(std::filesystem::file_size(file), kTraceBytesMax) + 1,
                     '\0');
    text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
    if (text.size() > kTraceBytesMax)
    {
        throw std::runtime_error(fmt::format("more than {} bytes", kTraceBytesMax));
    }
    scenario.workload.trace = ReadTrace(file, text, scenario);
}

} // namespace lanpeer::scenario
