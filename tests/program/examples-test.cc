#include "tests/program/typing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

// scenarios/examples: programs as users of ns-3 write them.

namespace lanpeer
{
namespace
{

class Examples : public program::Typing
{
};

TEST_F(Examples, TwoFloorsFetchACopyEach)
{
    RecordProperty("requirement", "R-SIM-1 R-SIM-2");
    const program::Output ran = Type("build/bin/two-floors --nodes=3 --RngRun=2");
    ASSERT_EQ(ran.exitCode, 0) << ran.err;
    std::istringstream lines(ran.out);
    std::size_t fromInternet = 0;
    std::size_t fromPeers = 0;
    for (std::string line; std::getline(lines, line);)
    {
        fromInternet += line.find(" from the Internet") != std::string::npos ? 1 : 0;
        fromPeers += line.find(" from a peer") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(fromInternet, 2U) << ran.out;
    EXPECT_EQ(fromPeers, 4U) << ran.out;
    EXPECT_EQ(Type("build/bin/two-floors --nodes=3 --RngRun=2").out, ran.out);
}

} // namespace
} // namespace lanpeer
