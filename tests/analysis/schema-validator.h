#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace lanpeer::analysis
{

/// Judges a value by a JSON Schema of draft 2020-12 as far as analysis/schema.json goes: type,
/// properties, required, additionalProperties, minimum, maximum, minLength and $ref into #/$defs.
/// \returns one line per fault, with the path of what is wrong; empty: valid. Throws
/// std::logic_error for a keyword that it does not know, lest the schema promise what nobody
/// checks.
std::vector<std::string> SchemaFaults(const nlohmann::json& schema, const nlohmann::json& value);

} // namespace lanpeer::analysis
