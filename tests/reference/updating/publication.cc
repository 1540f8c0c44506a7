#include "publication.h"

#include "model/protocol/update/catalog-codec.h"
#include "reference/files/digest.h"
#include "reference/packages/catalog-cabinet.h"
#include "reference/packages/revocation.h"

#include <fmt/format.h>
#include <utility>
#include <variant>

namespace lanpeer::reference
{

MadePackage
PackageOf(const std::string& base,
          const std::string& product,
          const std::string& version,
          const std::string& content,
          const Identity& publisher)
{
    const std::string file = fmt::format("{}.{}.cab", product, version);
    MadePackage made;
    CabinetLimits limits; // a publisher who means ill has none
    limits.outputBytes = limits.ratio = 1U << 30U;
    made.bytes = MakePackage(
        {file, product, version}, {{"content.txt", content, false}}, KeyFor(publisher), limits);
    made.entry.product = product;
    made.entry.set = product;
    made.entry.url = base + file;
    made.entry.sizeBytes = made.bytes.size();
    made.entry.sha256 = ToHex(DigestOf(made.bytes));
    made.entry.version = version;
    return made;
}

std::string
CatalogOf(const CatalogOrder& order, const Identity& publisher)
{
    Catalog catalog;
    catalog.epoch = order.epoch;
    catalog.version = order.version;
    catalog.expiresS = order.expiresS;
    catalog.entries = order.entries;
    const std::string text = std::get<std::string>(WriteCatalog(catalog));
    const std::string list = MakeRevocationList(
        {order.listNumber, order.revoked, 1'000'000'000, std::nullopt}, KeyFor(Root()));
    return MakeCatalogCabinet({"myupdate.cab", "myupdate", fmt::format("{}", order.version)},
                              text,
                              list,
                              KeyFor(publisher));
}

} // namespace lanpeer::reference
