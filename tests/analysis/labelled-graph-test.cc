#include "analysis/labelled-graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lanpeer::analysis
{
namespace
{

using testing::HasSubstr;
using testing::Not;

/// Two vertices with two edges there and one back, and a third that stands behind them.
LabelledGraph
Sample()
{
    LabelledGraph graph;
    graph.AddEdge("a", "b", "go");
    graph.AddEdge("a", "b", "run");
    graph.AddEdge("b", "a", "");
    graph.AddEdge("b", "c", "go");
    return graph;
}

TEST(LabelledGraphTest, IsASetOfEdges)
{
    LabelledGraph graph = Sample();
    EXPECT_EQ(graph.EdgeCount(), 4U);
    EXPECT_EQ(graph.Vertices().size(), 3U);
    EXPECT_FALSE(graph.AddEdge("a", "b", "go"));
    EXPECT_EQ(graph.EdgeCount(), 4U);
    EXPECT_TRUE(graph.RemoveEdge("b", "c", "go"));
    EXPECT_FALSE(graph.RemoveEdge("b", "c", "go"));
    EXPECT_FALSE(graph.HasEdge("b", "c", "go"));
    EXPECT_EQ(graph.Vertices().count("c"), 0U);
}

TEST(LabelledGraphTest, EqualOnesAreIsomorphic)
{
    RecordProperty("requirement", "R-CLI-14");
    EXPECT_TRUE(AreIsomorphic(Sample(), Sample()));
    EXPECT_TRUE(AreIsomorphic({}, {}));
}

TEST(LabelledGraphTest, OneEdgeMoreLessOrOtherwiseIsNot)
{
    RecordProperty("requirement", "R-CLI-14");
    LabelledGraph less = Sample();
    less.RemoveEdge("a", "b", "run");
    LabelledGraph more = Sample();
    more.AddEdge("c", "a", "");
    LabelledGraph relabelled = less;
    relabelled.AddEdge("a", "b", "walk");
    LabelledGraph turned = Sample();
    turned.RemoveEdge("b", "c", "go");
    turned.AddEdge("c", "b", "go");
    LabelledGraph renamed = Sample();
    renamed.RemoveEdge("b", "c", "go");
    renamed.AddEdge("b", "d", "go");
    LabelledGraph loop = Sample();
    loop.AddEdge("c", "c", "again");
    for (const LabelledGraph& other : {less, more, relabelled, turned, renamed, loop})
    {
        EXPECT_FALSE(AreIsomorphic(Sample(), other));
        EXPECT_FALSE(AreIsomorphic(other, Sample()));
        EXPECT_TRUE(AreIsomorphic(other, other));
    }
}

TEST(LabelledGraphTest, IsDrawnWithWhatIsAddedInAnotherColour)
{
    LabelledGraph plain = Sample();
    plain.RemoveEdge("b", "c", "go");
    plain.RemoveEdge("a", "b", "run");
    const Drawing drawing{"a \"title\"", {{"a", "alpha"}}, plain, "more"};
    const std::string text = ToGraphviz(Sample(), drawing);
    EXPECT_EQ(text, ToGraphviz(Sample(), drawing));
    EXPECT_THAT(text, HasSubstr("a \\\"title\\\"\n(dashed: more)"));
    EXPECT_THAT(text, HasSubstr("0[label=\"a\nalpha\"];"));
    EXPECT_THAT(text, HasSubstr("1[label=b];"));
    EXPECT_THAT(text, HasSubstr("2[label=c color="));
    EXPECT_THAT(text, HasSubstr("0->1 [label=\" go\"];"));
    EXPECT_THAT(text, HasSubstr("0->1 [label=\" run\" color="));
    EXPECT_THAT(text, HasSubstr("1->0 [label=\"\"];"));
    EXPECT_THAT(ToGraphviz(Sample(), {"", {}, Sample(), ""}), Not(HasSubstr("dashed")));
}

} // namespace
} // namespace lanpeer::analysis
