#pragma once

#include "scenarios/timing/packet-times.h"
#include "scenarios/timing/question.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace lanpeer::timing
{

/// Where a pair of D and T comes from.
enum class Origin : std::uint8_t
{
    Chosen, ///< the least that keeps to the question's bounds
    Patent, ///< 2000 and 200 ms
    Given,  ///< asked about
};

std::string_view ToString(Origin origin);

/// What closed form says of one ask (analysis/closed-form).
struct Expectation
{
    double responseDelayMs =
        0;                   ///< "I need" sent to first "I have" heard; the packets' way included
    double duplicates = 0;   ///< "I have" heard after the first, per ask
    double falseTimeOut = 0; ///< probability
};

/// One line of the table.
struct Row
{
    Origin origin = Origin::Given;
    double delayMs = 0;     ///< D
    double allowanceMs = 0; ///< T
    std::uint32_t holders = 1;
    Expectation expected{};
    double spreadMs = 0; ///< that `expected` reckons with and no simulation has, ms
};

/// D and T in whole ms, as the keys protocol.response_delay_ms and
/// protocol.transmission_allowance_ms take them.
struct Choice
{
    double delayMs = 0;
    double allowanceMs = 0;
    bool fewDuplicates = true;    ///< false: no D keeps to the bound, losses alone are more; then
                                  ///< D is what would do without loss
    bool fewFalseTimeOuts = true; ///< false: no T does; then T is the longest round trip
};

/// The least D with at most question.duplicates for each of question.holders, then the least T >= 1
/// with at most question.falseTimeOut for each: the less, the sooner who finds nobody goes to the
/// Internet, D + T after it asked. D is at most 600,000, the most that can be set.
Choice Choose(const Question& question, const PacketTimes& times);

Expectation Expect(const Question& question,
                   const PacketTimes& times,
                   double delayMs,
                   double allowanceMs,
                   std::uint32_t holders);

/// The choice's rows, the patent's, and those of question.delaysMs in their order; of each a row
/// per entry of question.holders. What would stand twice stands once.
std::vector<Row> RowsOf(const Question& question, const PacketTimes& times, const Choice& choice);

} // namespace lanpeer::timing
