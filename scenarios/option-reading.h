#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace CLI
{
class App;
} // namespace CLI

namespace lanpeer::scenario
{

/// The text of an option if it was given; then it must say something. Throws UsageError.
std::optional<std::string> Given(const CLI::App& command,
                                 const std::string& option,
                                 const std::string& text);

/// A whole number, judged by the same rules as the keys'. Throws UsageError.
std::uint64_t ReadNumberOf(const std::string& option,
                           const std::string& text,
                           std::uint64_t min,
                           std::uint64_t max);

/// A number, likewise. Throws UsageError.
double ReadRealOf(const std::string& option, const std::string& text, double min, double max);

} // namespace lanpeer::scenario
