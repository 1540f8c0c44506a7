#pragma once

#include "model/network/fault-plan.h"

#include <cstdint>
#include <memory>
#include <ns3/ipv4-address.h>
#include <ns3/node.h>
#include <set>
#include <vector>

namespace lanpeer::lan
{

/// What happened to packets on the hosts' links.
struct LinkFaultCounts
{
    std::uint64_t duplicated = 0;         ///< came twice
    std::uint64_t reordered = 0;          ///< were held
    std::uint64_t corrupted = 0;          ///< were altered behind Ethernet's check sum
    std::uint64_t corruptedDelivered = 0; ///< those of them that passed the check sum of UDP or TCP
    std::uint64_t unheard = 0;            ///< did not reach the deaf, or came from the mute
};

/// Faults on the links of hosts (R-SIM-5, U3), whatever the medium: they act between a host's
/// devices and its IP, on what comes in, so that each packet meets them once, at its receiver, and
/// a broadcast at each receiver apart. (A capture at the host's device shows what came, not what
/// became of it.)
///
/// A packet is lost for the deaf and from the mute; then altered, then doubled, then held. Each of
/// the three draws from a stream of its own, per host.
class HostLinks
{
  public:
    /// \param mute addresses whose broadcasts reach nobody
    HostLinks(const LinkFaults& faults, std::set<ns3::Ipv4Address> mute);
    ~HostLinks();
    HostLinks(const HostLinks&) = delete;
    HostLinks& operator=(const HostLinks&) = delete;

    /// Takes over all that the host's devices receive, for those of them that are interfaces of its
    /// IP; ShortenBroadcastPath() must not have been called for it.
    /// \param deaf no UDP reaches it
    void Attach(ns3::Ptr<ns3::Node> host, bool deaf);

    /// Streams for the draws of each host attached so far. \returns how many were assigned
    std::int64_t AssignStreams(std::int64_t stream);

    const LinkFaultCounts& Counts() const;

  private:
    class Link;
    struct Shared;

    std::shared_ptr<Shared> m_shared;
    std::vector<ns3::Ptr<Link>> m_links;
};

} // namespace lanpeer::lan
