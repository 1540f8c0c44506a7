#include "analysis/labelled-graph.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <boost/graph/vf2_sub_graph_iso.hpp>
#include <fmt/format.h>

#include <ostream>
#include <sstream>
#include <vector>

namespace lanpeer::analysis
{

namespace
{

struct Vertex
{
    std::string label;
};

/// All edges between two vertices in one direction, so that the graph has no parallel ones: VF2
/// would compare those one by one, and take {a, b} for {a, a}.
struct Edge
{
    std::set<std::string> labels;
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Edge>;

Graph
BuildGraph(const LabelledGraph& labelled)
{
    Graph graph;
    std::map<std::string, Graph::vertex_descriptor> vertices;
    for (const std::string& label : labelled.Vertices())
    {
        vertices.emplace(label, boost::add_vertex(Vertex{label}, graph));
    }
    for (const auto& [ends, labels] : labelled.Edges())
    {
        boost::add_edge(vertices.at(ends.first), vertices.at(ends.second), Edge{labels}, graph);
    }
    return graph;
}

/// An edge without words, among others.
const std::string kNoWords = "(no words)";

/// One edge as it is drawn.
struct Line
{
    std::string label;
    bool plain = true;
};

using DrawnGraph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Line>;

DrawnGraph
BuildDrawn(const LabelledGraph& labelled, const LabelledGraph& plain)
{
    DrawnGraph graph;
    std::map<std::string, DrawnGraph::vertex_descriptor> vertices;
    for (const std::string& label : labelled.Vertices())
    {
        vertices.emplace(label, boost::add_vertex(Vertex{label}, graph));
    }
    for (const auto& [ends, labels] : labelled.Edges())
    {
        std::vector<Line> lines;
        std::string added; // those between two vertices are one line, or nobody could read it
        for (const std::string& label : labels)
        {
            if (plain.HasEdge(ends.first, ends.second, label))
            {
                lines.push_back({label, true});
            }
            else
            {
                added += (added.empty() ? "" : ",\n") + (label.empty() ? kNoWords : label);
            }
        }
        if (!added.empty())
        {
            lines.push_back({added == kNoWords ? "" : added, false});
        }
        for (const Line& line : lines)
        {
            boost::add_edge(vertices.at(ends.first), vertices.at(ends.second), line, graph);
        }
    }
    return graph;
}

constexpr std::string_view kAddedColour = "#b03060";

} // namespace

bool
LabelledGraph::AddEdge(const std::string& from, const std::string& to, const std::string& label)
{
    m_vertices.insert(from);
    m_vertices.insert(to);
    return m_edges[{from, to}].insert(label).second;
}

bool
LabelledGraph::RemoveEdge(const std::string& from, const std::string& to, const std::string& label)
{
    if (!HasEdge(from, to, label))
    {
        return false;
    }
    const auto its = m_edges.find({from, to});
    its->second.erase(label);
    if (its->second.empty())
    {
        m_edges.erase(its);
    }
    m_vertices.clear();
    for (const auto& [ends, labels] : m_edges)
    {
        m_vertices.insert(ends.first);
        m_vertices.insert(ends.second);
    }
    return true;
}

bool
LabelledGraph::HasEdge(const std::string& from,
                       const std::string& to,
                       const std::string& label) const
{
    const auto its = m_edges.find({from, to});
    return its != m_edges.end() && its->second.count(label) != 0;
}

std::size_t
LabelledGraph::EdgeCount() const
{
    std::size_t count = 0;
    for (const auto& [ends, labels] : m_edges)
    {
        count += labels.size();
    }
    return count;
}

bool
AreIsomorphic(const LabelledGraph& left, const LabelledGraph& right)
{
    const Graph small = BuildGraph(left);
    const Graph large = BuildGraph(right);
    if (boost::num_vertices(small) != boost::num_vertices(large) ||
        boost::num_edges(small) != boost::num_edges(large))
    {
        return false; // VF2 asks for graphs of one size
    }
    const auto sameVertex = [&](Graph::vertex_descriptor a, Graph::vertex_descriptor b)
    {
        return small[a].label == large[b].label;
    };
    const auto sameEdge = [&](Graph::edge_descriptor a, Graph::edge_descriptor b)
    {
        return small[a].labels == large[b].labels;
    };
    const auto first = [](const auto& /*there*/, const auto& /*back*/)
    {
        return false; // one mapping is enough
    };
    return boost::vf2_graph_iso(small,
                                large,
                                first,
                                boost::vertex_order_by_mult(small),
                                boost::vertices_equivalent(sameVertex).edges_equivalent(sameEdge));
}

std::string
ToGraphviz(const LabelledGraph& graph, const Drawing& drawing)
{
    const DrawnGraph drawn = BuildDrawn(graph, drawing.plain);
    const auto writeVertex = [&](std::ostream& out, DrawnGraph::vertex_descriptor vertex)
    {
        const std::string& label = drawn[vertex].label;
        const auto words = drawing.words.find(label);
        const std::string text =
            words == drawing.words.end() ? label : fmt::format("{}\n{}", label, words->second);
        const bool plain = drawing.plain.Vertices().count(label) != 0;
        const std::string colour =
            plain ? "" : fmt::format(" color=\"{0}\" fontcolor=\"{0}\"", kAddedColour);
        out << "[label=" << boost::escape_dot_string(text) << colour << "]";
    };
    const auto writeEdge = [&](std::ostream& out, const DrawnGraph::edge_descriptor& edge)
    {
        const Line& line = drawn[edge];
        const std::string colour =
            line.plain ? ""
                       : fmt::format(" color=\"{0}\" fontcolor=\"{0}\" style=dashed", kAddedColour);
        const std::string label = line.label.empty() ? "" : " " + line.label; // off the line
        out << "[label=" << boost::escape_dot_string(label) << colour << "]";
    };
    const auto writeGraph = [&](std::ostream& out)
    {
        const std::string title =
            drawing.added.empty() ? drawing.title
                                  : fmt::format("{}\n(dashed: {})", drawing.title, drawing.added);
        out << "graph [label=" << boost::escape_dot_string(title)
            << " labelloc=t fontname=\"sans-serif\" fontsize=14]\n"
            << "node [shape=box fontname=\"sans-serif\" fontsize=11]\n"
            << "edge [fontname=\"sans-serif\" fontsize=10]\n";
    };
    std::ostringstream text;
    boost::write_graphviz(text, drawn, writeVertex, writeEdge, writeGraph);
    return text.str();
}

} // namespace lanpeer::analysis
