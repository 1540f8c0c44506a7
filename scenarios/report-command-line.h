#pragma once

#include "scenarios/report.h"

#include <string>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// What CLI11 hands over of `lanpeer-sim report`: texts, judged when all are there.
struct ReportTexts
{
    std::string source;
    std::string output;
    std::string replay;
};

/// Adds the command to the program's. \p texts outlives the parsing.
void AddReport(CLI::App& app, ReportTexts& texts);

/// Throws UsageError. Files are neither read nor written.
ReportCommand MakeReport(const CLI::App& report, const ReportTexts& texts);

} // namespace lanpeer::scenario
