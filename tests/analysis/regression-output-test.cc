#include "analysis/regression/comparison-text.h"
#include "analysis/regression/github-lines.h"
#include "analysis/regression/junit.h"
#include "tests/analysis/regression-samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

// How a comparison is told: on a terminal, as JUnit, to GitHub.

namespace lanpeer::regression
{
namespace
{

namespace fs = std::filesystem;
using analysis::Metrics;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Run 1 got worse in two figures, run 2 better in one, run 3 is missing, run 4 extra.
Comparison
Mixed()
{
    Metrics worse = SampleRun(1);
    worse.internetBytes = 2500;
    worse.finishS.last = std::nullopt;
    Metrics better = SampleRun(2);
    better.copies = 1.0;
    better.events = 1;
    return Compare(SampleFile("a.json", {SampleRun(1), SampleRun(2), SampleRun(3)}),
                   SampleFile("b.json", {worse, better, SampleRun(4)}),
                   {});
}

TEST(RegressionText, TheTableHoldsWhatGotWorseAndNothingElse)
{
    EXPECT_EQ(ComparisonText(Mixed()),
              "worse than the baseline:\n"
              "\n"
              "metric          scenario  policy  seed  run  baseline  candidate   change\n"
              "internet_bytes  office    robust     1    1      2000       2500  +25.0 %\n"
              "finish_s.last   office    robust     1    1         4       null        -\n"
              "\n"
              "missing in the candidate: a.json: office, robust, seed 1, run 3\n"
              "only in the candidate, not compared: b.json: office, robust, seed 1, run 4\n"
              "better: copies in 1 run, most in office, robust, seed 1, run 2: 2 to 1 (-50.0 %)\n"
              "changed, neither better nor worse: events in 1 run\n"
              "2 runs, 48 figures compared: 2 worse, 1 better; 1 missing\n");
}

TEST(RegressionText, WhatIsTheSameIsOneLine)
{
    EXPECT_EQ(ComparisonText(Compare(SampleFile("a", {SampleRun(1)}),
                                     SampleFile("b", {SampleRun(1)}),
                                     {0, {"copies"}})),
              "1 run, 1 figure compared: 0 worse, 0 better\n");
}

TEST(RegressionText, AcceptingCopiesOrRemakes)
{
    std::string pattern = (fs::temp_directory_path() / "lanpeer-accept-XXXXXX").string();
    const fs::path folder = mkdtemp(pattern.data());
    const Comparison comparison = Mixed();
    const std::string says = "To accept a new baseline, with the reason in the commit message:\n\n";
    EXPECT_EQ(AcceptText(comparison, SampleFile("a.json", {}), SampleFile("-it's b.json", {})),
              says + "    cp './-it'\\''s b.json' a.json\n");
    const RunSet old{folder.string() + "/", true, {}};
    const RunSet candidate{"new//", true, {}};
    EXPECT_EQ(AcceptText(comparison, old, candidate),
              says + "    cp new/*.json " + folder.string() + "/\n");
    std::ofstream(folder / "remake") << "#!/bin/sh\n";
    EXPECT_THAT(AcceptText(comparison, old, candidate), HasSubstr("cp new")) << "cannot be run";
    fs::permissions(folder / "remake", fs::perms::owner_all);
    EXPECT_EQ(AcceptText(comparison, old, candidate),
              says + "    " + folder.string() + "/remake\n");
    Comparison gone;
    gone.missing.push_back({"a.json", "old/a.json", std::nullopt});
    EXPECT_THAT(AcceptText(gone, old, candidate), HasSubstr("\n    rm old/a.json\n"));
    fs::remove_all(folder);
}

TEST(RegressionJunit, IsWellFormedAndCountsRight)
{
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(JunitXml(Mixed()).c_str()));
    const pugi::xml_node suite = document.child("testsuites").child("testsuite");
    unsigned cases = 0;
    std::vector<std::string> failed;
    for (const pugi::xml_node testCase : suite.children("testcase"))
    {
        ++cases;
        EXPECT_STREQ(testCase.attribute("classname").value(), "office, robust");
        if (testCase.child("failure"))
        {
            failed.emplace_back(testCase.attribute("name").value());
        }
    }
    EXPECT_EQ(cases, 13U) << "12 metrics that can get worse, and that all runs are there";
    EXPECT_THAT(failed, testing::ElementsAre("runs", "internet_bytes", "finish_s.last"));
    for (const pugi::xml_node node : {suite, document.child("testsuites")})
    {
        EXPECT_EQ(node.attribute("tests").as_uint(), cases);
        EXPECT_EQ(node.attribute("failures").as_uint(), 3U);
        EXPECT_EQ(node.attribute("errors").as_uint(1), 0U);
    }
    const pugi::xml_node bytes = suite.find_child_by_attribute("name", "internet_bytes");
    EXPECT_STREQ(bytes.child_value("failure"),
                 "internet_bytes, seed 1, run 1: 2000 to 2500 (+25.0 %)\n");
}

TEST(RegressionJunit, NamesAreEscapedAndMissingFilesFail)
{
    Metrics run = SampleRun(1);
    run.scenario = "<a & \"b\">";
    Comparison comparison = Compare(SampleFile("a", {run}), SampleFile("b", {run}), {});
    comparison.missing.push_back({"gone.json", "old/gone.json", std::nullopt});
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(JunitXml(comparison).c_str()));
    const pugi::xml_node suite = document.child("testsuites").child("testsuite");
    EXPECT_STREQ(suite.first_child().attribute("classname").value(), "<a & \"b\">, robust");
    EXPECT_STREQ(suite.last_child().attribute("classname").value(), "gone.json");
    EXPECT_STREQ(suite.last_child().child_value("failure"), "missing: gone.json\n");
    EXPECT_EQ(suite.attribute("failures").as_uint(), 1U);
}

TEST(RegressionGithub, OneLineForAScenarioAndPolicy)
{
    EXPECT_EQ(GithubLines(Mixed()),
              "::error file=a.json,title=office%2C robust%3A worse than the baseline::"
              "internet_bytes, seed 1, run 1: 2000 to 2500 (+25.0 %25)%0A"
              "finish_s.last, seed 1, run 1: 4 to null (-)%0A"
              "missing: a.json: office, robust, seed 1, run 3\n");
    const auto same = Compare(SampleFile("a", {SampleRun(1)}), SampleFile("b", {SampleRun(1)}), {});
    EXPECT_THAT(GithubLines(same), IsEmpty());
}

TEST(RegressionGithub, WhatGotBetterIsANotice)
{
    Metrics better = SampleRun(1);
    better.internetBytes = 1000;
    const std::string lines = GithubLines(
        Compare(SampleFile("a.json", {SampleRun(1)}), SampleFile("b.json", {better}), {}));
    EXPECT_THAT(lines, HasSubstr("::notice file=a.json,"));
    EXPECT_THAT(lines, Not(HasSubstr("::error")));
}

TEST(RegressionGithub, EscapesAsTheRunnerReadsItBack)
{
    EXPECT_EQ(GithubMessage("50 %\r\na: b, c"), "50 %25%0D%0Aa: b, c");
    EXPECT_EQ(GithubProperty("50 %\r\na: b, c"), "50 %25%0D%0Aa%3A b%2C c");
    EXPECT_EQ(GithubMessage("%0A"), "%250A");
}

} // namespace
} // namespace lanpeer::regression
