#pragma once

#include "reference/updating/updater.h"

#include <nlohmann/json_fwd.hpp>

namespace lanpeer::reference
{

/// How a check ended: `started` (seconds since 1970), `outcome`, and of a failed one `reason`,
/// `meaning` and `subject` ("": the catalog).
nlohmann::ordered_json CheckJson(const CheckReport& report);

/// As `lanpeer status --json` shows it below `updates`.
nlohmann::ordered_json UpdatesStatusJson(const UpdaterStatus& status);

} // namespace lanpeer::reference
