#include "reading.h"

#include "model/settings/value.h"
#include "model/settings/text.h"
#include "scenarios/key-table.h"
#include "scenarios/listings.h"
#include "scenarios/scenario-file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;

/// As messages list them.
std::string
Shipped()
{
    std::vector<std::string> names;
    for (const ShippedScenario& shipped : ListScenarios())
    {
        names.push_back(shipped.name);
    }
    return settings::JoinWords(names);
}

Scenario
Load(const std::string& scenario)
{
    return LoadScenario({scenario, {}, std::nullopt});
}

std::string
LoadError(const std::string& scenario)
{
    try
    {
        Load(scenario);
    }
    catch (const ScenarioError& error)
    {
        return error.what();
    }
    return "";
}

/// A folder of its own, the working directory meanwhile.
class ScenarioFileTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        std::string pattern = (fs::temp_directory_path() / "lanpeer-scenario-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
        m_before = fs::current_path();
        fs::current_path(m_folder);
    }

    void TearDown() override
    {
        unsetenv("LANPEER_SCENARIO_DIR");
        fs::current_path(m_before);
        fs::remove_all(m_folder);
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }

    fs::path m_folder;
    fs::path m_before;
};

TEST_F(ScenarioFileTest, EveryShippedScenarioLoads)
{
    RecordProperty("requirement", "R-SIM-4");
    std::vector<std::string> names;
    for (const ShippedScenario& shipped : ListScenarios())
    {
        names.push_back(shipped.name);
        const Scenario scenario = Load(shipped.name);
        EXPECT_EQ(scenario.name, shipped.name);
        // What, why, what to look for; `list` shows what.
        EXPECT_EQ(std::count(scenario.about.begin(), scenario.about.end(), '\n'), 2)
            << shipped.name;
        EXPECT_NE(scenario.about.find("\nWhy: "), std::string::npos) << shipped.name;
        EXPECT_NE(scenario.about.find("\nLook for: "), std::string::npos) << shipped.name;
        EXPECT_EQ(scenario.about.rfind(shipped.about, 0), 0U);
        EXPECT_LE(shipped.about.size(), 80U);
        for (const PolicyChoice policy : {PolicyChoice::Direct,
                                          PolicyChoice::Proxy,
                                          PolicyChoice::Fig4a,
                                          PolicyChoice::Fig4b,
                                          PolicyChoice::Robust})
        {
            EXPECT_NO_THROW(ConfigFor(scenario, policy)) << shipped.name;
        }
    }
    EXPECT_GE(names.size(), 15U); // their names: tests/program/library-test.cc
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ScenarioFileTest, Fig1)
{
    RecordProperty("requirement", "R-SIM-2");
    const Scenario scenario = Load("fig1");
    EXPECT_THAT(InternetAccess(scenario), ElementsAre(false, false, false, true, true));
    EXPECT_EQ(RequesterCount(scenario), 5U);
    EXPECT_EQ(scenario.workload.resources, FullUpdate());
}

TEST_F(ScenarioFileTest, Office)
{
    const Scenario scenario = Load("office");
    EXPECT_EQ(scenario.lan.nodes, 50U);
    EXPECT_EQ(scenario.uplink.preset, "dsl");
    EXPECT_EQ(scenario.workload.arrival, Arrival::Uniform);
    EXPECT_EQ(scenario.workload.windowS, 60);
    EXPECT_EQ(scenario.workload.resources, FullUpdate());
    EXPECT_THAT(scenario.policies, ElementsAre(PolicyChoice::Robust));
}

TEST_F(ScenarioFileTest, NoPeeringIsTheOfficeButForThePolicy)
{
    Scenario office = Load("office");
    Scenario without = Load("no-peering");
    EXPECT_THAT(without.policies, ElementsAre(PolicyChoice::Direct));
    office.about = without.about;
    without.policies = office.policies;
    EXPECT_EQ(PrintScenario(without), PrintScenario(office));
}

TEST_F(ScenarioFileTest, FlashCrowds)
{
    const Scenario one = Load("flash-crowd");
    EXPECT_EQ(one.lan.nodes, 60U);
    EXPECT_EQ(one.workload.arrival, Arrival::Simultaneous);
    EXPECT_THAT(one.workload.resources, ElementsAre(Resource{"Myxtrdat.0104060900.cab", 16000}));
    const Scenario six = Load("flash-crowd-update");
    EXPECT_EQ(six.lan.nodes, 60U);
    EXPECT_EQ(six.workload.arrival, Arrival::Simultaneous);
    EXPECT_EQ(six.workload.resources, FullUpdate());
    EXPECT_EQ(six.uplink.preset, "fast");
}

TEST_F(ScenarioFileTest, AFileIsNamedByItsPath)
{
    Write("mine.yaml", "lan: {nodes: 3}\n");
    EXPECT_EQ(Load("mine.yaml").lan.nodes, 3U);
    EXPECT_EQ(Load("mine.yaml").name, "mine");
    EXPECT_EQ(Load((m_folder / "mine.yaml").string()).name, "mine");
    Write("p\xc3\xa9 1.yml", "lan: {nodes: 4}\n");
    EXPECT_EQ(Load("p\xc3\xa9 1.yml").name, "p___1");
    // No suffix: a file too, unless a shipped scenario has the name.
    Write("plain", "lan: {nodes: 5}\n");
    EXPECT_EQ(Load("plain").lan.nodes, 5U);
    Write("office", "lan: {nodes: 6}\n");
    EXPECT_EQ(Load("office").lan.nodes, 50U);
    EXPECT_EQ(Load("./office").lan.nodes, 6U);
}

TEST_F(ScenarioFileTest, OptionsComeOnTop)
{
    Write("mine.yaml", "lan: {nodes: 3}\npolicy: fig4a\n");
    const Scenario scenario =
        LoadScenario({"mine.yaml", {"lan.nodes=4", "policy=fig4b"}, "direct"});
    EXPECT_EQ(scenario.lan.nodes, 4U);
    EXPECT_THAT(scenario.policies, ElementsAre(PolicyChoice::Direct));
}

TEST_F(ScenarioFileTest, WhatIsNoFile)
{
    EXPECT_EQ(LoadError("offcie"),
              "offcie: no such scenario and no such file; expected a YAML file or one of " +
                  Shipped());
    EXPECT_EQ(LoadError("mine.yaml"),
              "mine.yaml: No such file or directory; expected a YAML file or one of " + Shipped());
    EXPECT_EQ(LoadError("./office"),
              "./office: No such file or directory; expected a YAML file or one of " + Shipped());
    EXPECT_EQ(LoadError(""),
              "'': no such scenario and no such file; expected a YAML file or one of " + Shipped());
    fs::create_directory("folder.yaml");
    EXPECT_EQ(LoadError("folder.yaml"),
              "folder.yaml: is a folder; expected a YAML file or one of " + Shipped());
    EXPECT_EQ(LoadError("folder.yaml/x"),
              "folder.yaml/x: No such file or directory; expected a YAML file or one of " +
                  Shipped());
    EXPECT_TRUE(IsOneLine(LoadError("a\nb\x1b[31m.yaml")));
    EXPECT_TRUE(IsOneLine(LoadError(std::string(100000, 'a'))));
}

TEST_F(ScenarioFileTest, ErrorsNameTheFileAsItWasGiven)
{
    Write("mine.yaml", "lan:\n  nodes: none\n");
    EXPECT_EQ(LoadError("./mine.yaml"),
              "./mine.yaml:2: lan.nodes: 'none' is not a whole number; expected 1 to 65533");
}

TEST_F(ScenarioFileTest, AHugeFileIsRefused)
{
    Write("big.yaml", "lan: {nodes: 3}\n#" + std::string(kYamlBytesMax, 'x') + "\n");
    EXPECT_EQ(LoadError("big.yaml"), "big.yaml:1: larger than 1048576 bytes");
    EXPECT_EQ(LoadError("/dev/zero"), "/dev/zero:1: larger than 1048576 bytes");
    EXPECT_EQ(LoadError("/dev/null"), "/dev/null:1: is empty; expected keys such as lan.nodes");
    std::string fits = "lan: {nodes: 3}\n#";
    fits += std::string(kYamlBytesMax - fits.size(), 'x');
    Write("fits.yaml", fits);
    EXPECT_EQ(LoadError("fits.yaml"), "");
}

TEST_F(ScenarioFileTest, AllNodesFitIntoAList)
{
    std::string text = "lan: {nodes: 65533}\ninternet:\n  nodes: [0";
    for (int i = 1; i < 65533; ++i)
    {
        text += ", " + std::to_string(i);
    }
    Write("all.yaml", text + "]\n");
    EXPECT_EQ(Load("all.yaml").internet.indices.size(), 65533U);
}

TEST_F(ScenarioFileTest, AnotherFolder)
{
    fs::create_directory("others");
    Write("others/b.yaml", "about: |\n  The b.\n  Why: so.\n");
    Write("others/a.yaml", "lan: {nodes: none}\n");
    Write("others/.hidden.yaml", "lan: {nodes: none}\n");
    Write("others/notes.txt", "x\n");
    setenv("LANPEER_SCENARIO_DIR", "others", 1);
    EXPECT_EQ(Load("b").name, "b");
    EXPECT_EQ(ListText(ListScenarios()),
              "a  (cannot be read: others/a.yaml:1: lan.nodes: 'none' is not a whole number; "
              "expected 1 to 65533)\nb  The b.\n");
    EXPECT_EQ(LoadError("office"),
              "office: no such scenario and no such file; expected a YAML file or one of a or b");
    setenv("LANPEER_SCENARIO_DIR", "nowhere", 1);
    EXPECT_THROW(ListScenarios(), ScenarioError);
    EXPECT_EQ(LoadError("office"),
              "office: no such scenario and no such file; expected a YAML file");
    setenv("LANPEER_SCENARIO_DIR", "", 1);
    EXPECT_EQ(Load("office").lan.nodes, 50U);
}

} // namespace
} // namespace lanpeer::scenario
