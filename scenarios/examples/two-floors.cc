// LanPeer in a simulation of your own: two floors of an office, a LAN each, joined by a router.
// A broadcast ends at the router, so each floor fetches a copy of its own from the Internet.
//
//   build/bin/two-floors --nodes=8 --RngRun=2
#include "model/lan/content.h"
#include "model/lan/origin-application.h"
#include "model/lan/peering-helper.h"

#include <iostream>
#include <ns3/core-module.h>
#include <ns3/csma-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>

using namespace ns3;
using namespace lanpeer::lan;

int
main(int argc, char* argv[])
{
    std::uint32_t nodes = 4;
    CommandLine command(__FILE__);
    command.AddValue("nodes", "Nodes of each floor", nodes);
    command.Parse(argc, argv);

    NodeContainer uplink(2); // the router, and a web server that stands for the Internet
    InternetStackHelper().Install(uplink);
    PointToPointHelper line;
    line.SetDeviceAttribute("DataRate", StringValue("1500kbps"));
    Ipv4AddressHelper addresses("198.51.100.0", "255.255.255.0");
    addresses.Assign(line.Install(uplink));
    const std::string content = ContentDescriptor("update.cab", 910'000, 1);
    const auto origin = CreateObject<OriginApplication>();
    origin->Publish("/update.cab", 910'000, content);
    uplink.Get(1)->AddApplication(origin);

    PeeringHelper peering; // `robust`; PeeringHelper(lanpeer::Policy::Fig4b) for the patent's
    for (const char* const subnet : {"10.0.1.0", "10.0.2.0"})
    {
        NodeContainer floor(nodes);
        InternetStackHelper().Install(floor);
        addresses.SetBase(subnet, "255.255.255.0");
        addresses.Assign(CsmaHelper().Install(NodeContainer(uplink.Get(0), floor)));
        peering.Install(floor).Start(Seconds(0));
        PeeringHelper::AssignStreams(floor, 100 * floor.Get(0)->GetId());
        for (std::uint32_t i = 0; i < nodes; ++i)
        {
            const auto service = DynamicCast<PeeringApplication>(floor.Get(i)->GetApplication(0));
            const auto say = [service](const PeeringApplication::TransferReport& report)
            {
                std::cout << Simulator::Now().As(Time::S) << " node " << service->GetNode()->GetId()
                          << " from " << (report.peer ? "a peer\n" : "the Internet\n");
            };
            service->TraceConnectWithoutContext(
                "TransferOver", Callback<void, const PeeringApplication::TransferReport&>(say));
            const auto ask = [service, content]
            {
                service->Ask({}, "http://198.51.100.2/update.cab", DigestOf(content));
            };
            Simulator::Schedule(Seconds(1 + i), ask);
        }
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    Simulator::Stop(Minutes(5));
    Simulator::Run();
    Simulator::Destroy();
}
