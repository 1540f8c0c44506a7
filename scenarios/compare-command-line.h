#pragma once

#include "scenarios/compare.h"

#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// What CLI11 hands over of `lanpeer-sim compare`: texts, judged when all are there.
struct CompareTexts
{
    std::string baseline;
    std::string candidate;
    std::string tolerance;
    std::string junit;
    std::vector<std::string> metrics;
    bool github = false;
};

/// Adds the command to the program's. \p texts outlives the parsing.
void AddCompare(CLI::App& app, CompareTexts& texts);

/// Throws UsageError. Files are neither read nor written.
CompareCommand MakeCompare(const CLI::App& compare, const CompareTexts& texts);

} // namespace lanpeer::scenario
