#pragma once

#include "model/protocol/update/update-service.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Catalogs, packages and an update service to try them on.

namespace lanpeer::samples
{

constexpr const char* kCatalogUrl = "http://updates.example/myupdate.cab";
constexpr std::uint64_t kNowS = 1796083200; ///< 2026-12-01 00:00
constexpr std::uint64_t kDayS = 86400;
constexpr const char* kSigner = "0a01";

/// A resource as a catalog lists it; without a set, its product is the set.
CatalogEntry Resource(const std::string& product,
                      const std::string& version,
                      const std::string& set = "");

/// A catalog that expires in 14 days.
Catalog Release(std::uint64_t epoch, std::uint64_t version, std::vector<CatalogEntry> entries);

/// A catalog as it arrives, all in order: list number 1, nobody revoked.
CatalogArrived Signed(const Catalog& catalog, const std::string& signer = kSigner);

/// What a host finds out about the very file that the entry lists.
PackageFacts FactsOf(const CatalogEntry& entry, const std::string& signer = kSigner);

UpdateConfig Config();

/// An update service, and what it wanted done at the last event.
class Rig
{
  public:
    explicit Rig(const UpdateConfig& config = Config());

    void Do(const UpdateEvent& event);

    /// Starts with nothing known, at kNowS.
    void Start(std::vector<InstalledProduct> installed = {});

    /// A check on demand that gets this catalog.
    void Check(const CatalogArrived& catalog, std::uint64_t nowS = kNowS);

    /// The body that the catalog lists arrives and is kept.
    void Deliver(const CatalogEntry& entry);

    /// All of a release is installed by a check: catalog, bodies, sets.
    void Update(const CatalogArrived& catalog, std::uint64_t nowS = kNowS);

    /// The process ends and starts again: what was persisted, and what is on the disk.
    void Restart(std::uint64_t nowS = kNowS);

    /// Those actions of the last event that are of this kind.
    template <typename T>
    std::vector<T> All() const
    {
        std::vector<T> all;
        for (const UpdateAction& action : m_actions)
        {
            if (const auto* one = std::get_if<T>(&action))
            {
                all.push_back(*one);
            }
        }
        return all;
    }

    template <typename T>
    bool Has() const
    {
        return !All<T>().empty();
    }

    /// Of the one verdict of the last event.
    UpdateReason Verdict() const;

    const UpdateActionList& Actions() const
    {
        return m_actions;
    }

    const UpdateService& Service() const
    {
        return m_service;
    }

    const UpdateMemory& Persisted() const
    {
        return m_persisted;
    }

    std::string VersionOf(std::string_view product) const;

  private:
    std::shared_ptr<const UpdateConfig> m_config;
    UpdateService m_service;
    UpdateActionList m_actions;
    UpdateMemory m_persisted;
};

} // namespace lanpeer::samples
