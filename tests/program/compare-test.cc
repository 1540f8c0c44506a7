#include "tests/program/typing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <vector>

// `lanpeer-sim compare` as it is typed and as the README types it, and the regression itself: the
// scenarios of results/baseline, run again.

namespace lanpeer
{
namespace
{

namespace fs = std::filesystem;
using program::Output;
using program::ReadAll;
using testing::HasSubstr;

class Compare : public program::Typing
{
  protected:
    Output TypeCompare(const std::string& arguments) const
    {
        return Type("build/bin/lanpeer-sim compare " + arguments);
    }
};

/// The README's section on it: the lines that it types, and what it shows between fences.
struct Section
{
    std::vector<std::string> typed;
    std::string shown;
};

Section
ReadmeSection()
{
    std::ifstream in(LANPEER_SOURCE_DIR "/README.md");
    Section section;
    bool inside = false;
    bool fenced = false;
    for (std::string line; std::getline(in, line);)
    {
        if (!fenced && line.rfind("### ", 0) == 0)
        {
            inside = line == "### What a change makes better or worse";
        }
        else if (inside && line.rfind("```", 0) == 0)
        {
            fenced = !fenced;
        }
        else if (inside && fenced)
        {
            section.shown += line + "\n";
        }
        else if (inside && line.rfind("    ", 0) == 0)
        {
            section.typed.push_back(line.substr(4));
        }
    }
    return section;
}

TEST_F(Compare, NothingIsWorseThanTheBaseline)
{
    RecordProperty("requirement", "R-SIM-9");
    const std::vector<std::string> typed = ReadmeSection().typed;
    ASSERT_EQ(typed.size(), 5U);
    const Output remade = Type(typed[3]);
    ASSERT_EQ(remade.exitCode, 0) << remade.err;
    const Output compared = Type(typed[4]);
    EXPECT_EQ(compared.exitCode, 0) << compared.out << compared.err;
    EXPECT_THAT(compared.out, HasSubstr(" compared: "));
    if (compared.out.find("better: ") != std::string::npos)
    {
        std::cout << compared.out; // no failure, yet a baseline to renew
    }
    EXPECT_THAT(ReadAll(m_folder / "compare.xml"), HasSubstr("<testsuite name="));
    for (const auto& entry : fs::directory_iterator(LANPEER_SOURCE_DIR "/results/baseline"))
    {
        const std::string text = ReadAll(entry.path());
        if (entry.path().extension() == ".json")
        {
            EXPECT_THAT(text, HasSubstr("\"wall_s\": 0.0\n")) << entry << ": made by remake?";
        }
    }
}

TEST_F(Compare, TheReadmeShowsWhatItTypes)
{
    const Section section = ReadmeSection();
    ASSERT_EQ(section.typed.size(), 5U);
    for (std::size_t i = 0; i < 2; ++i)
    {
        EXPECT_EQ(Type(section.typed[i]).exitCode, 0) << section.typed[i];
    }
    const Output output = Type(section.typed[2]);
    EXPECT_EQ(output.exitCode, 1);
    EXPECT_EQ(output.out, section.shown) << "README.md shows something else";
    EXPECT_EQ(output.err, "");
}

TEST_F(Compare, AWorseBaselineFailsAndSaysHowToAccept)
{
    fs::copy(LANPEER_SOURCE_DIR "/results/baseline", m_folder / "new");
    fs::copy(m_folder / "new", m_folder / "old");
    EXPECT_EQ(TypeCompare("old new").exitCode, 0);
    EXPECT_EQ(Type("sed -i 's/\"internet_bytes\": [0-9]*/&0/' new/no-peering.json").exitCode, 0);
    const Output worse = TypeCompare("old new --junit x.xml --github");
    EXPECT_EQ(worse.exitCode, 1);
    EXPECT_THAT(worse.out, HasSubstr("\ninternet_bytes  no-peering  direct "));
    EXPECT_THAT(worse.out, HasSubstr("+900.0 %\n"));
    EXPECT_THAT(worse.out, HasSubstr("in the commit message:\n\n    old/remake\n"));
    EXPECT_THAT(worse.out, HasSubstr("::error file=old/no-peering.json,title="));
    EXPECT_THAT(ReadAll(m_folder / "x.xml"), HasSubstr("<failure "));
    EXPECT_EQ(worse.err, "");
    EXPECT_EQ(TypeCompare("old new --metric copies").exitCode, 0);
    EXPECT_EQ(TypeCompare("old new --tolerance 900").exitCode, 0);
    const Output better = TypeCompare("new old");
    EXPECT_EQ(better.exitCode, 0);
    EXPECT_THAT(better.out, HasSubstr("better: internet_bytes in 1 run, "));
    fs::remove(m_folder / "new/no-peering.json");
    const Output missing = TypeCompare("old new");
    EXPECT_EQ(missing.exitCode, 1);
    EXPECT_THAT(missing.out, HasSubstr("missing in the candidate: no-peering.json\n"));
    EXPECT_EQ(TypeCompare("new old").exitCode, 0) << "extra";
}

TEST_F(Compare, BadInputIsOneLineAndWritesNothing)
{
    std::ofstream(m_folder / "text.json") << "hello\n";
    fs::create_directory(m_folder / "empty");
    for (const std::string arguments : {"none.json results/baseline/fig1.json",
                                        "results/baseline/fig1.json text.json",
                                        "empty results/baseline",
                                        "results/baseline results/baseline/fig1.json",
                                        "results/baseline results/baseline --tolerance lots"})
    {
        const Output output = TypeCompare(arguments + " --junit x.xml --github");
        EXPECT_EQ(output.exitCode, 2) << arguments;
        EXPECT_EQ(std::count(output.err.begin(), output.err.end(), '\n'), 1) << output.err;
        EXPECT_EQ(output.out, "");
        EXPECT_FALSE(fs::exists(m_folder / "x.xml"));
    }
    const std::string itself = "results/baseline/fig1.json results/baseline/fig1.json ";
    const Output nowhere = TypeCompare(itself + "--junit nowhere/x.xml");
    EXPECT_EQ(nowhere.exitCode, 1);
    EXPECT_THAT(nowhere.err, HasSubstr("nowhere/x.xml: cannot be written"));
    EXPECT_EQ(TypeCompare(itself + "--junit /dev/full").exitCode, 1);
}

} // namespace
} // namespace lanpeer
