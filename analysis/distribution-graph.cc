#include "analysis/distribution-graph.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace lanpeer::analysis
{

namespace
{

/// An edge's property is the index of its delivery. Bidirectional, because such a graph keeps its
/// edges in the order in which they were added, which is that of time.
using Graph = boost::adjacency_list<boost::vecS,
                                    boost::vecS,
                                    boost::bidirectionalS,
                                    boost::no_property,
                                    boost::property<boost::edge_index_t, std::size_t>>;

/// Nodes keep their index as vertex, then comes the Internet, then the proxy.
std::size_t
VertexOf(Place place, std::size_t nodes)
{
    switch (place.kind)
    {
    case Place::Kind::Node:
        return place.node;
    case Place::Kind::Internet:
        return nodes;
    case Place::Kind::Proxy:
        return nodes + 1;
    }
    return nodes;
}

bool
HasProxy(const std::vector<Delivery>& deliveries)
{
    return std::any_of(deliveries.begin(),
                       deliveries.end(),
                       [](const Delivery& delivery) {
                           return delivery.from == Place::Proxy() || delivery.to == Place::Proxy();
                       });
}

Graph
BuildGraph(const std::vector<Delivery>& deliveries, std::size_t nodes)
{
    Graph graph(nodes + (HasProxy(deliveries) ? 2 : 1));
    for (std::size_t i = 0; i < deliveries.size(); ++i)
    {
        boost::add_edge(
            VertexOf(deliveries[i].from, nodes), VertexOf(deliveries[i].to, nodes), i, graph);
    }
    return graph;
}

std::vector<Delivery>
CompletedInTimeOrder(const RunRecord& record, std::optional<std::uint32_t> resource)
{
    std::vector<Delivery> deliveries;
    for (const Transfer& transfer : record.transfers)
    {
        if (transfer.completedTheCopy && (!resource || transfer.resource == *resource))
        {
            deliveries.push_back({transfer.from,
                                  transfer.to,
                                  transfer.resource,
                                  transfer.bodyBytes,
                                  transfer.endedAtUs,
                                  0});
        }
    }
    std::stable_sort(deliveries.begin(),
                     deliveries.end(),
                     [](const Delivery& a, const Delivery& b)
                     { return a.endedAtUs < b.endedAtUs; });
    return deliveries;
}

std::string_view
FileName(std::string_view href)
{
    const std::size_t slash = href.rfind('/');
    return slash == std::string_view::npos ? href : href.substr(slash + 1);
}

std::string
EdgeLabel(const Delivery& delivery, std::string_view href)
{
    // Whole numbers only: nothing here is rounded.
    return fmt::format("{} {} B {}.{:06} s",
                       FileName(href),
                       delivery.bodyBytes,
                       delivery.endedAtUs / 1'000'000,
                       delivery.endedAtUs % 1'000'000);
}

} // namespace

DistributionGraph::DistributionGraph(const RunRecord& record, std::optional<std::uint32_t> resource)
    : m_nodes(record.nodes.size())
{
    CheckRecord(record);
    if (resource && *resource >= record.resources.size())
    {
        throw std::invalid_argument("distribution graph: no such resource");
    }
    m_deliveries = CompletedInTimeOrder(record, resource);
    for (const Resource& known : record.resources)
    {
        m_hrefs.push_back(known.href);
    }
    m_title = fmt::format("{} {} run {}", record.scenario, record.policy, record.run);
    ComputeDepths();
    ComputeFanOut();
}

void
DistributionGraph::ComputeDepths()
{
    // By vertex here, so that the proxy's copies have a place too; the Internet's stays 0.
    const std::size_t internet = VertexOf(Place::Internet(), m_nodes);
    m_depths.assign(m_hrefs.size(), std::vector<std::optional<std::uint32_t>>(m_nodes + 2));
    for (auto& depths : m_depths)
    {
        depths[internet] = 0;
    }
    constexpr std::uint32_t kHeldAtStart = 1;
    for (Delivery& delivery : m_deliveries)
    {
        auto& depths = m_depths[delivery.resource];
        delivery.depth = depths[VertexOf(delivery.from, m_nodes)].value_or(kHeldAtStart) + 1;
        depths[VertexOf(delivery.to, m_nodes)] = delivery.depth;
    }
}

void
DistributionGraph::ComputeFanOut()
{
    const Graph graph = BuildGraph(m_deliveries, m_nodes);
    for (std::size_t node = 0; node < m_nodes; ++node)
    {
        m_copiesServed.push_back(boost::out_degree(node, graph));
    }
    m_copiesFromInternet = boost::out_degree(VertexOf(Place::Internet(), m_nodes), graph);
}

const std::vector<Delivery>&
DistributionGraph::Deliveries() const
{
    return m_deliveries;
}

std::optional<std::uint32_t>
DistributionGraph::DepthAt(std::uint32_t node, std::uint32_t resource) const
{
    if (node >= m_nodes || resource >= m_depths.size())
    {
        throw std::invalid_argument("distribution graph: no such node or resource");
    }
    return m_depths[resource][node];
}

std::optional<std::uint32_t>
DistributionGraph::MaxDepth() const
{
    std::optional<std::uint32_t> most;
    for (const auto& depths : m_depths)
    {
        for (std::size_t node = 0; node < m_nodes; ++node)
        {
            most = std::max(most, depths[node]); // nullopt is less than any value
        }
    }
    return most;
}

std::optional<double>
DistributionGraph::MeanDepth() const
{
    std::uint64_t sum = 0;
    std::uint64_t copies = 0;
    for (const auto& depths : m_depths)
    {
        for (std::size_t node = 0; node < m_nodes; ++node)
        {
            sum += depths[node].value_or(0);
            copies += depths[node].has_value() ? 1 : 0;
        }
    }
    if (copies == 0)
    {
        return std::nullopt;
    }
    return static_cast<double>(sum) / static_cast<double>(copies);
}

const std::vector<std::uint64_t>&
DistributionGraph::CopiesServed() const
{
    return m_copiesServed;
}

std::uint64_t
DistributionGraph::CopiesFromInternet() const
{
    return m_copiesFromInternet;
}

std::string
DistributionGraph::VertexLabel(std::size_t vertex) const
{
    if (vertex == m_nodes)
    {
        return fmt::format("Internet: {} served", m_copiesFromInternet);
    }
    if (vertex > m_nodes)
    {
        return "proxy";
    }
    std::string label = fmt::format("{}: {} served", vertex, m_copiesServed[vertex]);
    std::optional<std::uint32_t> least;
    std::optional<std::uint32_t> most;
    for (const auto& depths : m_depths)
    {
        if (const auto depth = depths[vertex])
        {
            least = std::min(least.value_or(*depth), *depth);
            most = std::max(most, depth);
        }
    }
    if (most)
    {
        label += least == most ? fmt::format(", depth {}", *most)
                               : fmt::format(", depth {} to {}", *least, *most);
    }
    return label;
}

std::string
DistributionGraph::Title() const
{
    const auto most = MaxDepth();
    const auto mean = MeanDepth();
    return most && mean ? fmt::format("{}: depth max {}, mean {:.3f}", m_title, *most, *mean)
                        : m_title;
}

std::string
DistributionGraph::ToGraphviz() const
{
    const Graph graph = BuildGraph(m_deliveries, m_nodes);
    const auto writeLabel = [](std::ostream& out, const std::string& label)
    {
        out << "[label=" << boost::escape_dot_string(label) << "]";
    };
    const auto writeVertex = [&](std::ostream& out, std::size_t vertex)
    {
        writeLabel(out, VertexLabel(vertex));
    };
    const auto writeEdge = [&](std::ostream& out, const Graph::edge_descriptor& edge)
    {
        const Delivery& delivery = m_deliveries[boost::get(boost::edge_index, graph, edge)];
        writeLabel(out, EdgeLabel(delivery, m_hrefs[delivery.resource]));
    };
    const auto writeGraph = [&](std::ostream& out)
    {
        out << "graph [rankdir=LR label=" << boost::escape_dot_string(Title()) << "]\n";
    };
    std::ostringstream text;
    boost::write_graphviz(text, graph, writeVertex, writeEdge, writeGraph);
    return text.str();
}

} // namespace lanpeer::analysis
