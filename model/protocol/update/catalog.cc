#include "model/protocol/update/catalog.h"

#include "model/protocol/update/version-name.h"
#include "model/protocol/uri.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lanpeer
{

namespace
{

bool
StartsWith(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

/// What is wrong with one entry, regarded alone.
std::optional<std::string>
CheckEntry(const CatalogEntry& entry)
{
    if (!IsProductName(entry.product))
    {
        return "product: not 1 to 64 letters, digits, '-' and '_', a letter or digit first";
    }
    if (!IsProductName(entry.set))
    {
        return "set: not 1 to 64 letters, digits, '-' and '_', a letter or digit first";
    }
    if (entry.sizeBytes == 0 || entry.sizeBytes > limits::kPackageBytesMax)
    {
        return "size: not from 1 to 2^40";
    }
    if (!IsSha256(entry.sha256))
    {
        return "sha256: not 64 lower-case hex digits";
    }
    if (!VersionTimeS(entry.version))
    {
        return "version: neither YYMMDDHHMM nor YYYYMMDDHHMM of a date that is one";
    }
    if (!IsCatalogUrl(entry.url))
    {
        return "url: not an absolute http or https URL without user-info, query and fragment";
    }
    const auto name = ParseVersionName(LastSegment(entry.url));
    if (!name)
    {
        return "url: its last segment is not NAME.VERSION.cab";
    }
    if (name->product != entry.product || name->version != entry.version)
    {
        return "url: its last segment names another product or version than the entry";
    }
    return std::nullopt;
}

} // namespace

std::string
FileOf(const CatalogEntry& entry)
{
    return std::string(LastSegment(entry.url));
}

const CatalogEntry*
FindEntry(const Catalog& catalog, std::string_view product)
{
    const auto found =
        std::find_if(catalog.entries.begin(),
                     catalog.entries.end(),
                     [product](const CatalogEntry& entry) { return entry.product == product; });
    return found == catalog.entries.end() ? nullptr : &*found;
}

bool
IsCatalogUrl(std::string_view url)
{
    return (StartsWith(url, "http://") || StartsWith(url, "https://")) && MayTravel(url, false) &&
           !LastSegment(url).empty();
}

bool
IsSha256(std::string_view text)
{
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<std::string>
CheckCatalog(const Catalog& catalog)
{
    if (catalog.epoch > limits::kCatalogNumberMax || catalog.version > limits::kCatalogNumberMax ||
        catalog.expiresS > limits::kCatalogNumberMax)
    {
        return "catalog: epoch, version or expires: above 2^53 - 1";
    }
    if (catalog.product && !IsProductName(*catalog.product))
    {
        return "catalog: product: not 1 to 64 letters, digits, '-' and '_', a letter or digit "
               "first";
    }
    if (catalog.entries.size() > limits::kCatalogEntries)
    {
        return fmt::format("catalog: more than {} resources", limits::kCatalogEntries);
    }
    std::set<std::string_view> products;
    for (const CatalogEntry& entry : catalog.entries)
    {
        if (const auto wrong = CheckEntry(entry))
        {
            return fmt::format("resource: {}", *wrong);
        }
        if (!products.insert(entry.product).second)
        {
            return fmt::format("resource: product: {} is listed twice", entry.product);
        }
    }
    return std::nullopt;
}

} // namespace lanpeer
