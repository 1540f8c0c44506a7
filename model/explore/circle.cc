#include "model/explore/circle.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace lanpeer::explore
{

namespace
{

using Worlds = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using World = Worlds::vertex_descriptor;

bool
IsEarlier(const Composite& a, const Composite& b)
{
    return std::tie(a.parts, a.wantsLeft, a.flights) < std::tie(b.parts, b.wantsLeft, b.flights);
}

/// The worlds of a circle, found by going round from one of them.
class Round : public Visitor
{
  public:
    Round(const std::vector<StateGraph::State>& circle, const NumberOfWorld& numberOf)
        : m_circle(circle)
        , m_numberOf(numberOf)
        , m_ids(IsEarlier)
    {
    }

    void Go(const Composite& begin, Successors& successors)
    {
        IdOf(begin);
        for (m_at = 0; m_at < m_found.size(); ++m_at)
        {
            const Composite from = m_found[m_at];
            successors.Visit(from, *this);
        }
    }

    void Reached(Composite& reached, const Step& step, bool free, bool byItself) override
    {
        // What is paid for does not come back: the circle's worlds have the same left.
        const bool inside =
            free && std::binary_search(m_circle.begin(), m_circle.end(), m_numberOf(reached));
        if (inside)
        {
            const World to = IdOf(reached);
            add_edge(m_at, to, m_worlds);
            m_inside[{m_at, step.Packed()}].insert(to);
        }
        if (byItself)
        {
            m_possible[m_at].insert(step.Packed());
        }
    }

    void Wrong(const Violation& /*violation*/, const Step& /*step*/) override
    {
    }

    bool AnyIsFair() const
    {
        std::vector<std::size_t> component(num_vertices(m_worlds));
        const std::size_t count =
            strong_components(m_worlds,
                              boost::make_iterator_property_map(
                                  component.begin(), get(boost::vertex_index, m_worlds)));
        for (std::size_t one = 0; one < count; ++one)
        {
            if (IsFair(component, one))
            {
                return true;
            }
        }
        return false;
    }

  private:
    World IdOf(const Composite& world)
    {
        const auto [its, isNew] = m_ids.emplace(world, m_found.size());
        if (isNew)
        {
            m_found.push_back(world);
            m_possible.emplace_back();
            add_vertex(m_worlds);
        }
        return its->second;
    }

    /// Does the step lead from a world of a component to one of it?
    bool Stays(World from,
               std::uint32_t step,
               const std::vector<std::size_t>& component,
               std::size_t one) const
    {
        const auto its = m_inside.find({from, step});
        return its != m_inside.end() && std::any_of(its->second.begin(),
                                                    its->second.end(),
                                                    [&](World to) { return component[to] == one; });
    }

    /// Is there a way round, and does it take each step that is possible all the way?
    bool IsFair(const std::vector<std::size_t>& component, std::size_t one) const
    {
        std::vector<World> worlds;
        bool goesRound = false;
        for (World world = 0; world < component.size(); ++world)
        {
            if (component[world] == one)
            {
                worlds.push_back(world);
                const auto [first, last] = out_edges(world, m_worlds);
                goesRound =
                    goesRound || std::any_of(first,
                                             last,
                                             [&](const Worlds::edge_descriptor& edge)
                                             { return component[target(edge, m_worlds)] == one; });
            }
        }
        if (!goesRound)
        {
            return false;
        }
        const auto& steps = m_possible[worlds.front()];
        return std::none_of(
            steps.begin(),
            steps.end(),
            [&](std::uint32_t step)
            {
                const bool always =
                    std::all_of(worlds.begin(),
                                worlds.end(),
                                [&](World world) { return m_possible[world].count(step) != 0; });
                return always && std::none_of(worlds.begin(),
                                              worlds.end(),
                                              [&](World world)
                                              { return Stays(world, step, component, one); });
            });
    }

    const std::vector<StateGraph::State>& m_circle; ///< in order
    const NumberOfWorld& m_numberOf;
    std::map<Composite, World, bool (*)(const Composite&, const Composite&)> m_ids;
    std::vector<Composite> m_found;
    std::vector<std::set<std::uint32_t>> m_possible; ///< steps by themselves, by world
    std::map<std::pair<World, std::uint32_t>, std::set<World>> m_inside;
    Worlds m_worlds;
    World m_at = 0; ///< the world that is left
};

} // namespace

bool
CanGoOnForEver(const std::vector<StateGraph::State>& circle,
               const Composite& begin,
               Successors& successors,
               const NumberOfWorld& numberOf)
{
    Round round(circle, numberOf);
    round.Go(begin, successors);
    return round.AnyIsFair();
}

} // namespace lanpeer::explore
