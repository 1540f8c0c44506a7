#include "tests/update/samples.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

namespace lanpeer::samples
{

CatalogEntry
Resource(const std::string& product, const std::string& version, const std::string& set)
{
    const std::string file = fmt::format("{}.{}.cab", product, version);
    return {product,
            set.empty() ? product : set,
            "http://updates.example/" + file,
            580000,
            fmt::format("{:064x}", HashOf(file)),
            version};
}

Catalog
Release(std::uint64_t epoch, std::uint64_t version, std::vector<CatalogEntry> entries)
{
    return {epoch, version, kNowS + 14 * kDayS, std::nullopt, std::move(entries)};
}

CatalogArrived
Signed(const Catalog& catalog, const std::string& signer)
{
    CatalogArrived arrived;
    arrived.facts = {SignatureState::Valid,
                     signer,
                     7500,
                     fmt::format("{:064x}", HashOf(catalog)),
                     EmbeddedName{"myupdate.cab", "myupdate", fmt::format("{}", catalog.version)}};
    arrived.catalog = catalog;
    arrived.revoked = RevocationList{1, {}};
    return arrived;
}

PackageFacts
FactsOf(const CatalogEntry& entry, const std::string& signer)
{
    return {SignatureState::Valid,
            signer,
            entry.sizeBytes,
            entry.sha256,
            EmbeddedName{FileOf(entry), entry.product, entry.version}};
}

UpdateConfig
Config()
{
    UpdateConfig config = UpdateConfig::Defaults();
    config.catalogUrl = kCatalogUrl;
    config.bootCheck = false;
    return config;
}

Rig::Rig(const UpdateConfig& config)
    : m_config(std::make_shared<const UpdateConfig>(config))
    , m_service(m_config)
{
}

void
Rig::Do(const UpdateEvent& event)
{
    m_actions.clear();
    m_service.Handle(event, m_actions);
    for (const auto& persist : All<PersistUpdate>())
    {
        m_persisted = persist.memory;
    }
}

void
Rig::Start(std::vector<InstalledProduct> installed)
{
    Do(UpdateStarted{m_persisted, std::move(installed), kNowS});
}

void
Rig::Check(const CatalogArrived& catalog, std::uint64_t nowS)
{
    Do(CheckWanted{true, nowS});
    ASSERT_EQ(All<RequestCatalog>().size(), 1U);
    Do(catalog);
}

void
Rig::Deliver(const CatalogEntry& entry)
{
    Do(PackageArrived{entry.product, FactsOf(entry)});
    ASSERT_EQ(Verdict(), UpdateReason::None);
    Do(PackageFound{entry.product});
}

void
Rig::Update(const CatalogArrived& catalog, std::uint64_t nowS)
{
    Check(catalog, nowS);
    std::vector<InstallSet> sets;
    for (const RequestPackage& request : All<RequestPackage>())
    {
        Deliver(request.entry);
        for (const InstallSet& set : All<InstallSet>())
        {
            sets.push_back(set);
        }
    }
    for (const InstallSet& set : sets)
    {
        Do(SetInstalled{set.set});
    }
    ASSERT_EQ(m_service.State(), UpdateState::Resting);
    ASSERT_EQ(m_persisted.lastCheck->reason, UpdateReason::None);
}

void
Rig::Restart(std::uint64_t nowS)
{
    std::vector<InstalledProduct> onDisk;
    for (const InstalledProduct& product : m_service.Installed())
    {
        onDisk.push_back({product.product, product.version, "", 0});
    }
    m_service = UpdateService(m_config);
    Do(UpdateStarted{m_persisted, onDisk, nowS});
}

UpdateReason
Rig::Verdict() const
{
    const auto verdicts = All<JudgeBody>();
    EXPECT_EQ(verdicts.size(), 1U);
    return verdicts.empty() ? UpdateReason::NotAsked : verdicts.front().refused;
}

std::string
Rig::VersionOf(std::string_view product) const
{
    const InstalledProduct* installed = FindInstalled(m_service.Installed(), product);
    return installed == nullptr ? "" : installed->version;
}

} // namespace lanpeer::samples
