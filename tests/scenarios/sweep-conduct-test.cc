#include "analysis/metrics-json.h"
#include "analysis/results/run-key.h"
#include "scenarios/sweep/conduct.h"
#include "scenarios/sweep/local-runners.h"
#include "scenarios/sweep/sweep-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

// A sweep's runs, done by jobs that only look like simulations.

namespace lanpeer::scenario
{
namespace
{

namespace fs = std::filesystem;
using analysis::ResultStore;
using testing::ElementsAre;
using testing::HasSubstr;

const analysis::MadeBy kBy{"89ab", "0123abc", false, "3.37", "GNU 12.2.0"};

class SweepTest : public testing::Test
{
  protected:
    SweepTest()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-sweep-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
        RecordProperty("requirement", "R-SIM-10");
    }

    ~SweepTest() override
    {
        fs::remove_all(m_folder);
    }

    fs::path m_folder;
};

Sweep
SweepOf(const std::string& more)
{
    Sweep sweep = ReadSweep("s.yaml", "scenario: office\n" + more);
    sweep.name = "s";
    return sweep;
}

const char* const kTwelve = "axes: {lan.nodes: [5, 10]}\npolicy: [direct, robust]\nruns: 3\n";

/// A figure that depends on the run and on nothing else.
RunTexts
Pretend(const RunSpec& spec)
{
    analysis::Metrics metrics;
    metrics.scenario = "office";
    metrics.policy = spec.policy;
    metrics.seed = spec.seed;
    metrics.run = spec.run;
    metrics.nodes = std::stoull(spec.parameters.at("lan.nodes"));
    metrics.internetBytes = metrics.nodes * 1000 + spec.run % 2;
    return {analysis::ToJson(metrics).dump(), "{}", spec.keepReplay ? "{\"replay\":1}" : ""};
}

using Failed = SweepConductor::Failed;

SweepEnd
Conduct(
    const Sweep& sweep,
    ResultStore& store,
    Runners& runners,
    Failed failed = Failed::AreOver,
    const std::function<bool()>& stop = [] { return false; })
{
    SweepConductor conductor(sweep, CellsOf(sweep), kBy);
    conductor.TakeOver(store, failed);
    SweepProgress progress;
    return conductor.Conduct(runners, store, progress, stop);
}

SweepEnd
ConductHere(const Sweep& sweep,
            const fs::path& folder,
            unsigned parallel,
            const DoRun& doRun,
            Failed failed = Failed::AreOver)
{
    SweepFolder place(folder, sweep, kBy);
    LocalRunners runners(parallel, doRun);
    return Conduct(sweep, place.Store(), runners, failed);
}

/// Every row as text, but for the times.
std::vector<std::string>
RowsIn(const fs::path& folder)
{
    std::vector<std::string> rows;
    ResultStore(folder / analysis::kStoreFile, ResultStore::Access::Read)
        .ForEach({true, true, true},
                 [&rows](const analysis::StoredRun& run)
                 {
                     rows.push_back(Describe(run.key) + "|" + std::to_string(run.exitCode) + "|" +
                                    run.errorText + "|" + run.metrics + "|" + run.nodes + "|" +
                                    run.replay + "|" + run.by.commit + "|" + run.command);
                 });
    return rows;
}

DoRun
Good()
{
    return [](const RunSpec& spec, const processes::SayProgress& say)
    {
        say(0.5);
        return Pretend(spec);
    };
}

/// Runs that are over when the test says so.
class HandRunners : public Runners
{
  public:
    explicit HandRunners(std::size_t places)
        : m_places(places)
    {
    }

    std::size_t Places() const override
    {
        return m_places;
    }

    std::size_t Running() const override
    {
        return m_waiting.size();
    }

    void Start(std::size_t number, const RunSpec& spec) override
    {
        if (m_waiting.size() >= most)
        {
            throw std::system_error(EAGAIN, std::generic_category(), "fork");
        }
        started.push_back(spec.parameters.at("lan.nodes") + spec.policy[0] +
                          std::to_string(spec.run));
        m_waiting.emplace_back(number, spec);
    }

    std::vector<RunOutcome> Wait(int, const processes::ProgressHeard&) override
    {
        const auto [number, spec] = m_waiting.front();
        m_waiting.pop_front();
        RunOutcome outcome;
        outcome.index = number;
        outcome.cpuS = std::stod(spec.parameters.at("lan.nodes"));
        if (loseNext > 0)
        {
            --loseNext;
            m_places -= loseThePlace ? 1 : 0;
            outcome.lost = true;
            return {outcome};
        }
        outcome.result = Joined(Pretend(spec));
        return {outcome};
    }

    std::vector<std::string> started;
    std::size_t most = 1000; ///< at a time, or it throws
    int loseNext = 0;
    bool loseThePlace = false;

  private:
    std::size_t m_places;
    std::deque<std::pair<std::size_t, RunSpec>> m_waiting;
};

TEST_F(SweepTest, RowsAreTheSameWhateverTheNumberOfProcesses)
{
    const Sweep sweep = SweepOf(kTwelve);
    const SweepEnd end = ConductHere(sweep, m_folder / "one", 1, Good());
    EXPECT_EQ(end.runs, 12U);
    EXPECT_EQ(end.failed, 0U);
    EXPECT_EQ(end.missing, 0U);
    ConductHere(sweep, m_folder / "five", 5, Good());
    EXPECT_EQ(RowsIn(m_folder / "one").size(), 12U);
    EXPECT_EQ(RowsIn(m_folder / "one"), RowsIn(m_folder / "five"));
    EXPECT_THAT(RowsIn(m_folder / "one").front(),
                HasSubstr("lanpeer-sim run office --set lan.nodes=5 --policy direct --seed 1 "
                          "--run 1 --json -"));
}

TEST_F(SweepTest, WhatCrashesIsARowWithWhatItSaid)
{
    const Sweep sweep = SweepOf(kTwelve);
    const DoRun bad = [](const RunSpec& spec, const processes::SayProgress&)
    {
        if (spec.run == 2 && spec.policy == "robust")
        {
            std::fprintf(stderr, "on the way\n");
            std::raise(SIGKILL);
        }
        if (spec.run == 3 && spec.policy == "direct")
        {
            throw std::runtime_error("it threw");
        }
        return Pretend(spec);
    };
    const SweepEnd end = ConductHere(sweep, m_folder, 3, bad);
    EXPECT_EQ(end.runs, 12U);
    EXPECT_EQ(end.failed, 4U);
    EXPECT_EQ(end.missing, 0U);
    const auto rows = RowsIn(m_folder);
    ASSERT_EQ(rows.size(), 12U);
    EXPECT_THAT(rows[2], HasSubstr("direct, seed 1, run 3|1|it threw|"));
    EXPECT_THAT(rows[4], HasSubstr("robust, seed 1, run 2|137|on the way\ndied by signal 9"));

    // Once more: they are over. Only who asks for it has them run again.
    EXPECT_EQ(ConductHere(sweep, m_folder, 3, Good()).runs, 12U);
    EXPECT_EQ(RowsIn(m_folder), rows);
    const SweepEnd again = ConductHere(sweep, m_folder, 3, Good(), Failed::RunAgain);
    EXPECT_EQ(again.failed, 0U);
    EXPECT_EQ(again.already, 8U);
    ConductHere(sweep, m_folder / "whole", 1, Good());
    EXPECT_EQ(RowsIn(m_folder), RowsIn(m_folder / "whole"));
}

TEST_F(SweepTest, AFailedRowIsThereUntilTheNewOneIs)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 3\n");
    const DoRun bad = [](const RunSpec&, const processes::SayProgress&) -> RunTexts
    {
        throw std::runtime_error("it threw");
    };
    ConductHere(sweep, m_folder, 1, bad);
    const Sweep fewer = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 2\n");
    const SweepEnd end = ConductHere(fewer, m_folder, 1, Good(), Failed::RunAgain);
    EXPECT_EQ(end.runs, 2U);
    EXPECT_EQ(end.failed, 0U);
    const auto rows = RowsIn(m_folder);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_THAT(rows[2], HasSubstr("run 3|1|it threw|")); // this sweep does not ask for it
}

TEST_F(SweepTest, RowsThatItDoesNotAskForCountNowhere)
{
    ConductHere(SweepOf(kTwelve), m_folder, 3, Good());
    const Sweep fewer = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 2\n");
    SweepFolder place(m_folder, fewer, kBy);
    HandRunners none(1);
    const SweepEnd end = Conduct(fewer, place.Store(), none);
    EXPECT_THAT(none.started, ElementsAre());
    EXPECT_EQ(end.runs, 2U);
    EXPECT_EQ(end.already, 2U);
    EXPECT_EQ(end.missing, 0U);
    SweepConductor conductor(fewer, CellsOf(fewer), kBy);
    EXPECT_EQ(conductor.Missing().size(), 2U);
    conductor.TakeOver(place.Store(), Failed::AreOver);
    EXPECT_EQ(conductor.Missing().size(), 0U);
}

TEST_F(SweepTest, ARowAboveAGapDoesNotFillIt)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 3\n");
    SweepFolder place(m_folder, sweep, kBy);
    for (const std::uint64_t run : {2, 7})
    {
        analysis::StoredRun row;
        row.key = {"office", {{"lan.nodes", "5"}}, "robust", 1, run};
        place.Store().Add(row);
    }
    HandRunners runners(1);
    const SweepEnd end = Conduct(sweep, place.Store(), runners);
    EXPECT_THAT(runners.started, ElementsAre("5r1", "5r3"));
    EXPECT_EQ(end.runs, 3U);
    EXPECT_EQ(end.missing, 0U);
}

TEST_F(SweepTest, TheLongestRunsComeFirst)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5, 20, 10]}\npolicy: [robust]\nruns: 2\n");
    SweepFolder place(m_folder, sweep, kBy);
    HandRunners runners(1);
    Conduct(sweep, place.Store(), runners);
    EXPECT_THAT(runners.started, ElementsAre("20r1", "20r2", "10r1", "10r2", "5r1", "5r2"));
}

TEST_F(SweepTest, WhatIsKnownOfTheCostWinsOverAGuess)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5, 10, 20]}\npolicy: [robust]\nruns: 2\n");
    SweepFolder place(m_folder, sweep, kBy);
    for (const auto& [nodes, cpuS] :
         std::map<std::string, double>{{"5", 60}, {"10", 1}, {"20", 30}})
    {
        analysis::StoredRun row;
        row.key = {"office", {{"lan.nodes", nodes}}, "robust", 1, 1};
        row.cpuS = cpuS;
        place.Store().Add(row);
    }
    HandRunners runners(1);
    const SweepEnd end = Conduct(sweep, place.Store(), runners);
    EXPECT_THAT(runners.started, ElementsAre("5r2", "20r2", "10r2"));
    EXPECT_EQ(end.already, 3U);
    EXPECT_EQ(end.runs, 6U);
}

TEST_F(SweepTest, ALostRunIsDoneElsewhere)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 3\n");
    SweepFolder place(m_folder, sweep, kBy);
    HandRunners runners(2);
    runners.loseNext = 1;
    runners.loseThePlace = true;
    const SweepEnd end = Conduct(sweep, place.Store(), runners);
    EXPECT_THAT(runners.started, ElementsAre("5r1", "5r2", "5r1", "5r3"));
    EXPECT_EQ(end.missing, 0U);
    EXPECT_EQ(place.Store().Count(), 3U);
}

TEST_F(SweepTest, WhereTheSystemHasNoRoomForMoreItGoesOnWithFewer)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 6\n");
    SweepFolder place(m_folder, sweep, kBy);
    HandRunners runners(4);
    runners.most = 2;
    EXPECT_EQ(Conduct(sweep, place.Store(), runners).missing, 0U);
    EXPECT_EQ(place.Store().Count(), 6U);
    HandRunners none(4);
    none.most = 0;
    const Sweep more = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 7\n");
    EXPECT_THROW(Conduct(more, place.Store(), none), std::system_error);
}

TEST_F(SweepTest, WithNowhereLeftToRunItStopsAndSaysWhatIsMissing)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5]}\npolicy: [robust]\nruns: 3\n");
    SweepFolder place(m_folder, sweep, kBy);
    HandRunners runners(1);
    runners.loseNext = 1;
    runners.loseThePlace = true;
    const SweepEnd end = Conduct(sweep, place.Store(), runners);
    EXPECT_EQ(end.missing, 3U);
    EXPECT_EQ(place.Store().Count(), 0U);
}

TEST_F(SweepTest, AStoppedSweepGoesOnWithWhatIsMissing)
{
    const Sweep sweep = SweepOf(kTwelve);
    {
        SweepFolder place(m_folder / "parts", sweep, kBy);
        HandRunners runners(2);
        int asked = 0;
        const SweepEnd end = Conduct(
            sweep, place.Store(), runners, Failed::AreOver, [&asked] { return ++asked > 4; });
        EXPECT_EQ(end.runs, 5U);
        EXPECT_EQ(end.missing, 7U);
    }
    const SweepEnd end = ConductHere(sweep, m_folder / "parts", 2, Good());
    EXPECT_EQ(end.already, 5U);
    EXPECT_EQ(end.runs, 12U);
    ConductHere(sweep, m_folder / "whole", 2, Good());
    EXPECT_EQ(RowsIn(m_folder / "parts"), RowsIn(m_folder / "whole"));
}

TEST_F(SweepTest, ReplicatesAreAddedUntilTheIntervalIsTightInOneSessionOrTwo)
{
    const std::string text = "axes: {lan.nodes: [5, 10]}\npolicy: [robust]\nruns: 2\n";
    // The figure is 1000 n or one byte more, so its half-width near 1 / sqrt(replicates): a tenth
    // of a byte is out of reach for n = 5, two tenths are not for n = 10.
    const Sweep sweep = SweepOf(text + "until_ci: {percent: 0.002, runs_max: 60}\n");
    ConductHere(sweep, m_folder / "whole", 3, Good());
    const auto rows = RowsIn(m_folder / "whole");
    const auto rowsOf = [](const std::vector<std::string>& all, const std::string& nodes)
    {
        return std::count_if(all.begin(),
                             all.end(),
                             [&nodes](const std::string& row)
                             { return row.find("lan.nodes=" + nodes + ",") != std::string::npos; });
    };
    EXPECT_EQ(rowsOf(rows, "5"), 60); // never tight enough: runs_max
    EXPECT_GT(rowsOf(rows, "10"), 2);
    EXPECT_LT(rowsOf(rows, "10"), 60);

    ConductHere(SweepOf(text), m_folder / "parts", 1, Good()); // two of each, and then more
    ConductHere(sweep, m_folder / "parts", 1, Good());
    EXPECT_EQ(RowsIn(m_folder / "parts"), rows);
}

TEST_F(SweepTest, SaysWhereTheIntervalStayedWide)
{
    const Sweep sweep = SweepOf("axes: {lan.nodes: [5, 10]}\npolicy: [robust]\nruns: 2\n"
                                "until_ci: {percent: 0.002, runs_max: 60}\n");
    const SweepEnd end = ConductHere(sweep, m_folder, 3, Good());
    EXPECT_EQ(end.loose, 1U);
    EXPECT_EQ(end.missing, 0U);
}

TEST_F(SweepTest, OneSweepAtATimeInAFolder)
{
    const Sweep sweep = SweepOf(kTwelve);
    SweepFolder place(m_folder, sweep, kBy);
    try
    {
        SweepFolder another(m_folder, sweep, kBy);
        FAIL() << "it should have been refused";
    }
    catch (const analysis::StoreError& error)
    {
        EXPECT_THAT(error.what(), HasSubstr("another sweep is at work there"));
    }
}

std::string
Refusal(const fs::path& folder, const Sweep& sweep, const analysis::MadeBy& by)
{
    try
    {
        SweepFolder place(folder, sweep, by);
    }
    catch (const analysis::StoreError& error)
    {
        return error.what();
    }
    return "";
}

TEST_F(SweepTest, RunsOfTwoVersionsAreNotMixed)
{
    const Sweep sweep = SweepOf(kTwelve);
    ConductHere(sweep, m_folder, 2, Good());
    EXPECT_EQ(Refusal(m_folder, sweep, kBy), "");
    analysis::MadeBy later = kBy;
    later.commit = "4567def"; // of the README, say
    EXPECT_EQ(Refusal(m_folder, sweep, later), "");
    later.sources = "cdef";
    EXPECT_THAT(
        Refusal(m_folder, sweep, later),
        HasSubstr("its runs are of commit 0123abc, sources 89ab, ns-3 3.37, GNU 12.2.0, this "
                  "program is of commit 4567def, sources cdef"));
}

TEST_F(SweepTest, RunsOfTwoTextsOfAScenarioAreNotMixed)
{
    const auto write = [this](const char* text)
    {
        std::FILE* const file = std::fopen((m_folder / "mine.yaml").c_str(), "w");
        std::fputs(text, file);
        std::fclose(file);
    };
    const auto sweep = [this]
    {
        Sweep made = ReadSweep(m_folder / "s.yaml",
                               "scenario: mine.yaml\naxes: {lan.nodes: [5]}\npolicy: [robust]\n");
        made.name = "s";
        return made;
    };
    write("workload: {window_s: 5}\n");
    ConductHere(sweep(), m_folder / "out", 2, Good());
    write("# said otherwise, meant the same\nworkload:\n  window_s: 5\n");
    EXPECT_EQ(Refusal(m_folder / "out", sweep(), kBy), "");
    write("workload: {window_s: 6}\n");
    EXPECT_THAT(Refusal(m_folder / "out", sweep(), kBy), HasSubstr("has changed since"));
}

TEST(SweepProgressLine, SaysHowFarAndHowLongStill)
{
    EXPECT_EQ(
        StatusLine({100, 37, 1, 0.5, 133.0}),
        "[###############...............]  50.0 %, 37 of 100 runs, 1 failed, 2 min 13 s left");
    EXPECT_EQ(StatusLine({1, 0, 0, 0, std::nullopt}),
              "[..............................]   0.0 %, 0 of 1 runs");
    EXPECT_EQ(DurationText(0.2), "1 s");
    EXPECT_EQ(DurationText(7260), "2 h 1 min");
}

} // namespace
} // namespace lanpeer::scenario
