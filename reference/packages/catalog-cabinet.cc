#include "reference/packages/catalog-cabinet.h"

#include "reference/packages/cabinfo.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"

#include <utility>

namespace lanpeer::reference
{

namespace
{

/// Three short entries: text is seldom made shorter than to a hundredth.
CabinetLimits
Limits()
{
    CabinetLimits limits;
    limits.outputBytes = kMaxCatalogBytes + kMaxRevocationListBytes + kMaxCabInfoBytes;
    limits.entries = 3;
    limits.depth = 1;
    return limits;
}

} // namespace

CatalogCabinet
ReadCatalogCabinet(const ByteSource& source, const Trust& trust, std::int64_t asOfS)
{
    Examination examination = ExaminePackage(source, trust, asOfS, Limits());
    CatalogCabinet result;
    result.facts = std::move(examination.facts);
    result.message = std::move(examination.message);
    if (result.facts.signature != SignatureState::Valid)
    {
        result.revocationsMessage = result.message;
        return result;
    }
    try
    {
        result.catalog = ReadEntry(source, Limits(), kCatalogName, kMaxCatalogBytes);
    }
    catch (const PackageError& error)
    {
        result.message = error.what();
    }
    try
    {
        result.revocations = ReadRevocationList(
            ReadEntry(source, Limits(), kRevocationsName, kMaxRevocationListBytes), trust, asOfS);
    }
    catch (const PackageError& error)
    {
        result.revocationsMessage = error.what();
    }
    return result;
}

std::string
MakeCatalogCabinet(const EmbeddedName& name,
                   const std::string& catalog,
                   const std::optional<std::string>& revocations,
                   const SigningKey& key)
{
    if (catalog.size() > kMaxCatalogBytes)
    {
        throw PackageError("the catalog is too long");
    }
    std::vector<CabinetFile> files{{kCatalogName, catalog, false}};
    if (revocations)
    {
        files.push_back({kRevocationsName, *revocations, false});
    }
    return MakePackage(name, files, key, Limits());
}

} // namespace lanpeer::reference
