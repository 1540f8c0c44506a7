#include "scenarios/arrival.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

/// Beta(3, 4): the third smallest of six uniform draws.
double
DrawMorning(const UniformSource& uniform)
{
    std::array<double, 6> draws{};
    std::generate(draws.begin(), draws.end(), std::cref(uniform));
    std::nth_element(draws.begin(), draws.begin() + 2, draws.end());
    return draws[2];
}

/// Exponential of mean 1 by von Neumann's comparisons ("Various techniques used in connection with
/// random digits", 1951). A run of falling draws that begins with x has an odd length with
/// probability exp(-x), so x is kept exactly as often as it should be; a run of even length means
/// "one or more", and the rest is drawn again.
double
DrawExponential(const UniformSource& uniform)
{
    for (double whole = 0;; ++whole)
    {
        const double first = uniform();
        bool odd = true;
        double last = first;
        for (double next = uniform(); next < last; next = uniform())
        {
            last = next;
            odd = !odd;
        }
        if (odd)
        {
            return whole + first;
        }
    }
}

/// The instants in the order of time, in parts of the window.
std::vector<double>
DrawPoisson(std::uint32_t requesters, const UniformSource& uniform)
{
    std::vector<double> instants;
    double sum = 0;
    for (std::uint32_t i = 0; i < requesters; ++i)
    {
        sum += DrawExponential(uniform);
        instants.push_back(sum / requesters);
    }
    return instants;
}

/// Fisher and Yates. Not std::shuffle, whose draws the standard leaves open.
void
Shuffle(std::vector<double>& instants, const UniformSource& uniform)
{
    for (std::size_t left = instants.size(); left > 1; --left)
    {
        const auto drawn = static_cast<std::size_t>(uniform() * static_cast<double>(left));
        std::swap(instants[std::min(drawn, left - 1)], instants[left - 1]);
    }
}

std::vector<double>
DrawInstants(Arrival arrival, std::uint32_t requesters, const UniformSource& uniform)
{
    std::vector<double> instants(requesters, 0.0);
    switch (arrival)
    {
    case Arrival::Simultaneous:
        break;
    case Arrival::Uniform:
        std::generate(instants.begin(), instants.end(), std::cref(uniform));
        break;
    case Arrival::Morning:
        std::generate(
            instants.begin(), instants.end(), [&uniform]() { return DrawMorning(uniform); });
        break;
    case Arrival::Poisson:
        instants = DrawPoisson(requesters, uniform);
        Shuffle(instants, uniform);
        break;
    case Arrival::Trace: // says itself who asks when (ask-plan.h)
        break;
    }
    return instants;
}

} // namespace

std::vector<std::int64_t>
AskTimesUs(Arrival arrival, double windowS, std::uint32_t requesters, const UniformSource& uniform)
{
    const double windowUs = windowS * 1e6;
    std::vector<std::int64_t> times;
    times.reserve(requesters);
    for (const double instant : DrawInstants(arrival, requesters, uniform))
    {
        times.push_back(kFirstAskUs + std::llround(instant * windowUs));
    }
    return times;
}

} // namespace lanpeer::scenario
