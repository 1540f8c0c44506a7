#include "analysis/results/result-store.h"
#include "tests/program/mpi-run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

// `mpirun lanpeer-sim sweep`, for real, on this machine: rows, and what dies in the middle.

namespace
{

namespace fs = std::filesystem;
using namespace lanpeer;
using testing::HasSubstr;
using testing::Not;

/// All of a row that must not depend on where it ran.
std::map<std::string, std::string>
RowsOf(const fs::path& folder)
{
    std::map<std::string, std::string> rows;
    const analysis::ResultStore store(folder / analysis::kStoreFile,
                                      analysis::ResultStore::Access::Read);
    store.ForEach({true, true, true},
                  [&rows](const analysis::StoredRun& run)
                  {
                      std::string metrics = run.metrics;
                      if (!metrics.empty())
                      {
                          auto json = nlohmann::ordered_json::parse(metrics);
                          EXPECT_EQ(json.erase("wall_s"), 1U);
                          metrics = json.dump();
                      }
                      const bool isNew =
                          rows.emplace(run.command,
                                       std::to_string(run.exitCode) + '\n' + run.errorText + '\n' +
                                           metrics + '\n' + run.nodes + '\n' + run.replay)
                              .second;
                      EXPECT_TRUE(isNew) << "twice: " << run.command;
                  });
    return rows;
}

/// When each run's row was made, as good as a name for one of two equal rows.
std::map<std::string, double>
WallsOf(const fs::path& folder)
{
    std::map<std::string, double> walls;
    const fs::path file = folder / analysis::kStoreFile;
    if (fs::exists(file))
    {
        try
        {
            analysis::ResultStore(file, analysis::ResultStore::Access::Read)
                .ForEach({false, false, false},
                         [&walls](const analysis::StoredRun& run)
                         { walls[run.command] = run.wallS; });
        }
        catch (const analysis::StoreError&)
        {
            // It is just being made.
        }
    }
    return walls;
}

class Ranks : public program::Typing
{
  protected:
    void SetUp() override
    {
        if (!program::IsOpenMpiThere())
        {
            GTEST_SKIP() << "no mpirun of Open MPI";
        }
        std::ofstream(m_folder / "quick.yaml")
            << "scenario: flash-crowd\naxes: {lan.nodes: [3, 6, 60]}\npolicy: [fig4b, robust]\n"
               "runs: 1\n";
        std::ofstream(m_folder / "slow.yaml")
            << "scenario: fig1\nset: {lan.nodes: 4}\npolicy: [fig4b, robust]\nruns: 3\n";
    }

    program::Output Alone(const std::string& arguments) const
    {
        return Type("build/bin/lanpeer-sim sweep " + arguments);
    }

    program::Output Mpi(const std::string& arguments) const
    {
        return Type(program::kMpirun + arguments);
    }

    /// Waits until a sweep has a row and a rank of it is in the middle of a run, which is stopped
    /// there: it cannot end by itself.
    pid_t StopARunOf(const program::MpiRun& mpi, const fs::path& out, int rank) const
    {
        return program::Await<pid_t>(
            [&]() -> std::optional<pid_t>
            {
                const auto process = WallsOf(out).empty() ? std::nullopt : mpi.RankProcess(rank);
                return process ? program::StopAChildOf(*process) : std::nullopt;
            });
    }

    /// The rows of `slow`, from one machine.
    std::map<std::string, std::string> SlowRows() const
    {
        EXPECT_EQ(Alone("slow.yaml -j 2 --out reference").exitCode, 0);
        return RowsOf(m_folder / "reference");
    }
};

const std::string kSim = " build/bin/lanpeer-sim sweep ";

TEST_F(Ranks, GiveTheRowsOfOneMachine)
{
    RecordProperty("requirement", "R-SIM-10");
    ASSERT_EQ(Alone("quick.yaml -j 1 --out one").exitCode, 0);
    ASSERT_EQ(Alone("quick.yaml -j 2 --out two").exitCode, 0);
    const program::Output four = Mpi("-np 4" + kSim + "quick.yaml --out four");
    ASSERT_EQ(four.exitCode, 0) << four.err;
    EXPECT_THAT(four.out, HasSubstr("four/sweep.sqlite: 6 runs; "));
    const program::Output single = Mpi("-np 1" + kSim + "quick.yaml --out single");
    ASSERT_EQ(single.exitCode, 0) << single.err;
    const auto rows = RowsOf(m_folder / "one");
    EXPECT_EQ(rows.size(), 6U);
    const auto longest = std::max_element(rows.begin(),
                                          rows.end(),
                                          [](const auto& left, const auto& right)
                                          { return left.second.size() < right.second.size(); });
    EXPECT_GT(longest->second.size(), 4096U) << "of more than one of a letter's pieces";
    for (const char* const other : {"two", "four", "single"})
    {
        EXPECT_EQ(RowsOf(m_folder / other), rows) << other;
    }
}

TEST_F(Ranks, SayWhatIsWrongOnce)
{
    for (const auto& [arguments, part] : {std::pair("missing.yaml", "missing.yaml"),
                                          std::pair("quick.yaml --rank-silence 1", "2 to 86400")})
    {
        const program::Output output = Mpi("-np 3" + kSim + arguments);
        EXPECT_EQ(output.exitCode, 2) << arguments;
        const std::size_t line = output.err.find("lanpeer-sim: ");
        ASSERT_NE(line, std::string::npos) << output.err;
        EXPECT_EQ(output.err.find("lanpeer-sim: ", line + 1), std::string::npos) << output.err;
        EXPECT_THAT(output.err, HasSubstr(part));
    }
}

TEST_F(Ranks, OneThatWouldRunSomethingElseGetsNoRuns)
{
    RecordProperty("requirement", "R-SIM-10");
    std::string arguments = "-np 2" + kSim + "mine.yaml --out out";
    for (const std::string machine : {"small", "none"}) // folders instead of machines
    {
        fs::create_directory(m_folder / machine);
        arguments += " : -np 1 -wdir " + (m_folder / machine).string() + " " +
                     (m_folder / kSim.substr(1)).string() + "mine.yaml --out out";
    }
    for (const auto& [folder, nodes] : {std::pair(".", "6"), std::pair("small", "3")})
    {
        std::ofstream(m_folder / folder / "mine.yaml")
            << "scenario: lan.yaml\npolicy: robust\nruns: 2\n";
        std::ofstream(m_folder / folder / "lan.yaml")
            << "lan: {nodes: " << nodes
            << "}\nworkload: {resources: [{name: a.cab, bytes: 1000}]}\n";
    }
    const program::Output output = Mpi(arguments);
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("out/sweep.sqlite: 2 runs; "));
    EXPECT_THAT(
        output.err,
        testing::ContainsRegex(
            "lanpeer-sim: rank 2 on [^ ]+: it has .*3.* where rank 0 has .*6.*; it gets no"));
    EXPECT_THAT(output.err,
                testing::ContainsRegex(
                    "lanpeer-sim: rank 3 on [^ ]+: mine.yaml: No such file.*; it gets no run"));
}

TEST_F(Ranks, OtherCommandsAreRefusedOnceAndWriteNothing)
{
    ASSERT_EQ(Alone("quick.yaml -j 2 --out one").exitCode, 0);
    const std::string csv = " build/bin/lanpeer-sim csv one -o one.csv";
    const program::Output output = Mpi("-np 3" + csv);
    EXPECT_EQ(output.exitCode, 2);
    const std::string line =
        "lanpeer-sim: only sweep is for many ranks; start this without mpirun\n";
    const std::size_t at = output.err.find(line);
    ASSERT_NE(at, std::string::npos) << output.err;
    EXPECT_EQ(output.err.find("lanpeer-sim: ", at + 1), std::string::npos) << output.err;
    EXPECT_FALSE(fs::exists(m_folder / "one.csv"));
    EXPECT_EQ(Mpi("-np 1" + csv).exitCode, 0) << "nobody else writes";
}

/// Whether a process has a handler for a signal.
bool
Catches(pid_t process, int signal)
{
    const std::string status = program::ReadAll("/proc/" + std::to_string(process) + "/status");
    const std::string key = "\nSigCgt:";
    const std::size_t at = status.find(key);
    const std::uint64_t bit = std::uint64_t{1} << (signal - 1);
    return at != std::string::npos &&
           (std::stoull(status.substr(at + key.size()), nullptr, 16) & bit) != 0;
}

/// A sweep in which the last rank comes when it is let: its scenario is a pipe. It is a machine of
/// its own, which is a folder here.
class LateRank : public Ranks
{
  protected:
    void SetUp() override
    {
        Ranks::SetUp();
        fs::create_directory(m_folder / "late");
        for (const fs::path& machine : {m_folder, m_folder / "late"})
        {
            std::ofstream(machine / "mine.yaml")
                << "scenario: lan.yaml\npolicy: [fig4b, robust]\nruns: 3\n";
        }
        std::ofstream(m_folder / "lan.yaml") << kLan;
        ASSERT_EQ(mkfifo(Pipe().c_str(), 0600), 0);
        m_pipe = open(Pipe().c_str(), O_RDWR | O_CLOEXEC);
        ASSERT_GE(m_pipe, 0);
    }

    ~LateRank() override
    {
        close(m_pipe);
    }

    fs::path Pipe() const
    {
        return m_folder / "late" / "lan.yaml";
    }

    /// \param others how many ranks are there at once, 0 among them
    std::string Arguments(int others) const
    {
        return "-np " + std::to_string(others) + kSim + "mine.yaml --out out" + " : -np 1 -wdir " +
               (m_folder / "late").string() + " " + (m_folder / kSim.substr(1)).string() +
               "mine.yaml --out out";
    }

    /// The pipe itself gives the scenario once; after that there is a file in its place.
    void LetItCome()
    {
        fs::rename(Pipe(), m_folder / "pipe");
        std::ofstream(Pipe()) << kLan;
        ASSERT_EQ(write(m_pipe, kLan.data(), kLan.size()), static_cast<ssize_t>(kLan.size()));
        close(std::exchange(m_pipe, -1));
    }

    const std::string kLan =
        "lan: {nodes: 4}\nworkload: {resources: [{name: a.cab, bytes: 1000}]}\n";
    int m_pipe = -1;
};

TEST_F(LateRank, IsNotWaitedForByTheOthersAndJoinsThem)
{
    RecordProperty("requirement", "R-SIM-10");
    program::MpiRun mpi(m_folder, Arguments(2));
    program::Await<bool>(
        [&] {
            return WallsOf(m_folder / "out").size() == 6 ? std::optional<bool>(true) : std::nullopt;
        });
    LetItCome();
    const program::Output output = mpi.Wait();
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("out/sweep.sqlite: 6 runs; "));
    EXPECT_THAT(output.err, Not(HasSubstr("lanpeer-sim: rank")));
}

TEST_F(LateRank, DoesTheRunsWhereItIsTheOnlyOne)
{
    RecordProperty("requirement", "R-SIM-10");
    program::MpiRun mpi(m_folder, Arguments(1));
    program::Await<bool>(
        [&] {
            return fs::exists(m_folder / "out/sweep.sqlite") ? std::optional<bool>(true)
                                                             : std::nullopt;
        });
    LetItCome();
    const program::Output output = mpi.Wait();
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("out/sweep.sqlite: 6 runs; "));
}

TEST_F(LateRank, DoesNotKeepTheSweepFromBeingStopped)
{
    RecordProperty("requirement", "R-SIM-10");
    program::MpiRun mpi(m_folder, Arguments(1));
    const pid_t first = program::Await<pid_t>(
        [&]
        {
            const auto process = mpi.RankProcess(0);
            return process && Catches(*process, SIGINT) ? process : std::nullopt;
        });
    kill(first, SIGINT);
    const program::Output output = mpi.Wait();
    EXPECT_THAT(output.err, HasSubstr("lanpeer-sim: stopped; 6 runs are missing"));
    EXPECT_THAT(output.err, Not(HasSubstr("nothing heard"))) << "it was waited for";
}

TEST_F(Ranks, ARunThatCrashesIsARowAndItsRankGoesOn)
{
    RecordProperty("requirement", "R-SIM-10");
    program::MpiRun mpi(m_folder, "-np 3" + kSim + "slow.yaml --out out");
    const pid_t run = StopARunOf(mpi, m_folder / "out", 1);
    kill(run, SIGSEGV);
    kill(run, SIGCONT);
    const program::Output output = mpi.Wait();
    EXPECT_EQ(output.exitCode, 1);
    EXPECT_THAT(output.out, HasSubstr("6 runs, 1 of them failed"));
    std::size_t failed = 0;
    for (const auto& [command, row] : RowsOf(m_folder / "out"))
    {
        failed += row == "139\ndied by signal 11 (Segmentation fault)\n\n\n" ? 1 : 0;
    }
    EXPECT_EQ(failed, 1U);
}

TEST_F(Ranks, ARankThatDiesCostsItsRunOnlyAndAnotherRepeatsIt)
{
    RecordProperty("requirement", "R-SIM-10");
    program::MpiRun mpi(m_folder,
                        "-np 4 --enable-recovery" + kSim + "slow.yaml --out out --rank-silence 2");
    StopARunOf(mpi, m_folder / "out", 2);
    kill(*mpi.RankProcess(2), SIGKILL);
    const auto before = WallsOf(m_folder / "out");
    // And one that hangs until it is given up, and then says what it did: too late.
    const pid_t third = *mpi.RankProcess(3);
    kill(third, SIGSTOP);
    mpi.AwaitError("rank 3 on ");
    kill(third, SIGCONT);
    const program::Output output = mpi.Wait();
    EXPECT_THAT(output.err, HasSubstr("lanpeer-sim: rank 2 on "));
    EXPECT_THAT(output.err, HasSubstr(": nothing heard of it for 2 s; it gets no further run\n"));
    EXPECT_THAT(output.out, HasSubstr("out/sweep.sqlite: 6 runs; "));
    EXPECT_THAT(output.err, Not(HasSubstr("missing")));
    EXPECT_EQ(RowsOf(m_folder / "out"), SlowRows());
    for (const auto& [command, wallS] : before)
    {
        EXPECT_EQ(WallsOf(m_folder / "out").at(command), wallS) << "done twice: " << command;
    }
}

TEST_F(Ranks, WithNoneLeftItEndsAndAnotherJobGoesOnAndAnotherAfterThatWasKilled)
{
    RecordProperty("requirement", "R-SIM-10");
    const fs::path out = m_folder / "out";
    const std::string sweep = kSim + "slow.yaml --out out";
    {
        program::MpiRun mpi(m_folder, "-np 2 --enable-recovery" + sweep + " --rank-silence 2");
        StopARunOf(mpi, out, 1);
        kill(*mpi.RankProcess(1), SIGSTOP); // a machine that hangs
        const program::Output output = mpi.Wait();
        EXPECT_THAT(output.err, HasSubstr("lanpeer-sim: no rank is left to do runs\n"));
        EXPECT_THAT(output.err, HasSubstr(" runs are missing: the same command goes on"));
    }
    auto before = WallsOf(out);
    EXPECT_LT(before.size(), 6U);
    {
        program::MpiRun mpi(m_folder, "-np 3" + sweep);
        program::Await<bool>(
            [&] {
                return WallsOf(out).size() > before.size() ? std::optional<bool>(true)
                                                           : std::nullopt;
            });
        mpi.Kill(SIGKILL); // and with it, its ranks and their runs
        mpi.AwaitNobody();
    }
    const auto later = WallsOf(out);
    const program::Output output = Mpi("-np 3" + sweep);
    EXPECT_EQ(output.exitCode, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("out/sweep.sqlite: 6 runs, "));
    EXPECT_EQ(RowsOf(out).size(), 6U);
    before.insert(later.begin(), later.end());
    const auto walls = WallsOf(out);
    for (const auto& [command, wallS] : before)
    {
        EXPECT_EQ(walls.at(command), wallS) << "done twice: " << command;
    }
}

TEST_F(Ranks, EndWhereRankZeroDies)
{
    program::MpiRun mpi(m_folder,
                        "-np 3 --enable-recovery" + kSim + "slow.yaml --out out --rank-silence 2");
    StopARunOf(mpi, m_folder / "out", 1);
    StopARunOf(mpi, m_folder / "out", 2); // or they might have ended before they miss it
    kill(*mpi.RankProcess(0), SIGKILL);
    EXPECT_THAT(mpi.Wait().err, HasSubstr(": nothing heard of rank 0 for 2 s\n"));
    mpi.AwaitNobody();
}

TEST(Slurm, TheExampleIsABatchFileAndTypesWhatTheReadmeTypes)
{
    const std::string file = LANPEER_SOURCE_DIR "/scenarios/examples/sweep.slurm";
    EXPECT_EQ(std::system(("bash -n " + file).c_str()), 0);
    const std::string command = "mpirun --enable-recovery build/bin/lanpeer-sim sweep ";
    EXPECT_NE(program::ReadAll(file).find("\n" + command), std::string::npos);
    EXPECT_NE(program::ReadAll(LANPEER_SOURCE_DIR "/README.md").find("    " + command),
              std::string::npos);
}

} // namespace
