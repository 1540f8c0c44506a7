#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <regex>
#include <sstream>
#include <string>

// The configuration file that is installed: every key, commented out, with its default.

namespace lanpeer::reference
{
namespace
{

const std::string kDaemon = "env -u LANPEER_SOCKET " LANPEER_BINARY_DIR "/bin/lanpeerd";
const std::string kFile = LANPEER_BINARY_DIR "/reference/packaging/lanpeerd.yaml";

TEST(ConfigurationFile, ChangesNothing)
{
    const auto [code, keys] = RunShell(kDaemon + " --keys");
    EXPECT_EQ(code, 0);
    EXPECT_EQ(RunShell(fmt::format("{} --config {} --keys", kDaemon, kFile)),
              std::make_pair(0, keys));
}

TEST(ConfigurationFile, EveryLineIsAKeyAndItsDefault)
{
    const Scene scene;
    const std::string text = ReadAll(kFile);
    const std::regex defaults(R"(\n#([a-z0-9_.]+: .+))");
    const std::string said = std::regex_replace(text, defaults, "\n$1");
    EXPECT_NE(said, text);
    const std::string file = scene.Write("all.yaml", said);
    const auto [code, keys] = RunShell(kDaemon + " --keys");
    EXPECT_EQ(RunShell(fmt::format("{} --config {} --keys", kDaemon, file)),
              std::make_pair(0, keys));

    // Those without a default stand there too.
    std::istringstream lines(keys);
    for (std::string line; std::getline(lines, line); std::getline(lines, line))
    {
        const std::string path = line.substr(0, line.find(':'));
        EXPECT_THAT(text, testing::HasSubstr("\n#" + path + ":"));
    }
}

} // namespace
} // namespace lanpeer::reference
