#include "analysis/report/page.h"
#include "analysis/results/result-store.h"
#include "scenarios/command-line.h"
#include "scenarios/report.h"
#include "tests/report/sample-sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

// `lanpeer-sim report`: its options, its file, what it refuses.

namespace lanpeer::scenario
{
namespace
{

namespace fs = std::filesystem;
using analysis::ResultStore;
using testing::HasSubstr;

class ReportCommandTest : public testing::Test
{
  protected:
    ReportCommandTest()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-report-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
        RecordProperty("requirement", "R-SIM-10");
    }

    ~ReportCommandTest() override
    {
        fs::remove_all(m_folder);
    }

    fs::path Store() const
    {
        return m_folder / analysis::kStoreFile;
    }

    std::string Refusal(const ReportCommand& command) const
    {
        try
        {
            Report(command);
        }
        catch (const UsageError& error)
        {
            EXPECT_FALSE(fs::exists(m_folder / "report.html"));
            return error.what();
        }
        return "";
    }

    fs::path m_folder;
};

ReportCommand
Parsed(const std::vector<std::string>& arguments)
{
    return std::get<ReportCommand>(ParseCommandLine(arguments));
}

TEST_F(ReportCommandTest, ReadsItsOptions)
{
    const ReportCommand plain = Parsed({"report", "results/office"});
    EXPECT_EQ(plain.source, "results/office");
    EXPECT_FALSE(plain.output);
    EXPECT_FALSE(plain.replayRow);
    const ReportCommand full = Parsed({"report", "x", "-o", "y.html", "--replay", "12"});
    EXPECT_EQ(full.output, "y.html");
    EXPECT_EQ(full.replayRow, 12U);
    EXPECT_THROW(Parsed({"report"}), UsageError);
    EXPECT_THROW(Parsed({"report", "x", "--replay", "0"}), UsageError);
    EXPECT_THROW(Parsed({"report", "x", "y"}), UsageError);
}

TEST_F(ReportCommandTest, RefusesWhatHasNoSweep)
{
    const std::string folder = m_folder.string();
    EXPECT_EQ(Refusal({folder, {}, {}}),
              folder +
                  ": no sweep.sqlite in it; expected the folder of a sweep, or its sweep.sqlite");
    EXPECT_EQ(Refusal({folder + "/no.sqlite", {}, {}}),
              folder + "/no.sqlite: is not there; expected the folder of a sweep, or its "
                       "sweep.sqlite");
    std::ofstream(Store()) << "not a database, but long enough to be read as if it were one";
    EXPECT_THAT(Refusal({folder, {}, {}}), HasSubstr(Store().string() + ": "));
}

TEST_F(ReportCommandTest, RefusesAnEmptyStoreAndARowWithoutReplay)
{
    ResultStore store(Store(), ResultStore::Access::Write);
    EXPECT_EQ(Refusal({m_folder.string(), {}, {}}),
              Store().string() + ": has no run; expected at least one");
    store.Add(report::SampleRun({}, "robust", 2, 1));
    EXPECT_THAT(Refusal({m_folder.string(), {}, 1}), HasSubstr("row 1 has no course in time"));
}

TEST_F(ReportCommandTest, TakesTheFolderOrItsFile)
{
    if (!fs::exists(report::ChartsFile()))
    {
        GTEST_SKIP() << "no ECharts here; ./setup installs it";
    }
    ResultStore(Store(), ResultStore::Access::Write).Add(report::FailedRun());
    testing::internal::CaptureStdout();
    EXPECT_EQ(Report({Store().string(), {}, {}}), 0);
    EXPECT_THAT(testing::internal::GetCapturedStdout(),
                HasSubstr((m_folder / "report.html").string() + ": 1 run, "));
    EXPECT_TRUE(fs::exists(m_folder / "report.html"));
}

TEST_F(ReportCommandTest, NamesTheCommandThatRemakesIt)
{
    if (!fs::exists(report::ChartsFile()))
    {
        GTEST_SKIP() << "no ECharts here; ./setup installs it";
    }
    ResultStore store(Store(), ResultStore::Access::Write);
    store.Add(report::FailedRun());
    store.SetText("name", "mine");
    const std::string page = (m_folder / "a page.html").string();
    const auto made = [&]
    {
        testing::internal::CaptureStdout();
        Report({m_folder.string(), page, {}});
        testing::internal::GetCapturedStdout();
        std::ostringstream text;
        text << std::ifstream(page).rdbuf();
        return text.str();
    };
    EXPECT_THAT(made(), HasSubstr(R"("command":"lanpeer-sim sweep mine.yaml")"));
    store.SetText("command", "lanpeer-sim sweep 'sub/my one.yml' --out out --until-ci 5%");
    EXPECT_THAT(made(),
                HasSubstr(R"("command":"lanpeer-sim sweep 'sub/my one.yml' --out out --until-ci 5%)"
                          " && lanpeer-sim report " +
                          m_folder.string() + " -o '" + page + "'\""));
}

TEST_F(ReportCommandTest, CountsAsOneDoes)
{
    ResultStore(Store(), ResultStore::Access::Write).Add(report::FailedRun());
    testing::internal::CaptureStdout();
    EXPECT_EQ(Report({m_folder.string(), {}, {}}), 0);
    EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("report.html: 1 run, "));
}

TEST_F(ReportCommandTest, WhatCannotBeWrittenIsSaidInOneLine)
{
    ResultStore(Store(), ResultStore::Access::Write).Add(report::FailedRun());
    const std::string nowhere = (m_folder / "nowhere/report.html").string();
    EXPECT_THAT(
        [&] {
            Report({m_folder.string(), nowhere, {}});
        },
        testing::ThrowsMessage<std::runtime_error>(HasSubstr(nowhere + ": ")));
}

} // namespace
} // namespace lanpeer::scenario
