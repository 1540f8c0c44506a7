#pragma once

#include "model/protocol/context.h"
#include "model/protocol/event.h"
#include "model/protocol/slot-table.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lanpeer
{

/// A node with Internet access that considers retrieving for one without (FIG. 1, R-CLI-12): on an
/// "I need" with cached="no" it waits 0 to D and gives up if it hears that somebody else has found,
/// has or gets the resource. It never proxies: it retrieves a copy of its own and offers that.
class InternetHelper
{
  public:
    /// A plea for help was heard for a resource that this node neither holds nor gets.
    void HeardINeed(const Context& context, const PacketReceived& heard);

    /// Who sent it has found, or waits for somebody's download. When all who asked have, no help is
    /// needed.
    void HeardIFound(const Context& context, const PacketReceived& heard);

    /// Somebody has or gets the resource.
    void HeardOfSource(const Context& context, const std::string& href);

    /// The delay is over. \returns the resource to claim, or nullopt.
    std::optional<std::string> DelayOver(std::uint32_t slot);

    /// From now on only what the catalog names is retrieved for others.
    void CatalogHeld(std::set<std::string> hrefs)
    {
        m_catalog = std::move(hrefs);
    }

    LANPEER_FIELDS(m_jobs, m_catalog)

  private:
    struct Asker
    {
        RequestKey key;
        PeerId peer{};

        LANPEER_FIELDS(key, peer)
    };

    /// A resource that others ask help for, and the delay runs.
    struct Job
    {
        std::string href;
        std::vector<Asker> askers;

        LANPEER_FIELDS(href, askers)
    };

    bool Allowed(const Context& context, const std::string& href) const;
    void Drop(const Context& context, std::uint32_t slot);

    SlotTable<Job> m_jobs;
    std::optional<std::set<std::string>> m_catalog;
};

} // namespace lanpeer
