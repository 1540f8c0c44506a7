#include "scenarios/option-reading.h"

#include "model/settings/value-reader.h"
#include "scenarios/command-line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace lanpeer::scenario
{

using namespace settings;

std::optional<std::string>
Given(const CLI::App& command, const std::string& option, const std::string& text)
{
    if (command.get_option(option)->count() == 0)
    {
        return std::nullopt;
    }
    if (text.empty())
    {
        throw UsageError(
            fmt::format("{}: has no value; see lanpeer-sim {} --help", option, command.get_name()));
    }
    return text;
}

std::uint64_t
ReadNumberOf(const std::string& option,
             const std::string& text,
             std::uint64_t min,
             std::uint64_t max)
{
    try
    {
        return ReadCount(
            {option, fmt::format("{} to {}", min, max)}, Value::Scalar(text, 1), min, max);
    }
    catch (const ValueError& error)
    {
        throw UsageError(error.what());
    }
}

double
ReadRealOf(const std::string& option, const std::string& text, double min, double max)
{
    try
    {
        return ReadNumber(
            {option, fmt::format("{:g} to {:g}", min, max)}, Value::Scalar(text, 1), min, max);
    }
    catch (const ValueError& error)
    {
        throw UsageError(error.what());
    }
}

} // namespace lanpeer::scenario
