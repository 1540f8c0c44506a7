// Runs each golden script of this folder (*.txt) and compares what its commands did with what it
// says below each of them; and replays the tapes of all its nodes, byte for byte.
//
//     build/bin/golden-test                    compares
//     build/bin/golden-test --rewrite          writes what was done into the scripts instead
//     LANPEER_GOLDEN_REWRITE=1 ctest ...       the same
//
// The difference that --rewrite makes is what there is to review: read it against the paragraph or
// the requirement in the script's first lines, not against the code. The language is described in
// model/harness/script.h.

#include "model/harness/replay.h"
#include "model/harness/script-file.h"
#include "model/protocol/parameters.h"
#include "tests/golden/line-diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer
{
namespace
{

namespace fs = std::filesystem;
using harness::ParseScript;
using harness::RenderScript;
using harness::Replay;
using harness::RunScript;
using harness::ScriptFile;
using harness::ScriptFileError;
using harness::ScriptRun;

bool g_rewrite = false;

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
TextOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// "0021_random_delay"
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

class Golden : public testing::TestWithParam<fs::path>
{
};

/// Where the error is, as editors read it.
std::string
At(const fs::path& path, const ScriptFileError& error)
{
    return path.string() + ":" + std::to_string(error.line) + ": " + error.what;
}

void
CompareOrRewrite(const fs::path& path, const std::string& expected, const std::string& actual)
{
    if (expected == actual)
    {
        return;
    }
    if (!g_rewrite)
    {
        ADD_FAILURE() << path.string() << "\n"
                      << LineDiff(expected, actual)
                      << "- is expected, + is what was done; golden-test --rewrite accepts it";
        return;
    }
    std::ofstream(path, std::ios::binary) << actual;
    std::cout << "rewritten: " << path.string() << "\n";
}

TEST_P(Golden, DoesWhatItSays)
{
    const std::string text = TextOf(GetParam());
    const auto parsed = ParseScript(text);
    if (const auto* error = std::get_if<ScriptFileError>(&parsed))
    {
        FAIL() << At(GetParam(), *error);
    }
    const auto& file = std::get<ScriptFile>(parsed);
    EXPECT_NE(file.requirements, "") << "the line \"# requirement: R-...\" is missing";
    RecordProperty("requirement", file.requirements);

    const auto done = RunScript(file);
    if (const auto* error = std::get_if<ScriptFileError>(&done))
    {
        FAIL() << At(GetParam(), *error);
    }
    const auto& run = std::get<ScriptRun>(done);
    CompareOrRewrite(GetParam(), text, RenderScript(run.file));
    for (const std::string& tape : run.tapes)
    {
        const auto difference = Replay(tape);
        EXPECT_FALSE(difference.has_value())
            << "the tape is not replayed, line " << difference->line << ": " << difference->what
            << "\n- " << difference->recorded << "\n+ " << difference->replayed;
    }
}

INSTANTIATE_TEST_SUITE_P(Script, Golden, testing::ValuesIn(Scripts()), NameOfTest);

/// The paragraphs that a script's name begins with: "0021-..." or "0040-0043-...".
void
AddParagraphs(std::string_view name, std::vector<bool>& covered)
{
    const auto number = [&name](std::size_t at)
    {
        std::size_t value = 0;
        for (std::size_t i = at; i < at + 4; ++i)
        {
            const bool digit =
                i < name.size() && std::isdigit(static_cast<unsigned char>(name[i])) != 0;
            if (!digit)
            {
                return std::size_t{0};
            }
            value = value * 10 + static_cast<std::size_t>(name[i] - '0');
        }
        return value;
    };
    const std::size_t first = number(0);
    const std::size_t last = std::max(first, number(5));
    for (std::size_t paragraph = first; first != 0 && paragraph <= last; ++paragraph)
    {
        covered[std::min(paragraph, covered.size() - 1)] = true;
    }
}

TEST(GoldenScripts, CoverEachParagraph)
{
    std::vector<bool> covered(100, false);
    for (const fs::path& script : Scripts())
    {
        AddParagraphs(script.stem().string(), covered);
    }
    for (std::size_t paragraph = 20; paragraph <= 51; ++paragraph)
    {
        // [0035]-[0039] are about the form of packets: tests/unit.
        const bool aboutPackets = paragraph >= 35 && paragraph <= 39;
        EXPECT_TRUE(covered[paragraph] || aboutPackets) << "[00" << paragraph << "]";
    }
}

TEST(GoldenScripts, CoverEachRuleOfRobust)
{
    constexpr std::string_view kRules = "rules.";
    const auto scripts = Scripts();
    for (const Parameter& parameter : ParameterTable())
    {
        const bool isRule = parameter.key.substr(0, kRules.size()) == kRules;
        if (!isRule || parameter.key == "rules.wait") // FIG. 4B: 0029 to 0034, 0046 to 0051
        {
            continue;
        }
        const std::string prefix = "robust-" + std::string(parameter.key.substr(kRules.size()));
        EXPECT_TRUE(std::any_of(scripts.begin(),
                                scripts.end(),
                                [&prefix](const fs::path& script)
                                { return script.stem().string().rfind(prefix, 0) == 0; }))
            << parameter.key;
    }
}

} // namespace
} // namespace lanpeer

int
main(int argc, char** argv)
{
    const char* environment = std::getenv("LANPEER_GOLDEN_REWRITE");
    lanpeer::g_rewrite = environment != nullptr && std::string_view(environment) == "1";
    testing::InitGoogleTest(&argc, argv);
    for (int i = 1; i < argc; ++i)
    {
        if (std::string_view(argv[i]) != "--rewrite")
        {
            std::cerr << "golden-test: " << argv[i] << ": only --rewrite and GoogleTest's own\n";
            return 2;
        }
        lanpeer::g_rewrite = true;
    }
    return RUN_ALL_TESTS();
}
