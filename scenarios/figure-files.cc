#include "scenarios/figure-files.h"

#include "model/explore/figures.h"
#include "model/settings/text.h"
#include "scenarios/output-file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <spawn.h>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

namespace fs = std::filesystem;

constexpr std::string_view kHead = R"(# What the code adds to the figures

The state graphs that the explorer finds in the running code are FIG. 3, 4A and 4B but for these edges. A
test holds both to it: without them the graphs are isomorphic, with the labels of vertices and edges, and
none of them may be missing. States with a name are ours. Written, with the drawings beside it, by

    build/bin/lanpeer-sim explore --figures results/figures

)";

/// Runs `dot -Tsvg -o TO FROM`. \returns false where there is no `dot`.
bool
MakeSvg(const std::string& from, const std::string& to)
{
    std::vector<std::string> words{"dot", "-Tsvg", "-o", to, from};
    std::vector<char*> arguments;
    for (std::string& word : words)
    {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int error = posix_spawnp(&child, "dot", nullptr, nullptr, arguments.data(), environ);
    if (error == ENOENT)
    {
        return false;
    }
    int status = 0;
    if (error != 0 || waitpid(child, &status, 0) != child || status != 0)
    {
        throw std::runtime_error(fmt::format("{}: dot cannot draw it", OneLine(to)));
    }
    return true;
}

std::unique_ptr<OutputFile>
Open(const fs::path& path)
{
    return std::make_unique<OutputFile>(path.string());
}

void
WriteAndCommit(OutputFile& file, std::string_view text)
{
    file.Write(text);
    file.Finish();
    file.Commit();
}

} // namespace

std::string
WriteFigures(const std::string& folder,
             const std::vector<std::string>& names,
             const std::function<void(const std::string& what)>& say)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
    {
        throw std::runtime_error(fmt::format("{}: {}", OneLine(folder), error.message()));
    }
    // What can't be written is said before the exploring, not after.
    std::vector<std::unique_ptr<OutputFile>> files;
    for (const std::string& name : names)
    {
        files.push_back(Open(fs::path(folder) / (name + ".dot")));
    }
    const auto additions = Open(fs::path(folder) / "additions.md");
    std::string differences;
    bool drawn = true;
    for (std::size_t i = 0; i < files.size(); ++i)
    {
        const explore::Figure& figure = explore::FigureOf(names[i]);
        const auto graph = explore::GraphOfCode(
            figure, [&](const std::string& lane) { say(figure.name + ": " + lane); });
        WriteAndCommit(*files[i], explore::DrawFigure(figure, graph));
        const std::string stem = (fs::path(folder) / figure.name).string();
        drawn = MakeSvg(stem + ".dot", stem + ".svg") && drawn;
        for (const std::string& line :
             figure.closed ? explore::Differences(figure, graph) : std::vector<std::string>{})
        {
            differences += fmt::format("{}: {}\n", figure.name, line);
        }
    }
    WriteAndCommit(*additions, std::string(kHead) + explore::AdditionsMarkdown());
    if (!drawn)
    {
        say("");
        fmt::print(stderr, "lanpeer-sim: dot is not there (Debian package graphviz): no SVGs\n");
    }
    return differences;
}

} // namespace lanpeer::scenario
