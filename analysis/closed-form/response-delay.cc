#include "analysis/closed-form/response-delay.h"

#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

double
ExpectedIHaves(std::uint32_t holders, double cancelWindowMs, double delayMaxMs)
{
    if (!(cancelWindowMs >= 0.0) || !(delayMaxMs >= 0.0))
    {
        throw std::invalid_argument("closed form: a time must not be negative");
    }
    const double k = static_cast<double>(holders);
    // Also where D = 0: all delays are equal, and nobody is cancelled before it sends.
    const double share = cancelWindowMs < delayMaxMs ? cancelWindowMs / delayMaxMs : 1.0;
    return k * share + 1.0 - std::pow(share, k);
}

double
ExpectedResponseDelayMs(std::uint32_t holders, double delayMaxMs)
{
    if (holders == 0 || !(delayMaxMs >= 0.0))
    {
        throw std::invalid_argument("closed form: needs a holder and a time not negative");
    }
    return delayMaxMs / (static_cast<double>(holders) + 1.0);
}

} // namespace lanpeer::analysis
