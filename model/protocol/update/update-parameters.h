#pragma once

#include "model/protocol/fields.h"
#include "model/protocol/parameters.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer
{

/// Everything that can be set of the update service. The members that are parameters stand in
/// UpdateParameterTable(); hosts make their keys and settings from that table and nothing else.
struct UpdateConfig
{
    bool bootCheck = true;
    bool catalogFromPeers = false;
    std::uint64_t afterBootS = 0;
    std::uint64_t afterFailureS = 0;
    std::uint64_t afterSuccessS = 0;
    std::uint64_t spreadS = 0;
    std::uint64_t checkDeadlineS = 0;
    std::uint64_t staleAfterS = 0;

    // Not parameters but the node's own situation, set by its host.
    std::string catalogUrl;            ///< "http://updates.example/myupdate.cab"
    std::vector<std::string> products; ///< subscribed to; empty: all that the catalog lists
    std::uint64_t timeFloorS = 0;      ///< no time is earlier: when the program was built (L23)

    /// Every parameter at its default; the catalog's URL is for the host to set.
    static UpdateConfig Defaults();

    LANPEER_FIELDS(bootCheck,
                   catalogFromPeers,
                   afterBootS,
                   afterFailureS,
                   afterSuccessS,
                   spreadS,
                   checkDeadlineS,
                   staleAfterS,
                   catalogUrl,
                   products,
                   timeFloorS)
};

/// One parameter of the update service.
struct UpdateParameter
{
    std::string_view key; ///< below `update.`: "after_boot_s"
    Unit unit;
    std::variant<std::uint64_t UpdateConfig::*, bool UpdateConfig::*> member;
    std::uint64_t defaultValue; ///< of a flag: 0 or 1
    std::uint64_t min;
    std::uint64_t max;
    std::string_view meaning; ///< one line, with its source
};

/// The one table of them.
const std::vector<UpdateParameter>& UpdateParameterTable();

/// \returns the row of that key, or nullptr.
const UpdateParameter* FindUpdateParameter(std::string_view key);

std::uint64_t GetParameter(const UpdateConfig& config, const UpdateParameter& parameter);

/// Sets a value that lies within the row's bounds.
void SetParameter(UpdateConfig& config, const UpdateParameter& parameter, std::uint64_t value);

/// \returns what the host set that cannot be: a URL that is none, a product's name that is none;
/// keys are "catalog_url" and "products"
std::optional<ConfigError> CheckConfig(const UpdateConfig& config);

} // namespace lanpeer
