#include "tests/analysis/schema-validator.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

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

    /// The JSON of a run to the byte, without the line of the one key that may differ.
    std::string Bytes(const std::string& arguments) const
    {
        const Output output = Run("run " + arguments + " --json -");
        EXPECT_EQ(output.exitCode, 0) << output.err;
        std::istringstream in(output.out);
        std::string bytes;
        std::size_t walls = 0;
        for (std::string line; std::getline(in, line);)
        {
            const bool isWall = line.find("\"wall_s\":") != std::string::npos;
            walls += isWall ? 1 : 0;
            bytes += isWall ? "" : line + "\n";
        }
        EXPECT_EQ(walls, 1U) << output.out;
        return bytes;
    }

    /// Names of the files there, sorted; not those of Run().
    std::vector<std::string> Files() const
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(m_folder))
        {
            const std::string name = entry.path().filename().string();
            if (name != "out.txt" && name != "err.txt")
            {
                names.push_back(name);
            }
        }
        std::sort(names.begin(), names.end());
        return names;
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
    RecordProperty("requirement", "R-SIM-5 R-SIM-9");
    // Every draw there is: the robust rules', the LAN's losses, cold ARP; and without peering.
    const std::string faulty =
        " --set 'faults={duplication: 0.02, reordering: 0.02, corruption: 0.02, "
        "corruption_unseen: 0.02, crashes: 2, crash_within_s: 10, mute: 1, full_disks: 1}'"
        " --set 'workload={leave_share: 0.4, leave_within_s: 5, rounds: 2, round_every_s: 100, "
        "resources: [{name: a.cab, bytes: 90000}, {name: b.cab, bytes: 20000, share: 0.5}]}'";
    for (const std::string& scenario :
         std::vector<std::string>{"fig1",
                                  "fig1 --set lan.loss=0.01",
                                  "fig1 --set lan.arp=cold --set lan.arp_jitter=on",
                                  "fig1 --policy direct --set lan.loss=0.01",
                                  "fig1" + faulty})
    {
        const std::string first = Bytes(scenario + " --seed 7 --run 2");
        EXPECT_EQ(first, Bytes(scenario + " --seed 7 --run 2")) << scenario;
        EXPECT_NE(first, Bytes(scenario + " --seed 7 --run 3")) << scenario;
        EXPECT_NE(first, Bytes(scenario + " --seed 8 --run 2")) << scenario;
    }
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
    ASSERT_EQ(
        Run("run fig1 --policy direct,robust --set faults.storm_control_pps=1 --json runs.json")
            .exitCode,
        0);
    const auto runs = ordered_json::parse(ReadAll(m_folder / "runs.json"));
    const auto schema = nlohmann::json::parse(ReadAll(LANPEER_SOURCE_DIR "/analysis/schema.json"));
    ASSERT_EQ(runs.size(), 2U);
    for (const auto& run : runs)
    {
        EXPECT_EQ(lanpeer::analysis::SchemaFaults(schema, nlohmann::json::parse(run.dump())),
                  std::vector<std::string>{});
    }
    EXPECT_EQ(runs[0]["packets"]["sent_bytes"], 0) << "direct sends no service packet";
    EXPECT_GT(runs[1]["faults"]["storm_dropped"], 0);
}

TEST_F(LanpeerSim, FollowsATraceThroughFaultsAndCountsThem)
{
    RecordProperty("requirement", "R-SIM-4 R-SIM-5 R-SIM-8");
    fs::create_directory(m_folder / "below");
    std::ofstream(m_folder / "below/t.csv")
        << "time,node,resource\n30,1,b.cab\n0,0,a.cab\n0,0,1\n60,2,a.cab\n";
    std::ofstream(m_folder / "below/trace.yaml") << R"(
lan: {nodes: 3}
workload:
  arrival: trace
  trace: t.csv
  resources: [{name: a.cab, bytes: 40000}, {name: b.cab, bytes: 20000}, {name: c.cab, bytes: 9}]
faults: {duplication: 0.1, reordering: 0.1, uplink_down: [{from_s: 1, for_s: 20}]}
)";
    const ordered_json run = Json("below/trace.yaml");
    EXPECT_EQ(run["resource_bytes"], 60000) << "nobody asked for c";
    EXPECT_EQ(run["copies"], 1);
    EXPECT_EQ(run["sources"]["internet"], 2);
    EXPECT_EQ(run["sources"]["peer"], 2);
    EXPECT_GT(run["finish_s"]["last"], 20) << "node 0 had to wait for the line";
    EXPECT_EQ(run["faults"]["uplink_down_s"], 20);
    EXPECT_GT(run["faults"]["uplink_dropped"], 0);
    EXPECT_GT(run["faults"]["duplicated"], 0);
    EXPECT_GT(run["faults"]["reordered"], 0);
    EXPECT_EQ(run["faults"]["corrupted"], 0);
    EXPECT_GT(run["simulated_s"], 60);

    const Output refused = Run("run below/trace.yaml --set lan.nodes=2 --json x.json");
    EXPECT_EQ(refused.exitCode, 2);
    EXPECT_EQ(refused.err,
              "lanpeer-sim: below/t.csv:5: node: '2' is out of bounds; expected 0 to 1\n");
}

TEST_F(LanpeerSim, RefusesABadScenarioInOneLineAndWritesNothing)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-7");
    std::ofstream(m_folder / "bad.yaml") << "lan:\n  nodes: 5\n  medium: air\n";
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

TEST_F(LanpeerSim, RefusesOneFileForTwo)
{
    const std::array<std::pair<std::string, std::string>, 4> cases{{
        {"--json x --graph x", "--graph and --json"},
        {"--tape x --graph ./x", "--graph and --tape"},
        {"--json x --tape x --runs 2", "--tape and --json"},
        {"--json x.robust.2 --tape x --runs 2", "--tape and --json"},
    }};
    for (const auto& [options, which] : cases)
    {
        const Output output = Run("run fig1 " + options);
        EXPECT_EQ(output.exitCode, 2) << options;
        EXPECT_EQ(output.err, "lanpeer-sim: " + which + " name the same file; expected two\n");
    }
    EXPECT_EQ(Files(), std::vector<std::string>{});
}

TEST_F(LanpeerSim, SaysBeforeTheSimulationWhatCannotBeWritten)
{
    fs::create_directory(m_folder / "taken.robust.2");
    // Minutes long, were it begun.
    const std::string run = "run office --policy direct,robust --set lan.nodes=2000 --runs 2 ";
    for (const std::string option : {"--tape", "--graph"})
    {
        const Output elsewhere = Run(run + option + " nowhere/x");
        EXPECT_EQ(elsewhere.exitCode, 1);
        EXPECT_NE(elsewhere.err.find("nowhere/x.direct.1: cannot be written"), std::string::npos)
            << elsewhere.err;
        const Output taken = Run(run + option + " taken");
        EXPECT_EQ(taken.exitCode, 1);
        EXPECT_NE(taken.err.find("taken.robust.2: cannot be written"), std::string::npos)
            << taken.err;
    }
    EXPECT_EQ(Files(), std::vector<std::string>{"taken.robust.2"});
}

TEST_F(LanpeerSim, ATapeThatGoesBadFailsTheRunItIsOf)
{
    fs::create_symlink("/dev/full", m_folder / "m.tape.robust.2");
    const Output output = Run("run fig1 --runs 2 --tape m.tape --graph m.dot --json m.json");
    EXPECT_EQ(output.exitCode, 1);
    EXPECT_EQ(output.err,
              "lanpeer-sim: robust, run 2: m.tape.robust.2: cannot be written: No space left on "
              "device\n");
    EXPECT_EQ(output.out, "");
    EXPECT_EQ(Files(), std::vector<std::string>{"m.tape.robust.2"}) << "all or nothing";
    for (const std::string option : {"--tape", "--graph", "--json"})
    {
        EXPECT_EQ(Run("run fig1 " + option + " /dev/full").exitCode, 1) << option;
        EXPECT_EQ(Run("run fig1 " + option + " /dev/null").exitCode, 0) << option;
    }
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(LanpeerSim, GivesEachOfSeveralRunsItsFiles)
{
    ASSERT_EQ(Run("run fig1 --policy fig4b,robust --runs 2 --tape m.tape --graph m.dot").exitCode,
              0);
    EXPECT_EQ(Files(),
              (std::vector<std::string>{"m.dot.fig4b.1",
                                        "m.dot.fig4b.2",
                                        "m.dot.robust.1",
                                        "m.dot.robust.2",
                                        "m.tape.fig4b.1",
                                        "m.tape.fig4b.2",
                                        "m.tape.robust.1",
                                        "m.tape.robust.2"}));
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
    EXPECT_NE(Run("run --help").out.find("--pcap PREFIX"), std::string::npos);
}

TEST_F(LanpeerSim, DrawsWhoGotWhatFromWhom)
{
    ASSERT_EQ(Run("run fig1 --graph who.dot").exitCode, 0);
    const std::string dot = ReadAll(m_folder / "who.dot");
    EXPECT_EQ(dot.compare(0, 7, "digraph"), 0) << dot.substr(0, 40);
    EXPECT_NE(dot.find("->"), std::string::npos);
    EXPECT_NE(dot.find(": depth max "), std::string::npos) << dot;
    EXPECT_NE(dot.find(" served, depth "), std::string::npos) << dot;
}

TEST_F(LanpeerSim, TapesEveryNode)
{
    ASSERT_EQ(Run("run fig1 --tape run.tape").exitCode, 0);
    std::ifstream tape(m_folder / "run.tape");
    std::size_t lines = 0;
    std::set<int> nodes;
    for (std::string line; std::getline(tape, line); ++lines)
    {
        nodes.insert(nlohmann::json::parse(line).at("node").get<int>());
    }
    EXPECT_GT(lines, 100U);
    EXPECT_EQ(nodes, (std::set<int>{0, 1, 2, 3, 4}));
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

/// What closed form and simulation say of a small LAN.
ordered_json
TimingOf(const Output& output)
{
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_EQ(output.err, "");
    return ordered_json::parse(output.out, nullptr, false);
}

TEST_F(LanpeerSim, TimingSetsClosedFormBesideSimulation)
{
    RecordProperty("requirement", "R-SIM-8 R-SRV-2 R-SRV-3");
    // Ten holders, and cables so slow that answers cross the "I found".
    const std::string arguments = "timing --nodes 11 --holders 10 --latency 5 --runs 8 --json ";
    const auto json = TimingOf(Run(arguments + "- -j 2"));
    const double delayMs = json["chosen"]["response_delay_ms"];
    EXPECT_GT(delayMs, 90) << "about 10 holders x 10 ms a duplicate";
    EXPECT_LT(delayMs, 120);
    ASSERT_EQ(json["rows"].size(), 2U);
    for (const auto& row : json["rows"])
    {
        const auto off = [](const ordered_json& figure)
        {
            return std::abs(figure["mean"].get<double>() - figure["formula"].get<double>());
        };
        // Of 400 asks: four standard errors, by the formulas' own deviations.
        const double leastMs = row["response_delay_ms"].get<double>() / 11.0;
        EXPECT_LT(off(row["answer_ms"]), 4 * leastMs / 20) << row.dump();
        EXPECT_LT(off(row["duplicates"]), 0.25) << row.dump();
        EXPECT_EQ(row["false_timeout"]["share"], 0.0);
    }
    EXPECT_GT(json["rows"][0]["duplicates"]["mean"].get<double>(), 0.7);
    EXPECT_LT(json["rows"][1]["duplicates"]["mean"].get<double>(), 0.2) << "the patent's";

    EXPECT_EQ(Run(arguments + "t.json -j 1").exitCode, 0);
    EXPECT_EQ(ordered_json::parse(ReadAll(m_folder / "t.json")).dump(), json.dump())
        << "however many at a time";
}

TEST_F(LanpeerSim, TimingSeesLossAndTooShortAnAllowance)
{
    RecordProperty("requirement", "R-SIM-8 R-SIM-5 R-CLI-3");
    // One holder 200 ms there and back: of D = 400 ms, T = 0, half of the answers come too late.
    const auto late = TimingOf(Run("timing --nodes 2 --latency 100 --delay 400 --allowance 0 "
                                   "--runs 4 --json -"));
    const auto& given = late["rows"].back();
    EXPECT_EQ(given["origin"], "given");
    EXPECT_NEAR(given["false_timeout"]["formula"].get<double>(), 0.5, 0.001);
    EXPECT_NEAR(given["false_timeout"]["share"].get<double>(), 0.5, 0.12);
    const auto lossy = TimingOf(Run("timing --nodes 2 --loss 0.05 --runs 4 --json -"));
    EXPECT_EQ(lossy["chosen"]["few_false_timeouts"], false);
    const auto& patent = lossy["rows"].back();
    EXPECT_NEAR(patent["false_timeout"]["formula"].get<double>(), 1 - 0.81450625, 1e-9);
    EXPECT_NEAR(patent["false_timeout"]["share"].get<double>(), 0.1855, 0.1);
}

TEST_F(LanpeerSim, TimingRefusesInOneLineAndWritesNothing)
{
    const Output wrong = Run("timing --nodes 5 --holders 5 --json t.json");
    EXPECT_EQ(wrong.exitCode, 2);
    EXPECT_EQ(wrong.err, "lanpeer-sim: --holders: '5' is out of bounds; expected 1 to 4\n");
    const Output nowhere = Run("timing --json nowhere/t.json");
    EXPECT_EQ(nowhere.exitCode, 1);
    EXPECT_NE(nowhere.err.find("nowhere/t.json: cannot be written"), std::string::npos);
    EXPECT_EQ(Files(), std::vector<std::string>{});
}

} // namespace
