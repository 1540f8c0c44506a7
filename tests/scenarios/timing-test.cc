#include "analysis/closed-form/false-time-out.h"
#include "analysis/closed-form/response-delay.h"
#include "scenarios/timing/answer.h"
#include "scenarios/timing/choice.h"
#include "scenarios/timing/measurement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// Which D and T are chosen, and what is told about them; nothing is simulated here.

namespace lanpeer::timing
{
namespace
{

using testing::HasSubstr;
using testing::Not;

constexpr PacketTimes kTimes{0.09, 0.1, 0.08};

/// On one line.
std::string
FlatText(const Answer& answer)
{
    std::istringstream words(TextOf(answer));
    std::string flat;
    for (std::string word; words >> word;)
    {
        flat += word + " ";
    }
    return flat;
}

Question
Asking(std::vector<std::uint32_t> holders)
{
    Question question;
    question.holders = std::move(holders);
    return question;
}

TEST(TimingChoice, DelayIsTheLeastThatKeepsToTheBound)
{
    RecordProperty("requirement", "R-SIM-8 R-SRV-2");
    for (const double bound : {0.05, 0.5, 1.0, 5.0})
    {
        Question question = Asking({1, 10, 49});
        question.duplicates = bound;
        const Choice choice = Choose(question, kTimes);
        EXPECT_TRUE(choice.fewDuplicates);
        EXPECT_LE(analysis::ExpectedIHaves(49, 0.18, choice.delayMs) - 1.0, bound);
        EXPECT_GT(analysis::ExpectedIHaves(49, 0.18, choice.delayMs - 1.0) - 1.0, bound);
    }
    EXPECT_EQ(Choose(Asking({1}), kTimes).delayMs, 0.0) << "one holder needs no randomisation";
}

TEST(TimingChoice, AllowanceIsTheLeastThatKeepsToTheBound)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-1");
    // 150 ms there and back of a D of 1000 ms or so: T may be shorter than the round trip.
    const PacketTimes far{75, 75, 75};
    for (const double bound : {0.001, 0.01, 0.05})
    {
        Question question = Asking({1, 10});
        question.falseTimeOut = bound;
        const Choice choice = Choose(question, far);
        EXPECT_TRUE(choice.fewFalseTimeOuts);
        analysis::TimeOutCase wait{1, choice.delayMs, choice.allowanceMs, 150, 0, 0};
        EXPECT_LE(analysis::FalseTimeOutProbability(wait), bound);
        wait.allowanceMs -= 1.0;
        EXPECT_GT(analysis::FalseTimeOutProbability(wait), bound);
    }
    EXPECT_EQ(Choose(Asking({3}), kTimes).allowanceMs, 1.0) << "whole ms, and some";
}

TEST(TimingChoice, SaysWhenLossesAloneAreMore)
{
    RecordProperty("requirement", "R-SIM-8 R-SIM-5");
    Question question = Asking({1, 49});
    question.loss = 0.2;
    const Choice choice = Choose(question, kTimes);
    EXPECT_FALSE(choice.fewDuplicates);
    EXPECT_FALSE(choice.fewFalseTimeOuts);
    EXPECT_EQ(choice.delayMs, Choose(Asking({1, 49}), kTimes).delayMs);
    EXPECT_EQ(choice.allowanceMs, 1.0);
    const std::string text = FlatText({question, kTimes, choice, {}});
    EXPECT_THAT(text, HasSubstr("No D brings duplicates down to 1"));
    EXPECT_THAT(text, HasSubstr("No T brings false time-outs down to 1 %"));
}

TEST(TimingChoice, RowsAreTheChoiceThePatentAndWhatWasAsked)
{
    RecordProperty("requirement", "R-SIM-8");
    Question question = Asking({1, 49});
    question.delaysMs = {100, 2000, 100};
    question.allowanceMs = 200;
    const Choice choice = Choose(question, kTimes);
    const auto rows = RowsOf(question, kTimes, choice);
    ASSERT_EQ(rows.size(), 6U) << "the patent's pair and what was named twice stand once";
    EXPECT_EQ(rows[0].origin, Origin::Chosen);
    EXPECT_EQ(rows[0].delayMs, choice.delayMs);
    EXPECT_EQ(rows[3].origin, Origin::Patent);
    EXPECT_EQ(rows[3].holders, 49U);
    EXPECT_EQ(rows[3].delayMs, 2000.0);
    EXPECT_EQ(rows[3].allowanceMs, 200.0);
    EXPECT_DOUBLE_EQ(rows[3].expected.responseDelayMs, 40.0 + 0.19);
    EXPECT_NEAR(rows[3].expected.duplicates, 49 * 0.18 / 2000, 1e-9);
    EXPECT_EQ(rows[4].origin, Origin::Given);
    EXPECT_EQ(rows[4].delayMs, 100.0);
    EXPECT_EQ(rows[4].allowanceMs, 200.0);
}

TEST(TimingPackets, TakeTheirTimeOnTwoCables)
{
    RecordProperty("requirement", "R-SIM-2");
    const PacketTimes slow = TimesOn(3.0, 10);
    const PacketTimes fast = TimesOn(3.0, 1000);
    for (const auto time : {&PacketTimes::needMs, &PacketTimes::haveMs, &PacketTimes::foundMs})
    {
        EXPECT_NEAR((slow.*time - 3.0) / (fast.*time - 3.0), 100.0, 1e-6);
        EXPECT_GT(slow.*time, 3.0 + 2 * 150 * 8 / 1e4) << "some 200 bytes, twice";
        EXPECT_LT(slow.*time, 3.0 + 2 * 450 * 8 / 1e4);
    }
}

Row
SomeRow()
{
    return {Origin::Patent, 2000, 200, 3, {500.0, 0.5, 0.02}};
}

TEST(TimingMeasurement, TakesRunsTogether)
{
    RecordProperty("requirement", "R-SIM-8 R-SIM-9");
    const Measured measured = Summarize(
        SomeRow(),
        {{50, 49, 49, 20, 49 * 490.0}, {50, 49, 50, 30, 50 * 500.0}, {50, 50, 50, 25, 50 * 513.0}});
    EXPECT_EQ(measured.responseDelayMs.n, 3U);
    EXPECT_DOUBLE_EQ(measured.responseDelayMs.mean, 501.0);
    EXPECT_DOUBLE_EQ(measured.duplicates.mean, 0.5);
    EXPECT_DOUBLE_EQ(measured.falseTimeOut, 2.0 / 150);
    EXPECT_LT(measured.falseTimeOutRange.low, 2.0 / 150);
    EXPECT_EQ(measured.delayAgrees, Agreement::Inside);
    EXPECT_EQ(measured.duplicatesAgree, Agreement::Inside);
    EXPECT_EQ(measured.falseTimeOutAgrees, Agreement::Inside);
    EXPECT_THROW(Summarize(SomeRow(), {{}}), std::invalid_argument);
}

TEST(TimingMeasurement, SaysWhenAFormulaIsOff)
{
    RecordProperty("requirement", "R-SIM-8");
    // Runs that agree with each other: the interval is narrow.
    const auto at = [](double delayMs, std::uint64_t duplicates, std::uint64_t found)
    {
        const double sum = 50 * delayMs;
        return Summarize(SomeRow(),
                         {{50, found, 50, duplicates, sum},
                          {50, found, 50, duplicates, sum + 0.1},
                          {50, found, 50, duplicates, sum - 0.1}});
    };
    EXPECT_EQ(at(509, 25, 49).delayAgrees, Agreement::Near);
    EXPECT_EQ(at(511, 25, 49).delayAgrees, Agreement::Differs);
    EXPECT_EQ(at(500, 28, 49).duplicatesAgree, Agreement::Differs);
    EXPECT_EQ(at(500, 25, 40).falseTimeOutAgrees, Agreement::Differs);
    EXPECT_EQ(at(500, 25, 49).falseTimeOutAgrees, Agreement::Inside);
    Answer answer{Asking({3}), kTimes, {}, {at(511, 25, 49)}};
    EXPECT_THAT(FlatText(answer), HasSubstr("no: delay"));
    EXPECT_THAT(FlatText(answer), HasSubstr("1 of 3 formulas lie outside"));
    EXPECT_THAT(FlatText(answer), HasSubstr("believe the simulation"));
}

TEST(TimingMeasurement, AnIntervalReachesNoFurtherThanTheRunsTell)
{
    RecordProperty("requirement", "R-SIM-9");
    const auto with = [](double meanMs)
    {
        return Summarize(SomeRow(),
                         {{50, 49, 50, 25, 50 * (meanMs - 20)},
                          {50, 49, 50, 25, 50 * meanMs},
                          {50, 49, 50, 25, 50 * (meanMs + 20)}})
            .delayAgrees;
    };
    // 20 ms * 4.303 / sqrt(3)
    EXPECT_EQ(with(500.0 + 49.6), Agreement::Inside);
    EXPECT_EQ(with(500.0 + 49.8), Agreement::Differs);
    EXPECT_EQ(with(500.0 - 49.8), Agreement::Differs);
}

TEST(TimingMeasurement, NoDuplicateAtAllIsNoCertainty)
{
    RecordProperty("requirement", "R-SIM-8");
    Row row = SomeRow();
    row.expected.duplicates = 0.004;
    const Measured measured = Summarize(row, {{50, 50, 50, 0, 25'000}, {50, 50, 50, 0, 25'000}});
    EXPECT_NEAR(*measured.duplicates.halfWidth, 0.036, 0.001); // of 100 asks
    EXPECT_EQ(measured.duplicatesAgree, Agreement::Inside);
}

TEST(TimingMeasurement, OneRunIsNoInterval)
{
    RecordProperty("requirement", "R-SIM-8");
    const Measured measured = Summarize(SomeRow(), {{50, 50, 50, 25, 25'000}});
    EXPECT_EQ(measured.delayAgrees, Agreement::NotMeasured);
    Row row = SomeRow();
    row.expected.duplicates = 0;
    row.expected.falseTimeOut = 1;
    const Measured silent = Summarize(row, {{50, 0, 0, 0, 0}, {50, 0, 0, 0, 0}});
    EXPECT_EQ(silent.responseDelayMs.n, 0U);
    EXPECT_EQ(silent.delayAgrees, Agreement::NotMeasured);
    EXPECT_THAT(FlatText({Asking({3}), kTimes, {}, {silent}}), HasSubstr("-: delay"));
}

TEST(TimingMeasurement, SamplesGoThroughAPipe)
{
    const Sample sample{50, 49, 48, 7, 123.5};
    const Sample back = SampleFromBytes(ToBytes(sample));
    EXPECT_EQ(back.found, 49U);
    EXPECT_EQ(back.delaySumMs, 123.5);
    EXPECT_THROW(SampleFromBytes("half"), std::runtime_error);
}

Answer
SomeAnswer(Question question)
{
    Answer answer{question, kTimes, Choose(question, kTimes), {}};
    for (const Row& row : RowsOf(question, kTimes, answer.choice))
    {
        const double sumMs = 50 * row.expected.responseDelayMs;
        answer.rows.push_back(Summarize(row, {{50, 50, 50, 3, sumMs}, {50, 50, 50, 4, sumMs}}));
    }
    return answer;
}

TEST(TimingAnswer, TellsWhereNotToUseIt)
{
    RecordProperty("requirement", "R-SIM-8");
    const std::string usual = FlatText(SomeAnswer(Asking({1, 49})));
    EXPECT_THAT(usual, HasSubstr("Not for a wireless LAN"));
    EXPECT_THAT(usual, HasSubstr("Not for a segment of 500 nodes or more:"));
    EXPECT_THAT(usual, Not(HasSubstr("independent")));
    Question large = Asking({1, 499});
    large.nodes = 500;
    large.loss = 0.001;
    large.delaysMs = {100};
    large.allowanceMs = 0;
    const std::string text = FlatText(SomeAnswer(large));
    EXPECT_THAT(text, HasSubstr("(yours is one)"));
    EXPECT_THAT(text, HasSubstr("independent"));
    EXPECT_THAT(text, HasSubstr("shorter than the round trip of 0.19 ms"));
}

TEST(TimingAnswer, ChoiceAndSimulationAreReadWithWhatTheyLeaveOut)
{
    RecordProperty("requirement", "R-SIM-8");
    const Answer answer = SomeAnswer(Asking({1, 49}));
    const std::string text = FlatText(answer);
    const std::size_t set = text.find("Set D = ");
    const std::size_t caution = text.find("computers that answer at once", set);
    ASSERT_NE(caution, std::string::npos);
    EXPECT_LT(caution, text.find("The patent's D", set));
    EXPECT_THAT(text.substr(caution), HasSubstr("give it by --latency"));
    EXPECT_THAT(text, HasSubstr("Switched off in the simulation: `pause` ("));
    EXPECT_THAT(text, HasSubstr("packet budgets"));
    const auto json = nlohmann::json::parse(JsonOf(answer));
    EXPECT_EQ(json["chosen"]["caution"], ChoiceCaution(answer));
    EXPECT_EQ(json["simulation"], SimulationText());
}

TEST(TimingAnswer, SpreadIsOfTheFormulaAlone)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-1");
    Question question = Asking({1, 49});
    question.spreadMs = 20;
    const Answer answer = SomeAnswer(question);
    const double leastMs = answer.choice.allowanceMs;
    analysis::TimeOutCase wait{1, answer.choice.delayMs, leastMs, kTimes.RoundTripMs(), 20, 0};
    EXPECT_GT(leastMs, 1.0) << "what does without spread";
    EXPECT_LE(analysis::FalseTimeOutProbability(wait), question.falseTimeOut);
    wait.allowanceMs -= 1.0;
    EXPECT_GT(analysis::FalseTimeOutProbability(wait), question.falseTimeOut);
    EXPECT_EQ(answer.choice.delayMs, Choose(Asking({1, 49}), kTimes).delayMs);
    EXPECT_EQ(answer.rows.front().falseTimeOutAgrees, Agreement::NotMeasured);
    EXPECT_EQ(answer.rows.front().delayAgrees, Agreement::Inside);

    const std::string text = FlatText(answer);
    EXPECT_THAT(text, HasSubstr(" - -: time-outs "));
    EXPECT_THAT(text, Not(HasSubstr("0.00 [0.00")));
    EXPECT_THAT(text, HasSubstr("no simulation has it"));
    const auto json = nlohmann::json::parse(JsonOf(answer));
    EXPECT_EQ(json["spread_ms"], 20);
    EXPECT_TRUE(json["rows"][0]["false_timeout"]["share"].is_null());
    EXPECT_EQ(json["rows"][0]["false_timeout"]["agree"], "-");
}

TEST(TimingAnswer, LinesFitATerminal)
{
    Question question = Asking({1, 3, 10, 49});
    question.spreadMs = 7;
    std::istringstream lines(TextOf(SomeAnswer(Asking(question.holders))) +
                             TextOf(SomeAnswer(question)));
    for (std::string line; std::getline(lines, line);)
    {
        const auto columns =
            std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
        EXPECT_LE(columns, 135) << line;
        EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    }
}

TEST(TimingAnswer, JsonHasTheSame)
{
    RecordProperty("requirement", "R-SIM-8");
    const Answer answer = SomeAnswer(Asking({1, 49}));
    const auto json = nlohmann::json::parse(JsonOf(answer));
    EXPECT_EQ(json["chosen"]["response_delay_ms"], answer.choice.delayMs);
    ASSERT_EQ(json["rows"].size(), 4U);
    EXPECT_EQ(json["rows"][3]["origin"], "patent");
    EXPECT_EQ(json["rows"][3]["holders"], 49);
    EXPECT_EQ(json["rows"][3]["answer_ms"]["formula"], answer.rows[3].row.expected.responseDelayMs);
    EXPECT_EQ(json["rows"][3]["answer_ms"]["agree"], "yes");
    EXPECT_EQ(json["cautions"].size(), CautionsOf(answer).size());
}

} // namespace
} // namespace lanpeer::timing
