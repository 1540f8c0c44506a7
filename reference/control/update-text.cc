#include "reference/control/update-text.h"

#include <nlohmann/json.hpp>

namespace lanpeer::reference
{

namespace
{

template <typename T>
nlohmann::ordered_json
OrNull(const std::optional<T>& value)
{
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

} // namespace

nlohmann::ordered_json
CheckJson(const CheckReport& report)
{
    nlohmann::ordered_json json{{"started", report.startedS},
                                {"outcome", ToString(report.outcome)}};
    if (report.outcome == CheckOutcome::Failed)
    {
        json["reason"] = ToString(report.reason);
        json["meaning"] = MeaningOf(report.reason);
        json["subject"] = report.subject;
    }
    return json;
}

nlohmann::ordered_json
UpdatesStatusJson(const UpdaterStatus& status)
{
    const UpdateStatus& its = status.updates;
    nlohmann::ordered_json json{{"checking", its.checking},
                                {"catalog_epoch", OrNull(its.epoch)},
                                {"catalog_version", OrNull(its.version)},
                                {"next_check", OrNull(status.nextCheckS)},
                                {"stale_since", OrNull(its.staleSinceS)}};
    json["last_check"] = its.lastCheck ? CheckJson(*its.lastCheck) : nlohmann::ordered_json();
    json["products"] = nlohmann::ordered_json::array();
    for (const ProductStatus& product : its.products)
    {
        json["products"].push_back({{"product", product.product},
                                    {"set", product.set},
                                    {"installed", OrNull(product.installed)},
                                    {"available", OrNull(product.available)}});
    }
    json["incomplete"] = nlohmann::ordered_json::array();
    for (const IncompleteSet& set : its.incomplete)
    {
        json["incomplete"].push_back({{"set", set.set}, {"since", set.sinceS}});
    }
    json["remarks"] = nlohmann::ordered_json::array();
    for (const UpdateRemark& remark : status.remarks)
    {
        json["remarks"].push_back({{"at", remark.atS}, {"text", remark.text}});
    }
    return json;
}

} // namespace lanpeer::reference
