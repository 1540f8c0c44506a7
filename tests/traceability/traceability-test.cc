#include "tests/traceability/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// The table of requirements, from made lists and made results.

namespace lanpeer::traceability
{
namespace
{

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kList = R"(requirements:
  - section: Server
    of:
      R-1: {title: "listens"}
      R-2: {title: "installs", open: the update service}
claims:
  C1:
    title: sharing
    parts:
      - {what: "it is heard", by: [R-1, L1]}
      - {what: "it is installed", by: [R-1, R-2]}
attacks:
  - section: Searched for
    of:
      L1: {title: "lies", program: a-test, partly: by radio}
)";

/// A test as GoogleTest 1.12 writes it.
std::string
TestCase(const std::string& name, const std::string& ids, const std::string& child = "")
{
    return R"(<testcase name=")" + name +
           R"(" status="run" result="completed" time="0.1" timestamp="2001-04-06T09:00:00" )"
           R"(classname="Suite">)" +
           child + R"(<properties><property name="requirement" value=")" + ids +
           R"("/></properties></testcase>)";
}

std::string
ErrorOfList(const std::string& text)
{
    try
    {
        ParseRequirementList(text, "list");
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "";
}

class Traceability : public testing::Test
{
  protected:
    Traceability()
    {
        std::string pattern = (fs::temp_directory_path() / "traceability-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
        Write("list.yaml", kList);
        fs::create_directories(m_folder / "results");
    }

    ~Traceability() override
    {
        fs::remove_all(m_folder);
    }

    void Write(const fs::path& inside, const std::string& text) const
    {
        fs::create_directories((m_folder / inside).parent_path());
        std::ofstream(m_folder / inside, std::ios::binary) << text;
    }

    void WriteTest(const fs::path& file, const std::string& testCase) const
    {
        Write("results" / file,
              R"(<?xml version="1.0" encoding="UTF-8"?><testsuites><testsuite name="Suite">)" +
                  testCase + "</testsuite></testsuites>");
    }

    /// What makes the list complete.
    void WriteGoodTests() const
    {
        WriteTest("a-test/Suite.A.xml", TestCase("A", "R-1"));
        WriteTest("a-test/Suite.B/0.xml", TestCase("B/x", "L1 R-1"));
        WriteTest("a-test/Suite.B/1.xml", TestCase("B/y", "L1"));
        WriteTest("b-test/Suite.C.xml", TestCase("C/0", "R-1") + TestCase("C/1", "R-1"));
    }

    std::vector<std::string> Faults() const
    {
        return FindFaults(ParseRequirementList(kList, "list"),
                          ReadTestResults(m_folder / "results"));
    }

    std::string Table() const
    {
        return RenderTable(ParseRequirementList(kList, "list"),
                           ReadTestResults(m_folder / "results"));
    }

    /// Runs the program: its exit code, and what it says on both streams.
    std::pair<int, std::string> Run(const std::string& arguments) const
    {
        const std::string in = m_folder.string();
        const std::string command = LANPEER_BINARY_DIR "/bin/traceability --list " + in +
                                    "/list.yaml --results " + in + "/results --table " + in +
                                    "/table.md " + arguments + " 2>&1";
        std::FILE* pipe = popen(command.c_str(), "r");
        std::string said;
        std::array<char, 4096> buffer{};
        for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        {
            said.append(buffer.data(), n);
        }
        const int status = pclose(pipe);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
    }

    fs::path m_folder;
};

TEST_F(Traceability, ShowsTheTestsOfEachAndTheWorkThatBringsTheRest)
{
    WriteGoodTests();
    EXPECT_THAT(Faults(), IsEmpty());
    const std::string table = Table();
    EXPECT_THAT(table,
                HasSubstr("| R-1 | listens | `a-test` Suite.A, Suite.B (x)<br>"
                          "`b-test` Suite.C (2 cases) |\n"
                          "| R-2 | installs | open: the update service |\n"));
    EXPECT_THAT(table, HasSubstr("| L1 | lies | `a-test` Suite.B (x, y)<br>open: by radio |\n"));
    EXPECT_THAT(table,
                HasSubstr("| C1 | **sharing** | | |\n"
                          "| | it is heard | R-1, L1 | tested |\n"
                          "| | it is installed | R-1, R-2 | open: the update service |\n"));
    EXPECT_THAT(table, Not(HasSubstr("2001"))) << "times differ from machine to machine";
}

TEST_F(Traceability, AFailedOrSkippedTestDoesNotCount)
{
    for (const char* const child : {"<failure message='x'/>", "<skipped message='x'/>"})
    {
        WriteGoodTests();
        WriteTest("a-test/Suite.B/0.xml", TestCase("B/x", "L1 R-1", child));
        WriteTest("a-test/Suite.B/1.xml", TestCase("B/y", "L1", child));
        EXPECT_THAT(Faults(), ElementsAre("L1 has no test that passed")) << child;
        EXPECT_THAT(Table(), HasSubstr("| L1 | lies | <br>open: by radio |\n"));
    }
    WriteGoodTests();
    std::string notRun = TestCase("A", "R-2");
    notRun.replace(notRun.find("run"), 3, "notrun");
    WriteTest("a-test/Suite.A.xml", notRun);
    EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(Traceability, WhatIsOpenHasNoTest)
{
    WriteGoodTests();
    WriteTest("a-test/Suite.D.xml", TestCase("D", "R-2"));
    EXPECT_THAT(Faults(),
                ElementsAre("R-2 is listed as open (the update service), but a-test Suite.D "
                            "passed for it"));
}

TEST_F(Traceability, AnUnknownIdIsNamedWithItsTestEvenIfItFailed)
{
    WriteGoodTests();
    WriteTest("a-test/Suite.D.xml", TestCase("D/q", "R-1 R-9", "<failure/>"));
    EXPECT_THAT(Faults(), ElementsAre("a-test Suite.D/q names R-9, which is not listed"));
}

TEST_F(Traceability, ATestOfAnotherProgramIsNotEnoughWhereItMatters)
{
    WriteGoodTests();
    fs::remove_all(m_folder / "results/a-test/Suite.B");
    WriteTest("b-test/Suite.D.xml", TestCase("D", "L1"));
    EXPECT_THAT(Faults(), ElementsAre("L1 has no test of a-test that passed"));
}

TEST_F(Traceability, ReadsTheAttacksToo)
{
    WriteGoodTests();
    std::string attack = TestCase("D", "L1");
    attack.replace(attack.find("requirement"), 11, "attack");
    WriteTest("a-test/Suite.D.xml", attack);
    EXPECT_THAT(Table(),
                HasSubstr("| L1 | lies | `a-test` Suite.B (x, y), Suite.D<br>open: by radio |\n"));
}

TEST_F(Traceability, ABadListIsRefusedWithItsLine)
{
    const auto with = [](const std::string& old, const std::string& fresh)
    {
        std::string text = kList;
        return ErrorOfList(text.replace(text.find(old), old.size(), fresh));
    };
    EXPECT_EQ(with("R-2:", "R-1:"), "list:5: R-1 stands twice");
    EXPECT_EQ(with("[R-1, L1]", "[R-1, L7]"), "list:10: L7: no such requirement");
    EXPECT_EQ(with("[R-1, L1]", "[]"), "list:10: this part stands on nothing");
    EXPECT_EQ(with("open:", "opne:"), "list:5: opne: no such key");
    EXPECT_EQ(with("title: \"listens\"", "title: \"\""), "list:4: title is missing, or is no text");
    EXPECT_EQ(with("{title: \"lies\", program: a-test, partly: by radio}", "lies"),
              "list:15: not a map");
    EXPECT_EQ(with("attacks:", "others:"), "list:12: others: no such key");
    EXPECT_THAT(with("requirements:", "requirements: ["), HasSubstr("list:"));
}

TEST_F(Traceability, TheProgramComparesAndRenews)
{
    WriteGoodTests();
    EXPECT_EQ(Run("").first, 2) << "there is no table yet";
    EXPECT_EQ(Run("--rewrite").first, 0);
    EXPECT_EQ(Run("").first, 0);

    // A test that is gone, and one that is new: the table is stale.
    fs::remove_all(m_folder / "results/b-test");
    const auto [gone, said] = Run("");
    EXPECT_EQ(gone, 1);
    EXPECT_THAT(said, HasSubstr("is not what the tests say"));
    EXPECT_THAT(said, HasSubstr("\n- | R-1 | listens | `a-test` Suite.A, Suite.B (x)<br>"));
    WriteGoodTests();
    WriteTest("b-test/Suite.E.xml", TestCase("E", "R-1"));
    EXPECT_EQ(Run("").first, 1);
    EXPECT_EQ(Run("--rewrite").first, 0);
    EXPECT_EQ(Run("").first, 0);

    // A fault is one even when the table says so.
    WriteTest("b-test/Suite.E.xml", TestCase("E", "R-2"));
    EXPECT_EQ(Run("--rewrite").first, 1);
    EXPECT_EQ(Run("").first, 1);
}

TEST_F(Traceability, TheProgramSaysWhatIsWrongInOneLine)
{
    const auto line = [this](const std::string& arguments, const std::string& expected)
    {
        const auto [code, said] = Run(arguments);
        EXPECT_EQ(code, 2) << said;
        EXPECT_THAT(said, HasSubstr(expected));
        EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
    };
    line("", "results: no test was run");
    line("--no-such-option", "--no-such-option");
    Write("results/a-test/Suite.A.xml", "<testsuites>");
    line("", "a-test/Suite.A.xml: not GoogleTest's XML");
    fs::remove_all(m_folder / "results");
    line("", "results: no such folder; ctest makes it");
    Write("list.yaml", "requirements: 7");
    line("", "list.yaml:1: ");
    EXPECT_EQ(Run("--help").first, 0);
}

} // namespace
} // namespace lanpeer::traceability
