#pragma once

#include "analysis/statistics.h"
#include "scenarios/timing/choice.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::timing
{

/// What one simulation of a row measured, over its asks.
struct Sample
{
    std::uint64_t asks = 0;       ///< "I need" sent
    std::uint64_t found = 0;      ///< "I found" sent: answered before the time-out
    std::uint64_t answered = 0;   ///< at least one "I have" heard, in time or not
    std::uint64_t duplicates = 0; ///< "I have" heard after the first
    double delaySumMs = 0;        ///< over those answered
};

/// As bytes between two processes of one program.
std::string ToBytes(const Sample& sample);
Sample SampleFromBytes(const std::string& bytes);

/// How a formula stands to a simulation of it.
enum class Agreement : std::uint8_t
{
    Inside, ///< the simulation's 95 % interval holds it
    Near,   ///< not, but it is no further from the mean than kNear
    Differs,
    NotMeasured, ///< no interval, or nothing to measure
};

std::string_view ToString(Agreement agreement);

/// The stated tolerance: 2 % of the formula, and at least this. A difference that small is no
/// ground for another D or T, whatever an interval says. The simulation has such a bias: its asks
/// follow each other at once, and an "I need" may wait 5 to 10 us for the last frames of the fetch
/// before it.
constexpr double kNearShare = 0.02;
constexpr double kNearDelayMs = 0.01;
constexpr double kNearDuplicates = 0.01;
constexpr double kNearFalseTimeOut = 0.0005;

/// A row, and its simulations taken together.
struct Measured
{
    Row row;
    analysis::Summary responseDelayMs;    ///< over the runs' means
    analysis::Summary duplicates;         ///< likewise, per ask; if there was none in all runs,
                                          ///< with the upper end of Clopper and Pearson's interval
    double falseTimeOut = 0;              ///< share of all asks; says nothing about the formula
                                          ///< where row.spreadMs is not 0
    analysis::Interval falseTimeOutRange; ///< Clopper-Pearson, 95 %
    Agreement delayAgrees = Agreement::NotMeasured;
    Agreement duplicatesAgree = Agreement::NotMeasured;
    Agreement falseTimeOutAgrees = Agreement::NotMeasured;
};

/// \param samples of the row, in the order of the runs; at least one with an ask
Measured Summarize(const Row& row, const std::vector<Sample>& samples);

} // namespace lanpeer::timing
