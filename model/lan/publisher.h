#pragma once

#include "model/lan/origin-application.h"
#include "model/network/update-plan.h"
#include "model/protocol/fields.h"
#include "model/protocol/update/catalog.h"
#include "model/protocol/update/package-facts.h"
#include "model/protocol/update/update-memory.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// The publisher of a simulated run (C8): puts packages and, with each of them, a new catalog on
/// the origin, and knows what every body of theirs is. Nothing is signed here: what a reader of
/// signatures would find out about a body is told by its descriptor (content.h).
class Publisher
{
  public:
    /// \param origin its URL without a path, "http://10.0.0.1"
    Publisher(UpdatePlan plan, std::string origin, ns3::Ptr<OriginApplication> server);

    /// Whoever has the gateway keeps sending the catalog of the beginning (T5). Before Start().
    void Freeze()
    {
        m_frozen = true;
    }

    /// Publishes what is released before the run begins, and the rest when its time comes.
    void Start();

    std::string CatalogUrl() const;

    /// The URL of a release of the plan, by index.
    std::string UrlOf(std::size_t release) const;

    /// The release of the plan that is this version of this product.
    std::size_t ReleaseOf(const std::string& product, const std::string& version) const;

    /// What every node has installed when the run begins.
    std::vector<InstalledProduct> InstalledAtStart() const;

    /// What a reader would find in this body: an unsigned something, if it is none of ours.
    PackageFacts FactsOf(const std::string& descriptor, std::uint64_t size) const;

    /// The catalog that this body is, if it is one of ours.
    std::optional<Shared<Catalog>> CatalogOf(const std::string& descriptor) const;

    /// The root's list: nobody's certificate is revoked.
    const RevocationList& Revoked() const;

  private:
    void Release(std::size_t release);
    void PublishCatalog(std::int64_t atUs);
    std::string FileOf(std::size_t release) const;
    CatalogEntry EntryOf(std::size_t release) const;

    UpdatePlan m_plan;
    std::string m_origin;
    ns3::Ptr<OriginApplication> m_server;
    std::map<std::string, CatalogEntry> m_newest; ///< by product
    std::map<std::string, PackageFacts> m_facts;  ///< by descriptor
    std::map<std::string, Shared<Catalog>> m_catalogs;
    std::uint64_t m_version = 0; ///< of the newest catalog
    RevocationList m_revoked{1, {}};
    bool m_frozen = false;
};

} // namespace lanpeer::lan
