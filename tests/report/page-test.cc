#include "analysis/report/page.h"
#include "analysis/report/report-model.h"
#include "tests/report/sample-sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

// The page as a browser has it. page-check.mjs opens it in Chromium and looks.

namespace lanpeer::report
{
namespace
{

namespace fs = std::filesystem;
using analysis::StoredRun;

bool
HasProgram(const std::string& name)
{
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

class ReportPage : public testing::Test
{
  protected:
    ReportPage()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-page-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
        RecordProperty("requirement", "R-SIM-10");
    }

    ~ReportPage() override
    {
        fs::remove_all(m_folder);
    }

    void SetUp() override
    {
        for (const char* const program : {"chromium", "node"})
        {
            if (!HasProgram(program))
            {
                GTEST_SKIP() << "no program " << program << " here";
            }
        }
        if (!fs::exists(ChartsFile()))
        {
            GTEST_SKIP() << "no ECharts here; ./setup installs it";
        }
    }

    /// Makes a page, to be looked at as page-check.mjs knows that kind.
    void Make(const RunSource& source, const std::string& kind)
    {
        const fs::path page = m_folder / ("a report's page, " + kind + ".html");
        std::ofstream(page, std::ios::binary) << MakePage(BuildModel(source, std::nullopt));
        m_pages += " " + kind + " \"" + page.string() + "\"";
    }

    /// What the browser finds wrong with them; empty: nothing.
    std::string Check() const
    {
        const std::string command = std::string("node '") + LANPEER_SOURCE_DIR +
                                    "/tests/report/page-check.mjs'" + m_pages + " 2>&1";
        std::FILE* const pipe = popen(command.c_str(), "r");
        std::string said;
        std::array<char, 4096> buffer{};
        while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        {
            said.append(buffer.data(), n);
        }
        const int status = pclose(pipe);
        return status == 0 ? std::string() : "it says: " + said;
    }

    fs::path m_folder;
    std::string m_pages;
};

TEST_F(ReportPage, DrawsItsFiguresAndReplays)
{
    std::vector<StoredRun> runs = SampleRuns();
    runs.push_back(FailedRun());
    RunSource source = SourceOf(runs);
    source.sweepText = "about: What is asked\naxes: {}\n";
    // In the half with 10 nodes they all ask at once for what nobody holds.
    source.world = [world = source.world](const analysis::RunKey& key)
    {
        std::optional<World> made = world(key);
        if (key.parameters.count("lan.nodes") > 0 && key.parameters.at("lan.nodes") == "10")
        {
            made->holders = 0;
            made->askers = 4;
            made->atOnce = true;
        }
        return made;
    };
    Make(source, "full");
    EXPECT_EQ(Check(), "");
}

TEST_F(ReportPage, ShowsHostileNamesAsTextAndWhatIsMissingInWords)
{
    const std::string hostile = "</script><img src=x onerror=\"document.title='taken'\">'\xff";
    std::vector<StoredRun> runs;
    for (const char* const nodes : {"10", "20"})
    {
        runs.push_back(
            SampleRun({{"lan.nodes", nodes}, {hostile, nodes + hostile}}, hostile, 1, 1));
    }
    RunSource source = SourceOf(runs);
    source.name = hostile;
    Make(source, "hostile");
    const std::vector<StoredRun> failed(2, FailedRun());
    Make(SourceOf(failed), "failed");
    const std::vector<StoredRun> one = {SampleRun({}, "robust", 2, 1)};
    Make(SourceOf(one), "one");
    EXPECT_EQ(Check(), "");
}

} // namespace
} // namespace lanpeer::report
