#include "reading.h"

#include "model/protocol/reason.h"
#include "scenarios/key-table.h"
#include "scenarios/listings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>
#include <string>

namespace lanpeer::scenario
{
namespace
{

using testing::Contains;
using testing::HasSubstr;

TEST(KeyTableTest, EveryKeyTakesItsDefault)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3 R-SIM-4 R-SIM-7");
    for (const Key& key : KeyTable())
    {
        const std::string assignment = key.path + "=" + key.Default();
        EXPECT_EQ(SetError(assignment), "");
        EXPECT_EQ(key.Print(Read("{}", {assignment})), key.Default()) << assignment;
        // Nothing else moved.
        EXPECT_EQ(PrintScenario(Read("{}", {assignment})), "{}\n") << assignment;
    }
}

/// A value of each key that is not its default, as it is printed.
std::string
OtherValue(const Key& key)
{
    if (key.path == "about")
    {
        return R"("a \"word\"\nand 'more': # \\")";
    }
    if (key.path == "policy")
    {
        return "[fig4b, direct]";
    }
    if (key.path == "internet.nodes")
    {
        return "[3, 17]";
    }
    if (key.path == "workload.resources")
    {
        return R"([{name: "null", bytes: 1}, {name: "1.5", bytes: 7}])";
    }
    if (key.path == "workload.trace")
    {
        return R"("a/b.csv")";
    }
    if (key.path == "faults.uplink_down")
    {
        return "[{from_s: 0, for_s: 1.5}, {from_s: 2, for_s: 1}]";
    }
    if (key.type == "flag")
    {
        // straddle and helper need wait: their like is enough
        return key.Default() == "off" ? "on" : "off";
    }
    if (key.type == "word")
    {
        const std::set<std::string> words = {"cold", "fast", "morning"};
        for (const std::string& word : words)
        {
            if (key.allowed.find(word) != std::string::npos)
            {
                return word;
            }
        }
        return "";
    }
    return key.Default() == "1" || key.path == "lan.loss" ? "0" : "1";
}

TEST(KeyTableTest, WhatIsPrintedLoadsToTheSame)
{
    RecordProperty("requirement", "R-SIM-9");
    for (const Key& key : KeyTable())
    {
        const std::string value = OtherValue(key);
        Scenario scenario;
        try
        {
            key.Set(scenario, ParseYaml(value));
        }
        catch (const ValueError&)
        {
            continue; // a bound or a later version forbids it; the tables below count
        }
        EXPECT_EQ(key.Print(scenario), value) << key.path;
        if (value != key.Default())
        {
            EXPECT_EQ(PrintScenario(scenario), key.path + ": " + value + "\n");
        }
    }
}

TEST(KeyTableTest, PrintedScenariosLoad)
{
    RecordProperty("requirement", "R-SIM-4");
    const Scenario scenario = Read(R"(
about: "Lines:\n- \"of\" 'text' # and more"
lan: {nodes: 9, rate_mbps: 0.1, latency_us: 33.333333333333336, loss: 1e-9, arp: cold, arp_jitter: on}
uplink: {preset: t1, up_kbps: 33.6}
internet: {nodes: [8, 2]}
workload: {arrival: morning, window_s: 1e-3, holders: 1, requesters: 3,
           resources: [{name: "null", bytes: 1}, {name: 1.5, bytes: 1099511627776}]}
policy: [fig4b, direct]
protocol: {response_delay_ms: 1, client: off, rules: {straddle: off, lock: on}}
)");
    const std::string printed = PrintScenario(scenario);
    EXPECT_EQ(PrintScenario(Read(printed)), printed);
    EXPECT_THAT(printed, HasSubstr("lan.latency_us: 33.333333333333336\n"));
    EXPECT_THAT(printed, HasSubstr("internet.nodes: [2, 8]\n"));
    EXPECT_EQ(PrintScenario(Scenario{}), "{}\n");
    EXPECT_EQ(PrintScenario(Read("{}")), "{}\n");
}

TEST(KeyTableTest, HasEveryKeyOfTheInterface)
{
    RecordProperty("requirement", "R-SIM-2 R-SIM-3 R-SIM-4 R-SIM-7");
    for (const char* const path : {"lan.nodes",
                                   "lan.medium",
                                   "lan.rate_mbps",
                                   "lan.latency_us",
                                   "lan.loss",
                                   "lan.segments",
                                   "lan.two_homed",
                                   "lan.wifi.mode",
                                   "lan.wifi.standard",
                                   "lan.wifi.broadcast_mbps",
                                   "lan.wifi.room_m",
                                   "lan.queue_packets",
                                   "lan.arp",
                                   "lan.arp_jitter",
                                   "uplink.preset",
                                   "uplink.down_kbps",
                                   "uplink.up_kbps",
                                   "uplink.latency_ms",
                                   "uplink.queue_packets",
                                   "internet.nodes",
                                   "workload.arrival",
                                   "workload.window_s",
                                   "workload.trace",
                                   "workload.resources",
                                   "workload.holders",
                                   "workload.requesters",
                                   "policy",
                                   "workload.rounds",
                                   "workload.leave_share",
                                   "proxy.collapse",
                                   "faults.duplication",
                                   "faults.uplink_down",
                                   "adversaries.kind",
                                   "adversaries.count",
                                   "adversaries.share",
                                   "adversaries.packets_per_s",
                                   "adversaries.bytes_per_s",
                                   "adversaries.gateway"})
    {
        const Key* const key = FindKey(path);
        ASSERT_NE(key, nullptr) << path;
        EXPECT_EQ(key->path, path);
        EXPECT_FALSE(key->meaning.empty());
        EXPECT_FALSE(key->allowed.empty());
    }
    for (const Parameter& parameter : ParameterTable())
    {
        const Key* const key = FindKey("protocol." + std::string(parameter.key));
        ASSERT_NE(key, nullptr) << parameter.key;
        EXPECT_THAT(key->meaning, testing::StartsWith(std::string(parameter.meaning)));
    }
    EXPECT_EQ(FindKey("lan"), nullptr);
    EXPECT_EQ(FindKey("lan.node"), nullptr);
    EXPECT_EQ(FindKey("faultsy"), nullptr);
    EXPECT_EQ(FindKey("faults.loss"), nullptr);
    EXPECT_TRUE(IsGroup("faults"));
    EXPECT_TRUE(IsGroup("protocol.rules"));
    EXPECT_FALSE(IsGroup("lan.nodes"));
    EXPECT_FALSE(IsGroup("la"));
}

TEST(KeyTableTest, PathsAreUniqueAndNoKeyIsAGroup)
{
    RecordProperty("requirement", "R-SIM-7");
    std::set<std::string> paths;
    for (const Key& key : KeyTable())
    {
        EXPECT_TRUE(paths.insert(key.path).second) << key.path;
        EXPECT_FALSE(IsGroup(key.path)) << key.path;
    }
    const auto all = AllPaths();
    EXPECT_THAT(all, Contains("protocol.rules"));
    EXPECT_THAT(all, Contains("lan"));
    EXPECT_GT(all.size(), paths.size());
}

TEST(KeyTableTest, AParametersBoundsAreItsKeys)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const Parameter& parameter : ParameterTable())
    {
        if (parameter.unit == Unit::Flag)
        {
            continue;
        }
        const std::string path = "protocol." + std::string(parameter.key) + "=";
        EXPECT_EQ(SetError(path + std::to_string(parameter.min)), "");
        EXPECT_EQ(SetError(path + std::to_string(parameter.max)), "");
        EXPECT_NE(SetError(path + std::to_string(parameter.max + 1)), "");
        EXPECT_EQ(Read("{}", {path + std::to_string(parameter.max)}).protocol.begin()->second,
                  parameter.max);
    }
}

TEST(KeyTableTest, AValueThatIsRefusedLeavesTheScenarioAsItWas)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const Key& key : KeyTable())
    {
        for (const char* const bad : {"~", "{a: [b, {c: d}]}", "[[x]]", "[]", "-7.5x", "'\"'"})
        {
            Scenario scenario;
            try
            {
                key.Set(scenario, ParseYaml(bad));
            }
            catch (const ValueError& error)
            {
                EXPECT_EQ(PrintScenario(scenario), "{}\n") << key.path << " " << bad;
                EXPECT_TRUE(IsOneLine(error.what()));
            }
        }
    }
}

// What `lanpeer-sim` prints

std::vector<std::string>
Lines(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

TEST(ListingsTest, KeysHasALineForEveryKeyInColumns)
{
    RecordProperty("requirement", "R-SIM-7");
    const auto lines = Lines(KeysText());
    std::set<std::size_t> columns;
    for (const Key& key : KeyTable())
    {
        int found = 0;
        for (const std::string& line : lines)
        {
            if (line.rfind("  " + key.path + " ", 0) == 0)
            {
                ++found;
                EXPECT_THAT(line, HasSubstr(" " + key.Default() + " "));
                EXPECT_THAT(line, HasSubstr(key.meaning));
                columns.insert(line.find(key.meaning));
            }
        }
        EXPECT_EQ(found, 1) << key.path;
    }
    EXPECT_EQ(columns.size(), 1U); // aligned
    EXPECT_THAT(lines, Contains("lan"));
    EXPECT_THAT(lines, Contains("protocol.rules"));
    EXPECT_THAT(KeysText(), HasSubstr("coop) ")) << "(not yet: ...)";
    for (const std::string& line : lines)
    {
        EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
        EXPECT_TRUE(line.empty() || IsOneLine(line)) << line;
    }
}

TEST(ListingsTest, KeysAsJson)
{
    RecordProperty("requirement", "R-SIM-7");
    const auto keys = nlohmann::json::parse(KeysJson());
    ASSERT_EQ(keys.size(), KeyTable().size());
    for (const auto& key : keys)
    {
        const std::string path = key.at("key");
        const std::string value = key.at("default");
        EXPECT_EQ(SetError(path + "=" + value), "");
        for (const char* const field : {"type", "unit", "allowed", "meaning"})
        {
            EXPECT_TRUE(key.at(field).is_string()) << path << " " << field;
        }
        EXPECT_TRUE(key.at("not_in_this_version").is_array()) << path;
    }
}

TEST(ListingsTest, ReasonsHasALineForEachReason)
{
    RecordProperty("requirement", "R-SIM-8");
    const std::string text = ReasonsText();
    for (const ReasonRow& row : ReasonTable())
    {
        EXPECT_THAT(text, HasSubstr("  " + std::string(row.name) + " "));
        EXPECT_THAT(text, HasSubstr(std::string(row.meaning)));
    }
    const auto reasons = nlohmann::json::parse(ReasonsJson());
    ASSERT_EQ(reasons.size(), kReasons);
    EXPECT_EQ(reasons[0].at("reason"), std::string(ToString(Reason::NoInternet)));
    EXPECT_EQ(reasons[0].at("group"), std::string(ToString(ReasonGroup::Failure)));
}

TEST(ListingsTest, ListHasALinePerScenario)
{
    RecordProperty("requirement", "R-SIM-4");
    EXPECT_EQ(ListText({{"a", "first"}, {"long-one", "second"}}),
              "a         first\nlong-one  second\n");
    EXPECT_EQ(ListText({}), "");
}

} // namespace
} // namespace lanpeer::scenario
