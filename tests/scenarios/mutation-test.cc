#include "reading.h"

#include "scenarios/key-table.h"
#include "scenarios/scenario-file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

/// Scenario files with a few bytes changed, from a fixed seed. Whatever comes in, a scenario that
/// keeps its promises comes out, or one line that says why not.
namespace lanpeer::scenario
{
namespace
{

constexpr int kMutants = 15000;

const std::vector<std::string> kPieces = {"\n",
                                          "\t",
                                          " ",
                                          "  ",
                                          ":",
                                          ": ",
                                          "- ",
                                          "[",
                                          "]",
                                          "{",
                                          "}",
                                          ",",
                                          "#",
                                          "&a ",
                                          "*a",
                                          "!",
                                          "!!str ",
                                          "|\n",
                                          ">\n",
                                          "'",
                                          "\"",
                                          "\\",
                                          "? ",
                                          "---\n",
                                          "...\n",
                                          "%YAML ",
                                          "~",
                                          "null",
                                          "on",
                                          "0",
                                          "-1",
                                          "1e308",
                                          "65534",
                                          ".nan",
                                          "99999999999999999999",
                                          "all",
                                          "robust",
                                          "coop",
                                          "preset",
                                          "policy",
                                          "lan:\n",
                                          "<<: *a",
                                          "faults: ",
                                          "\x01",
                                          "\x04",
                                          "\x85",
                                          "\xff",
                                          "\xc3\xa9",
                                          "\xef\xbb\xbf",
                                          std::string(1, '\0'),
                                          "internet.nodes: 0\n",
                                          "workload.holders: 3\n",
                                          "protocol.rules.wait: off\n"};

/// A file that has every key.
std::string
EveryKey()
{
    std::string text;
    for (const Key& key : KeyTable())
    {
        text += key.path + ": " + key.Default() + "\n";
    }
    return text;
}

std::vector<std::string>
Originals()
{
    std::vector<std::string> originals = {
        EveryKey(),
        "lan: &a {nodes: 7, arp: cold, arp_jitter: on}\nworkload:\n  resources:\n  - {name: \"a\", "
        "bytes: 7}\n  - name: b\n    bytes: &b 9\n  holders: 1\n  requesters: 2\n"
        "internet: {nodes: [3, 5]}\npolicy: [direct, fig4a]\nprotocol:\n  rules: {lock: on}\n"};
    for (const auto& entry : std::filesystem::directory_iterator(LANPEER_SOURCE_DIR "/scenarios"))
    {
        if (entry.path().extension() == ".yaml")
        {
            std::ostringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            originals.push_back(text.str());
        }
    }
    std::sort(originals.begin() + 2, originals.end()); // the file system's order is no seed's
    return originals;
}

class Mutator
{
  public:
    explicit Mutator(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::size_t Below(std::size_t limit)
    {
        return static_cast<std::size_t>(m_random() % limit);
    }

    std::string Mutate(std::string text, const std::string& other)
    {
        for (std::size_t changes = 1 + Below(4); changes > 0; --changes)
        {
            const std::size_t at = Below(text.size() + 1);
            const std::size_t bytes = Below(12);
            switch (Below(6))
            {
            case 0:
                text.insert(at, kPieces[Below(kPieces.size())]);
                break;
            case 1:
                text.erase(at, bytes);
                break;
            case 2:
                text.replace(at, std::min(bytes, text.size() - at), kPieces[Below(kPieces.size())]);
                break;
            case 3:
                text.insert(at, other.substr(Below(other.size() + 1), Below(60)));
                break;
            case 4:
                text.insert(at, text.substr(Below(text.size() + 1), Below(60)));
                break;
            case 5:
                if (at < text.size())
                {
                    text[at] = static_cast<char>(text[at] ^ (1 << Below(8)));
                }
                break;
            }
        }
        return text;
    }

  private:
    std::mt19937_64 m_random;
};

void
ExpectPromisesKept(const Scenario& scenario)
{
    const std::uint64_t nodes = scenario.lan.nodes;
    EXPECT_FALSE(CheckScenario(scenario));
    EXPECT_GE(nodes, 1U);
    EXPECT_LE(nodes, kNodesMax);
    EXPECT_LE(std::uint64_t{FirstRequester(scenario)} + RequesterCount(scenario), nodes);
    EXPECT_EQ(InternetAccess(scenario).size(), nodes);
    EXPECT_GT(UplinkOf(scenario).downKbps, 0);
    EXPECT_FALSE(scenario.workload.resources.empty());
    EXPECT_FALSE(scenario.policies.empty());
    for (const PolicyChoice policy : scenario.policies)
    {
        EXPECT_NO_THROW(ConfigFor(scenario, policy));
    }
    const std::string printed = PrintScenario(scenario);
    EXPECT_EQ(PrintScenario(Read(printed)), printed);
}

TEST(MutationTest, FilesGiveAScenarioOrALine)
{
    const std::vector<std::string> originals = Originals();
    ASSERT_GE(originals.size(), 17U) << "the two above, and those that come with the program";
    Mutator mutator(20010406);
    int good = 0;
    for (int i = 0; i < kMutants; ++i)
    {
        const std::string& original = originals[mutator.Below(originals.size())];
        const std::string& other = originals[mutator.Below(originals.size())];
        const std::string text = mutator.Mutate(original, other);
        SCOPED_TRACE(testing::PrintToString(text));
        try
        {
            ExpectPromisesKept(Read(text));
            ++good;
        }
        catch (const ScenarioError& error)
        {
            ASSERT_TRUE(IsOneLine(error.what())) << error.what();
            ASSERT_EQ(std::string(error.what()).rfind("s.yaml:", 0), 0U) << error.what();
        }
        ASSERT_FALSE(HasFailure());
    }
    // Neither all refused nor all let through, or the mutants test nothing.
    EXPECT_GT(good, kMutants / 20);
    EXPECT_LT(good, kMutants / 2);
}

TEST(MutationTest, OptionsGiveAScenarioOrALine)
{
    const std::vector<std::string> originals = {"lan.nodes=5",
                                                "lan={nodes: 7, loss: 0.1}",
                                                "workload.resources=[{name: a, bytes: 16000}]",
                                                "internet.nodes=[3, 4]",
                                                "protocol.rules={lock: off, wait: on}",
                                                "policy=[direct, robust]",
                                                "uplink.up_kbps=33.6",
                                                "about=\"a\\nb\""};
    Mutator mutator(20010407);
    int good = 0;
    for (int i = 0; i < kMutants; ++i)
    {
        const std::string& original = originals[mutator.Below(originals.size())];
        const std::string& other = originals[mutator.Below(originals.size())];
        const std::string argument = mutator.Mutate(original, other);
        SCOPED_TRACE(testing::PrintToString(argument));
        try
        {
            ExpectPromisesKept(Read("{}", {argument}, std::nullopt));
            ++good;
        }
        catch (const ScenarioError& error)
        {
            ASSERT_TRUE(IsOneLine(error.what())) << error.what();
            ASSERT_EQ(std::string(error.what()).rfind("--set ", 0), 0U) << error.what();
        }
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(good, kMutants / 50);
    EXPECT_LT(good, kMutants / 2);
}

TEST(MutationTest, TheOriginalsAreGood)
{
    for (const std::string& original : Originals())
    {
        EXPECT_EQ(ErrorOf(original), "") << original;
    }
}

} // namespace
} // namespace lanpeer::scenario
