#include "model/protocol/update/update-service.h"

#include <algorithm>

namespace lanpeer
{

/// A set is subscribed to with any of its products, since it goes in whole or not at all.
bool
UpdateService::Subscribed(std::string_view set) const
{
    const std::vector<std::string>& wanted = m_config->products;
    const std::vector<CatalogEntry>& entries = m_memory.held->catalog.entries;
    return wanted.empty() ||
           std::any_of(entries.begin(),
                       entries.end(),
                       [set, &wanted](const CatalogEntry& entry)
                       {
                           return entry.set == set &&
                                  std::find(wanted.begin(), wanted.end(), entry.product) !=
                                      wanted.end();
                       });
}

/// Since the catalog held expired, or since too long after one was accepted last (T5).
std::optional<std::uint64_t>
UpdateService::StaleSince(std::uint64_t timeS) const
{
    std::uint64_t sinceS = m_memory.lastFreshS + m_config->staleAfterS;
    if (m_memory.held)
    {
        sinceS = std::min(sinceS, m_memory.held->catalog.expiresS);
    }
    return timeS > sinceS && m_memory.lastFreshS != 0 ? std::optional(sinceS) : std::nullopt;
}

UpdateStatus
UpdateService::Status(std::uint64_t nowS) const
{
    UpdateStatus status;
    status.checking = m_run.has_value();
    for (const InstalledProduct& installed : m_installed)
    {
        status.products.push_back(
            {installed.product, installed.product, installed.version, std::nullopt});
    }
    if (m_memory.held)
    {
        const Catalog& catalog = m_memory.held->catalog;
        status.epoch = catalog.epoch;
        status.version = catalog.version;
        for (const CatalogEntry& entry : catalog.entries)
        {
            const auto found = std::find_if(status.products.begin(),
                                            status.products.end(),
                                            [&entry](const ProductStatus& product)
                                            { return product.product == entry.product; });
            if (found != status.products.end())
            {
                found->set = entry.set;
                found->available = entry.version;
            }
            else if (Subscribed(entry.set))
            {
                status.products.push_back({entry.product, entry.set, std::nullopt, entry.version});
            }
        }
    }
    std::sort(status.products.begin(),
              status.products.end(),
              [](const ProductStatus& a, const ProductStatus& b) { return a.product < b.product; });
    status.lastCheck = m_memory.lastCheck;
    status.staleSinceS = StaleSince(TimeOf(nowS));
    status.incomplete = m_memory.incomplete;
    return status;
}

} // namespace lanpeer
