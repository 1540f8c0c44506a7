#include "tests/analysis/schema-validator.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

// lanpeer-sim as it is typed: what it prints, what it writes, its exit codes (INTERFACES, R-SIM-9).

namespace
{

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Output
{
    int exitCode = -1;
    std::string out;
    std::string err;
};

std::string
ReadAll(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class LanpeerSim : public testing::Test
{
  protected:
    LanpeerSim()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-sim-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
    }

    ~LanpeerSim() override
    {
        fs::remove_all(m_folder);
    }

    /// Runs it in a folder of the test's own.
    Output Run(const std::string& arguments) const
    {
        const std::string command = "cd " + m_folder.string() +
                                    " && " LANPEER_BINARY_DIR "/bin/lanpeer-sim " + arguments +
                                    " >out.txt 2>err.txt";
        const int status = std::system(command.c_str());
        return {WEXITSTATUS(status), ReadAll(m_folder / "out.txt"), ReadAll(m_folder / "err.txt")};
    }

    /// The JSON of a run, without the one key that may differ.
    ordered_json Json(const std::string& arguments) const
    {
        const Output output = Run("run " + arguments + " --json -");
        EXPECT_EQ(output.exitCode, 0) << output.err;
        ordered_json json = ordered_json::parse(output.out, nullptr, false);
        const auto strip = [](ordered_json& run)
        {
            run.erase("wall_s");
        };
        if (json.is_array())
        {
            std::for_each(json.begin(), json.end(), strip);
        }
        else
        {
            strip(json);
        }
        return json;
    }

    fs::path m_folder;
};

TEST_F(LanpeerSim, SameSeedAndRunGiveTheSameBytes)
{
    RecordProperty("requirement", "R-SIM-9");
    const auto first = Json("fig1 --seed 7 --run 2");
    EXPECT_EQ(first.dump(), Json("fig1 --seed 7 --run 2").dump());
    EXPECT_NE(first.dump(), Json("fig1 --seed 7 --run 3").dump());
    EXPECT_NE(first.dump(), Json("fig1 --seed 8 --run 2").dump());
}

TEST_F(LanpeerSim, ARunAloneIsTheSameRunBesideOthers)
{
    RecordProperty("requirement", "R-SIM-9");
    const auto beside = Json("fig1 --policy fig4b,robust --runs 3");
    ASSERT_EQ(beside.size(), 6U);
    EXPECT_EQ(beside[4].dump(), Json("fig1 --policy robust --run 2").dump());
    EXPECT_EQ(beside[0].dump(), Json("fig1 --policy fig4b --run 1").dump());
    for (std::size_t i = 0; i < 6; ++i) // policy as given, then run, from 1
    {
        EXPECT_EQ(beside[i]["policy"], i < 3 ? "fig4b" : "robust");
        EXPECT_EQ(beside[i]["run"], i % 3 + 1);
    }
}

TEST_F(LanpeerSim, WritesWhatTheSchemaSays)
{
    RecordProperty("requirement", "R-SIM-8");
    ASSERT_EQ(Run("run fig1 --policy direct,robust --json runs.json").exitCode, 0);
    const auto runs = ordered_json::parse(ReadAll(m_folder / "runs.json"));
    const auto schema = nlohmann::json::parse(ReadAll(LANPEER_SOURCE_DIR "/analysis/schema.json"));
    ASSERT_EQ(runs.size(), 2U);
    for (const auto& run : runs)
    {
        EXPECT_EQ(lanpeer::analysis::SchemaFaults(schema, nlohmann::json::parse(run.dump())),
                  std::vector<std::string>{});
    }
    EXPECT_EQ(runs[0]["packets"]["sent_bytes"], 0) << "direct sends no service packet";
    EXPECT_EQ(runs[1]["failures"], ordered_json::object());
}

TEST_F(LanpeerSim, RefusesABadScenarioInOneLineAndWritesNothing)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-7");
    std::ofstream(m_folder / "bad.yaml") << "lan:\n  nodes: 5\n  medium: wifi\n";
    std::ofstream(m_folder / "typo.yaml") << "lan:\n  nodez: 5\n";
    const std::array<std::pair<std::string, std::string>, 6> cases{{
        {"bad.yaml", "bad.yaml:3: lan.medium"},
        {"typo.yaml", "typo.yaml:2: lan.nodez"},
        {"missing.yaml", "missing.yaml"},
        {"fig1 --set lan.nodes=abc", "lan.nodes"},
        {"fig1 --policy coop", "policy coop: not in this version"},
        {"fig1 --set protocol.rules.wait=false", "rules"},
    }};
    for (const auto& [arguments, part] : cases)
    {
        const Output output = Run("run " + arguments + " --json out.json --tape out.tape");
        EXPECT_EQ(output.exitCode, 2) << arguments;
        EXPECT_NE(output.err.find(part), std::string::npos) << output.err;
        EXPECT_EQ(std::count(output.err.begin(), output.err.end(), '\n'), 1) << output.err;
        EXPECT_EQ(output.out, "");
        EXPECT_FALSE(fs::exists(m_folder / "out.json")) << arguments;
        EXPECT_FALSE(fs::exists(m_folder / "out.tape")) << arguments;
    }
}

TEST_F(LanpeerSim, KeepsAFileThatItCannotReplace)
{
    fs::create_directory(m_folder / "taken");
    const Output output = Run("run fig1 --json taken");
    EXPECT_EQ(output.exitCode, 1);
    EXPECT_NE(output.err.find("taken: cannot be written"), std::string::npos) << output.err;
    const Output elsewhere = Run("run fig1 --json nowhere/x.json");
    EXPECT_EQ(elsewhere.exitCode, 1);
    EXPECT_NE(elsewhere.err.find("nowhere/x.json"), std::string::npos) << elsewhere.err;
}

TEST_F(LanpeerSim, ListsScenariosKeysAndReasons)
{
    for (const std::string command : {"list", "keys", "reasons", "--help", "run --help"})
    {
        const Output output = Run(command);
        EXPECT_EQ(output.exitCode, 0) << command;
        EXPECT_EQ(output.err, "") << command;
        EXPECT_GT(output.out.size(), 100U) << command;
    }
    EXPECT_NE(Run("list").out.find("flash-crowd"), std::string::npos);
    EXPECT_NE(Run("keys").out.find("protocol.rules.pause"), std::string::npos);
    EXPECT_EQ(Run("run --help").out.find("pcap"), std::string::npos) << "not in this version";
}

TEST_F(LanpeerSim, DrawsWhoGotWhatFromWhom)
{
    ASSERT_EQ(Run("run fig1 --graph who.dot").exitCode, 0);
    const std::string dot = ReadAll(m_folder / "who.dot");
    EXPECT_EQ(dot.compare(0, 7, "digraph"), 0) << dot.substr(0, 40);
    EXPECT_NE(dot.find("->"), std::string::npos);
}

TEST_F(LanpeerSim, TapesEveryNode)
{
    ASSERT_EQ(Run("run fig1 --tape run.tape").exitCode, 0);
    std::ifstream tape(m_folder / "run.tape");
    std::size_t lines = 0;
    for (std::string line; std::getline(tape, line); ++lines)
    {
        const auto json = nlohmann::json::parse(line);
        EXPECT_LT(json.at("node").get<int>(), 5);
    }
    EXPECT_GT(lines, 100U);
}

TEST(Licences, TheSimulatorLinksNoOpenSsl)
{
    std::FILE* ldd = popen("ldd " LANPEER_BINARY_DIR "/bin/lanpeer-sim", "r");
    ASSERT_NE(ldd, nullptr);
    std::string libraries;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), ldd) != nullptr)
    {
        libraries += buffer.data();
    }
    ASSERT_EQ(pclose(ldd), 0);
    EXPECT_NE(libraries.find("libns3"), std::string::npos);
    for (const std::string forbidden : {"libssl", "libcrypto", "libcurl"})
    {
        EXPECT_EQ(libraries.find(forbidden), std::string::npos) << forbidden;
    }
}

} // namespace
