#pragma once

#include "scenarios/scenario-reader.h"
#include "scenarios/scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// A scenario from the text of a file "s.yaml" and options, as LoadScenario() makes it.
Scenario Read(const std::string& text,
              const std::vector<std::string>& sets = {},
              const std::optional<std::string>& policies = std::nullopt);

/// The line that is printed instead; empty if there is a scenario after all.
std::string ErrorOf(const std::string& text,
                    const std::vector<std::string>& sets = {},
                    const std::optional<std::string>& policies = std::nullopt);

/// The same for options on top of a scenario of defaults.
std::string SetError(const std::string& argument);

/// One line, printable: no control characters, valid UTF-8, not empty.
bool IsOneLine(const std::string& message);

} // namespace lanpeer::scenario
