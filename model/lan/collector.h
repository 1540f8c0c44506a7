#pragma once

#include "analysis/run-record.h"
#include "model/lan/adversaries/adversary-watch.h"
#include "model/lan/caching-proxy.h"
#include "model/lan/peering-application.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lanpeer::lan
{

/// Writes down what happens at the nodes' trace sources, for the metrics of INTERFACES.md
/// (R-SIM-8). Counts and times only; what the figures mean is analysis/'s business.
class Collector
{
  public:
    /// \param resources href and size of each; requests name them by index
    Collector(std::uint32_t nodes, std::vector<analysis::Resource> resources);
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    /// Listens to the application of a node. The collector must outlive it.
    void Attach(std::uint32_t node, ns3::Ptr<PeeringApplication> application);

    /// Listens to the proxy through which all of them reach the Internet. The collector must
    /// outlive it.
    void Attach(ns3::Ptr<CachingProxy> proxy);

    /// Some are hostile: their own bytes are counted apart, and what comes through is watched for.
    void SetWatch(AdversaryWatch watch)
    {
        m_watch = std::move(watch);
    }

    /// None: nobody is.
    const std::optional<AdversaryWatch>& Watch() const
    {
        return m_watch;
    }

    /// A node's application asks for a resource now. \returns the request's number.
    AppRequestId Asked(std::uint32_t node, std::uint32_t resource);

    /// The same, by the resource's URL; one that is none of the resources is the catalog, whose
    /// bytes are counted apart and whose requests are not recorded.
    AppRequestId Asked(std::uint32_t node, const std::string& href);

    /// Whether a request of that node for that resource runs.
    bool IsAsking(std::uint32_t node, std::uint32_t resource) const
    {
        return m_requests[node][resource].has_value();
    }

    /// A node's machine loses power: its requests that run will never end. \returns their resources
    std::vector<std::uint32_t> LosePower(std::uint32_t node);

    /// Called when a request has ended.
    void SetRequestEnded(std::function<void()> ended)
    {
        m_requestEnded = std::move(ended);
    }

    /// Requests that were asked, have not ended, and may.
    std::size_t Running() const
    {
        return m_running;
    }

    analysis::RunRecord& Record()
    {
        return m_record;
    }

  private:
    /// One node's trace callbacks; ns-3 binds them to an object.
    struct Ear;

    void Handled(std::uint32_t node, const Event& event, const ActionList& actions);
    void Heard(std::uint32_t node, const PacketReceived& heard);
    void Sent(const ServicePacket& packet, std::uint32_t bytes);
    void TransferOver(std::uint32_t node, const PeeringApplication::TransferReport& report);
    void ProxyTransferOver(const CachingProxy::TransferReport& report);
    void Started(std::uint32_t node, const StartTransfer& action);
    void CatalogCame(std::uint64_t bodyBytes);
    void Ended(AppRequestId request, analysis::RequestEnd end, const std::string& reason);
    void Noted(Reason reason);

    /// An "I need" that was sent.
    struct Sending
    {
        std::int64_t sentAtUs = 0;
        bool answered = false;
    };

    analysis::RunRecord m_record;
    std::unordered_map<std::string, std::uint32_t> m_resourceByHref;
    std::vector<std::unordered_map<std::uint32_t, Sending>> m_asks; ///< by node, then by ID
    /// Requests that run, by node, then by resource.
    std::vector<std::vector<std::optional<std::size_t>>> m_requests;
    std::unordered_map<std::uint64_t, std::uint32_t> m_nodeByPeer;
    std::vector<std::unique_ptr<Ear>> m_ears;
    std::optional<AdversaryWatch> m_watch; ///< some are hostile
    bool m_throughProxy = false; ///< there is one, and nodes know no other way to the Internet
    std::size_t m_running = 0;
    std::uint64_t m_unrecorded = 0; ///< requests for the catalog
    std::function<void()> m_requestEnded;
};

} // namespace lanpeer::lan
