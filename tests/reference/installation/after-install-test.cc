#include "reference/installation/after-install.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::chrono::milliseconds kLong{120'000};

AfterInstallReport
RunIt(const std::vector<std::string>& command, std::chrono::milliseconds timeout = kLong)
{
    return RunAfterInstall(command, "base", "3-17", "/products/base/current", timeout);
}

TEST(AfterInstall, TellsTheCommandWhatIsInstalled)
{
    RecordProperty("requirement", "R-UPD-5");
    ::setenv("NOTIFY_SOCKET", "/run/of-the-service", 1);
    ::setenv("LANPEER_SET", "of somebody else", 1);
    const auto report = RunIt({"/bin/sh",
                               "-c",
                               "echo first; echo \"$LANPEER_SET $LANPEER_RELEASE $LANPEER_FOLDER "
                               "$NOTIFY_SOCKET.$(env | grep -c LANPEER_SET) $1\"",
                               "sh",
                               "a b; $(false)"});
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("LANPEER_SET");
    EXPECT_TRUE(report.succeeded);
    EXPECT_EQ(report.exitCode, 0);
    // No shell of ours read the words.
    EXPECT_EQ(report.lastLine, "base 3-17 /products/base/current .1 a b; $(false)");
    EXPECT_EQ(report.message, "exit code 0: " + report.lastLine);
}

TEST(AfterInstall, ReportsHowItEnded)
{
    const auto failed =
        RunIt({"/bin/sh", "-c", "echo out; printf 'why \\033[2J\\n\\n' >&2; exit 3"});
    EXPECT_FALSE(failed.succeeded);
    EXPECT_EQ(failed.exitCode, 3);
    EXPECT_EQ(failed.message, "exit code 3: why ?[2J");
    const auto killed = RunIt({"/bin/sh", "-c", "kill -TERM $$"});
    EXPECT_FALSE(killed.succeeded);
    EXPECT_EQ(killed.message, "ended by signal 15");
    EXPECT_THAT(RunIt({"/no/such/program"}).message,
                StartsWith("not started: /no/such/program: No"));
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{}, {""}, {"true"}, {"./true"}})
    {
        EXPECT_THAT(RunIt(words).message, HasSubstr("absolute path"));
    }
}

TEST(AfterInstall, BoundsWhatItKeepsOfTheOutput)
{
    const auto report =
        RunIt({"/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last"});
    EXPECT_TRUE(report.succeeded);
    EXPECT_EQ(report.lastLine, "last");
    EXPECT_EQ(RunIt({"/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"}).lastLine,
              std::string(256, 'x'));
}

TEST(AfterInstall, KillsTheWholeGroupWhenTheTimeIsOver)
{
    RecordProperty("requirement", "R-UPD-5");
    const auto report = RunIt({"/bin/sh", "-c", "trap '' TERM INT HUP; sleep 1000 & echo $!; wait"},
                              std::chrono::milliseconds(1500));
    EXPECT_FALSE(report.succeeded);
    EXPECT_FALSE(report.exitCode);
    EXPECT_THAT(report.message, StartsWith("killed, for it took longer than 1500 ms: "));
    const pid_t inside = static_cast<pid_t>(std::strtol(report.lastLine.c_str(), nullptr, 10));
    ASSERT_GT(inside, 1);
    // Whoever adopts it may take a moment to bury it.
    const std::string stat = "/proc/" + report.lastLine + "/stat";
    EXPECT_EQ(
        RunIt({"/bin/sh",
               "-c",
               "while [ -e " + stat + " ] && ! grep -q ') Z ' " + stat + "; do sleep 0.05; done"})
            .exitCode,
        0);
}

TEST(AfterInstall, DoesNotWaitForWhatTheCommandLeavesRunning)
{
    const auto report = RunIt({"/bin/sh", "-c", "sleep 1000 & echo $!"});
    EXPECT_TRUE(report.succeeded) << report.message;
    const pid_t left = static_cast<pid_t>(std::strtol(report.lastLine.c_str(), nullptr, 10));
    ASSERT_GT(left, 1);
    EXPECT_EQ(::kill(left, SIGKILL), 0);
}

} // namespace
} // namespace lanpeer::reference
