#include "model/lan/capture.h"

#include <ns3/csma-helper.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/wifi-net-device.h>
#include <ns3/yans-wifi-helper.h>

namespace lanpeer::lan
{

namespace
{

constexpr std::string_view kGateway = "gateway";
constexpr std::string_view kOrigin = "origin";

/// The sniffer of a device's own kind writes the link type that Wireshark needs.
void
CaptureDevice(ns3::Ptr<ns3::NetDevice> device, const std::string& file)
{
    constexpr bool kPromiscuous = false;
    constexpr bool kExplicitName = true;
    if (ns3::DynamicCast<ns3::CsmaNetDevice>(device))
    {
        ns3::CsmaHelper().EnablePcap(file, device, kPromiscuous, kExplicitName);
    }
    else if (ns3::DynamicCast<ns3::PointToPointNetDevice>(device))
    {
        ns3::PointToPointHelper().EnablePcap(file, device, kPromiscuous, kExplicitName);
    }
    else if (ns3::DynamicCast<ns3::WifiNetDevice>(device))
    {
        ns3::YansWifiPhyHelper().EnablePcap(file, device, kPromiscuous, kExplicitName);
    }
}

void
CaptureNode(ns3::Ptr<ns3::Node> node, const std::string& prefix, const std::string& name)
{
    for (std::uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        CaptureDevice(node->GetDevice(i), prefix + "-" + name + "-" + std::to_string(i) + ".pcap");
    }
}

} // namespace

std::vector<std::string>
CapturePoints(std::uint32_t nodes)
{
    std::vector<std::string> points;
    for (std::uint32_t i = 0; i < nodes; ++i)
    {
        points.push_back(std::to_string(i));
    }
    points.emplace_back(kGateway);
    points.emplace_back(kOrigin);
    return points;
}

ns3::Ptr<ns3::Node>
NodeAt(const LanNetwork& network, const std::string& point)
{
    if (point == kGateway)
    {
        return network.Gateway();
    }
    return point == kOrigin ? network.Origin()
                            : network.Node(static_cast<std::uint32_t>(std::stoul(point)));
}

void
CapturePackets(const LanNetwork& network,
               const std::string& prefix,
               const std::vector<std::string>& points)
{
    for (const std::string& point : points.empty() ? CapturePoints(network.Config().nodes) : points)
    {
        CaptureNode(NodeAt(network, point), prefix, point);
    }
}

} // namespace lanpeer::lan
