#pragma once

#include "model/explore/state-changes.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::explore
{

/// An edge that the running code has and the patent's figure has not.
struct AddedEdge
{
    std::string from;
    std::string to;
    std::string label;
    std::string why; ///< the paragraph or requirement
};

/// A state diagram of the patent, as R-CLI-14 lists its edges, and what the code adds to it.
struct Figure
{
    std::string name;  ///< "fig4a"
    std::string title; ///< "FIG. 4A: ..."
    bool ofServer = false;
    std::vector<Policy> policies; ///< whose lanes show it
    analysis::LabelledGraph patent;
    /// Exactly these edges are the code's own. Empty where `closed` is false.
    std::vector<AddedEdge> added;
    /// False for the drawing of `robust`, which is beside FIG. 4B whatever it may be.
    bool closed = true;
};

/// FIG. 3, 4A and 4B, and what `robust` makes of FIG. 4B.
const std::vector<Figure>& Figures();

/// Throws std::out_of_range if there is none of that name.
const Figure& FigureOf(std::string_view name);

/// Told of each lane before it is explored.
using SayLane = std::function<void(const std::string& lane)>;

/// Explores the named two-node lanes of the figure's policies that are quick, and brings back its
/// state graph. Throws std::runtime_error, naming the lane, if one cannot be explored to its end:
/// a graph of half a lane would prove nothing.
analysis::LabelledGraph GraphOfCode(const Figure& figure, const SayLane& say = {});

/// How the code's graph differs from the figure; empty if it does not. First every listed addition
/// is taken away, each of which must be there; what is left must be isomorphic to the patent's
/// graph, with the labels. Each line names an edge, or says that the graphs are not isomorphic.
std::vector<std::string> Differences(const Figure& figure, const analysis::LabelledGraph& ofCode);

/// The code's graph for `dot`, the patent's words in the boxes, what the code adds in another
/// colour.
std::string DrawFigure(const Figure& figure, const analysis::LabelledGraph& ofCode);

/// The additions of all figures with their reasons, as Markdown.
std::string AdditionsMarkdown();

} // namespace lanpeer::explore
