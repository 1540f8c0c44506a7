#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace lanpeer::analysis
{

/// A directed graph whose vertices and edges have labels. Between two vertices there is an edge for
/// each label at most; an edge without words has the label "".
class LabelledGraph
{
  public:
    /// From one vertex to another.
    using Ends = std::pair<std::string, std::string>;

    /// Adds an edge, and the vertices that it needs. \returns whether it is new.
    bool AddEdge(const std::string& from, const std::string& to, const std::string& label);

    /// Takes an edge away, and the vertices that have none left. \returns whether it was there.
    bool RemoveEdge(const std::string& from, const std::string& to, const std::string& label);

    bool HasEdge(const std::string& from, const std::string& to, const std::string& label) const;

    /// The labels of vertices, in order.
    const std::set<std::string>& Vertices() const
    {
        return m_vertices;
    }

    /// The labels of the edges between two vertices, in order.
    const std::map<Ends, std::set<std::string>>& Edges() const
    {
        return m_edges;
    }

    std::size_t EdgeCount() const;

  private:
    std::set<std::string> m_vertices;
    std::map<Ends, std::set<std::string>> m_edges;
};

/// Is there a one-to-one mapping of vertices that keeps the labels of the vertices, the edges and
/// the labels of the edges?
bool AreIsomorphic(const LabelledGraph& left, const LabelledGraph& right);

/// How a graph is drawn.
struct Drawing
{
    std::string title;
    /// What stands in a vertex's box below its label, by label.
    std::map<std::string, std::string> words;
    /// What is drawn as it is; everything that is not in it in another colour.
    LabelledGraph plain;
    std::string added; ///< what the other colour means, for the title
};

/// For `dot`. Equal graphs and drawings give equal bytes.
std::string ToGraphviz(const LabelledGraph& graph, const Drawing& drawing);

} // namespace lanpeer::analysis
