#pragma once

#include "model/lan/lan-network.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::lan
{

/// Names of the places where captures can be taken: every node's index, "gateway" and "origin".
std::vector<std::string> CapturePoints(std::uint32_t nodes);

/// The node of that name.
ns3::Ptr<ns3::Node> NodeAt(const LanNetwork& network, const std::string& point);

/// Captures for Wireshark. To be called before the simulation runs; draws and changes nothing.
///
/// One file per device, PREFIX-NODE-DEVICE.pcap (`fig1-0-1.pcap`, `fig1-gateway-2.pcap`), of what
/// the device sent and of what came for it, as the medium has it: Ethernet, 802.11 or PPP.
/// \param points names as CapturePoints() has them; empty: all of them
void CapturePackets(const LanNetwork& network,
                    const std::string& prefix,
                    const std::vector<std::string>& points);

} // namespace lanpeer::lan
