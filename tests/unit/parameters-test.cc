#include "model/protocol/parameters.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lanpeer
{
namespace
{

/// Section 2 of the specification, written out a second time. Seconds and counts as there.
const std::map<std::string_view, std::uint64_t>&
Specified()
{
    static const std::map<std::string_view, std::uint64_t> values{
        {"service_port", 1967},
        {"http_port", 6515},
        {"response_delay_ms", 2000},
        {"transmission_allowance_ms", 200},
        {"progress_interval_ms", 1000},
        {"download_stall_intervals", 5},
        {"peer_stall_ms", 10 * 1000},
        {"internet_stall_ms", 120 * 1000},
        {"parallel_requests", 6},
        {"parallel_transfers", 6},
        {"internet_retries", 5},
        {"reasks", 1},
        {"request_deadline_s", 24 * 3600},
        {"longest_wait_s", 10 * 60},
        {"download_waits", 3},
        {"upload_slots", 8},
        {"busy_hint_ms", 1000},
        {"busy_believed_ms", 5 * 1000},
        {"pending_requests", 8192},
        {"waiters", 8192},
        {"ended_requests", 8192},
        {"remembered_holders", 16},
        {"source_burst", 64},
        {"source_refill_per_s", 16},
        {"total_burst", 16384},
        {"total_refill_per_s", 4096},
        // Not in section 2, but elsewhere in the specification or in ATTACKS.
        {"access_retry_s", 10 * 60}, // R-CLI-12
        {"http_header_ms", 2000},    // L10
    };
    return values;
}

TEST(ParametersTest, DefaultsAreTheSpecified)
{
    RecordProperty("requirement", "R-SRV-5");
    for (const auto& [key, value] : Specified())
    {
        const Parameter* row = FindParameter(key);
        ASSERT_NE(row, nullptr) << key;
        EXPECT_EQ(row->defaultValue, value) << key;
        EXPECT_EQ(GetParameter(PeeringConfig::Defaults(), *row), value) << key;
    }
    EXPECT_EQ(FindParameter("no_such_key"), nullptr);
    EXPECT_EQ(FindParameter(""), nullptr);
}

/// What a setting may be, written out a second time: programs that made a file with a figure at its
/// bound must find it taken, in every host.
TEST(ParametersTest, BoundsAreThoseOfTheFirstRelease)
{
    constexpr std::uint64_t kHourMs = 3600 * 1000;
    constexpr std::uint64_t kTenMinutesMs = 600 * 1000;
    constexpr std::uint64_t kDayS = 24 * 3600;
    const std::map<std::string_view, std::pair<std::uint64_t, std::uint64_t>> bounds{
        {"service_port", {1, 65535}},
        {"http_port", {1, 65535}},
        {"response_delay_ms", {0, kTenMinutesMs}},
        {"transmission_allowance_ms", {0, kTenMinutesMs}},
        {"progress_interval_ms", {10, kTenMinutesMs}},
        {"download_stall_intervals", {1, 1000}},
        {"peer_stall_ms", {100, kHourMs}},
        {"internet_stall_ms", {100, kHourMs}},
        {"parallel_requests", {1, 1024}},
        {"parallel_transfers", {1, 1024}},
        {"internet_retries", {0, 1000}},
        {"reasks", {0, 16}},
        {"request_deadline_s", {1, 365 * kDayS}},
        {"longest_wait_s", {1, 365 * kDayS}},
        {"download_waits", {0, 1000}},
        {"upload_slots", {1, 65536}},
        {"busy_hint_ms", {1, kHourMs}},
        {"busy_believed_ms", {1, kHourMs}},
        {"pending_requests", {1, 1048576}},
        {"waiters", {1, 1048576}},
        {"ended_requests", {2, 1048576}},
        {"remembered_holders", {1, 1024}},
        {"access_retry_s", {1, kDayS}},
        {"source_burst", {1, 1048576}},
        {"source_refill_per_s", {1, 1048576}},
        {"total_burst", {1, 16777216}},
        {"total_refill_per_s", {1, 16777216}},
        {"http_connections", {1, 65536}},
        {"http_connections_per_peer", {1, 65536}},
        {"http_header_ms", {10, kTenMinutesMs}},
    };
    for (const Parameter& row : ParameterTable())
    {
        if (row.unit == Unit::Flag)
        {
            continue;
        }
        const auto found = bounds.find(row.key);
        ASSERT_NE(found, bounds.end()) << row.key;
        EXPECT_EQ(row.min, found->second.first) << row.key;
        EXPECT_EQ(row.max, found->second.second) << row.key;
    }
}

TEST(ParametersTest, TheClientWaitIsDerived)
{
    RecordProperty("requirement", "R-CLI-1");
    PeeringConfig config = PeeringConfig::Defaults();
    EXPECT_EQ(config.ClientWaitMs(), 2200U);
    EXPECT_EQ(config.DownloadStallMs(), 5000U);
    config.responseDelayMs = 0;
    EXPECT_EQ(config.ClientWaitMs(), 200U);
    EXPECT_EQ(FindParameter("client_wait_ms"), nullptr) << "never set apart";
}

TEST(ParametersTest, NoRandomisationIsAllowed)
{
    RecordProperty("requirement", "R-SRV-8");
    EXPECT_EQ(FindParameter("response_delay_ms")->min, 0U);
}

TEST(ParametersTest, RowsAreSound)
{
    std::set<std::string_view> keys;
    for (const Parameter& row : ParameterTable())
    {
        EXPECT_TRUE(keys.insert(row.key).second) << row.key;
        EXPECT_EQ(row.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_."),
                  std::string_view::npos)
            << row.key;
        EXPECT_FALSE(row.meaning.empty()) << row.key;
        EXPECT_LE(row.min, row.defaultValue) << row.key;
        EXPECT_LE(row.defaultValue, row.max) << row.key;
        const bool flag = std::holds_alternative<bool PeeringConfig::*>(row.member);
        EXPECT_EQ(flag, row.unit == Unit::Flag) << row.key;
        EXPECT_EQ(row.unit == Unit::Milliseconds, row.key.substr(row.key.size() - 3) == "_ms")
            << row.key;
    }
}

/// A key that sets another key's member would leave one of them without effect.
TEST(ParametersTest, EachRowSetsItsOwnMember)
{
    for (const Parameter& row : ParameterTable())
    {
        PeeringConfig config = PeeringConfig::Defaults();
        const std::uint64_t other = row.defaultValue == row.max ? row.min : row.max;
        SetParameter(config, row, other);
        EXPECT_EQ(GetParameter(config, row), other) << row.key;
        for (const Parameter& another : ParameterTable())
        {
            if (another.key != row.key)
            {
                EXPECT_EQ(GetParameter(config, another), another.defaultValue)
                    << row.key << " sets " << another.key;
            }
        }
    }
}

/// Every number and flag of the struct has a row, but for what is the node's own situation.
TEST(ParametersTest, EveryMemberHasARow)
{
    std::string names(PeeringConfig::FieldNames());
    std::size_t members = 1;
    for (const char c : names)
    {
        members += c == ',' ? 1 : 0;
    }
    constexpr std::size_t kOwnSituation = 3; // peering, internetAccess, helperOrigins
    EXPECT_EQ(members, ParameterTable().size() + kOwnSituation);
}

/// R-SIM-7's table, written out a second time: the rules that each policy switches on.
TEST(PoliciesTest, AreTheTableOfTheSpecification)
{
    RecordProperty("requirement", "R-SIM-7");
    const std::vector<std::string> all{
        "wait", "lock", "delay", "slots", "holders", "reask", "pause", "straddle", "helper"};
    const std::map<Policy, std::set<std::string>> on{
        {Policy::Fig4a, {}},
        {Policy::Fig4b, {"wait"}},
        {Policy::Robust, {all.begin(), all.end()}},
    };
    std::size_t rules = 0;
    for (const Parameter& row : ParameterTable())
    {
        rules += row.key.substr(0, 6) == "rules." ? 1 : 0;
    }
    EXPECT_EQ(rules, all.size());
    for (const auto& [policy, expected] : on)
    {
        const PeeringConfig config = PeeringConfig::Defaults(policy);
        EXPECT_FALSE(CheckConfig(config)) << ToString(policy);
        for (const std::string& rule : all)
        {
            const Parameter* row = FindParameter("rules." + rule);
            ASSERT_NE(row, nullptr) << rule;
            EXPECT_EQ(GetParameter(config, *row), expected.count(rule)) << ToString(policy) << rule;
        }
    }
}

TEST(PoliciesTest, RulesLeaveEverythingElse)
{
    RecordProperty("requirement", "R-SIM-7");
    PeeringConfig config = PeeringConfig::Defaults(Policy::Robust);
    config.responseDelayMs = 77;
    config.server = false;
    PeeringConfig expected = PeeringConfig::Defaults(Policy::Fig4a);
    expected.responseDelayMs = 77;
    expected.server = false;
    SetRules(config, Policy::Fig4a);
    EXPECT_TRUE(config == expected);
}

TEST(PoliciesTest, HaveNames)
{
    EXPECT_EQ(PolicyFromName("fig4a"), Policy::Fig4a);
    EXPECT_EQ(PolicyFromName("fig4b"), Policy::Fig4b);
    EXPECT_EQ(PolicyFromName("robust"), Policy::Robust);
    EXPECT_EQ(PolicyFromName("coop"), std::nullopt);
    EXPECT_EQ(PolicyFromName(""), std::nullopt);
}

TEST(PoliciesTest, ARuleWithoutWhatItNeedsIsRefused)
{
    RecordProperty("requirement", "R-SIM-7");
    PeeringConfig config = PeeringConfig::Defaults(Policy::Robust);
    config.wait = false;
    ASSERT_TRUE(CheckConfig(config));
    EXPECT_EQ(CheckConfig(config)->key, "rules.straddle");
    config.straddle = false;
    EXPECT_FALSE(CheckConfig(config));

    config.requireLock = true;
    EXPECT_FALSE(CheckConfig(config));
    config.lock = false;
    ASSERT_TRUE(CheckConfig(config));
    EXPECT_EQ(CheckConfig(config)->key, "require_lock");
}

/// Each other rule can be switched alone, which an ablation does.
TEST(PoliciesTest, OtherRulesStandAlone)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const char* rule : {"lock", "delay", "slots", "holders", "reask", "pause", "helper"})
    {
        for (const Policy policy : {Policy::Fig4a, Policy::Robust})
        {
            PeeringConfig config = PeeringConfig::Defaults(policy);
            const Parameter* row = FindParameter(std::string("rules.") + rule);
            SetParameter(config, *row, 1 - GetParameter(config, *row));
            EXPECT_FALSE(CheckConfig(config)) << rule;
        }
    }
}

} // namespace
} // namespace lanpeer
