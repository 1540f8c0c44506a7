#include "model/lan/lan-network-config.h"
#include "model/lan/uplink.h"
#include "scenarios/key-table.h"
#include "scenarios/scenario.h"

#include <gtest/gtest.h>

/// The room of the LAN and the room of the scenarios each know the presets and the bounds, because
/// neither may include the other. Here they are held side by side.
namespace lanpeer::scenario
{
namespace
{

lan::LanNetworkConfig
ConfigOf(const Scenario& scenario)
{
    lan::LanNetworkConfig config;
    const UplinkFigures uplink = UplinkOf(scenario);
    config.nodes = scenario.lan.nodes;
    config.rateMbps = scenario.lan.rateMbps;
    config.latencyUs = scenario.lan.latencyUs;
    config.loss = scenario.lan.loss;
    config.queuePackets = scenario.lan.queuePackets;
    config.uplink = {uplink.downKbps, uplink.upKbps, uplink.latencyMs, uplink.queuePackets};
    config.internet = InternetAccess(scenario);
    return config;
}

TEST(LanAgreementTest, SamePresets)
{
    RecordProperty("requirement", "R-SIM-3");
    ASSERT_EQ(UplinkPresets().size(), lan::UplinkPresets().size());
    for (const UplinkPreset& preset : UplinkPresets())
    {
        const auto other = lan::FindUplinkPreset(preset.name);
        ASSERT_TRUE(other) << preset.name;
        EXPECT_EQ(preset.figures.downKbps, other->downKbps) << preset.name;
        EXPECT_EQ(preset.figures.upKbps, other->upKbps) << preset.name;
        EXPECT_EQ(preset.figures.latencyMs, other->latencyMs) << preset.name;
        EXPECT_EQ(preset.figures.queuePackets, other->queuePackets) << preset.name;
    }
}

TEST(LanAgreementTest, SameDefaults)
{
    const lan::LanNetworkConfig theirs;
    const lan::LanNetworkConfig ours = ConfigOf(Scenario{});
    EXPECT_EQ(ours.nodes, theirs.nodes);
    EXPECT_EQ(ours.rateMbps, theirs.rateMbps);
    EXPECT_EQ(ours.latencyUs, theirs.latencyUs);
    EXPECT_EQ(ours.loss, theirs.loss);
    EXPECT_EQ(ours.queuePackets, theirs.queuePackets);
    EXPECT_EQ(ours.uplink.downKbps, theirs.uplink.downKbps);
    EXPECT_EQ(ours.uplink.upKbps, theirs.uplink.upKbps);
    EXPECT_EQ(ours.uplink.latencyMs, theirs.uplink.latencyMs);
    EXPECT_EQ(ours.uplink.queuePackets, theirs.uplink.queuePackets);
}

TEST(LanAgreementTest, WhatAKeyTakesTheLanTakes)
{
    for (const char* const path : {"lan.nodes",
                                   "lan.rate_mbps",
                                   "lan.latency_us",
                                   "lan.loss",
                                   "lan.queue_packets",
                                   "uplink.down_kbps",
                                   "uplink.up_kbps",
                                   "uplink.latency_ms",
                                   "uplink.queue_packets"})
    {
        const Key& key = *FindKey(path);
        const std::size_t to = key.allowed.find(" to ");
        const std::size_t end = key.allowed.find(' ', to + 4);
        ASSERT_NE(to, std::string::npos) << path;
        for (const std::string& bound :
             {key.allowed.substr(0, to), key.allowed.substr(to + 4, end - to - 4)})
        {
            Scenario scenario;
            key.Set(scenario, ParseYaml(bound));
            EXPECT_NO_THROW(ConfigOf(scenario).Validate()) << path << " " << bound;
        }
    }
}

} // namespace
} // namespace lanpeer::scenario
