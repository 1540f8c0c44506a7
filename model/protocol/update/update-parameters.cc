#include "model/protocol/update/update-parameters.h"

#include "model/protocol/update/catalog.h"
#include "model/protocol/update/version-name.h"

#include <algorithm>

namespace lanpeer
{

namespace
{

constexpr std::uint64_t kHourS = 3600;
constexpr std::uint64_t kYearS = 365 * 24 * kHourS;

std::vector<UpdateParameter>
MakeTable()
{
    using C = UpdateConfig;
    constexpr auto flag = Unit::Flag;
    constexpr auto s = Unit::Seconds;
    // clang-format off
    return {
        {"boot_check", flag, &C::bootCheck, 1, 0, 1, "a check as soon as the node starts [0056]"},
        {"after_boot_s", s, &C::afterBootS, 300, 1, kYearS, "a check this long after the start [0056]"},
        {"after_failure_s", s, &C::afterFailureS, 6 * kHourS, 1, kYearS, "the next check this long after one that failed [0056]"},
        {"after_success_s", s, &C::afterSuccessS, 12 * kHourS, 1, kYearS, "the next check this long after one that went well [0056]"},
        {"spread_s", s, &C::spreadS, 0, 0, kYearS, "a time drawn from 0 to this is added to each of them (ours)"},
        {"check_deadline_s", s, &C::checkDeadlineS, 6 * kHourS, 1, kYearS, "what a check has not got after this long, it does without (ours, U1)"},
        {"stale_after_s", s, &C::staleAfterS, 48 * kHourS, 1, kYearS, "without a catalog that was accepted for this long, the node counts as stale (ours, T5)"},
        {"catalog_from_peers", flag, &C::catalogFromPeers, 0, 0, 1, "peers may serve the catalog too; it is uncacheable otherwise [0054]"},
    };
    // clang-format on
}

} // namespace

const std::vector<UpdateParameter>&
UpdateParameterTable()
{
    static const std::vector<UpdateParameter> table = MakeTable();
    return table;
}

const UpdateParameter*
FindUpdateParameter(std::string_view key)
{
    const auto& table = UpdateParameterTable();
    const auto found = std::find_if(
        table.begin(), table.end(), [key](const UpdateParameter& row) { return row.key == key; });
    return found == table.end() ? nullptr : &*found;
}

std::uint64_t
GetParameter(const UpdateConfig& config, const UpdateParameter& parameter)
{
    return std::visit([&config](auto member) { return static_cast<std::uint64_t>(config.*member); },
                      parameter.member);
}

void
SetParameter(UpdateConfig& config, const UpdateParameter& parameter, std::uint64_t value)
{
    if (const auto* flag = std::get_if<bool UpdateConfig::*>(&parameter.member))
    {
        config.** flag = value != 0;
    }
    else
    {
        config.*std::get<std::uint64_t UpdateConfig::*>(parameter.member) = value;
    }
}

UpdateConfig
UpdateConfig::Defaults()
{
    UpdateConfig config;
    for (const UpdateParameter& parameter : UpdateParameterTable())
    {
        SetParameter(config, parameter, parameter.defaultValue);
    }
    return config;
}

std::optional<ConfigError>
CheckConfig(const UpdateConfig& config)
{
    if (!IsCatalogUrl(config.catalogUrl))
    {
        return ConfigError{"catalog_url",
                           "not an absolute http or https URL of a file, without user-info, query "
                           "and fragment"};
    }
    for (const std::string& product : config.products)
    {
        if (!IsProductName(product))
        {
            return ConfigError{"products", "not a product's name: " + product};
        }
    }
    return std::nullopt;
}

} // namespace lanpeer
