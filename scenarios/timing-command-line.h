#pragma once

#include "scenarios/timing/question.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// `lanpeer-sim timing ...`
struct TimingCommand
{
    timing::Question question;
    std::optional<std::string> json; ///< a file, or "-" for standard output
    unsigned parallel = 0;           ///< simulations at a time; 0: one per processor
};

/// What CLI11 hands over of it: texts, judged when all are there.
struct TimingTexts
{
    std::vector<std::string> holders;
    std::vector<std::string> delays;
    std::string nodes;
    std::string allowance;
    std::string latency;
    std::string spread;
    std::string loss;
    std::string duplicates;
    std::string falseTimeOut;
    std::string runs;
    std::string seed;
    std::string json;
    std::string parallel;
};

/// Adds the command to the program's. \p texts outlives the parsing.
void AddTiming(CLI::App& app, TimingTexts& texts);

/// Throws UsageError. Files are not written.
TimingCommand MakeTiming(const CLI::App& timing, const TimingTexts& texts);

} // namespace lanpeer::scenario
