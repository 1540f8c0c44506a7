#include "model/lan/publisher.h"

#include "model/lan/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <ns3/simulator.h>
#include <stdexcept>
#include <utility>

namespace lanpeer::lan
{

namespace
{

constexpr const char* kCatalogStem = "myupdate"; // the patent's own [0054]
constexpr const char* kCatalogFile = "myupdate.cab";
constexpr const char* kSigner = "01"; ///< serial number of the publisher's certificate
constexpr std::uint32_t kRevision = 1;
/// How long a catalog counts (T5): with a release a week it never comes to that.
constexpr std::uint64_t kExpiresAfterS = 60ULL * 24 * 3600;

std::string
HexOf(const Digest& digest)
{
    std::string hex;
    for (const std::uint8_t byte : digest)
    {
        hex += fmt::format("{:02x}", byte);
    }
    return hex;
}

} // namespace

Publisher::Publisher(UpdatePlan plan, std::string origin, ns3::Ptr<OriginApplication> server)
    : m_plan(std::move(plan))
    , m_origin(std::move(origin))
    , m_server(std::move(server))
{
}

void
Publisher::Start()
{
    for (std::size_t release = 0; release < m_plan.releases.size(); ++release)
    {
        const std::int64_t atUs = m_plan.releases[release].atUs;
        if (atUs < 0)
        {
            Release(release);
        }
        else
        {
            ns3::Simulator::Schedule(ns3::MicroSeconds(atUs),
                                     [this, release, atUs]
                                     {
                                         Release(release);
                                         PublishCatalog(atUs);
                                     });
        }
    }
    PublishCatalog(0);
}

std::string
Publisher::CatalogUrl() const
{
    return m_origin + "/" + kCatalogFile;
}

std::string
Publisher::FileOf(std::size_t release) const
{
    const UpdatePlan::Release& its = m_plan.releases[release];
    return fmt::format("{}.{}.cab", its.product, its.version);
}

std::string
Publisher::UrlOf(std::size_t release) const
{
    return m_origin + "/" + FileOf(release);
}

std::size_t
Publisher::ReleaseOf(const std::string& product, const std::string& version) const
{
    const auto found =
        std::find_if(m_plan.releases.begin(),
                     m_plan.releases.end(),
                     [&product, &version](const UpdatePlan::Release& release)
                     { return release.product == product && release.version == version; });
    if (found == m_plan.releases.end())
    {
        throw std::logic_error("publisher: never released " + product + " " + version);
    }
    return static_cast<std::size_t>(found - m_plan.releases.begin());
}

CatalogEntry
Publisher::EntryOf(std::size_t release) const
{
    const UpdatePlan::Release& its = m_plan.releases[release];
    const std::string descriptor = ContentDescriptor(FileOf(release), its.bytes, kRevision);
    // Each product is a set of its own: they are released apart.
    return {its.product,
            its.product,
            UrlOf(release),
            its.bytes,
            HexOf(DigestOf(descriptor)),
            its.version};
}

std::vector<InstalledProduct>
Publisher::InstalledAtStart() const
{
    std::vector<InstalledProduct> installed;
    for (std::size_t release = 0; release < m_plan.releases.size(); ++release)
    {
        if (m_plan.releases[release].atUs < 0)
        {
            const CatalogEntry entry = EntryOf(release);
            installed.push_back({entry.product, entry.version, entry.sha256, 0});
        }
    }
    return installed;
}

void
Publisher::Release(std::size_t release)
{
    const std::string file = FileOf(release);
    const CatalogEntry entry = EntryOf(release);
    const std::string descriptor = ContentDescriptor(file, entry.sizeBytes, kRevision);
    PackageFacts& facts = m_facts[descriptor];
    facts.signature = SignatureState::Valid;
    facts.signer = kSigner;
    facts.sha256 = entry.sha256;
    facts.embedded = EmbeddedName{file, entry.product, entry.version};
    m_newest[entry.product] = entry;
    m_server->Publish("/" + file, entry.sizeBytes, descriptor);
}

void
Publisher::PublishCatalog(std::int64_t atUs)
{
    Catalog catalog;
    catalog.epoch = 1;
    catalog.version = ++m_version;
    catalog.expiresS = kRunBeginsS + static_cast<std::uint64_t>(atUs / 1'000'000) + kExpiresAfterS;
    for (const auto& [product, entry] : m_newest)
    {
        catalog.entries.push_back(entry);
    }
    const std::string descriptor =
        ContentDescriptor(kCatalogFile, m_plan.catalogBytes, static_cast<std::uint32_t>(m_version));
    PackageFacts& facts = m_facts[descriptor];
    facts.signature = SignatureState::Valid;
    facts.signer = kSigner;
    facts.sha256 = HexOf(DigestOf(descriptor));
    facts.embedded = EmbeddedName{kCatalogFile, kCatalogStem, fmt::format("{}", m_version)};
    m_catalogs.emplace(descriptor, std::move(catalog));
    if (m_frozen && m_version > 1)
    {
        return; // nobody of that LAN will ever see it
    }
    m_server->Publish(std::string("/") + kCatalogFile, m_plan.catalogBytes, descriptor);
}

PackageFacts
Publisher::FactsOf(const std::string& descriptor, std::uint64_t size) const
{
    const auto known = m_facts.find(descriptor);
    PackageFacts facts;
    if (known != m_facts.end())
    {
        facts = known->second;
    }
    facts.sizeBytes = size;
    return facts;
}

std::optional<Shared<Catalog>>
Publisher::CatalogOf(const std::string& descriptor) const
{
    const auto known = m_catalogs.find(descriptor);
    return known == m_catalogs.end() ? std::nullopt : std::optional(known->second);
}

const RevocationList&
Publisher::Revoked() const
{
    return m_revoked;
}

} // namespace lanpeer::lan
