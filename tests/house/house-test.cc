#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The house rules, read off the sources: which room may look into which (README, "How it is
// built"), and what the core may use at all.

namespace
{

namespace fs = std::filesystem;

const fs::path kSource = LANPEER_SOURCE_DIR;

/// The rooms that each room may include, itself apart.
const std::map<std::string, std::set<std::string>> kArrows{
    {"model/protocol", {}},
    {"model/protocol/update", {"model/protocol"}},
    {"model/http", {}},
    {"model/network", {}},
    {"model/settings", {}},
    {"model/harness", {"model/protocol"}},
    {"model/explore", {"model/protocol", "model/harness", "analysis"}},
    {"model/lan",
     {"model/protocol",
      "model/protocol/update",
      "model/http",
      "model/network",
      "model/lan/faults",
      "analysis"}},
    {"model/lan/faults", {"model/network"}},
    {"model/lan/animation", {"model/lan"}},
    {"reference/files", {}},
    {"reference/packages", {"model/protocol", "model/protocol/update", "reference/files"}},
    {"reference/installation",
     {"model/protocol", "model/protocol/update", "reference/files", "reference/packages"}},
    {"reference/retrieval", {"reference/files"}},
    {"reference/store", {"reference/files"}},
    {"reference/serving", {"model/http", "reference/files"}},
    {"reference/service",
     {"model/protocol",
      "model/http",
      "model/settings",
      "reference/files",
      "reference/retrieval",
      "reference/serving",
      "reference/store"}},
    {"reference/updating",
     {"model/protocol",
      "model/protocol/update",
      "reference/files",
      "reference/installation",
      "reference/packages",
      "reference/service"}},
    {"reference/control",
     {"model/protocol/update", "reference/files", "reference/service", "reference/updating"}},
    {"reference/configuration",
     {"model/protocol",
      "model/protocol/update",
      "model/settings",
      "reference/service",
      "reference/updating"}},
    {"reference/lanpeerd",
     {"reference/configuration",
      "reference/control",
      "reference/files",
      "reference/service",
      "reference/updating"}},
    {"reference/library",
     {"reference/configuration",
      "reference/control",
      "reference/files",
      "reference/service",
      "reference/updating"}},
    {"reference/lanpeer",
     {"model/protocol",
      "model/protocol/update",
      "model/settings",
      "reference/files",
      "reference/packages"}},
    {"analysis", {}},
    {"analysis/closed-form", {}},
    {"analysis/results", {"analysis"}},
    {"scenarios/processes", {}},
    {"scenarios/sweep",
     {"model/settings", "analysis", "analysis/results", "scenarios", "scenarios/processes"}},
    {"scenarios/ranks", {"scenarios/processes", "scenarios/sweep"}},
    {"analysis/regression", {"analysis", "analysis/results", "model/settings"}},
    {"analysis/report", {"analysis", "analysis/closed-form", "analysis/results"}},
    {"scenarios",
     {"model/protocol",
      "model/protocol/update",
      "model/network",
      "model/settings",
      "model/harness",
      "model/explore",
      "model/lan",
      "model/lan/animation",
      "scenarios/processes",
      "scenarios/sweep",
      "scenarios/ranks",
      "analysis",
      "analysis/regression",
      "analysis/results",
      "analysis/report",
      "scenarios/timing"}},
    {"scenarios/timing", {"model/protocol", "analysis", "analysis/closed-form"}},
    {"scenarios/examples", {"model/lan"}},
};

bool
StartsWith(const std::string& text, const std::string& start)
{
    return text.compare(0, start.size(), start) == 0;
}

/// What a file includes, without quotes and brackets.
std::vector<std::string>
IncludesOf(const fs::path& file)
{
    std::vector<std::string> includes;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
    {
        const std::size_t open = line.find_first_of("<\"");
        if (StartsWith(line, "#include") && open != std::string::npos)
        {
            includes.push_back(line.substr(open + 1, line.find_last_of(">\"") - open - 1));
        }
    }
    return includes;
}

/// The room's own, not those of a room within it.
std::vector<fs::path>
SourcesOf(const std::string& room)
{
    std::vector<fs::path> sources;
    const fs::recursive_directory_iterator end;
    for (fs::recursive_directory_iterator at(kSource / room); at != end; ++at)
    {
        const fs::directory_entry& entry = *at;
        if (entry.is_directory() && kArrows.count(fs::relative(entry.path(), kSource)) != 0)
        {
            at.disable_recursion_pending();
        }
        else if (entry.path().extension() == ".cc" || entry.path().extension() == ".h")
        {
            sources.push_back(entry.path());
        }
    }
    return sources;
}

TEST(House, RoomsIncludeOnlyWhatTheArrowsAllow)
{
    for (const auto& [room, allowed] : kArrows)
    {
        const auto sources = SourcesOf(room);
        EXPECT_FALSE(sources.empty()) << room;
        for (const fs::path& source : sources)
        {
            for (const std::string& include : IncludesOf(source))
            {
                const std::string from = fs::path(include).parent_path();
                if (kArrows.count(from) != 0 && from != room)
                {
                    EXPECT_EQ(allowed.count(from), 1) << source << " includes " << include;
                }
            }
        }
    }
}

TEST(House, TheCoreUsesNothingOfTheWorld)
{
    const std::vector<std::string> allowed{"model/protocol/", "fmt/", "pugixml.hpp"};
    const std::set<std::string> forbidden{"chrono",
                                          "random",
                                          "thread",
                                          "mutex",
                                          "fstream",
                                          "iostream",
                                          "cstdio",
                                          "cstdlib",
                                          "ctime",
                                          "atomic",
                                          "future",
                                          "filesystem",
                                          "condition_variable"};
    std::vector<fs::path> sources = SourcesOf("model/protocol");
    const std::vector<fs::path> ofUpdate = SourcesOf("model/protocol/update");
    EXPECT_FALSE(ofUpdate.empty());
    sources.insert(sources.end(), ofUpdate.begin(), ofUpdate.end());
    for (const fs::path& source : sources)
    {
        for (const std::string& include : IncludesOf(source))
        {
            const bool ofTheStandard = include.find_first_of("./") == std::string::npos;
            const bool named = std::any_of(allowed.begin(),
                                           allowed.end(),
                                           [&include](const std::string& start)
                                           { return StartsWith(include, start); });
            EXPECT_TRUE(named || ofTheStandard) << source << " includes " << include;
            EXPECT_EQ(forbidden.count(include), 0) << source << " includes " << include;
        }
    }
}

TEST(House, Ns3StaysInItsRooms)
{
    for (const auto& [room, allowed] : kArrows)
    {
        if (StartsWith(room, "model/lan") || room == "scenarios/examples")
        {
            continue;
        }
        for (const fs::path& source : SourcesOf(room))
        {
            for (const std::string& include : IncludesOf(source))
            {
                EXPECT_FALSE(StartsWith(include, "ns3/")) << source << " includes " << include;
            }
        }
    }
}

TEST(House, NobodyLinksNs3AndOpenSsl)
{
    // Also a file of the build: what CMake would link, of any program.
    std::ifstream build(fs::path(LANPEER_BINARY_DIR) / "build.ninja");
    ASSERT_TRUE(build) << "not built by Ninja";
    std::string line;
    std::size_t links = 0;
    while (std::getline(build, line))
    {
        if (line.find("LINK_LIBRARIES = ") == std::string::npos)
        {
            continue;
        }
        ++links;
        const bool ns3 = line.find("libns3") != std::string::npos;
        const bool openSsl = line.find("libssl") != std::string::npos ||
                             line.find("libcrypto") != std::string::npos ||
                             line.find("libcurl") != std::string::npos;
        EXPECT_FALSE(ns3 && openSsl) << line;
    }
    EXPECT_GT(links, 0U);
}

/// The text between the two.
std::string
Between(const fs::path& file, const std::string& open, const std::string& close)
{
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::size_t begin = text.find(open);
    EXPECT_NE(begin, std::string::npos) << file << " has no " << open;
    const std::size_t end = text.find(close, begin + open.size());
    EXPECT_NE(end, std::string::npos) << file << " has no " << close;
    return begin == std::string::npos ? ""
                                      : text.substr(begin + open.size(), end - begin - open.size());
}

TEST(House, WhatSetupInstallsStandsInTheReadmeWithItsReason)
{
    std::istringstream words(Between(kSource / "setup", "packages=(", ")") + " " +
                             Between(kSource / "setup", "packages+=(", ")"));
    const std::set<std::string> installed{std::istream_iterator<std::string>(words), {}};

    std::istringstream rows(Between(kSource / "README.md", "| Debian package |", "\n\n"));
    std::set<std::string> explained;
    std::string row;
    std::getline(rows, row); // the rest of the head
    while (std::getline(rows, row))
    {
        // The first column, of one package or several: | `a`, `b` | for | why |
        const std::string cell = row.substr(0, row.find('|', 1));
        for (std::size_t open = cell.find('`'); open != std::string::npos;)
        {
            const std::size_t close = cell.find('`', open + 1);
            explained.insert(cell.substr(open + 1, close - open - 1));
            open = cell.find('`', close + 1);
        }
    }
    EXPECT_GT(installed.size(), 10U);
    EXPECT_EQ(installed, explained);
}

} // namespace
