#include "scenarios/timing/answer.h"

#include <nlohmann/json.hpp>

namespace lanpeer::timing
{

namespace
{

using Json = nlohmann::ordered_json;

Json
MeanJson(double formula, const analysis::Summary& summary, Agreement agreement)
{
    return {{"formula", formula},
            {"mean", summary.n > 0 ? Json(summary.mean) : Json(nullptr)},
            {"half_width", summary.halfWidth ? Json(*summary.halfWidth) : Json(nullptr)},
            {"agree", ToString(agreement)}};
}

Json
RowJson(const Measured& measured)
{
    const Row& row = measured.row;
    const bool isSimulated = row.spreadMs == 0;
    return {
        {"origin", ToString(row.origin)},
        {"response_delay_ms", row.delayMs},
        {"transmission_allowance_ms", row.allowanceMs},
        {"holders", row.holders},
        {"answer_ms",
         MeanJson(row.expected.responseDelayMs, measured.responseDelayMs, measured.delayAgrees)},
        {"duplicates",
         MeanJson(row.expected.duplicates, measured.duplicates, measured.duplicatesAgree)},
        {"false_timeout",
         {{"formula", row.expected.falseTimeOut},
          {"share", isSimulated ? Json(measured.falseTimeOut) : Json(nullptr)},
          {"low", isSimulated ? Json(measured.falseTimeOutRange.low) : Json(nullptr)},
          {"high", isSimulated ? Json(measured.falseTimeOutRange.high) : Json(nullptr)},
          {"agree", ToString(measured.falseTimeOutAgrees)}}}};
}

} // namespace

std::string
JsonOf(const Answer& answer)
{
    const Question& question = answer.question;
    Json json{
        {"nodes", question.nodes},
        {"latency_ms", question.latencyMs},
        {"spread_ms", question.spreadMs},
        {"loss", question.loss},
        {"seed", question.seed},
        {"runs", question.runs},
        {"asks_per_run", kAsksPerRun},
        {"round_trip_ms", answer.times.RoundTripMs()},
        {"cancel_window_ms", answer.times.CancelWindowMs()},
        {"wanted", {{"duplicates", question.duplicates}, {"false_timeout", question.falseTimeOut}}},
        {"chosen",
         {{"response_delay_ms", answer.choice.delayMs},
          {"transmission_allowance_ms", answer.choice.allowanceMs},
          {"few_duplicates", answer.choice.fewDuplicates},
          {"few_false_timeouts", answer.choice.fewFalseTimeOuts},
          {"caution", ChoiceCaution(answer)}}},
        {"simulation", SimulationText()}};
    Json rows = Json::array();
    for (const Measured& measured : answer.rows)
    {
        rows.push_back(RowJson(measured));
    }
    json["rows"] = rows;
    json["cautions"] = CautionsOf(answer);
    return json.dump(2) + "\n";
}

} // namespace lanpeer::timing
