// traceability: which tests prove which requirement, claim and attack.
//
//   traceability            compares results/traceability.md with what the tests of the last run
//   say traceability --rewrite  renews it
//
// Exit 0: it agrees. 1: it does not, or a requirement that is not open has no test that passed, or
// an open one has, or a test names what is not listed. 2: wrong use, or a file that is none.

#include "tests/golden/line-diff.h"
#include "tests/traceability/table.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace
{

using namespace lanpeer;
using namespace lanpeer::traceability;

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Paths
{
    std::string list = LANPEER_SOURCE_DIR "/tests/traceability/requirements.yaml";
    std::string results = LANPEER_BINARY_DIR "/test-results";
    std::string table = LANPEER_SOURCE_DIR "/results/traceability.md";
};

/// Throws std::runtime_error if it cannot be read.
std::string
TextOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file)
    {
        throw std::runtime_error(path + ": cannot be read");
    }
    return text;
}

void
Write(const std::string& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
    {
        throw std::runtime_error(path + ": cannot be written");
    }
}

bool
CompareOrRewrite(const std::string& path, const std::string& table, bool rewrite)
{
    if (rewrite)
    {
        Write(path, table);
        fmt::print("traceability: written {}\n", path);
        return true;
    }
    const std::string committed = TextOf(path);
    if (committed == table)
    {
        return true;
    }
    fmt::print(stderr,
               "{}\ntraceability: {} is not what the tests say (- is written there, + is said); "
               "--rewrite renews it\n",
               LineDiff(committed, table),
               path);
    return false;
}

int
Run(const Paths& paths, bool rewrite)
{
    const RequirementList list = ParseRequirementList(TextOf(paths.list), paths.list);
    const std::vector<TestResult> tests = ReadTestResults(paths.results);
    if (tests.empty())
    {
        throw std::runtime_error(paths.results + ": no test was run");
    }
    const std::vector<std::string> faults = FindFaults(list, tests);
    for (const std::string& fault : faults)
    {
        fmt::print(stderr, "traceability: {}\n", fault);
    }
    const bool same = CompareOrRewrite(paths.table, RenderTable(list, tests), rewrite);
    if (!same || !faults.empty())
    {
        return kFailed;
    }
    fmt::print("traceability: {} tests, as {} says\n", tests.size(), paths.table);
    return 0;
}

} // namespace

int
main(int argc, char** argv)
{
    Paths paths;
    bool rewrite = false;
    CLI::App app{"Compares the table of requirements with the tests that passed"};
    app.add_option("--list", paths.list, "what there is to prove")->capture_default_str();
    app.add_option("--results", paths.results, "folder of the tests' XML")->capture_default_str();
    app.add_option("--table", paths.table, "the table")->capture_default_str();
    app.add_flag("--rewrite", rewrite, "write the table instead of comparing it");
    try
    {
        app.parse(argc, argv);
        return Run(paths, rewrite);
    }
    catch (const CLI::CallForHelp& help)
    {
        return app.exit(help);
    }
    catch (const std::exception& error) // CLI::ParseError too
    {
        fmt::print(stderr, "traceability: {}\n", error.what());
        return kWrongUse;
    }
}
