#include "analysis/report/expected-spread.h"

#include "analysis/closed-form/copy-spread.h"
#include "analysis/report/json-figures.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace lanpeer::report
{

using Json = nlohmann::ordered_json;
using analysis::CopiesCase;

namespace
{

constexpr double kMsPerS = 1000;
constexpr std::uint32_t kMostNodes = 400; ///< a step costs their square
constexpr double kMostSteps = 200;

/// The lengths that the chain goes by, in seconds.
struct Pace
{
    double firstS = 0; ///< until the first whole copy is there
    double stepS = 0;
    std::uint32_t uploads = 1; ///< copies that a cable carries in a step
};

Pace
PaceOf(const World& world, double endS)
{
    const CopiesCase& of = *world.copies;
    const double kilobits =
        std::accumulate(world.resourceBytes.begin(), world.resourceBytes.end(), 0.0) * 8 / kMsPerS;
    const bool atOnce = of.arrivals == analysis::Arrivals::Simultaneous;
    const double pauseMs = of.delayMaxMs / (atOnce ? of.nodes + 1 : 2);
    Pace pace;
    pace.firstS =
        ((of.delayMaxMs + of.allowanceMs + pauseMs) / kMsPerS) + (kilobits / world.uplinkKbps);
    const double cableS = kilobits / (world.rateMbps * kMsPerS);
    pace.stepS = std::max((of.delayMaxMs / 2 / kMsPerS) + cableS,
                          std::max(0.0, endS - pace.firstS) / kMostSteps);
    pace.uploads = static_cast<std::uint32_t>(std::clamp(pace.stepS / cableS, 1.0, 1e6));
    return pace;
}

/// In the mean, `stepS` apart from one copy at `firstS` on.
std::vector<double>
CopiesByStep(const CopiesCase& of, const Pace& pace, std::size_t steps)
{
    if (of.arrivals == analysis::Arrivals::Simultaneous)
    {
        return analysis::ExpectedCopies(
            analysis::SpreadByChance({of.nodes, pace.uploads}, 1.0), 1, steps);
    }
    const double perS = of.nodes / (of.windowMs / kMsPerS);
    std::vector<double> start =
        analysis::SpreadByPoisson({of.nodes, 0}, perS * (pace.firstS + pace.stepS))[1];
    std::vector<double> copies = {1.0};
    const auto matrix = analysis::SpreadByPoisson({of.nodes, 0}, perS * pace.stepS);
    for (const auto& distribution : analysis::DistributionOverTime(matrix, start, steps - 1))
    {
        double mean = 0;
        for (std::size_t state = 0; state < distribution.size(); ++state)
        {
            mean += static_cast<double>(state) * distribution[state];
        }
        copies.push_back(mean);
    }
    return copies;
}

Json
None(const std::string& why)
{
    return {{"none", fmt::format("Not drawn beside it, the expected spread of copies: {}.", why)}};
}

} // namespace

Json
ExpectedSpreadJson(const World& world, double endS)
{
    if (!world.copies || world.resourceBytes.empty())
    {
        return None(world.noCopies.empty() ? "nobody asks for anything" : world.noCopies);
    }
    CopiesCase of = *world.copies;
    if (of.windowMs <= 0)
    {
        of.arrivals = analysis::Arrivals::Simultaneous;
    }
    if (of.nodes > kMostNodes)
    {
        return None(fmt::format("of more than {} nodes it takes too long", kMostNodes));
    }
    World shown = world;
    shown.copies = of;
    const Pace pace = PaceOf(shown, endS);
    const double left = std::max(0.0, endS - pace.firstS) / pace.stepS;
    const auto steps = static_cast<std::size_t>(std::clamp(std::ceil(left), 1.0, kMostSteps));
    Json points = Json::array({Json::array({0, 0})});
    double at = pace.firstS;
    for (const double copies : CopiesByStep(of, pace, steps))
    {
        points.push_back(Json::array({Short(at), Short(copies)}));
        at += pace.stepS;
    }
    const bool atOnce = of.arrivals == analysis::Arrivals::Simultaneous;
    const std::string served =
        atOnce ? fmt::format("each holder gives {} in a step at most", pace.uploads)
               : "nodes come as a Poisson process and are served within the step";
    return {{"points", std::move(points)},
            {"step_s", Short(pace.stepS)},
            {"assumes",
             fmt::format("one node fetches the whole set once it has waited and paused, over an "
                         "idle line, the others copy it in steps of {:.2f} s, {}, and nothing is "
                         "lost: an approximation, for robust",
                         pace.stepS,
                         served)}};
}

} // namespace lanpeer::report
