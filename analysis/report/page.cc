#include "analysis/report/page.h"

#include "analysis/report/report-model.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>
#include <system_error>

namespace lanpeer::report
{

namespace
{

namespace fs = std::filesystem;

/// In the order in which they run.
constexpr const char* kScripts[] = {
    "format.js", "charts.js", "figures.js", "spread.js", "replay.js", "page.js"};

std::string
ReadFile(const fs::path& file, const std::string& expected)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
    {
        throw ReportError(fmt::format("{}: cannot be read; expected {}", file.string(), expected));
    }
    return text.str();
}

/// A script as it stands in a page; "</script" in it would end it.
std::string
ReadScript(const fs::path& file, const std::string& expected)
{
    std::string text = ReadFile(file, expected);
    if (text.find("</script") != std::string::npos || text.find("<!--") != std::string::npos)
    {
        throw ReportError(fmt::format("{}: cannot stand in a page", file.string()));
    }
    return text;
}

/// The template with each {{name}} replaced; what comes in is not looked at again.
std::string
Fill(std::string_view page, const std::map<std::string, std::string>& parts)
{
    std::string text;
    while (true)
    {
        const std::size_t open = page.find("{{");
        const std::size_t close = page.find("}}", open);
        if (open == std::string_view::npos || close == std::string_view::npos)
        {
            return text.append(page);
        }
        text.append(page.substr(0, open));
        text.append(parts.at(std::string(page.substr(open + 2, close - open - 2))));
        page.remove_prefix(close + 2);
    }
}

} // namespace

fs::path
PageFolder()
{
    const char* const chosen = std::getenv("LANPEER_REPORT_DIR");
    if (chosen != nullptr && *chosen != '\0')
    {
        return chosen;
    }
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error)
    {
        fs::path installed = program.parent_path().parent_path() / "share/lanpeer/report";
        if (fs::is_directory(installed, error))
        {
            return installed;
        }
    }
    return LANPEER_REPORT_SOURCE_DIR;
}

fs::path
ChartsFile()
{
    const fs::path installed = PageFolder() / "echarts.min.js";
    std::error_code ignored;
    return fs::exists(installed, ignored) ? installed : fs::path(LANPEER_CHARTS_FILE);
}

std::string
EscapedForHtml(const std::string& text)
{
    std::string escaped;
    for (const char c : text)
    {
        switch (c)
        {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string
EscapedForScript(const nlohmann::ordered_json& model)
{
    const std::string text =
        model.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text)
    {
        if (c == '<')
        {
            escaped += "\\u003c"; // it stands in JSON's strings only
        }
        else
        {
            escaped += c;
        }
    }
    return escaped;
}

std::string
MakePage(const nlohmann::ordered_json& model)
{
    const fs::path folder = PageFolder();
    const std::string ours =
        "a file of the report's page there, or LANPEER_REPORT_DIR to name its folder";
    std::string scripts;
    for (const char* const name : kScripts)
    {
        scripts += ReadScript(folder / name, ours);
    }
    // By way of JSON: what is no UTF-8 is replaced there.
    const auto replaced = nlohmann::ordered_json::parse(EscapedForScript(model.at("name")));
    const std::string name = replaced.get<std::string>();
    return Fill(ReadFile(folder / "page.html", ours),
                {{"title", EscapedForHtml(name.empty() ? "sweep" : name)},
                 {"style", ReadFile(folder / "page.css", ours)},
                 {"echarts", ReadScript(ChartsFile(), "ECharts there, which ./setup installs")},
                 {"scripts", scripts},
                 {"model", EscapedForScript(model)}});
}

} // namespace lanpeer::report
