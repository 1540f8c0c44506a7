#include "office.h"
#include "raw-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <string>

// The daemon as a program: its signals, its configuration file, its exit codes.

namespace lanpeer::reference
{
namespace
{

using testing::AllOf;
using testing::HasSubstr;

namespace fs = std::filesystem;

const std::string kUrl = "http://updates.example.org/update.cab";

using DaemonProgram = OfficeTest;

TEST_F(DaemonProgram, SigtermEndsItWithZeroAndItsSocketIsGone)
{
    RecordProperty("requirement", "R-SIM-1");
    Office& office = Open({1, 8000});
    office.Start(1);
    EXPECT_TRUE(fs::exists(office.SocketOf(1)));
    office.Daemon(1).Signal(SIGTERM);
    EXPECT_EQ(office.Daemon(1).AwaitEnd(), 0);
    EXPECT_FALSE(fs::exists(office.SocketOf(1)));
}

TEST_F(DaemonProgram, SighupReadsTheFileAgainAndAsksAgainForWhatRuns)
{
    RecordProperty("requirement", "R-CLI-7");
    Office& office = Open({2, 8000});
    const fs::path file = office.Folder() / "lanpeerd.yaml";
    // Long enough that the question does not end by itself.
    std::ofstream(file) << "protocol:\n  response_delay_ms: 60000\n";
    office.Start(1, {"--config", file});
    RawPeer witness(office, 2);
    Caller caller = office.Connect(1);
    caller.Get(kUrl, Sha256Of("update"));
    const auto first = witness.Hear(Office::AddressOf(1), {"type=\"request\""});
    ASSERT_TRUE(first.has_value());

    // A mistake: everything goes on as it was.
    std::ofstream(file) << "protocol:\n  respond_delay_ms: 1\n";
    office.Daemon(1).Signal(SIGHUP);
    ASSERT_TRUE(
        Await([&] { return office.LogOf(1).find("configuration not taken") != std::string::npos; }))
        << office.LogOf(1);
    EXPECT_THAT(office.LogOf(1),
                AllOf(HasSubstr(file.string() + ":2: "), HasSubstr("respond_delay_ms")));
    EXPECT_EQ(caller.Status()["requests"]["running"], 1);
    EXPECT_EQ(caller.Status()["packets"]["sent"], 1);

    // A good one.
    std::ofstream(file) << "protocol:\n  response_delay_ms: 59000\n";
    office.Daemon(1).Signal(SIGHUP);
    const auto second = witness.Hear(Office::AddressOf(1), {"type=\"request\""});
    ASSERT_TRUE(second.has_value()) << office.LogOf(1);
    EXPECT_THAT(second->text, HasSubstr(kUrl));
    EXPECT_NE(RawPeer::ValueOf(second->text, "lock"), RawPeer::ValueOf(first->text, "lock"));
    EXPECT_EQ(RawPeer::ValueOf(second->text, "delay"), "59000");
    EXPECT_EQ(caller.Status()["requests"]["running"], 1);
    office.Daemon(1).Signal(SIGTERM);
    EXPECT_EQ(office.Daemon(1).AwaitEnd(), 0);
}

TEST(DaemonProgramAlone, WrongConfigurationIsOneLineThatNamesFileLineAndKey)
{
    RecordProperty("requirement", "R-SIM-7");
    const fs::path file = fs::path(testing::TempDir()) / ("lanpeerd-" + std::to_string(::getpid()));
    std::ofstream(file) << "policy: robust\nprotocol:\n  http_port: 70000\n";
    const CommandResult result =
        RunCommand({LANPEER_BINARY_DIR "/bin/lanpeerd", "--foreground", "--config", file.string()});
    fs::remove(file);
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_THAT(result.output,
                AllOf(HasSubstr(file.string() + ":3: "), HasSubstr("protocol.http_port")));
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1);
}

} // namespace
} // namespace lanpeer::reference
