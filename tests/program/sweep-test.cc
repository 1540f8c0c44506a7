#include "analysis/results/result-store.h"
#include "analysis/results/run-key.h"
#include "tests/program/typing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

// `lanpeer-sim sweep`, `merge` and `csv` as they are typed, with real simulations.

namespace lanpeer
{
namespace
{

namespace fs = std::filesystem;
using analysis::ResultStore;
using program::Output;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kSim = "build/bin/lanpeer-sim";

class SweepProgram : public program::Typing
{
  protected:
    SweepProgram()
    {
        RecordProperty("requirement", "R-SIM-10");
        std::ofstream(m_folder / "small.yaml")
            << "scenario: flash-crowd\n"
               "axes: {lan.nodes: [4, 8], workload.arrival: [simultaneous, uniform]}\n"
               "policy: [fig4a, robust]\n"
               "runs: 3\n";
    }

    std::vector<analysis::StoredRun> RowsIn(const std::string& folder) const
    {
        std::vector<analysis::StoredRun> rows;
        ResultStore(m_folder / folder / analysis::kStoreFile, ResultStore::Access::Read)
            .ForEach({true, true, true},
                     [&rows](const analysis::StoredRun& run) { rows.push_back(run); });
        return rows;
    }

    /// Every row as text, but for the times.
    std::vector<std::string> TextsIn(const std::string& folder) const
    {
        std::vector<std::string> texts;
        for (const analysis::StoredRun& run : RowsIn(folder))
        {
            texts.push_back(Describe(run.key) + std::to_string(run.exitCode) + run.errorText +
                            WithoutTime(run.metrics) + run.nodes + run.replay + run.command);
        }
        return texts;
    }

    static std::string WithoutTime(const std::string& metrics)
    {
        auto object = nlohmann::ordered_json::parse(metrics);
        object.erase("wall_s");
        return object.dump();
    }
};

TEST_F(SweepProgram, RowsAreThoseOfSingleRunsWhateverTheNumberOfProcesses)
{
    ASSERT_EQ(Type(kSim + " sweep small.yaml -j 1 --out one").err, "");
    const Output three = Type(kSim + " sweep small.yaml -j 3 --out three");
    EXPECT_EQ(three.exitCode, 0);
    EXPECT_THAT(three.out, StartsWith("three/sweep.sqlite: 24 runs; "));
    EXPECT_EQ(TextsIn("one"), TextsIn("three"));

    const auto rows = RowsIn("one");
    ASSERT_EQ(rows.size(), 24U);
    for (const std::size_t i : {std::size_t{0}, std::size_t{10}, std::size_t{23}})
    {
        const Output single = Type("PATH=build/bin:$PATH " + rows[i].command);
        ASSERT_EQ(single.exitCode, 0) << rows[i].command << single.err;
        EXPECT_EQ(WithoutTime(single.out), WithoutTime(rows[i].metrics)) << rows[i].command;
    }
    for (const analysis::StoredRun& row : rows)
    {
        EXPECT_EQ(row.replay.empty(), row.key.run != 1) << row.command;
        EXPECT_FALSE(row.nodes.empty());
        EXPECT_FALSE(row.by.commit.empty());
        EXPECT_EQ(row.by.ns3, "3.37");
        EXPECT_THAT(row.by.compiler, testing::MatchesRegex("[A-Za-z]+ [0-9.]+"));
        EXPECT_GT(row.cpuS, 0);
    }
}

/// When each node asked, of a row's course in time.
std::string
AsksOf(const analysis::StoredRun& row)
{
    std::string text;
    const auto replay = nlohmann::json::parse(row.replay);
    for (const auto& ask : replay["asks"])
    {
        text += ask[0].dump() + "/" + ask[1].dump() + " ";
    }
    return text;
}

TEST_F(SweepProgram, ARunNumberMeansTheSameArrivalsUnderEveryPolicy)
{
    std::ofstream(m_folder / "policies.yaml") << "scenario: flash-crowd\n"
                                                 "set: {lan.nodes: 6}\n"
                                                 "axes: {workload.arrival: [uniform, poisson]}\n"
                                                 "policy: [direct, fig4a, fig4b, robust]\n"
                                                 "runs: 1\n";
    ASSERT_EQ(Type(kSim + " sweep policies.yaml --out out").exitCode, 0);
    std::map<std::string, std::set<std::string>> asks; // by arrival
    for (const analysis::StoredRun& row : RowsIn("out"))
    {
        asks[row.key.parameters.at("workload.arrival")].insert(AsksOf(row));
    }
    ASSERT_EQ(asks.size(), 2U);
    EXPECT_EQ(asks["uniform"].size(), 1U);
    EXPECT_EQ(asks["poisson"].size(), 1U);
    EXPECT_NE(*asks["uniform"].begin(), *asks["poisson"].begin());
}

/// Starts a command of this program in the folder; its process.
pid_t
Start(const fs::path& folder, std::vector<std::string> words)
{
    std::vector<char*> arguments;
    for (std::string& word : words)
    {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const pid_t process = fork();
    if (process == 0)
    {
        if (chdir(folder.c_str()) == 0 && freopen("/dev/null", "w", stdout) != nullptr)
        {
            execv(arguments[0], arguments.data());
        }
        _exit(127);
    }
    return process;
}

TEST_F(SweepProgram, KilledTenTimesItLosesNoFinishedRunAndRepeatsNone)
{
    std::mt19937 engine(20261130);
    std::map<analysis::RunKey, double> seen; // the time that a run took tells it from a repetition
    int killed = 0;
    for (int i = 0; i < 10; ++i)
    {
        const pid_t process =
            Start(m_folder, {kSim, "sweep", "small.yaml", "-j", "2", "--out", "out"});
        const auto wait = std::uniform_int_distribution<int>(20, 220)(engine);
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
        kill(process, SIGKILL);
        int status = 0;
        waitpid(process, &status, 0);
        killed += WIFSIGNALED(status) ? 1 : 0;
        const fs::path file = m_folder / "out" / analysis::kStoreFile;
        if (!fs::exists(file))
        {
            continue;
        }
        // Killed while the file was made it has no tables yet: who goes on with it makes them.
        const ResultStore made(file, ResultStore::Access::Write);
        std::map<analysis::RunKey, double> now;
        for (const analysis::StoredRun& row : RowsIn("out"))
        {
            now[row.key] = row.wallS;
        }
        for (const auto& [key, wallS] : seen)
        {
            ASSERT_EQ(now.count(key), 1U) << Describe(key);
            EXPECT_EQ(now[key], wallS) << Describe(key);
        }
        seen = now;
    }
    EXPECT_GT(killed, 0);
    const Output rest = Type(kSim + " sweep small.yaml -j 2 --out out");
    EXPECT_EQ(rest.exitCode, 0) << rest.err;
    ASSERT_EQ(Type(kSim + " sweep small.yaml -j 2 --out whole").exitCode, 0);
    EXPECT_EQ(TextsIn("out"), TextsIn("whole"));
    for (const analysis::StoredRun& row : RowsIn("out"))
    {
        if (seen.count(row.key) != 0)
        {
            EXPECT_EQ(row.wallS, seen[row.key]) << Describe(row.key);
        }
    }
}

TEST_F(SweepProgram, AnInterruptedOneSaysWhatIsMissing)
{
    const Output output =
        Type("timeout -s INT 3 " + kSim + " sweep office-size -j 2 --out out; echo $? > code.txt");
    EXPECT_THAT(output.err, HasSubstr("runs are missing: the same command goes on with them"));
    EXPECT_EQ(std::count(output.err.begin(), output.err.end(), '\n'), 1) << output.err;
}

TEST_F(SweepProgram, DryRunPrintsTheCommandsOfWhatIsMissing)
{
    const auto lines = [](const Output& output)
    {
        return std::count(output.out.begin(), output.out.end(), '\n');
    };
    const Output all = Type(kSim + " sweep small.yaml --out out --dry-run");
    EXPECT_EQ(lines(all), 24);
    EXPECT_THAT(all.out,
                StartsWith("lanpeer-sim run flash-crowd --set lan.nodes=4 --set "
                           "workload.arrival=simultaneous --policy fig4a --seed 1 --run 1 "
                           "--json -\n"));
    EXPECT_FALSE(fs::exists(m_folder / "out"));
    Type("sed 's/runs: 3/runs: 1/' small.yaml > one.yaml; " + kSim + " sweep one.yaml --out out");
    EXPECT_EQ(lines(Type(kSim + " sweep small.yaml --out out --dry-run")), 16);
    // With an interval wanted, at least two of each; more can't be known before.
    EXPECT_EQ(lines(Type(kSim + " sweep one.yaml --out out --until-ci 5 --dry-run")), 8);
}

TEST_F(SweepProgram, BadInputHasOneLineAndLosesNothing)
{
    ASSERT_EQ(Type(kSim + " sweep small.yaml --out out").exitCode, 0);
    const auto rows = TextsIn("out");
    std::ofstream(m_folder / "bad.yaml") << "scenario: office\naxes: {lan.nods: [5]}\n";
    std::ofstream(m_folder / "text") << std::string(5000, 'x');
    fs::create_directory(m_folder / "damaged");
    std::ofstream(m_folder / "damaged" / "sweep.sqlite") << std::string(5000, 'x');
    const std::vector<std::pair<std::string, std::string>> mistakes = {
        {"sweep bad.yaml --out out", "bad.yaml:2: lan.nods: unknown key; did you mean lan.nodes?"},
        {"sweep none.yaml --out out",
         "none.yaml: No such file or directory; expected a YAML file "
         "or one of adversaries, demo, internet-access, networks, office-size, response-delay or "
         "uplinks"},
        {"sweep small.yaml --out damaged", "damaged/sweep.sqlite: file is not a database"},
        {"sweep small.yaml --out text", "text: Not a directory"},
        {"sweep small.yaml --metric copies --out out",
         "--metric needs --until-ci, or `until_ci` in the sweep"},
        {"sweep small.yaml --until-ci 5 --metric copis --out out",
         "--metric: 'copis' is no figure of a run; did you mean copies?"},
        {"csv none", "none: no such file; expected one that a sweep wrote"},
        {"csv text", "text: file is not a database"},
        {"merge out text", "text: file is not a database"},
    };
    for (const auto& [arguments, line] : mistakes)
    {
        const Output output = Type(kSim + " " + arguments);
        EXPECT_EQ(output.exitCode, 2) << arguments;
        EXPECT_EQ(output.err, "lanpeer-sim: " + line + "\n") << arguments;
        EXPECT_EQ(output.out, "") << arguments;
    }
    EXPECT_EQ(TextsIn("out"), rows);
}

TEST_F(SweepProgram, AFullDiskIsOneLineAndLosesNothing)
{
    if (geteuid() != 0 || Type("unshare -m true").exitCode != 0)
    {
        GTEST_SKIP() << "needs root, to mount a small disk";
    }
    const std::string first = "sed 's/runs: 3/runs: 1/' small.yaml > one.yaml && mkdir disk && ";
    const std::string mount = "mount -t tmpfs -o size=64k none disk && ";
    const Output output = Type(
        first + "unshare -m bash -c '" + mount + kSim + " sweep one.yaml --out disk && " + kSim +
        " sweep small.yaml -j 1 --out disk; code=$?; "
        "mkdir kept && cat disk/sweep.sqlite > kept/sweep.sqlite; exit $code'");
    EXPECT_EQ(output.exitCode, 2) << output.err;
    EXPECT_EQ(output.err, "lanpeer-sim: disk/sweep.sqlite: database or disk is full\n");
    const std::size_t kept = RowsIn("kept").size();
    EXPECT_GE(kept, 8U); // those of the first sweep, and what then had room
    EXPECT_LT(kept, 24U);
}

TEST_F(SweepProgram, MergesWhatTwoMachinesRan)
{
    Type("sed 's/lan.nodes: .4, 8./lan.nodes: [4]/' small.yaml > four.yaml; "
         "sed 's/lan.nodes: .4, 8./lan.nodes: [8]/' small.yaml > eight.yaml");
    ASSERT_EQ(Type(kSim + " sweep four.yaml --out four").exitCode, 0);
    ASSERT_EQ(Type(kSim + " sweep eight.yaml --out eight").exitCode, 0);
    ASSERT_EQ(Type(kSim + " sweep small.yaml --out whole").exitCode, 0);
    const Output merged = Type(kSim + " merge four eight");
    EXPECT_EQ(merged.out, "four/sweep.sqlite: 12 runs of eight added\n");
    EXPECT_EQ(TextsIn("four"), TextsIn("whole"));
    const Output csv = Type(kSim + " csv --reproducible whole -o whole.csv && " + kSim +
                            " csv --reproducible four > four.csv");
    EXPECT_EQ(csv.exitCode, 0) << csv.err;
    const std::string text = program::ReadAll(m_folder / "whole.csv");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 25);
    EXPECT_EQ(program::ReadAll(m_folder / "four.csv"), text);
    // Into one that is not there: a folder like any other sweep's.
    EXPECT_EQ(Type(kSim + " merge all four eight").exitCode, 0);
    EXPECT_EQ(TextsIn("all"), TextsIn("whole"));
    EXPECT_EQ(Type(kSim + " sweep small.yaml --out all").exitCode, 0);
    // Nothing is made where there is nothing to add.
    EXPECT_EQ(Type(kSim + " merge none.sweep nofrom").exitCode, 2);
    EXPECT_FALSE(fs::exists(m_folder / "none.sweep"));
}

TEST_F(SweepProgram, AReaderThatTakesItsTimeDoesNotEndASweep)
{
    ASSERT_EQ(Type("sed 's/runs: 3/runs: 1/' small.yaml > one.yaml; " + kSim +
                   " sweep one.yaml --out out")
                  .exitCode,
              0);
    // The reader is kept in the middle of the rows: the pipe is full, nobody takes anything.
    const Output output = Type("mkfifo pipe; " + kSim + " csv out > pipe & exec 3< pipe; " + kSim +
                               " sweep small.yaml --out out; code=$?; exec 3<&-; wait; exit $code");
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_EQ(RowsIn("out").size(), 24U);
}

TEST_F(SweepProgram, AddsReplicatesUntilTheIntervalIsTight)
{
    std::ofstream(m_folder / "ci.yaml") << "scenario: flash-crowd\n"
                                           "set: {lan.nodes: 4}\n"
                                           "policy: [robust]\n"
                                           "runs: 2\n";
    ASSERT_EQ(Type(kSim + " sweep ci.yaml --until-ci 5% --metric find_s.mean --runs-max 40 "
                          "--out out")
                  .exitCode,
              0);
    EXPECT_GT(RowsIn("out").size(), 2U);
    EXPECT_LE(RowsIn("out").size(), 40U);
}

/// The cells of a line of CSV.
std::vector<std::string>
CellsIn(const std::string& line)
{
    std::vector<std::string> cells(1);
    bool isQuoted = false;
    for (const char c : line)
    {
        if (c == '"')
        {
            isQuoted = !isQuoted; // a doubled quote ends and begins anew: none stand in ours
        }
        else if (c == ',' && !isQuoted)
        {
            cells.emplace_back();
        }
        else
        {
            cells.back() += c;
        }
    }
    return cells;
}

using CsvRow = std::map<std::string, std::string>;

/// The run of a committed sweep that costs least.
CsvRow
CheapestOf(const fs::path& csv)
{
    std::ifstream file(csv);
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> names = CellsIn(line);
    CsvRow cheapest;
    while (std::getline(file, line))
    {
        const std::vector<std::string> cells = CellsIn(line);
        CsvRow row;
        for (std::size_t i = 0; i < names.size(); ++i)
        {
            row[names[i]] = cells.at(i);
        }
        if (cheapest.empty() || std::stod(row["events"]) < std::stod(cheapest["events"]))
        {
            cheapest = row;
        }
    }
    return cheapest;
}

TEST_F(SweepProgram, ARunOfEachCommittedSweepIsStillWhatItsCommandGives)
{
    int sweeps = 0;
    for (const auto& entry : fs::directory_iterator(LANPEER_SOURCE_DIR "/results/sweeps"))
    {
        if (entry.path().extension() != ".csv")
        {
            continue;
        }
        ++sweeps;
        CsvRow row = CheapestOf(entry.path());
        const Output output = Type("PATH=build/bin:$PATH " + row["command"]);
        ASSERT_EQ(output.exitCode, 0) << row["command"] << output.err;
        const auto run = nlohmann::json::parse(output.out);
        EXPECT_EQ(row["internet_bytes"], run["internet_bytes"].dump()) << row["command"];
        EXPECT_EQ(row["events"], run["events"].dump()) << row["command"];
        EXPECT_EQ(row["packets.sent_bytes"], run["packets"]["sent_bytes"].dump());
    }
    EXPECT_GE(sweeps, 4);
}

} // namespace
} // namespace lanpeer
