#pragma once

#include "scenarios/key-table.h"

#include <vector>

namespace lanpeer::scenario
{

/// Whether an axis's values are said as a range: a map that has `from`.
bool IsRange(const Value& value);

/// `{from: 10, to: 100, step: 10}`, `{from: 1, to: 1000, points: 7, scale: log}`; `scale` is linear
/// where it is absent, and both ends are values. Of a key that is a whole number the values are
/// rounded, and stand once. Throws ValueError.
std::vector<Value> ValuesInRange(const Key& row, const Value& range);

} // namespace lanpeer::scenario
