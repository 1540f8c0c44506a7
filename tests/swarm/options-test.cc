#include "tests/swarm/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// The command line of the swarm: what it takes, and what it says to what it does not.

namespace lanpeer::swarm
{
namespace
{

Options
Read(std::vector<const char*> words)
{
    words.insert(words.begin(), "swarm");
    return ReadOptions(static_cast<int>(words.size()), words.data());
}

std::string
Refusal(const std::vector<const char*>& words)
{
    try
    {
        Read(words);
    }
    catch (const WrongUse& wrong)
    {
        return wrong.what();
    }
    return "none";
}

TEST(SwarmOptions, AreReadAsTheyWereMeant)
{
    EXPECT_EQ(Read({}).first, 1U);
    EXPECT_EQ(Read({}).last, 2000U);
    EXPECT_FALSE(Read({}).seed);
    EXPECT_EQ(Read({"--count", "7"}).last, 7U);
    EXPECT_EQ(Read({"--seed", "0"}).seed, 0U);
    const Options range = Read({"--seeds", "0..5", "-j", "3"});
    EXPECT_EQ(range.first, 0U);
    EXPECT_EQ(range.last, 5U);
    EXPECT_EQ(range.processes, 3U);
    const Options one =
        Read({"--seed", "12", "--without", "loss,want:3", "--trace", "--no-shrink"});
    EXPECT_EQ(one.without, (std::vector<std::string>{"loss", "want:3"}));
    EXPECT_TRUE(one.trace);
    EXPECT_FALSE(one.shrink);
}

TEST(SwarmOptions, SayWhatWasExpected)
{
    EXPECT_EQ(Refusal({"--seed", "abc"}),
              "--seed: 'abc' is not a whole number; expected 0 to 9223372036854775807");
    EXPECT_EQ(Refusal({"--count", "0"}),
              "--count: '0' is out of bounds; expected 1 to 9223372036854775807");
    EXPECT_EQ(Refusal({"--count", "99999999999999999999"}),
              "--count: '99999999999999999999' is out of bounds; expected 1 to "
              "9223372036854775807");
    EXPECT_EQ(Refusal({"--jobs", "0"}), "--jobs: '0' is out of bounds; expected 1 to 1024");
    EXPECT_EQ(Refusal({"--seeds", "5"}), "--seeds: '5' is no range; expected FROM..TO");
    EXPECT_EQ(Refusal({"--seeds", "5..4"}),
              "--seeds: '4' is out of bounds; expected 5 to 9223372036854775807");
    EXPECT_NE(Refusal({"--seed", "1", "--count", "2"}), "none");
    EXPECT_NE(Refusal({"--seeds", "1..2", "--count", "2"}), "none");
    EXPECT_NE(Refusal({"--count", "2", "--trace"}), "none");
    EXPECT_NE(Refusal({"--without", "loss"}), "none");
    EXPECT_NE(Refusal({"--no-such-thing"}), "none");
}

TEST(SwarmOptions, TellOfThemselves)
{
    const std::string help = Read({"--help"}).help;
    EXPECT_NE(help.find("--no-shrink "), std::string::npos) << help;
    EXPECT_NE(help.find("--seeds FROM..TO"), std::string::npos) << help;
    EXPECT_EQ(help.find("{false}"), std::string::npos) << help;
}

} // namespace
} // namespace lanpeer::swarm
