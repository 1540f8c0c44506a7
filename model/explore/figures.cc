#include "model/explore/figures.h"

#include "model/explore/explorer.h"
#include "model/explore/named-lanes.h"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <utility>

namespace lanpeer::explore
{

namespace
{

using analysis::LabelledGraph;

struct PlainEdge
{
    std::string_view from;
    std::string_view to;
    std::string_view label;
};

using Edges = std::vector<PlainEdge>;

LabelledGraph
GraphOf(const Edges& edges)
{
    LabelledGraph graph;
    for (const PlainEdge& edge : edges)
    {
        graph.AddEdge(std::string(edge.from), std::string(edge.to), std::string(edge.label));
    }
    return graph;
}

Edges
Together(Edges edges, const Edges& more)
{
    edges.insert(edges.end(), more.begin(), more.end());
    return edges;
}

// ---------------------------------------------------------------- the patent's, by R-CLI-14

const Edges&
Fig3()
{
    static const Edges edges{{"122", "124", "I need"},
                             {"124", "122", "no copy"},
                             {"124", "126", "copy"},
                             {"126", "128", "I found"},
                             {"128", "122", ""},
                             {"126", "130", "expiry"},
                             {"130", "122", ""}};
    return edges;
}

/// What FIG. 4A and 4B have in common.
const Edges&
Fig4()
{
    static const Edges edges{{"142", "144", "need"},
                             {"144", "146", "I have"},
                             {"146", "158", ""},
                             {"150", "158", "retrieved"},
                             {"158", "142", ""}};
    return edges;
}

Edges
Fig4a()
{
    return Together(Fig4(), {{"144", "150", "time-out"}});
}

Edges
Fig4b()
{
    return Together(Fig4(),
                    {{"144", "148", "time-out"},
                     {"148", "150", "won't"},
                     {"148", "152", "will"},
                     {"152", "150", "none"},
                     {"152", "154", "some"},
                     {"154", "156", ""},
                     {"156", "158", "complete"}});
}

// ---------------------------------------------------------------- what the code adds

/// Edges that are there for one reason.
struct Addition
{
    std::string_view why;
    Edges edges;
};

const std::vector<Addition>&
AddedToFig4()
{
    static const std::vector<Addition> additions{
        {"what is not cacheable goes straight to the Internet [0054], R-CLI-11",
         {{"142", "150", "need, not cacheable"}}},
        {"so many requests at a time, the others queue (ours, SPEC section 2)",
         {{"142", "queued", "need"},
          {"142", "queued", "need, not cacheable"},
          {"queued", "144", "place free"},
          {"queued", "150", "place free"}}},
        {"so many transfers at a time, the others wait (ours, SPEC section 2)",
         {{"142", "await-transfer", "need, not cacheable"},
          {"146", "await-transfer", ""},
          {"150", "await-transfer", "back-off over"},
          {"await-transfer", "150", "transfer free"},
          {"await-transfer", "158", "transfer free"}}},
        {"the application takes its request back [0018], R-CLI-7",
         {{"queued", "142", "taken back"},
          {"144", "142", "taken back"},
          {"150", "142", "taken back"},
          {"158", "142", "taken back"},
          {"await-transfer", "142", "taken back"}}},
        {"nothing waits for ever: a request has a deadline (ours, R-CLI-7)",
         {{"queued", "142", "deadline"},
          {"144", "142", "deadline"},
          {"150", "142", "deadline"},
          {"158", "142", "deadline"},
          {"await-transfer", "142", "deadline"}}},
        {"the Internet is tried again, resumed by Range (ours, SPEC section 2)",
         {{"150", "150", "transfer failed"}, {"150", "150", "transfer stalled"}}},
        {"the Internet does not bring it: the request fails, once, with a reason (ours, R-CLI-7)",
         {{"150", "142", "transfer failed"},
          {"150", "142", "transfer stalled"},
          {"150", "142", "no access"}}},
        {"the verifier refuses what the Internet brought (ours, R-HTTP-2)",
         {{"150", "142", "refused"}}},
        {"the peer does not bring it, or not what was asked for: the Internet (ours, R-SIM-7)",
         {{"158", "150", "not found"},
          {"158", "150", "transfer failed"},
          {"158", "150", "transfer stalled"},
          {"158", "150", "refused"}}},
    };
    return additions;
}

const std::vector<Addition>&
AddedToFig4a()
{
    static const std::vector<Addition> additions{
        {"a node without Internet access fails at its time-out (ours, R-SIM-7)",
         {{"144", "142", "time-out"}}},
        {"so many transfers at a time, the others wait (ours, SPEC section 2)",
         {{"144", "await-transfer", "time-out"}}},
    };
    return additions;
}

const std::vector<Addition>&
AddedToFig4b()
{
    static const std::vector<Addition> additions{
        {"any \"I have\" ends the wait of 156 [0048], R-CLI-4", {{"156", "158", "I have"}}},
        {"the download that it waits for does not end well: the Internet (ours, R-CLI-4, R-SIM-7)",
         {{"156", "150", "download failed"},
          {"156", "150", "download stalled"},
          {"156", "150", "longest wait over"}}},
        {"a node without Internet access fails at its time-out (ours, R-SIM-7)",
         {{"152", "142", "none"}}},
        {"so many transfers at a time, the others wait (ours, SPEC section 2)",
         {{"152", "await-transfer", "none"}}},
        {"the application takes its request back [0018], R-CLI-7", {{"156", "142", "taken back"}}},
        {"nothing waits for ever: a request has a deadline (ours, R-CLI-7)",
         {{"156", "142", "deadline"}}},
    };
    return additions;
}

std::vector<AddedEdge>
Listed(std::initializer_list<std::vector<Addition>> lists)
{
    std::vector<AddedEdge> added;
    for (const auto& additions : lists)
    {
        for (const Addition& addition : additions)
        {
            for (const PlainEdge& edge : addition.edges)
            {
                added.push_back({std::string(edge.from),
                                 std::string(edge.to),
                                 std::string(edge.label),
                                 std::string(addition.why)});
            }
        }
    }
    return added;
}

std::vector<Figure>
MakeFigures()
{
    return {
        {"fig3",
         "FIG. 3: a peering service server, for one request",
         true,
         {Policy::Fig4a, Policy::Fig4b},
         GraphOf(Fig3()),
         Listed(
             {{{"it answers \"I am downloading\" too [0033], after the same delay (ours, R-SRV-2)",
                {{"124", "126", "own retrieval"}}}}}),
         true},
        {"fig4a",
         "FIG. 4A: a peering service client, for one request (policy fig4a)",
         false,
         {Policy::Fig4a},
         GraphOf(Fig4a()),
         Listed({AddedToFig4(), AddedToFig4a()}),
         true},
        {"fig4b",
         "FIG. 4B: a peering service client that waits for downloads (policy fig4b)",
         false,
         {Policy::Fig4b},
         GraphOf(Fig4b()),
         Listed({AddedToFig4(), AddedToFig4b()}),
         true},
        {"fig-robust",
         "FIG. 4B and what policy robust makes of it",
         false,
         {Policy::Robust},
         GraphOf(Fig4b()),
         {},
         false},
    };
}

/// The patent's words for its numerals [0020]-[0034], and ours for our states.
const std::map<std::string, std::string>&
WordsOfStates()
{
    static const std::map<std::string, std::string> words{
        {"122", "idle"},
        {"124", "locate local aliased copy"},
        {"126", "delay response, random time"},
        {"128", "cancel response"},
        {"130", "transmit \"I have\""},
        {"142", "idle"},
        {"144", "waiting for response"},
        {"146", "broadcast \"I found\""},
        {"148", "wait for download?"},
        {"150", "retrieve requested item"},
        {"152", "any in-progress downloads?"},
        {"154", "broadcast \"I found\""},
        {"156", "await completion of download"},
        {"158", "requested item found"},
        {"queued", "for a place among the requests"},
        {"pause", "before the Internet or a re-ask"},
        {"await-holder", "until a busy holder may be free"},
        {"await-transfer", "for a place among the transfers"},
        {"back-off", "without access, until it asks again"}};
    return words;
}

std::string
EdgeText(const std::string& from, const std::string& to, const std::string& label)
{
    return fmt::format("{}-{} \"{}\"", from, to, label);
}

bool
Shows(const NamedLane& lane, Policy policy)
{
    return lane.list == LaneList::Sanitized && lane.lane.configs.size() == 2 &&
           lane.policy == policy;
}

void
AddEdgesOf(const LabelledGraph& graph,
           const LabelledGraph& other,
           std::string_view what,
           std::vector<std::string>& lines)
{
    for (const auto& [ends, labels] : graph.Edges())
    {
        for (const std::string& label : labels)
        {
            if (!other.HasEdge(ends.first, ends.second, label))
            {
                lines.push_back(
                    fmt::format("{}: {}", EdgeText(ends.first, ends.second, label), what));
            }
        }
    }
}

} // namespace

const std::vector<Figure>&
Figures()
{
    static const std::vector<Figure> figures = MakeFigures();
    return figures;
}

const Figure&
FigureOf(std::string_view name)
{
    for (const Figure& figure : Figures())
    {
        if (figure.name == name)
        {
            return figure;
        }
    }
    throw std::out_of_range(fmt::format("no figure {}", name));
}

LabelledGraph
GraphOfCode(const Figure& figure, const SayLane& say)
{
    StateGraphs graphs;
    for (const Policy policy : figure.policies)
    {
        for (const NamedLane& lane : NamedLanes())
        {
            if (!Shows(lane, policy))
            {
                continue;
            }
            if (say)
            {
                say(lane.name);
            }
            const CollectingRules rules(lane.lane, graphs);
            const Report report = Explorer(rules).Run();
            if (!report.complete)
            {
                throw std::runtime_error(fmt::format("{}: {}", lane.name, report.Told()));
            }
        }
    }
    return figure.ofServer ? graphs.server : graphs.client;
}

std::vector<std::string>
Differences(const Figure& figure, const LabelledGraph& ofCode)
{
    std::vector<std::string> lines;
    LabelledGraph left = ofCode;
    if (!figure.closed)
    {
        AddEdgesOf(ofCode, figure.patent, "not the patent's", lines);
        return lines;
    }
    for (const AddedEdge& added : figure.added)
    {
        if (!left.RemoveEdge(added.from, added.to, added.label))
        {
            lines.push_back(EdgeText(added.from, added.to, added.label) +
                            ": listed as an addition, and the code has it not");
        }
    }
    if (!analysis::AreIsomorphic(left, figure.patent))
    {
        lines.push_back("what is left without the additions is not isomorphic to the figure");
        AddEdgesOf(figure.patent, left, "in the figure only", lines);
        AddEdgesOf(left, figure.patent, "in the code only", lines);
    }
    return lines;
}

std::string
DrawFigure(const Figure& figure, const LabelledGraph& ofCode)
{
    return analysis::ToGraphviz(
        ofCode, {figure.title, WordsOfStates(), figure.patent, "what the code adds"});
}

std::string
AdditionsMarkdown()
{
    std::string text;
    for (const Figure& figure : Figures())
    {
        if (!figure.closed)
        {
            continue;
        }
        text += fmt::format("{}## {}\n\n| edge | caused by | why |\n|---|---|---|\n",
                            text.empty() ? "" : "\n",
                            figure.title);
        for (const AddedEdge& added : figure.added)
        {
            text += fmt::format("| {} to {} | {} | {} |\n",
                                added.from,
                                added.to,
                                added.label.empty() ? "-" : added.label,
                                added.why);
        }
    }
    return text;
}

} // namespace lanpeer::explore
