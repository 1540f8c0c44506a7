#include "analysis/closed-form/lower-bounds.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

constexpr double kBytesPerS = 1e6 / 8.0; ///< of 1 Mb/s

/// Capacities in parts of the resource: whole numbers, so that the flow is exact. So many that
/// rounding does not matter, so few that the sum for 65,000 nodes fits 64 bits.
constexpr double kParts = 1e9;

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Graph = boost::adjacency_list<
    boost::vecS,
    boost::vecS,
    boost::directedS,
    boost::no_property,
    boost::property<
        boost::edge_capacity_t,
        std::int64_t,
        boost::property<boost::edge_residual_capacity_t,
                        std::int64_t,
                        boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

/// What one edge carries: so much a second from `fromS` on, `most` at most.
struct Pipe
{
    std::size_t from = 0;
    std::size_t to = 0;
    double partsPerS = 0;
    double fromS = 0;
    double most = kParts;
};

std::int64_t
CapacityOf(const Pipe& pipe, double seconds)
{
    // Rounded up: less would make the bound too great.
    return static_cast<std::int64_t>(
        std::ceil(std::min(pipe.most, pipe.partsPerS * std::max(0.0, seconds - pipe.fromS))));
}

std::int64_t
MaxFlow(const std::vector<Pipe>& pipes, std::size_t vertices, double seconds)
{
    Graph graph(vertices);
    const auto capacity = boost::get(boost::edge_capacity, graph);
    const auto reverse = boost::get(boost::edge_reverse, graph);
    for (const Pipe& pipe : pipes)
    {
        const auto there = boost::add_edge(pipe.from, pipe.to, graph).first;
        const auto back = boost::add_edge(pipe.to, pipe.from, graph).first;
        capacity[there] = CapacityOf(pipe, seconds);
        capacity[back] = 0;
        reverse[there] = back;
        reverse[back] = there;
    }
    return boost::push_relabel_max_flow(graph, 0, vertices - 1);
}

/// Vertices: 0 the source, 1 the switch, then the nodes, last the sink.
class Flow
{
  public:
    Flow(const FlowLan& lan, double bytes, double smallestBytes)
        : m_lan(lan)
        , m_partsPerMbps(kBytesPerS / bytes * kParts)
        , m_smallest(kParts * smallestBytes / bytes)
        , m_sink(2 + lan.nodes.size())
    {
        for (const FlowLan::Node& node : lan.nodes)
        {
            m_receivers += Receives(node) ? 1 : 0;
        }
        const double wholeS = FirstWholeS();
        // All that may come into the LAN at most; an edge per source of it.
        const double most = kParts * static_cast<double>(std::max<std::size_t>(1, m_receivers));
        Add(0, 1, lan.uplinkMbps, 0.0, most);
        for (std::size_t i = 0; i < lan.nodes.size(); ++i)
        {
            const FlowLan::Node& node = lan.nodes[i];
            // One that does not want it too: a helper retrieves it for others.
            Add(0, 1, node.uploadMbps, node.holds ? 0.0 : wholeS, most);
            if (Receives(node))
            {
                Add(1, 2 + i, node.downloadMbps, 0.0, kParts);
                m_pipes.push_back({2 + i, m_sink, HUGE_VAL, -1.0, kParts});
            }
        }
    }

    std::size_t Receivers() const
    {
        return m_receivers;
    }

    bool IsFeasible(double seconds) const
    {
        const bool crosses =
            SomebodyHolds() || m_lan.uplinkMbps * m_partsPerMbps * seconds >= kParts;
        return crosses &&
               MaxFlow(m_pipes, m_sink + 1, seconds) >=
                   static_cast<std::int64_t>(m_receivers) * static_cast<std::int64_t>(kParts);
    }

  private:
    static bool Receives(const FlowLan::Node& node)
    {
        return node.wants && !node.holds;
    }

    bool SomebodyHolds() const
    {
        return std::any_of(m_lan.nodes.begin(),
                           m_lan.nodes.end(),
                           [](const FlowLan::Node& node) { return node.holds; });
    }

    /// Before it, nobody who did not hold it has a whole copy of anything to give away.
    double FirstWholeS() const
    {
        double supply = m_lan.uplinkMbps;
        double fastest = 0.0;
        for (const FlowLan::Node& node : m_lan.nodes)
        {
            supply += node.holds ? node.uploadMbps : 0.0;
            fastest = node.holds ? fastest : std::max(fastest, node.downloadMbps);
        }
        const double rate = std::min(supply, fastest) * m_partsPerMbps;
        return rate > 0.0 ? m_smallest / rate : 0.0;
    }

    void Add(std::size_t from, std::size_t to, double mbps, double fromS, double most)
    {
        m_pipes.push_back({from, to, mbps * m_partsPerMbps, fromS, most});
    }

    const FlowLan& m_lan;
    double m_partsPerMbps;
    double m_smallest; ///< parts of the smallest that is whole by itself
    std::size_t m_sink;
    std::size_t m_receivers = 0;
    std::vector<Pipe> m_pipes;
};

void
Check(const FlowLan& lan, double bytes, double smallestBytes)
{
    bool right = smallestBytes > 0.0 && smallestBytes <= bytes && lan.uplinkMbps > 0.0;
    for (const FlowLan::Node& node : lan.nodes)
    {
        right = right && node.uploadMbps > 0.0 && node.downloadMbps > 0.0;
    }
    if (!right)
    {
        throw std::invalid_argument("closed form: a flow needs bytes and rates greater than 0");
    }
}

} // namespace

std::uint64_t
LeastInternetBytes(const std::vector<AskedResource>& resources)
{
    std::uint64_t bytes = 0;
    for (const AskedResource& resource : resources)
    {
        bytes += resource.heldOnLan ? 0 : resource.bytes;
    }
    return bytes;
}

double
LeastFinishS(const FlowLan& lan, double bytes)
{
    return LeastFinishS(lan, bytes, bytes);
}

double
LeastFinishS(const FlowLan& lan, double bytes, double smallestBytes)
{
    Check(lan, bytes, smallestBytes);
    const Flow flow(lan, bytes, smallestBytes);
    if (flow.Receivers() == 0)
    {
        return 0.0;
    }
    double notYet = 0.0;
    double feasible = bytes / (kBytesPerS * lan.uplinkMbps);
    while (!flow.IsFeasible(feasible))
    {
        notYet = feasible;
        feasible *= 2.0;
    }
    constexpr double kExactly = 1e-9;
    while (feasible - notYet > kExactly * feasible)
    {
        const double middle = (notYet + feasible) / 2.0;
        (flow.IsFeasible(middle) ? feasible : notYet) = middle;
    }
    return notYet;
}

FlowLan
EvenLan(std::uint32_t nodes, std::uint32_t holders, double rateMbps, double uplinkMbps)
{
    FlowLan lan;
    lan.uplinkMbps = uplinkMbps;
    for (std::uint32_t i = 0; i < nodes; ++i)
    {
        lan.nodes.push_back({rateMbps, rateMbps, i < holders, i >= holders});
    }
    return lan;
}

} // namespace lanpeer::analysis
