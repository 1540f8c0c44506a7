// The service as ns-3's users meet it: helper, attributes and streams, on a topology of their own.

#include "model/lan/parameter-attributes.h"
#include "model/lan/peering-helper.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/csma-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <sstream>
#include <string>
#include <vector>

namespace lanpeer::lan
{
namespace
{

class PeeringHelperTest : public ::testing::Test
{
  protected:
    PeeringHelperTest()
        : m_nodes(3)
    {
        ns3::CsmaHelper csma;
        ns3::InternetStackHelper internet;
        internet.Install(m_nodes);
        ns3::Ipv4AddressHelper addresses("192.168.7.0", "255.255.255.0");
        addresses.Assign(csma.Install(m_nodes));
    }

    void TearDown() override
    {
        ns3::Simulator::Destroy();
    }

    static ns3::Ptr<PeeringApplication> At(const ns3::ApplicationContainer& services,
                                           std::uint32_t i)
    {
        return ns3::DynamicCast<PeeringApplication>(services.Get(i));
    }

    ns3::NodeContainer m_nodes;
};

/// A file of the sources.
std::string
FileOfSources(const std::string& path)
{
    std::ifstream file(std::string(LANPEER_SOURCE_DIR) + "/" + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Its lines from after one that is \p first to before the next that is \p last, without
/// indentation.
std::string
LinesBetween(const std::string& text, const std::string& first, const std::string& last)
{
    std::istringstream lines(text);
    std::string line;
    std::string taken;
    bool within = false;
    while (std::getline(lines, line))
    {
        const std::size_t begin = line.find_first_not_of(' ');
        line = begin == std::string::npos ? "" : line.substr(begin);
        if (within && line == last)
        {
            break;
        }
        if (within)
        {
            taken += line + "\n";
        }
        within = within || line == first;
    }
    return taken;
}

ns3::ApplicationContainer
AsTheReadmeSays(const ns3::NodeContainer& nodes)
{
    using namespace ns3;
    // The README's lines:
    PeeringHelper peering;
    peering.SetAttribute("ResponseDelay", TimeValue(MilliSeconds(500)));
    ApplicationContainer services = peering.Install(nodes);
    PeeringHelper::AssignStreams(nodes, 100);
    services.Start(Seconds(0));
    // End of them.
    return services;
}

TEST_F(PeeringHelperTest, ExampleOfTheReadmeIsTheOneTestedHere)
{
    RecordProperty("requirement", "R-SIM-1");
    const std::string readme = FileOfSources("README.md");
    const std::string section = readme.substr(readme.find("### From an ns-3 program"));
    const std::string shown = LinesBetween(section, "```cpp", "```");
    EXPECT_FALSE(shown.empty());
    EXPECT_EQ(shown,
              LinesBetween(FileOfSources("tests/lan/peering-helper-test.cc"),
                           "// The README's lines:",
                           "// End of them."));
}

TEST_F(PeeringHelperTest, ExampleOfTheReadmeRuns)
{
    RecordProperty("requirement", "R-SIM-1");
    const ns3::ApplicationContainer services = AsTheReadmeSays(m_nodes);
    ASSERT_EQ(services.GetN(), 3);
    EXPECT_EQ(At(services, 0)->Config().responseDelayMs, 500);

    // One holds a copy, another asks for it.
    const std::string href = "http://198.51.100.2/a.cab";
    const std::string descriptor = ContentDescriptor("a.cab", 16'000, 1);
    At(services, 0)->Offer(href, 16'000, descriptor);
    std::vector<Source> found;
    const auto handled = [&found](const Event&, const ActionList& actions)
    {
        for (const Action& action : actions)
        {
            if (const auto* told = std::get_if<TellFound>(&action))
            {
                found.push_back(told->source);
            }
        }
    };
    At(services, 1)
        ->TraceConnectWithoutContext("Handled",
                                     ns3::Callback<void, const Event&, const ActionList&>(handled));
    ns3::Simulator::Schedule(ns3::Seconds(1),
                             [&] { At(services, 1)->Ask({}, href, DigestOf(descriptor)); });
    ns3::Simulator::Stop(ns3::Seconds(10));
    ns3::Simulator::Run();
    EXPECT_EQ(found, std::vector<Source>{Source::Peer});
}

/// A value of the parameter other than its default.
std::uint64_t
Another(const Parameter& parameter)
{
    return parameter.defaultValue < parameter.max ? parameter.defaultValue + 1 : parameter.min;
}

/// A figure of the parameter as the value that its attribute takes.
std::unique_ptr<ns3::AttributeValue>
ValueOf(const Parameter& parameter, std::uint64_t figure)
{
    switch (parameter.unit)
    {
    case Unit::Flag:
        return std::make_unique<ns3::BooleanValue>(figure != 0);
    case Unit::Count:
    case Unit::Port:
        return std::make_unique<ns3::UintegerValue>(figure);
    case Unit::Milliseconds:
        return std::make_unique<ns3::TimeValue>(ns3::MilliSeconds(figure));
    case Unit::Seconds:
        return std::make_unique<ns3::TimeValue>(ns3::Seconds(static_cast<double>(figure)));
    }
    return nullptr;
}

TEST_F(PeeringHelperTest, EveryParameterIsAnAttribute)
{
    RecordProperty("requirement", "R-SIM-1");
    const auto checker = ns3::MakeEmptyAttributeChecker();
    for (const Parameter& parameter : ParameterTable())
    {
        const std::string name = AttributeName(parameter);
        const std::uint64_t figure = Another(parameter);
        const auto set = ValueOf(parameter, figure);
        PeeringHelper helper;
        helper.SetAttribute(name, *set);
        const auto service = helper.Install(m_nodes.Get(0));
        EXPECT_EQ(GetParameter(service->Config(), parameter), figure) << name;

        const auto got = ValueOf(parameter, parameter.min);
        EXPECT_TRUE(service->GetAttributeFailSafe(name, *got)) << name;
        EXPECT_EQ(got->SerializeToString(checker), set->SerializeToString(checker)) << name;

        // And nothing else is touched by it.
        PeeringConfig expected = PeeringConfig::Defaults();
        SetParameter(expected, parameter, figure);
        EXPECT_TRUE(service->Config() == expected) << name;
    }
}

TEST_F(PeeringHelperTest, AttributeOutOfRangeIsRefused)
{
    const PeeringHelper helper;
    const auto service = helper.Install(m_nodes.Get(0));
    for (const Parameter& parameter : ParameterTable())
    {
        if (parameter.unit == Unit::Count || parameter.unit == Unit::Port)
        {
            const std::string name = AttributeName(parameter);
            EXPECT_FALSE(
                service->SetAttributeFailSafe(name, *ValueOf(parameter, parameter.max + 1)))
                << name;
        }
    }
    EXPECT_FALSE(service->SetAttributeFailSafe("NoSuchParameter", ns3::UintegerValue(1)));
    EXPECT_TRUE(service->Config() == PeeringConfig::Defaults());
}

TEST_F(PeeringHelperTest, InternetAccessIsAnAttribute)
{
    RecordProperty("requirement", "R-SIM-2");
    PeeringHelper helper;
    EXPECT_TRUE(helper.Install(m_nodes.Get(0))->HasInternetAccess());
    helper.SetAttribute("InternetAccess", ns3::BooleanValue(false));
    const auto without = helper.Install(m_nodes.Get(1));
    EXPECT_FALSE(without->HasInternetAccess());
    EXPECT_FALSE(without->Config().internetAccess);
}

TEST_F(PeeringHelperTest, PolicyAndConfigAreTakenOver)
{
    RecordProperty("requirement", "R-SIM-7");
    for (const Policy policy : {Policy::Fig4a, Policy::Fig4b, Policy::Robust})
    {
        const auto service = PeeringHelper(policy).Install(m_nodes.Get(0));
        EXPECT_TRUE(service->Config() == PeeringConfig::Defaults(policy)) << ToString(policy);
    }
    PeeringConfig config = PeeringConfig::Defaults(Policy::Fig4b);
    config.uploadSlots = 7;
    config.internetAccess = false;
    PeeringHelper helper;
    helper.SetConfig(config);
    EXPECT_TRUE(helper.Install(m_nodes.Get(0))->Config() == config);
}

TEST_F(PeeringHelperTest, EveryNodeHasStreamsOfItsOwn)
{
    RecordProperty("requirement", "R-SIM-9");
    const PeeringHelper helper;
    ns3::ApplicationContainer services = helper.Install(m_nodes);
    m_nodes.Get(1)->AddApplication(ns3::CreateObject<ns3::Application>()); // takes none
    EXPECT_EQ(PeeringHelper::AssignStreams(m_nodes, 100), 6) << "two for each of three services";
    EXPECT_EQ(At(services, 0)->AssignStreams(100), 2);

    // A node's ID is the first that it draws.
    services.Start(ns3::Seconds(0));
    ns3::Simulator::Stop(ns3::Seconds(1));
    ns3::Simulator::Run();
    const NodeId first = At(services, 0)->Node()->Self();
    const NodeId second = At(services, 1)->Node()->Self();
    const NodeId third = At(services, 2)->Node()->Self();
    EXPECT_FALSE(first == second);
    EXPECT_FALSE(first == third);
    EXPECT_FALSE(second == third);
}

TEST_F(PeeringHelperTest, SameStreamsSameDraws)
{
    RecordProperty("requirement", "R-SIM-9");
    const PeeringHelper helper;
    ns3::ApplicationContainer services = helper.Install(m_nodes);
    At(services, 0)->AssignStreams(100);
    At(services, 1)->AssignStreams(100);
    At(services, 2)->AssignStreams(102);
    services.Start(ns3::Seconds(0));
    ns3::Simulator::Stop(ns3::Seconds(1));
    ns3::Simulator::Run();
    EXPECT_TRUE(At(services, 0)->Node()->Self() == At(services, 1)->Node()->Self());
    EXPECT_FALSE(At(services, 0)->Node()->Self() == At(services, 2)->Node()->Self());
}

} // namespace
} // namespace lanpeer::lan
