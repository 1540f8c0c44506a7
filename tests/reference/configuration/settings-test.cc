#include "reference/configuration/daemon-settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// What is said of a file; empty if it is right.
std::string
ErrorOf(const std::string& text)
{
    try
    {
        SettingsReader reader;
        reader.ReadText("d.yaml", text);
        reader.Finish();
        return "";
    }
    catch (const SettingsError& error)
    {
        return error.what();
    }
}

PeeringConfig
ProtocolOf(const std::string& text)
{
    SettingsReader reader;
    reader.ReadText("d.yaml", text);
    return reader.Finish().service.protocol;
}

TEST(Settings, NameFileLineAndKeyOfWhatIsWrong)
{
    EXPECT_EQ(ErrorOf(""), "");
    EXPECT_THAT(ErrorOf("policy: robust\nprotocol:\n  http_prt: 1\n"),
                AllOf(StartsWith("d.yaml:3: "), HasSubstr("http_prt"), HasSubstr("http_port")));
    EXPECT_THAT(ErrorOf("log_level: info\nlog_level: debug\n"),
                AllOf(StartsWith("d.yaml:2: "), HasSubstr("log_level")));
    EXPECT_THAT(
        ErrorOf("protocol:\n  http_port: 65536\n"),
        AllOf(StartsWith("d.yaml:2: "), HasSubstr("protocol.http_port"), HasSubstr("65535")));
    EXPECT_THAT(ErrorOf("protocol: 3\n"), AllOf(StartsWith("d.yaml:1: "), HasSubstr("protocol")));
    EXPECT_THAT(ErrorOf("a: [\n"), StartsWith("d.yaml:"));
}

TEST(Settings, PolicyOfTheNextRoundIsNotInThisVersion)
{
    RecordProperty("requirement", "R-SIM-7");
    EXPECT_THAT(
        ErrorOf("policy: coop\n"),
        AllOf(StartsWith("d.yaml:1: "), HasSubstr("coop"), HasSubstr("not in this version")));
}

TEST(Settings, RulesWinOverThePolicyInAnyOrder)
{
    RecordProperty("requirement", "R-SIM-7");
    EXPECT_TRUE(ProtocolOf("policy: robust\n").lock);
    EXPECT_FALSE(ProtocolOf("policy: fig4b\n").lock);
    for (const char* text : {"policy: fig4b\nprotocol:\n  rules:\n    lock: true\n",
                             "protocol:\n  rules:\n    lock: true\npolicy: fig4b\n"})
    {
        EXPECT_TRUE(ProtocolOf(text).lock) << text;
        EXPECT_FALSE(ProtocolOf(text).reask) << text;
    }
}

TEST(Settings, FlagsWinOverTheFile)
{
    SettingsReader reader;
    reader.ReadText("d.yaml", "protocol:\n  http_port: 1000\n  service_port: 1001\n");
    reader.Set("--http-port", "protocol.http_port", "2000");
    const PeeringConfig protocol = reader.Finish().service.protocol;
    EXPECT_EQ(protocol.httpPort, 2000U);
    EXPECT_EQ(protocol.servicePort, 1001U);
}

TEST(Settings, MinimumRatesHaveAWindowOfTheirOwnU1)
{
    RecordProperty("attack", "U1");
    SettingsReader reader;
    reader.ReadText("d.yaml",
                    "peers:\n  minimum_rate: 5\n  minimum_rate_window_s: 7\n"
                    "internet:\n  minimum_rate_window_s: 3600\n");
    const RetrieverSettings retrieval = reader.Finish().service.retrieval;
    EXPECT_EQ(retrieval.peerRate.bytesPerSecond, 5U);
    EXPECT_EQ(retrieval.peerRate.window, std::chrono::seconds(7));
    EXPECT_EQ(retrieval.internetRate.window, std::chrono::seconds(3600));
    // Without a window nothing would be measured.
    EXPECT_THAT(ErrorOf("peers:\n  minimum_rate_window_s: 0\n"),
                AllOf(StartsWith("d.yaml:2: "),
                      HasSubstr("minimum_rate_window_s"),
                      HasSubstr("1 to 3600")));
}

TEST(Settings, ContradictionsAreRefused)
{
    RecordProperty("attack", "L24");
    EXPECT_THAT(ErrorOf("policy: fig4b\nprotocol:\n  require_lock: true\n"),
                HasSubstr("protocol.require_lock: needs rules.lock"));
}

} // namespace
} // namespace lanpeer::reference
