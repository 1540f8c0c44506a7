#pragma once

#include "analysis/report/world.h"
#include "analysis/results/stored-run.h"

#include <optional>
#include <string>

namespace lanpeer::scenario
{

/// What closed forms need to know of the scenario of a run.
///
/// \param scenarioText the scenario's file, as the store has kept it; \p key sets its parameters
/// \returns nullopt where this version cannot read it: it is another's; and where there are several
/// segments, of which closed forms know nothing
std::optional<report::World> ReportWorld(const std::string& scenarioText,
                                         const analysis::RunKey& key);

} // namespace lanpeer::scenario
