#pragma once

#include "analysis/results/stored-run.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// Parameters as one line of JSON, {"lan.nodes":"20",...}, in the order of their paths: equal
/// parameters give equal bytes. Not UTF-8: replaced.
std::string ParametersJson(const std::map<std::string, std::string>& parameters);

/// The reverse. Throws std::invalid_argument.
std::map<std::string, std::string> ParametersFromJson(const std::string& text);

/// A parameter's text as a finite number in plain decimal, the whole of it; nullopt if it is none.
std::optional<double> NumberOf(const std::string& text);

/// The order in which rows are shown: by scenario, parameters (those that are numbers by their
/// value, "9" before "10"), policy, seed, run.
bool ComesBefore(const RunKey& left, const RunKey& right);

/// From the policy that does least to the one that does most; others behind, as they stood.
void SortPolicies(std::vector<std::string>& policies);

/// "commit 0123abc with changes, sources 89ab, ns-3 3.37, GNU 12.2.0": to name a program likewise.
std::string Describe(const MadeBy& by);

/// "office, lan.nodes=20, robust, run 3": to name a run in a message.
std::string Describe(const RunKey& key);

} // namespace lanpeer::analysis
