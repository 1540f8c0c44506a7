#pragma once

#include "analysis/metrics.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::analysis
{

/// Decimals kept of every number that is no whole number. Six: a microsecond of a second, more than
/// any figure means, and few enough that the last bits of a division are not printed.
constexpr int kJsonDecimals = 6;

/// To kJsonDecimals. Throws std::invalid_argument for what is not finite.
double RoundedForJson(double value);

/// One run as INTERFACES.md writes it: its keys in its order, std::nullopt as null, never absent,
/// fractions rounded to kJsonDecimals. Equal metrics give equal bytes when dumped (R-SIM-9).
nlohmann::ordered_json ToJson(const Metrics& metrics);

/// What `--json` writes: one object, or an array when there are several runs (or none); indented
/// by two spaces, with a newline at the end.
std::string ToJsonText(const std::vector<Metrics>& runs);

/// The reverse of ToJson. Throws std::invalid_argument, naming the key (`served.jain`), when one is
/// absent, of the wrong type or out of its type's range. Keys it does not know are skipped, so that
/// older programs read the files of newer ones; schema.json is the strict judge.
Metrics MetricsFromJson(const nlohmann::ordered_json& object);

/// The reverse of ToJsonText. Throws std::invalid_argument, also when the text is not JSON.
std::vector<Metrics> MetricsFromJsonText(std::string_view text);

} // namespace lanpeer::analysis
