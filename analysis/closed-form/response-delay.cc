#include "analysis/closed-form/response-delay.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lanpeer::analysis
{

namespace
{

void
CheckHolders(std::uint32_t holders, double delayMaxMs)
{
    if (holders == 0 || !(delayMaxMs >= 0.0))
    {
        throw std::invalid_argument("closed form: needs a holder and a time not negative");
    }
}

/// w/D; 1 also where D = 0: all delays are equal, and nobody is cancelled before it sends.
double
ShareOf(double cancelWindowMs, double delayMaxMs)
{
    if (!(cancelWindowMs >= 0.0) || !(delayMaxMs >= 0.0))
    {
        throw std::invalid_argument("closed form: a time must not be negative");
    }
    return cancelWindowMs < delayMaxMs ? cancelWindowMs / delayMaxMs : 1.0;
}

} // namespace

double
ExpectedIHaves(std::uint32_t holders, double cancelWindowMs, double delayMaxMs)
{
    const double k = static_cast<double>(holders);
    const double share = ShareOf(cancelWindowMs, delayMaxMs);
    return k * share + 1.0 - std::pow(share, k);
}

double
ExpectedResponseDelayMs(std::uint32_t holders, double delayMaxMs)
{
    CheckHolders(holders, delayMaxMs);
    return delayMaxMs / (static_cast<double>(holders) + 1.0);
}

double
ResponseDelayDeviationMs(std::uint32_t holders, double delayMaxMs)
{
    CheckHolders(holders, delayMaxMs);
    const double k = static_cast<double>(holders);
    return delayMaxMs * std::sqrt(k / (k + 2.0)) / (k + 1.0);
}

double
ResponseDelayExceeds(std::uint32_t holders, double delayMaxMs, double ms)
{
    CheckHolders(holders, delayMaxMs);
    if (ms < 0.0)
    {
        return 1.0;
    }
    return ms < delayMaxMs ? std::pow(1.0 - ms / delayMaxMs, static_cast<double>(holders)) : 0.0;
}

double
ResponseDelayQuantileMs(std::uint32_t holders, double delayMaxMs, double share)
{
    CheckHolders(holders, delayMaxMs);
    if (!(share >= 0.0 && share <= 1.0))
    {
        throw std::invalid_argument("closed form: a share must be 0 to 1");
    }
    return delayMaxMs * (1.0 - std::pow(1.0 - share, 1.0 / static_cast<double>(holders)));
}

LossyAnswers
ExpectedAnswers(const LossyAsk& ask)
{
    CheckHolders(ask.holders, ask.delayMaxMs);
    if (!(ask.lossPerLink >= 0.0 && ask.lossPerLink < 1.0))
    {
        throw std::invalid_argument("closed form: loss must be at least 0 and less than 1");
    }
    const double k = static_cast<double>(ask.holders);
    const double share = ShareOf(ask.cancelWindowMs, ask.delayMaxMs);
    const double passes = 1.0 - ask.lossPerLink;
    const double twoCables = passes * passes;
    const double heard = twoCables * passes;
    const double missesFound = 1.0 - twoCables;
    const double unheard = std::pow(1.0 - heard, k);

    LossyAnswers answers;
    const double uncancelled = k * share + (1.0 - std::pow(1.0 - heard * (1.0 - share), k)) / heard;
    answers.sent = twoCables * (missesFound * k + (1.0 - missesFound) * uncancelled);
    answers.received = answers.sent * twoCables;
    answers.silence = ask.lossPerLink + passes * unheard;
    answers.duplicates = std::max(0.0, answers.received - (1.0 - answers.silence));
    answers.delayMs = ask.delayMaxMs *
                      ((1.0 - std::pow(1.0 - heard, k + 1.0)) / (heard * (k + 1.0)) - unheard) /
                      (1.0 - unheard);
    return answers;
}

} // namespace lanpeer::analysis
