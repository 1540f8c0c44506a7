#include "tests/program/typing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>

// The scenarios that come with the program, each at a size for tests: what its own text says is to
// be seen, is to be seen.

namespace lanpeer
{
namespace
{

namespace fs = std::filesystem;
using nlohmann::json;
using program::Output;

/// By policy.
using Results = std::map<std::string, json>;

const std::string kSmallFile = " --set workload.resources='[{name: a.cab, bytes: 60000}]'";

struct Prediction
{
    std::string scenario;
    std::string options; ///< its policies, and what makes it small
    std::function<void(const Results&)> look;
};

double
Copies(const Results& results, const std::string& policy)
{
    return results.at(policy).at("copies");
}

double
LastS(const Results& results, const std::string& policy)
{
    const json& last = results.at(policy).at("finish_s").at("last");
    return last.is_null() ? 1e9 : last.get<double>();
}

std::uint64_t
Failures(const Results& results, const std::string& policy)
{
    std::uint64_t all = 0;
    for (const auto& [reason, count] : results.at(policy).at("failures").items())
    {
        all += count.get<std::uint64_t>();
    }
    return all;
}

std::vector<Prediction>
Predictions()
{
    return {
        {"fig1",
         "--policy direct,robust" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Failures(of, "direct"), 3U) << "A, B and C have no line";
             EXPECT_EQ(Failures(of, "robust"), 0U);
             EXPECT_LT(Copies(of, "robust"), 2);
         }},
        {"office",
         "--policy direct,robust --set lan.nodes=10 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Copies(of, "direct"), 10);
             EXPECT_LT(Copies(of, "robust"), 2);
             EXPECT_GT(of.at("robust").at("saved_fraction"), 0.8);
         }},
        {"no-peering",
         "--set lan.nodes=6" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Copies(of, "direct"), 6);
             EXPECT_EQ(of.at("direct").at("saved_fraction"), 0);
         }},
        {"flash-crowd",
         "--policy fig4a,robust --set lan.nodes=20",
         [](const Results& of)
         {
             EXPECT_GT(Copies(of, "fig4a"), 10) << "many times over";
             EXPECT_EQ(Copies(of, "robust"), 1);
         }},
        {"flash-crowd-update",
         "--policy robust --set lan.nodes=8",
         [](const Results& of)
         {
             EXPECT_EQ(Copies(of, "robust"), 1);
             EXPECT_GT(of.at("robust").at("served").at("jain"), 0.1);
             EXPECT_LT(of.at("robust").at("served").at("max_copies"), 7);
         }},
        {"year",
         "--policy direct,robust --set lan.nodes=5 --set workload.days=10",
         [](const Results& of)
         {
             EXPECT_GT(of.at("direct").at("internet_bytes"),
                       of.at("robust").at("internet_bytes").get<double>() * 3);
         }},
        {"modem-56k",
         "--policy direct,robust --set lan.nodes=4",
         [](const Results& of)
         {
             EXPECT_LT(Copies(of, "robust"), 1.5);
             EXPECT_LT(LastS(of, "robust"), LastS(of, "direct"));
         }},
        {"isdn-branch",
         "--policy direct,robust --set lan.nodes=5",
         [](const Results& of)
         {
             EXPECT_LT(Copies(of, "robust"), 1.5);
             EXPECT_LT(LastS(of, "robust"), LastS(of, "direct"));
         }},
        {"monday-morning",
         "--policy robust --set lan.nodes=15 --set workload.window_s=300" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_LT(Copies(of, "robust"), 1.5);
             EXPECT_GT(of.at("robust").at("sources").at("peer"), 13);
         }},
        {"weekly-dat",
         "--policy direct,robust --set lan.nodes=5 --set workload.days=14",
         [](const Results& of)
         {
             EXPECT_GT(Copies(of, "direct"), 4 * Copies(of, "robust"));
             EXPECT_EQ(of.at("direct").at("catalog_bytes"), of.at("robust").at("catalog_bytes"));
         }},
        {"half-offline",
         "--policy direct,robust --set lan.nodes=10 --set internet.nodes=5" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Failures(of, "direct"), 5U);
             EXPECT_EQ(Failures(of, "robust"), 0U);
             EXPECT_LT(Copies(of, "robust"), 2);
         }},
        {"outbreak",
         "--policy direct,fig4a,robust --set lan.nodes=12" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_GT(Copies(of, "fig4a"), 6);
             EXPECT_EQ(Copies(of, "robust"), 1);
         }},
        {"two-segments",
         "--set lan.nodes=10 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Copies(of, "robust"), 2) << "one for each side";
         }},
        {"two-segments",
         "--set lan.nodes=10 --set lan.two_homed=10 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_EQ(Copies(of, "robust"), 1) << "all are on both sides";
         }},
        {"hub-1998",
         "--policy direct,robust --set lan.nodes=5" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_LT(Copies(of, "robust"), 1.5);
             EXPECT_GT(of.at("robust").at("lan").at("backoffs"), 0);
         }},
        {"school-wireless",
         "--policy direct,robust --set lan.nodes=8" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_GT(Copies(of, "direct"), 7);
             EXPECT_LT(Copies(of, "robust"), 3);
             EXPECT_GT(of.at("robust").at("lan").at("retries"), 0);
             EXPECT_EQ(Failures(of, "robust"), 0U);
         }},
        {"laptop-churn",
         "--policy fig4a,robust --set lan.nodes=12 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_GT(of.at("robust").at("faults").at("left"), 0);
             EXPECT_LT(Copies(of, "robust"), Copies(of, "fig4a"));
             EXPECT_LT(Copies(of, "robust"), 3);
             EXPECT_EQ(Failures(of, "robust"), 0U);
         }},
        {"hostile-peer",
         "--set lan.nodes=10 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_GT(of.at("robust").at("adversaries").at("altered_received"), 0);
             EXPECT_EQ(of.at("robust").at("adversaries").at("altered_installed"), 0);
             EXPECT_LT(Copies(of, "robust"), 2);
         }},
        {"fast-liar",
         "--policy fig4a,fig4b,robust --set lan.nodes=15 --set workload.window_s=20" + kSmallFile,
         [](const Results& of)
         {
             for (const char* const policy : {"fig4a", "fig4b", "robust"})
             {
                 EXPECT_GT(of.at(policy).at("adversaries").at("altered_received"), 0) << policy;
                 EXPECT_EQ(of.at(policy).at("adversaries").at("altered_installed"), 0) << policy;
             }
             EXPECT_LT(Copies(of, "robust"), 2);
             EXPECT_LT(Copies(of, "robust"), Copies(of, "fig4a"));
         }},
        {"campus-500",
         "--policy robust --set lan.nodes=25 --set workload.window_s=30" + kSmallFile,
         [](const Results& of)
         {
             EXPECT_LT(Copies(of, "robust"), 1.5);
         }},
    };
}

class Library : public program::Typing
{
  protected:
    Results Run(const Prediction& prediction) const
    {
        const Output ran = Type("build/bin/lanpeer-sim run " + prediction.scenario + " " +
                                prediction.options + " --json -");
        EXPECT_EQ(ran.exitCode, 0) << prediction.scenario << "\n" << ran.err;
        Results results;
        if (ran.exitCode == 0)
        {
            json runs = json::parse(ran.out);
            runs = runs.is_array() ? runs : json::array({runs}); // one run is an object
            for (const json& run : runs)
            {
                results[run.at("policy")] = run;
            }
        }
        return results;
    }
};

TEST_F(Library, EveryScenarioSaysWhatItIsAndWhyAndWhatToLookFor)
{
    RecordProperty("requirement", "R-SIM-4");
    std::set<std::string> predicted;
    for (const Prediction& prediction : Predictions())
    {
        predicted.insert(prediction.scenario);
    }
    std::set<std::string> shipped;
    for (const auto& entry : fs::directory_iterator(LANPEER_SOURCE_DIR "/scenarios"))
    {
        if (entry.path().extension() != ".yaml")
        {
            continue;
        }
        shipped.insert(entry.path().stem());
        const std::string text = program::ReadAll(entry.path());
        EXPECT_EQ(text.rfind("about: |\n", 0), 0U) << entry.path();
        EXPECT_NE(text.find("\n  Why: "), std::string::npos) << entry.path();
        EXPECT_NE(text.find("\n  Look for: "), std::string::npos) << entry.path();
    }
    EXPECT_EQ(predicted, shipped);
    EXPECT_GE(shipped.size(), 15U);

    const Output list = Type("build/bin/lanpeer-sim list");
    for (const std::string& scenario : shipped)
    {
        EXPECT_NE(("\n" + list.out).find("\n" + scenario + " "), std::string::npos) << scenario;
    }
}

TEST_F(Library, ShowsWhatItsTextsPredict)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3 R-SIM-4 R-SIM-5 R-SIM-6 R-SIM-7");
    for (const Prediction& prediction : Predictions())
    {
        SCOPED_TRACE(prediction.scenario);
        const Results results = Run(prediction);
        if (!results.empty())
        {
            prediction.look(results);
        }
    }
}

} // namespace
} // namespace lanpeer
