#include "commands.h"

#include "model/harness/script-file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <variant>
#include <vector>

// replay-tape, the program that tells the core again what a daemon wrote down: the tapes of every
// golden script, and tapes that are none.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using harness::ParseScript;
using harness::RunScript;
using harness::ScriptFile;
using harness::ScriptRun;
using testing::AllOf;
using testing::HasSubstr;

std::vector<fs::path>
Scripts()
{
    std::vector<fs::path> scripts;
    for (const auto& entry : fs::directory_iterator(LANPEER_SOURCE_DIR "/tests/golden"))
    {
        if (entry.path().extension() == ".txt" && entry.path().stem() != "CMakeLists")
        {
            scripts.push_back(entry.path());
        }
    }
    std::sort(scripts.begin(), scripts.end());
    return scripts;
}

std::string
NameOfTest(const testing::TestParamInfo<fs::path>& info)
{
    std::string name = info.param.stem().string();
    std::replace_if(
        name.begin(),
        name.end(),
        [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; },
        '_');
    return name;
}

/// The tapes of all nodes of a golden script.
std::vector<std::string>
TapesOf(const fs::path& script)
{
    const auto parsed = ParseScript(TextOf(script));
    const auto* file = std::get_if<ScriptFile>(&parsed);
    if (file == nullptr)
    {
        ADD_FAILURE() << script << " is no script";
        return {};
    }
    const auto done = RunScript(*file);
    const auto* run = std::get_if<ScriptRun>(&done);
    EXPECT_NE(run, nullptr) << script;
    return run == nullptr ? std::vector<std::string>{} : run->tapes;
}

class TapeFolder
{
  public:
    TapeFolder()
        : m_folder(fs::path(testing::TempDir()) / ("lanpeer-tapes-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_folder);
    }

    ~TapeFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }

    TapeFolder(const TapeFolder&) = delete;
    TapeFolder& operator=(const TapeFolder&) = delete;

    std::string Path(const std::string& name) const
    {
        return m_folder / name;
    }

    std::string Write(const std::string& name, const std::string& tape) const
    {
        std::ofstream(Path(name), std::ios::binary) << tape;
        return Path(name);
    }

  private:
    fs::path m_folder;
};

CommandResult
ReplayTape(std::vector<std::string> files)
{
    files.insert(files.begin(), LANPEER_BINARY_DIR "/bin/replay-tape");
    return RunCommand(files);
}

class ReplayTapeOf : public testing::TestWithParam<fs::path>
{
};

TEST_P(ReplayTapeOf, GoldenScriptIsTheSame)
{
    RecordProperty("requirement", "R-SIM-1");
    const TapeFolder folder;
    std::vector<std::string> files;
    for (const std::string& tape : TapesOf(GetParam()))
    {
        files.push_back(folder.Write("tape" + std::to_string(files.size() + 1), tape));
    }
    ASSERT_FALSE(files.empty());
    const CommandResult result = ReplayTape(files);
    EXPECT_EQ(result.exitCode, 0) << result.output;
    for (const std::string& file : files)
    {
        EXPECT_THAT(result.output, HasSubstr(file + ": the same\n"));
    }
}

INSTANTIATE_TEST_SUITE_P(Script, ReplayTapeOf, testing::ValuesIn(Scripts()), NameOfTest);

/// A tape with some lines.
std::string
SomeTape()
{
    const auto tapes = TapesOf(LANPEER_SOURCE_DIR "/tests/golden/0027-found-and-fetched.txt");
    return *std::max_element(tapes.begin(),
                             tapes.end(),
                             [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

TEST(ReplayTape, LastLineThatIsCutAsOfADaemonThatWasKilledIsLeftOut)
{
    RecordProperty("requirement", "R-SIM-1");
    const TapeFolder folder;
    const std::string tape = SomeTape();
    const std::size_t lastLine = tape.rfind('\n', tape.size() - 2) + 1;
    // Behind its first byte, in its middle, before its end.
    for (const std::size_t size : {lastLine + 1, (lastLine + tape.size()) / 2, tape.size() - 1})
    {
        const CommandResult result = ReplayTape({folder.Write("cut", tape.substr(0, size))});
        EXPECT_EQ(result.exitCode, 0) << size << result.output;
        EXPECT_THAT(result.output,
                    AllOf(HasSubstr("the last line is cut"), HasSubstr(": the same\n")));
    }
    // Cut behind a line, nothing is.
    const CommandResult whole = ReplayTape({folder.Write("whole", tape.substr(0, lastLine))});
    EXPECT_EQ(whole.exitCode, 0) << whole.output;
    EXPECT_EQ(whole.output.find("cut"), std::string::npos) << whole.output;
}

TEST(ReplayTape, OfWhichNoLineIsWholeIsNone)
{
    RecordProperty("requirement", "R-SIM-1");
    const TapeFolder folder;
    for (const std::string& text : {std::string(), SomeTape().substr(0, 20)})
    {
        const CommandResult result = ReplayTape({folder.Write("none", text)});
        EXPECT_EQ(result.exitCode, 1) << result.output;
    }
}

TEST(ReplayTape, CutInItsMiddleOrAlteredIsADifferenceThatIsNamed)
{
    RecordProperty("requirement", "R-SIM-1");
    const TapeFolder folder;
    std::string altered = SomeTape();
    const std::size_t at = altered.find("i_found");
    ASSERT_NE(at, std::string::npos);
    altered.replace(at, 7, "i_needs");
    const std::string good = folder.Write("good", SomeTape());
    const std::string bad = folder.Write("bad", altered);
    const CommandResult result = ReplayTape({bad, good, folder.Path("nobody")});
    EXPECT_EQ(result.exitCode, 1);
    EXPECT_THAT(result.output,
                AllOf(HasSubstr(bad + ":"),
                      HasSubstr(good + ": the same\n"), // goes on behind one that is not
                      HasSubstr("nobody: cannot be read")));
}

TEST(ReplayTape, WithoutFilesIsWrongUse)
{
    RecordProperty("requirement", "R-SIM-1");
    const CommandResult result = ReplayTape({});
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_THAT(result.output, HasSubstr("usage: replay-tape FILE..."));
}

} // namespace
} // namespace lanpeer::reference
