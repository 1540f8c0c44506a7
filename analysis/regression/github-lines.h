#pragma once

#include "analysis/regression/comparison.h"

#include <string>
#include <string_view>

namespace lanpeer::regression
{

/// What GitHub shows beside a commit: workflow commands, a line each. `::error` for each scenario
/// and policy where something got worse or is missing, with a line per figure in its message;
/// `::notice` where something got better and nothing worse. One per place, since GitHub shows only
/// ten of each kind of a step. Empty when there is nothing to say.
std::string GithubLines(const Comparison& comparison);

/// As GitHub's runner reads it back: %, CR and LF as %25, %0D and %0A in a message,
std::string GithubMessage(std::string_view text);

/// and : and , as %3A and %2C as well in a property (file, title).
std::string GithubProperty(std::string_view text);

} // namespace lanpeer::regression
