#pragma once

#include "scenarios/explore.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// What CLI11 hands over of `lanpeer-sim explore`: texts, judged when all are there.
struct ExploreTexts
{
    std::vector<std::string> lanes;
    std::vector<std::string> sets;
    std::string nodes;
    std::string holders;
    std::string askers;
    std::string withoutAccess;
    std::string policy;
    std::vector<std::string> faults; ///< as FaultOptions()
    std::string limit;
    std::string table;
    std::string story;
    std::string json;
    std::string figures;
    bool delayOrdered = false;
    bool all = false;
    bool list = false;
};

/// Adds the command to the program's. \p texts outlives the parsing.
void AddExplore(CLI::App& app, ExploreTexts& texts);

/// Throws UsageError. Files are not written.
ExploreCommand MakeExplore(const CLI::App& explore, const ExploreTexts& texts);

} // namespace lanpeer::scenario
