#include "analysis/metrics-json.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

/// "served.max_bytes" and so on, in the order of the object; a reason map is one entry.
std::vector<std::string>
KeysOf(const Json& object)
{
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items())
    {
        const bool isReasons = key == "failures" || key == "refusals" || key == "dropped";
        if (!value.is_object() || isReasons)
        {
            keys.push_back(key);
            continue;
        }
        for (const auto& [inner, ignored] : value.items())
        {
            keys.push_back(std::string(key).append(".").append(inner));
        }
    }
    return keys;
}

std::string
ErrorOf(const Json& object)
{
    try
    {
        MetricsFromJson(object);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

TEST(MetricsJson, KeysInTheOrderOfTheInterface)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THAT(KeysOf(ToJson(ComputeMetrics(SampleRecord()))),
                ElementsAre("scenario",
                            "policy",
                            "seed",
                            "run",
                            "nodes",
                            "resource_bytes",
                            "internet_bytes",
                            "uplink_bytes",
                            "catalog_bytes",
                            "copies",
                            "saved_fraction",
                            "served.max_bytes",
                            "served.mean_bytes",
                            "served.max_copies",
                            "served.jain",
                            "served.max_requests",
                            "packets.i_need",
                            "packets.i_have",
                            "packets.i_have_duplicate",
                            "packets.i_found",
                            "packets.i_am_downloading",
                            "packets.downloading",
                            "packets.other",
                            "packets.sent_bytes",
                            "packets.received",
                            "lan.frames",
                            "lan.lost",
                            "lan.collisions",
                            "lan.backoffs",
                            "lan.retries",
                            "lan.given_up",
                            "lan.queue_drops",
                            "response_delay_ms.mean",
                            "response_delay_ms.p50",
                            "response_delay_ms.p95",
                            "response_delay_ms.max",
                            "find_s.mean",
                            "find_s.p95",
                            "find_s.max",
                            "finish_s.mean",
                            "finish_s.p50",
                            "finish_s.p95",
                            "finish_s.p99",
                            "finish_s.last",
                            "sources.peer",
                            "sources.internet",
                            "sources.local",
                            "stalls",
                            "failures",
                            "refusals",
                            "dropped",
                            "adversaries",
                            "proxy",
                            "updates",
                            "faults",
                            "simulated_s",
                            "events",
                            "wall_s"));
}

TEST(MetricsJson, TheSampleToTheByte)
{
    RecordProperty("requirement", "R-SIM-9");
    // The same figures as in metrics-test.cc, each under its key: one mixed up would show here.
    EXPECT_EQ(
        ToJson(ComputeMetrics(SampleRecord())).dump(),
        R"({"scenario":"sample","policy":"robust","seed":7,"run":2,"nodes":4,)"
        R"("resource_bytes":1500,"internet_bytes":1800,"uplink_bytes":1950,"catalog_bytes":75,)"
        R"("copies":1.2,"saved_fraction":0.55,)"
        R"("served":{"max_bytes":1500,"mean_bytes":625.0,"max_copies":1.0,"jain":0.480769,)"
        R"("max_requests":2},)"
        R"("packets":{"i_need":6,"i_have":5,"i_have_duplicate":2,"i_found":3,)"
        R"("i_am_downloading":1,"downloading":8,"other":4320,"sent_bytes":4321,"received":99},)"
        R"("lan":{"frames":70,"lost":6,"collisions":5,"backoffs":4,"retries":3,"given_up":2,)"
        R"("queue_drops":1},)"
        R"("response_delay_ms":{"mean":400.0,"p50":400.0,"p95":500.0,"max":500.0},)"
        R"("find_s":{"mean":0.966667,"p95":2.2,"max":2.2},)"
        R"("finish_s":{"mean":5.633333,"p50":5.0,"p95":11.0,"p99":11.0,"last":11.0},)"
        R"("sources":{"peer":3,"internet":2,"local":0},"stalls":1,)"
        R"("failures":{"internet-failed":1},"refusals":{"refused-from-peer":2},)"
        R"("dropped":{"too-long":3},"adversaries":null,"proxy":null,"updates":null,"faults":null,)"
        R"("simulated_s":60.0,"events":12345,"wall_s":0.25})");
}

TEST(MetricsJson, NothingToMeasureIsNullAndNeverAbsent)
{
    RecordProperty("requirement", "R-SIM-8");
    const Json object = ToJson(ComputeMetrics(EmptyRecord()));
    EXPECT_EQ(KeysOf(object), KeysOf(ToJson(ComputeMetrics(SampleRecord()))));
    EXPECT_TRUE(object["copies"].is_null());
    EXPECT_TRUE(object["finish_s"]["last"].is_null());
    EXPECT_EQ(object["failures"], Json::object());
}

TEST(MetricsJson, UpdatesAreOneObjectAndReadBackAsTheyWere)
{
    RecordProperty("requirement", "R-SIM-8 R-UPD-1");
    const Json object = ToJson(ComputeMetrics(UpdatesRecord()));
    EXPECT_EQ(object["updates"].dump(),
              R"({"releases":3,"installations":4,"missing":2,)"
              R"("out_of_date_s":{"mean":161100.0,"p50":32400.0,"p95":432000.0,"max":432000.0},)"
              R"("out_of_date_on_s":{"mean":7500.0,"p50":3600.0,"p95":14400.0,"max":14400.0},)"
              R"("internet_bytes_by_week":[1000,1500],"catalog_bytes_by_week":[30,45],)"
              R"("checks":{"failed: expired":1,"installed":4}})");
    const Metrics back = MetricsFromJson(object);
    EXPECT_EQ(ToJson(back).dump(), object.dump());
}

TEST(MetricsJson, AdversariesAndTheProxyAreOneObjectEachAndReadBackAsTheyWere)
{
    RecordProperty("requirement", "R-SIM-6 R-SIM-7 R-SIM-8");
    Metrics metrics = ComputeMetrics(SampleRecord());
    metrics.adversaries = AdversaryRecord{1, 2, 3, 4, 5, 6, 7, 8};
    metrics.proxy = ProxyMetrics{9, 10, 11, 12};
    const Json object = ToJson(metrics);
    EXPECT_EQ(object["adversaries"].dump(),
              R"({"nodes":1,"packets_sent":2,"sent_bytes":3,"served_bytes":4,"altered_offered":5,)"
              R"("altered_received":6,"altered_installed":7,"reflected":8})");
    EXPECT_EQ(object["proxy"].dump(), R"({"served_bytes":9,"hits":10,"misses":11,"collapsed":12})");
    EXPECT_EQ(ToJson(MetricsFromJson(object)).dump(), object.dump());
}

TEST(MetricsJson, WhatWasWrittenBeforeThereWasAGroupReadsAsWithoutIt)
{
    RecordProperty("requirement", "R-SIM-8");
    const Json object = ToJson(ComputeMetrics(SampleRecord()));
    Json older = object;
    older.erase("adversaries");
    older.erase("proxy");
    EXPECT_EQ(ToJson(MetricsFromJson(older)).dump(), object.dump());
}

TEST(MetricsJson, FaultsAreOneObjectAndReadBackAsTheyWere)
{
    RecordProperty("requirement", "R-SIM-5 R-SIM-8");
    RunRecord record = SampleRecord();
    record.faults = FaultRecord{1, 2, 3, 4, 5, 6, 7, 8'500'000, 9, 10, 11, 12};
    const Json object = ToJson(ComputeMetrics(record));
    EXPECT_EQ(object["faults"].dump(),
              R"({"duplicated":1,"reordered":2,"corrupted":3,"corrupted_delivered":4,"unheard":5,)"
              R"("storm_dropped":6,"uplink_dropped":7,"uplink_down_s":8.5,"full_disks":9,)"
              R"("crashes":10,"left":11,"requests_lost":12})");
    EXPECT_EQ(ToJson(MetricsFromJson(object)).dump(), object.dump());
    // What was written before there were faults is still read: nothing was to go wrong.
    Json old = object;
    old.erase("faults");
    EXPECT_FALSE(MetricsFromJson(old).faults);
    old["faults"] = 5;
    EXPECT_THROW(MetricsFromJson(old), std::invalid_argument);
}

TEST(MetricsJson, FractionsAreRoundedToSixDecimals)
{
    RecordProperty("requirement", "R-SIM-9");
    Metrics metrics;
    metrics.copies = 2.0 / 3.0;
    metrics.savedFraction = -1e-9;
    metrics.served.meanBytes = 123456789012.123456789;
    const Json object = ToJson(metrics);
    EXPECT_EQ(object["copies"].dump(), "0.666667");
    EXPECT_EQ(object["saved_fraction"].dump(), "0.0"); // and not "-0.0"
    EXPECT_EQ(object["served"]["mean_bytes"].dump(), "123456789012.12346");
}

TEST(MetricsJson, AFigureThatIsNotFiniteIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    Metrics metrics;
    metrics.copies = std::numeric_limits<double>::infinity();
    EXPECT_THROW(ToJson(metrics), std::invalid_argument);
    metrics.copies = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(ToJson(metrics), std::invalid_argument);
}

TEST(MetricsJson, TheOrderOfTheRecordDoesNotShow)
{
    RecordProperty("requirement", "R-SIM-9");
    const RunRecord record = SampleRecord();
    RunRecord reversed = record;
    std::reverse(reversed.requests.begin(), reversed.requests.end());
    std::reverse(reversed.transfers.begin(), reversed.transfers.end());
    std::reverse(reversed.responseDelaysUs.begin(), reversed.responseDelaysUs.end());
    EXPECT_EQ(ToJsonText({ComputeMetrics(record)}), ToJsonText({ComputeMetrics(reversed)}));
}

TEST(MetricsJson, OneRunIsAnObjectSeveralAreAnArray)
{
    RecordProperty("requirement", "R-SIM-8");
    const Metrics metrics = ComputeMetrics(SampleRecord());
    EXPECT_TRUE(Json::parse(ToJsonText({metrics})).is_object());
    EXPECT_EQ(Json::parse(ToJsonText({metrics, metrics})).size(), 2U);
    EXPECT_EQ(ToJsonText({}), "[]\n");
    EXPECT_EQ(ToJsonText({metrics}).back(), '\n');
}

TEST(MetricsJson, WhatIsWrittenIsReadBack)
{
    RecordProperty("requirement", "R-SIM-8");
    const Metrics sample = ComputeMetrics(SampleRecord());
    const Metrics empty = ComputeMetrics(EmptyRecord());
    const std::string one = ToJsonText({sample});
    const std::string both = ToJsonText({sample, empty});
    EXPECT_EQ(ToJsonText(MetricsFromJsonText(one)), one);
    EXPECT_EQ(ToJsonText(MetricsFromJsonText(both)), both);
    EXPECT_EQ(ToJson(MetricsFromJson(ToJson(sample))), ToJson(sample));
    EXPECT_EQ(MetricsFromJsonText("[]").size(), 0U);
}

TEST(MetricsJson, EveryAbsentKeyIsNamed)
{
    RecordProperty("requirement", "R-SIM-8");
    const Json whole = ToJson(ComputeMetrics(SampleRecord()));
    for (const std::string& key : KeysOf(whole))
    {
        Json object = whole;
        const std::size_t dot = key.find('.');
        Json& holder = dot == std::string::npos ? object : object[key.substr(0, dot)];
        holder.erase(dot == std::string::npos ? key : key.substr(dot + 1));
        // A group that not every run has: what is older than it lacks it.
        const bool isLater =
            key == "adversaries" || key == "proxy" || key == "updates" || key == "faults";
        EXPECT_THAT(ErrorOf(object),
                    isLater ? testing::Matcher<std::string>(testing::Eq(""))
                            : testing::Matcher<std::string>(HasSubstr(key + ":")));
    }
}

TEST(MetricsJson, RunsOfEarlierVersionsHadNoCountsOfFrames)
{
    RecordProperty("requirement", "R-SIM-8");
    Json object = ToJson(ComputeMetrics(SampleRecord()));
    object.erase("lan");
    EXPECT_EQ(MetricsFromJson(object).lan.frames, 0U);
    EXPECT_EQ(MetricsFromJson(object).packets.received, 99U);
}

TEST(MetricsJson, AWrongTypeIsNamed)
{
    RecordProperty("requirement", "R-SIM-8");
    const Json whole = ToJson(ComputeMetrics(SampleRecord()));
    const auto errorWith = [&whole](const char* pointer, const Json& value)
    {
        Json object = whole;
        object[Json::json_pointer(pointer)] = value;
        return ErrorOf(object);
    };
    EXPECT_EQ(errorWith("/served/jain", nullptr), "");
    EXPECT_EQ(errorWith("/nodes", 5), "");
    EXPECT_EQ(errorWith("/from_a_newer_version", 5), "");
    EXPECT_THAT(errorWith("/served/jain", "1"), HasSubstr("served.jain: needs a number or null"));
    EXPECT_THAT(errorWith("/wall_s", nullptr), HasSubstr("wall_s: needs a number"));
    EXPECT_THAT(errorWith("/nodes", -1), HasSubstr("nodes: needs a whole number"));
    EXPECT_THAT(errorWith("/nodes", 1.5), HasSubstr("nodes: needs a whole number"));
    EXPECT_THAT(errorWith("/policy", 1), HasSubstr("policy: needs a string"));
    EXPECT_THAT(errorWith("/packets", 1), HasSubstr("packets: needs an object"));
    EXPECT_THAT(errorWith("/dropped", Json::array()), HasSubstr("dropped: needs an object"));
    EXPECT_THAT(errorWith("/dropped/x", "many"), HasSubstr("dropped: needs a whole number"));
    EXPECT_THAT(ErrorOf(Json::array()), HasSubstr("not an object"));
    EXPECT_THROW(MetricsFromJsonText("{"), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
