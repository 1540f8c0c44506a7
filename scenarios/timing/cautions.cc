#include "scenarios/timing/answer.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::timing
{

namespace
{

constexpr std::uint32_t kLargeSegment = 500;

bool
IsAnyAllowanceShort(const Answer& answer)
{
    const double roundTripMs = answer.times.RoundTripMs();
    return std::any_of(answer.rows.begin(),
                       answer.rows.end(),
                       [roundTripMs](const Measured& measured)
                       { return measured.row.allowanceMs < roundTripMs; });
}

bool
IsAnyDifferent(const Answer& answer)
{
    return std::any_of(answer.rows.begin(),
                       answer.rows.end(),
                       [](const Measured& measured)
                       {
                           return measured.delayAgrees == Agreement::Differs ||
                                  measured.duplicatesAgree == Agreement::Differs ||
                                  measured.falseTimeOutAgrees == Agreement::Differs;
                       });
}

} // namespace

std::string
SimulationText()
{
    return "Switched off in the simulation: `pause` (an asker that heard nobody would still take a "
           "late answer, and the time-out not be told) and packet budgets (each ask stands for a "
           "single one); one node asks, and all answer at once.";
}

std::string
ChoiceCaution(const Answer& answer)
{
    return fmt::format(
        "This holds for {:g} ms one way{} and computers that answer at once: what yours need to "
        "wake up and answer is latency, so give it by --latency before you set this. The patent's "
        "200 ms are meant for it.",
        answer.question.latencyMs,
        answer.question.spreadMs > 0
            ? fmt::format(", round trips that spread over {:g} ms", answer.question.spreadMs)
            : "");
}

std::vector<std::string>
CautionsOf(const Answer& answer)
{
    const Question& question = answer.question;
    std::vector<std::string> cautions{
        "Not for a wireless LAN: an access point keeps broadcasts for its next beacon (100 ms and "
        "more), sends them once and at the lowest rate, and all share one medium, so that neither "
        "the latency nor the loss is one number.",
        fmt::format("Not for a segment of {} nodes or more{}: every \"I need\" wakes all of them, "
                    "and where hundreds ask at once, answers wait for each other on the asker's "
                    "cable and in its packet budget. Here one node asks at a time.",
                    kLargeSegment,
                    question.nodes >= kLargeSegment ? " (yours is one)" : "")};
    if (question.spreadMs > 0)
    {
        cautions.emplace_back("The spread of the round trip is in the formula of false time-outs "
                              "and in the choice of T only: no simulation has it, and the other "
                              "formulas have not either.");
    }
    if (question.loss > 0)
    {
        cautions.emplace_back(
            "Losses are taken as independent, one by one. A cable that fails for a second loses "
            "the question and all answers together, and no D or T helps.");
    }
    if (IsAnyAllowanceShort(answer))
    {
        cautions.push_back(fmt::format(
            "Some T are shorter than the round trip of {:.3g} ms: an answer after the time-out "
            "cancels nobody, so that there are more duplicates than the formula has.",
            answer.times.RoundTripMs()));
    }
    if (IsAnyDifferent(answer))
    {
        cautions.emplace_back("A \"no\" that goes away with another --seed or more --runs was "
                              "chance; where it stays, believe the simulation.");
    }
    return cautions;
}

} // namespace lanpeer::timing
