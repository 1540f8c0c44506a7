#include "analysis/closed-form/false-time-out.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

void
Check(const TimeOutCase& what)
{
    const bool times = what.delayMaxMs >= 0.0 && what.allowanceMs >= 0.0 &&
                       what.roundTripMs >= 0.0 && what.spreadMs >= 0.0;
    if (!times)
    {
        throw std::invalid_argument("closed form: a time must not be negative");
    }
    if (!(what.lossPerLink >= 0.0 && what.lossPerLink <= 1.0))
    {
        throw std::invalid_argument("closed form: loss must be 0 to 1");
    }
}

/// Integral from -infinity to `left` of min(1, max(0, y/D)) dy: of what is left of D + T once the
/// packets' way is taken off.
double
InTimeUpTo(double leftMs, double delayMaxMs)
{
    if (leftMs <= 0.0)
    {
        return 0.0;
    }
    return leftMs < delayMaxMs ? leftMs * leftMs / (2.0 * delayMaxMs) : leftMs - delayMaxMs / 2.0;
}

/// h of the declaration.
double
InTime(const TimeOutCase& what)
{
    const double mostLeftMs = what.delayMaxMs + what.allowanceMs - what.roundTripMs;
    if (what.spreadMs > 0.0)
    {
        return (InTimeUpTo(mostLeftMs, what.delayMaxMs) -
                InTimeUpTo(mostLeftMs - what.spreadMs, what.delayMaxMs)) /
               what.spreadMs;
    }
    if (what.allowanceMs >= what.roundTripMs)
    {
        return 1.0;
    }
    return what.delayMaxMs > 0.0 ? std::max(0.0, mostLeftMs / what.delayMaxMs) : 0.0;
}

} // namespace

double
FalseTimeOutProbability(const TimeOutCase& what)
{
    Check(what);
    const double passes = 1.0 - what.lossPerLink;
    const double answered = std::min(1.0, passes * passes * passes * InTime(what));
    return what.lossPerLink + passes * std::pow(1.0 - answered, static_cast<double>(what.holders));
}

double
LeastAllowanceMs(const TimeOutCase& what, double atMost)
{
    Check(what);
    if (!(atMost > 0.0 && atMost < 1.0))
    {
        throw std::invalid_argument(
            "closed form: a bound on a probability must be between 0 and 1");
    }
    const auto enough = [&what, atMost](double allowanceMs)
    {
        TimeOutCase tried = what;
        tried.allowanceMs = allowanceMs;
        return FalseTimeOutProbability(tried) <= atMost;
    };
    double tooLittle = 0.0;
    double most = what.roundTripMs + what.spreadMs;
    if (!enough(most))
    {
        return -1.0;
    }
    if (enough(tooLittle))
    {
        return 0.0;
    }
    constexpr double kExactlyMs = 1e-3;
    while (most - tooLittle > kExactlyMs)
    {
        const double middle = (tooLittle + most) / 2.0;
        (enough(middle) ? most : tooLittle) = middle;
    }
    return most;
}

} // namespace lanpeer::analysis
