#include "scenarios/timing/choice.h"

#include "analysis/closed-form/false-time-out.h"
#include "analysis/closed-form/response-delay.h"

#include <algorithm>
#include <cmath>

namespace lanpeer::timing
{

namespace
{

constexpr std::uint64_t kDelayMaxMs = 600'000; ///< ParameterTable()'s

analysis::TimeOutCase
TimeOutCaseOf(const Question& question,
              const PacketTimes& times,
              double delayMs,
              std::uint32_t holders)
{
    analysis::TimeOutCase what;
    what.holders = holders;
    what.delayMaxMs = delayMs;
    what.roundTripMs = times.RoundTripMs();
    what.spreadMs = question.spreadMs;
    what.lossPerLink = question.loss;
    return what;
}

bool
HasFewDuplicates(const Question& question, const PacketTimes& times, double delayMs)
{
    return std::all_of(question.holders.begin(),
                       question.holders.end(),
                       [&](std::uint32_t holders) {
                           return Expect(question, times, delayMs, 0.0, holders).duplicates <=
                                  question.duplicates;
                       });
}

/// Duplicates fall as D grows. \returns false if the greatest D is not enough
bool
FindDelay(const Question& question, const PacketTimes& times, double& delayMs)
{
    const auto enough = [&](std::uint64_t ms)
    {
        return HasFewDuplicates(question, times, static_cast<double>(ms));
    };
    std::uint64_t least = 0;
    std::uint64_t most = kDelayMaxMs;
    if (!enough(most))
    {
        return false;
    }
    while (least < most)
    {
        const std::uint64_t middle = (least + most) / 2;
        if (enough(middle))
        {
            most = middle;
        }
        else
        {
            least = middle + 1;
        }
    }
    delayMs = static_cast<double>(most);
    return true;
}

bool
IsThere(const std::vector<Row>& rows, double delayMs, double allowanceMs)
{
    return std::any_of(rows.begin(),
                       rows.end(),
                       [delayMs, allowanceMs](const Row& row)
                       { return row.delayMs == delayMs && row.allowanceMs == allowanceMs; });
}

} // namespace

std::vector<std::uint32_t>
UsualHolders(std::uint32_t nodes)
{
    std::vector<std::uint32_t> holders;
    for (const std::uint32_t usual : {1U, 3U, 10U})
    {
        if (usual < nodes - 1)
        {
            holders.push_back(usual);
        }
    }
    holders.push_back(nodes - 1);
    return holders;
}

std::string_view
ToString(Origin origin)
{
    switch (origin)
    {
    case Origin::Chosen:
        return "chosen";
    case Origin::Patent:
        return "patent";
    case Origin::Given:
        return "given";
    }
    return "";
}

Expectation
Expect(const Question& question,
       const PacketTimes& times,
       double delayMs,
       double allowanceMs,
       std::uint32_t holders)
{
    const analysis::LossyAnswers answers =
        analysis::ExpectedAnswers({holders, delayMs, times.CancelWindowMs(), question.loss});
    analysis::TimeOutCase wait = TimeOutCaseOf(question, times, delayMs, holders);
    wait.allowanceMs = allowanceMs;
    return {answers.delayMs + times.RoundTripMs(),
            answers.duplicates,
            analysis::FalseTimeOutProbability(wait)};
}

Choice
Choose(const Question& question, const PacketTimes& times)
{
    Choice choice;
    choice.fewDuplicates = FindDelay(question, times, choice.delayMs);
    if (!choice.fewDuplicates)
    {
        Question lossless = question;
        lossless.loss = 0;
        if (!FindDelay(lossless, times, choice.delayMs))
        {
            choice.delayMs = static_cast<double>(kDelayMaxMs);
        }
    }
    double leastMs = 0.0;
    for (const std::uint32_t holders : question.holders)
    {
        const double ms = analysis::LeastAllowanceMs(
            TimeOutCaseOf(question, times, choice.delayMs, holders), question.falseTimeOut);
        choice.fewFalseTimeOuts = choice.fewFalseTimeOuts && ms >= 0.0;
        leastMs = std::max(leastMs, ms);
    }
    choice.allowanceMs = std::ceil(
        std::max(1.0, choice.fewFalseTimeOuts ? leastMs : times.RoundTripMs() + question.spreadMs));
    return choice;
}

std::vector<Row>
RowsOf(const Question& question, const PacketTimes& times, const Choice& choice)
{
    std::vector<Row> rows;
    const auto add = [&](Origin origin, double delayMs, double allowanceMs)
    {
        if (IsThere(rows, delayMs, allowanceMs))
        {
            return;
        }
        for (const std::uint32_t holders : question.holders)
        {
            rows.push_back({origin,
                            delayMs,
                            allowanceMs,
                            holders,
                            Expect(question, times, delayMs, allowanceMs, holders),
                            question.spreadMs});
        }
    };
    add(Origin::Chosen, choice.delayMs, choice.allowanceMs);
    add(Origin::Patent, kPatentDelayMs, kPatentAllowanceMs);
    for (const double delayMs : question.delaysMs)
    {
        add(Origin::Given, delayMs, question.allowanceMs.value_or(choice.allowanceMs));
    }
    return rows;
}

} // namespace lanpeer::timing
