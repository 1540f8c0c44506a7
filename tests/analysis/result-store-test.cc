#include "analysis/metrics-json.h"
#include "analysis/results/cell-table.h"
#include "analysis/results/csv.h"
#include "analysis/results/result-store.h"
#include "analysis/results/run-key.h"
#include "tests/analysis/sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sqlite3.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace lanpeer::analysis
{
namespace
{

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Access = ResultStore::Access;

class ResultStoreTest : public testing::Test
{
  protected:
    ResultStoreTest()
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-store-XXXXXX").string();
        m_folder = mkdtemp(pattern.data());
        RecordProperty("requirement", "R-SIM-10");
    }

    ~ResultStoreTest() override
    {
        fs::remove_all(m_folder);
    }

    fs::path File(const std::string& name = kStoreFile) const
    {
        return m_folder / name;
    }

    std::string Complaint(const std::function<void()>& action)
    {
        try
        {
            action();
        }
        catch (const StoreError& error)
        {
            return error.what();
        }
        return "";
    }

    fs::path m_folder;
};

StoredRun
SampleRun(const std::string& nodes, std::uint64_t run)
{
    Metrics metrics = ComputeMetrics(SampleRecord());
    metrics.run = run;
    StoredRun stored;
    stored.key = {"office", {{"lan.nodes", nodes}, {"uplink.preset", "dsl"}}, "robust", 1, run};
    stored.metrics = ToJson(metrics).dump();
    stored.nodes = R"({"served_bytes":[1],"finish_s":[null]})";
    stored.replay = "{}";
    stored.by = {"89ab", "0123abc", true, "3.37", "GNU 12.2.0"};
    stored.command = "lanpeer-sim run office";
    stored.cpuS = 0.5 + static_cast<double>(run);
    stored.wallS = 0.75;
    return stored;
}

StoredRun
FailedRun(const std::string& nodes, std::uint64_t run)
{
    StoredRun stored = SampleRun(nodes, run);
    stored.exitCode = 139;
    stored.errorText = "what it said, \"quoted\"\n";
    stored.metrics = stored.nodes = stored.replay = "";
    return stored;
}

std::vector<StoredRun>
RowsOf(const ResultStore& store)
{
    std::vector<StoredRun> rows;
    store.ForEach({true, true, true}, [&rows](const StoredRun& run) { rows.push_back(run); });
    return rows;
}

TEST_F(ResultStoreTest, GivesBackWhatItWasGiven)
{
    const StoredRun done = SampleRun("10", 1);
    const StoredRun failed = FailedRun("10", 2);
    {
        ResultStore store(File(), Access::Write);
        store.Add(failed);
        store.Add(done);
    }
    const std::vector<StoredRun> rows = RowsOf(ResultStore(File(), Access::Read));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].key, done.key);
    EXPECT_EQ(rows[0].exitCode, 0);
    EXPECT_EQ(rows[0].metrics, done.metrics);
    EXPECT_EQ(rows[0].nodes, done.nodes);
    EXPECT_EQ(rows[0].replay, done.replay);
    EXPECT_EQ(rows[0].by, done.by);
    EXPECT_EQ(rows[0].command, done.command);
    EXPECT_EQ(rows[0].cpuS, done.cpuS);
    EXPECT_EQ(rows[0].wallS, done.wallS);
    EXPECT_EQ(rows[1].exitCode, 139);
    EXPECT_EQ(rows[1].errorText, failed.errorText);
}

TEST_F(ResultStoreTest, RowsComeInTheOrderOfTheirKeysNumbersByTheirValue)
{
    ResultStore store(File(), Access::Write);
    for (const char* const nodes : {"100", "9", "all", "20"})
    {
        store.Add(SampleRun(nodes, 2));
        store.Add(SampleRun(nodes, 1));
    }
    std::vector<std::string> order;
    for (const StoredRun& run : RowsOf(store))
    {
        order.push_back(run.key.parameters.at("lan.nodes") + "/" + std::to_string(run.key.run));
    }
    EXPECT_THAT(order,
                ElementsAre("9/1", "9/2", "20/1", "20/2", "100/1", "100/2", "all/1", "all/2"));
}

TEST_F(ResultStoreTest, ARunIsThereOnce)
{
    ResultStore store(File(), Access::Write);
    store.Add(SampleRun("10", 1));
    EXPECT_THAT(Complaint([&store] { store.Add(SampleRun("10", 1)); }), HasSubstr(kStoreFile));
    EXPECT_EQ(store.Count(), 1U);
}

TEST_F(ResultStoreTest, ARowCanTakeAnothersPlace)
{
    ResultStore store(File(), Access::Write);
    store.Add(FailedRun("10", 1));
    store.Replace(SampleRun("10", 1));
    store.Replace(SampleRun("10", 2));
    EXPECT_EQ(store.Count(), 2U);
    EXPECT_EQ(RowsOf(store).at(0).exitCode, 0);
}

TEST_F(ResultStoreTest, ReadsWhileAnotherWrites)
{
    ResultStore writer(File(), Access::Write);
    writer.Add(SampleRun("10", 1));
    const ResultStore reader(File(), Access::Read);
    EXPECT_EQ(reader.Count(), 1U);
    writer.Add(SampleRun("10", 2));
    EXPECT_EQ(reader.Count(), 2U);
    // A slow reader, in the middle of the rows, does not hold the writer up.
    int rows = 0;
    reader.ForEach({true, true, true},
                   [&](const StoredRun&)
                   {
                       ++rows;
                       writer.Add(SampleRun("20", static_cast<std::uint64_t>(rows)));
                   });
    EXPECT_EQ(rows, 2);
    EXPECT_EQ(reader.Count(), 4U);
}

TEST_F(ResultStoreTest, WhoReadsChangesNothing)
{
    {
        ResultStore writer(File(), Access::Write);
        writer.Add(SampleRun("10", 1));
    }
    ResultStore reader(File(), Access::Read);
    EXPECT_THAT(Complaint([&reader] { reader.Add(SampleRun("10", 2)); }), HasSubstr("readonly"));
}

TEST_F(ResultStoreTest, WhatAKilledWriterLeftHalfDoneIsTakenBack)
{
    ResultStore(File(), Access::Write).Add(SampleRun("10", 1));
    const pid_t writer = fork();
    if (writer == 0)
    {
        // In the middle of a row, its journal on the disk and some of its pages in the file.
        sqlite3* database = nullptr;
        sqlite3_open(File().c_str(), &database);
        sqlite3_exec(database,
                     "PRAGMA cache_size = 1; BEGIN; UPDATE runs SET nodes = hex(zeroblob(200000))",
                     nullptr,
                     nullptr,
                     nullptr);
        raise(SIGKILL);
    }
    waitpid(writer, nullptr, 0);
    EXPECT_TRUE(fs::exists(File(std::string(kStoreFile) + "-journal")));
    EXPECT_EQ(RowsOf(ResultStore(File(), Access::Read)).at(0).nodes, SampleRun("10", 1).nodes);
}

TEST_F(ResultStoreTest, KeepsTexts)
{
    ResultStore store(File(), Access::Write);
    EXPECT_EQ(store.Text("sweep"), std::nullopt);
    store.SetText("sweep", "a: 1\n");
    store.SetText("sweep", "a: 2\n");
    EXPECT_EQ(store.Text("sweep"), "a: 2\n");
}

TEST_F(ResultStoreTest, WhatIsNoFileOfASweepIsRefusedInOneLine)
{
    std::ofstream(File("text")) << std::string(4096, 'x');
    std::ofstream(File("empty"));
    const auto read = [this](const char* name)
    {
        return Complaint([&] { ResultStore store(File(name), Access::Read); });
    };
    EXPECT_THAT(read("none"), HasSubstr("none: no such file"));
    EXPECT_THAT(read("text"), HasSubstr("text: file is not a database"));
    EXPECT_THAT(read("empty"), HasSubstr("empty: not a file that a sweep wrote"));
    EXPECT_THAT(read("text"), testing::Not(HasSubstr("\n")));
    EXPECT_THAT(Complaint([this] { ResultStore store(File("no/folder"), Access::Write); }),
                HasSubstr("no/folder: unable to open"));
}

TEST_F(ResultStoreTest, MergesWhatTheOtherHas)
{
    ResultStore mine(File(), Access::Write);
    mine.Add(SampleRun("10", 1));
    StoredRun slower = SampleRun("10", 1);
    slower.cpuS = slower.wallS = 99;
    {
        ResultStore other(File("other"), Access::Write);
        other.Add(slower); // the same run on another machine
        other.Add(SampleRun("10", 2));
        other.Add(FailedRun("10", 3));
    }
    EXPECT_EQ(mine.Merge(File("other")), 2U);
    EXPECT_EQ(mine.Count(), 3U);
    EXPECT_EQ(mine.Merge(File("other")), 0U);
}

TEST_F(ResultStoreTest, OnlyRunsOfOneProgramAndOneScenarioAreMerged)
{
    ResultStore mine(File(), Access::Write);
    mine.Add(SampleRun("10", 1));
    mine.SetText("scenario", "lan.nodes: 5\n");
    {
        ResultStore other(File("program"), Access::Write);
        StoredRun run = SampleRun("10", 2);
        run.by.sources = "cdef";
        other.Add(run);
        ResultStore changed(File("scenario"), Access::Write);
        changed.Add(SampleRun("10", 2));
        changed.SetText("scenario", "lan.nodes: 6\n");
        ResultStore commit(File("commit"), Access::Write); // of the README, say
        run.by = SampleRun("10", 1).by;
        run.by.commit = "4567def";
        commit.Add(run);
        commit.SetText("name", "sizes");
    }
    EXPECT_THAT(Complaint([&] { mine.Merge(File("program")); }), HasSubstr("sources cdef"));
    EXPECT_THAT(Complaint([&] { mine.Merge(File("scenario")); }), HasSubstr("says otherwise"));
    EXPECT_EQ(mine.Count(), 1U);
    EXPECT_EQ(mine.Merge(File("commit")), 1U);
    EXPECT_EQ(mine.Text("name"), "sizes");
    EXPECT_EQ(mine.Text("scenario"), "lan.nodes: 5\n");
}

TEST_F(ResultStoreTest, ARowWhoseMetricsAreNoneIsOneLine)
{
    ResultStore store(File(), Access::Write);
    for (const char* const metrics : {"[]", "{}", "nothing", "[1, 2]"})
    {
        StoredRun run = SampleRun("10", 1);
        run.metrics = metrics;
        store.Replace(run);
        EXPECT_THAT(Complaint([&store] { WriteCsv(store, CsvColumns::All, [](auto) {}); }),
                    HasSubstr("sweep.sqlite: metrics"))
            << metrics;
        EXPECT_THAT(Complaint([&store] { CellTable(store, "copies"); }), HasSubstr("metrics"));
    }
}

TEST_F(ResultStoreTest, AMergeThatContradictsChangesNothing)
{
    ResultStore mine(File(), Access::Write);
    mine.Add(SampleRun("10", 2));
    {
        ResultStore other(File("other"), Access::Write);
        other.Add(SampleRun("10", 1));
        StoredRun changed = SampleRun("10", 2);
        changed.metrics.replace(changed.metrics.find("\"nodes\":4"), 9, "\"nodes\":5");
        other.Add(changed);
    }
    EXPECT_THAT(Complaint([&] { mine.Merge(File("other")); }),
                HasSubstr("other: office, lan.nodes=10, uplink.preset=dsl, robust, seed 1, run 2: "
                          "another result than in"));
    EXPECT_EQ(mine.Count(), 1U);
    mine.Add(SampleRun("10", 7)); // no transaction is left open
    EXPECT_EQ(mine.Count(), 2U);
}

TEST_F(ResultStoreTest, CsvHasARowForEachRunAndAColumnForEachFigure)
{
    ResultStore store(File(), Access::Write);
    store.Add(SampleRun("10", 1));
    store.Add(FailedRun("10", 2));
    std::vector<std::string> lines;
    WriteCsv(store, CsvColumns::All, [&lines](std::string_view line) { lines.emplace_back(line); });
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_THAT(lines[0],
                testing::StartsWith("scenario,lan.nodes,uplink.preset,policy,seed,run,exit_code,"
                                    "nodes,resource_bytes,internet_bytes,"));
    EXPECT_THAT(
        lines[0],
        testing::EndsWith("stderr,cpu_s,wall_s,sources,commit,dirty,ns3,compiler,command\n"));
    EXPECT_THAT(lines[0], HasSubstr(",finish_s.p95,"));
    EXPECT_THAT(lines[1], testing::StartsWith("office,10,dsl,robust,1,1,0,4,1500,1800,"));
    EXPECT_THAT(lines[2], testing::StartsWith("office,10,dsl,robust,1,2,139,,,,"));
    const auto commas = [](const std::string& line)
    {
        return std::count(line.begin(), line.end(), ',');
    };
    EXPECT_EQ(commas(lines[0]), commas(lines[1]));
    EXPECT_EQ(commas(lines[0]), commas(lines[2]) - 1); // one is in what it said
}

TEST_F(ResultStoreTest, CsvIsTheSameWhenASweepIsMadeAgain)
{
    const auto text = [this](double cpuS, const std::string& commit)
    {
        ResultStore store(File(commit), Access::Write);
        StoredRun run = SampleRun("10", 1);
        run.cpuS = run.wallS = cpuS;
        run.by.commit = commit;
        store.Add(run);
        std::string lines;
        WriteCsv(
            store, CsvColumns::Reproducible, [&lines](std::string_view line) { lines += line; });
        return lines;
    };
    EXPECT_EQ(text(1, "0123"), text(2, "4567"));
}

/// A run whose one figure that matters is given.
StoredRun
RunWithCopies(const std::string& nodes, const std::string& policy, std::uint64_t run, double copies)
{
    StoredRun stored = SampleRun(nodes, run);
    auto metrics = nlohmann::ordered_json::parse(stored.metrics);
    metrics["copies"] = copies;
    stored.metrics = metrics.dump();
    stored.key.policy = policy;
    return stored;
}

TEST_F(ResultStoreTest, ATableHasARowForEachCombinationAndAColumnForEachPolicy)
{
    ResultStore store(File(), Access::Write);
    store.SetText("name", "sizes");
    for (const std::uint64_t run : {1, 2, 3})
    {
        store.Add(RunWithCopies("5", "robust", run, 1));
        store.Add(RunWithCopies("10", "robust", run, static_cast<double>(run)));
        store.Add(RunWithCopies("10", "direct", run, 10));
    }
    // Of 1, 2, 3: mean 2, deviation 1, t of 2 degrees of freedom 4.303 over the root of 3: 2.484.
    EXPECT_EQ(CellTable(store, "copies"),
              "sizes: copies; 3 runs of each; mean ± half-width of its 95 % interval\n"
              "\n"
              "lan.nodes        direct       robust\n"
              "5                     -  1.00 ± 0.00\n"
              "10         10.00 ± 0.00  2.00 ± 2.48\n");
    store.Add(FailedRun("5", 4));
    EXPECT_THAT(CellTable(store, "copies"), HasSubstr("1.00 ± 0.00 (3 of 4)"));
    EXPECT_THAT(CellTable(store, "copies"), HasSubstr("3 to 4 runs of each"));
    EXPECT_THAT(CellTable(store, "copies"), testing::EndsWith("\nFailed, and in no figure: 1\n"));
}

TEST_F(ResultStoreTest, ATableKeepsScenariosApart)
{
    ResultStore store(File(), Access::Write);
    for (const char* const scenario : {"office", "flash-crowd"})
    {
        StoredRun run = RunWithCopies("5", "robust", 1, scenario == std::string("office") ? 1 : 9);
        run.key.scenario = scenario;
        store.Add(run);
    }
    EXPECT_THAT(CellTable(store, "copies"),
                testing::EndsWith("scenario     robust\n"
                                  "flash-crowd   9.000\n"
                                  "office        1.000\n"));
}

TEST_F(ResultStoreTest, CsvQuotesWhatNeedsIt)
{
    ResultStore store(File(), Access::Write);
    StoredRun run = SampleRun("[1, \"2\"]", 1);
    store.Add(run);
    std::string text;
    WriteCsv(store, CsvColumns::All, [&text](std::string_view line) { text += line; });
    EXPECT_THAT(text, HasSubstr("office,\"[1, \"\"2\"\"]\",dsl,"));
}

} // namespace
} // namespace lanpeer::analysis
