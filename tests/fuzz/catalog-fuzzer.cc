#include "model/protocol/update/catalog-codec.h"
#include "model/protocol/update/version-name.h"
#include "tests/fuzz/fuzzing.h"

#include <set>
#include <string>
#include <variant>

// The bytes are a catalog's text. It is read once it was found to be signed; but also who signs
// must not be able to break a node, and a stolen key signs everything (T9).

namespace lanpeer::fuzz
{

namespace
{

/// What catalog.h says of all that is read.
void
CheckMembers(const Catalog& catalog)
{
    std::set<std::string> products;
    Require(catalog.entries.size() <= limits::kCatalogEntries, "256 resources");
    Require(!CheckCatalog(catalog), "R-UPD-8: what is read is sound");
    Require(catalog.epoch <= limits::kCatalogNumberMax &&
                catalog.version <= limits::kCatalogNumberMax &&
                catalog.expiresS <= limits::kCatalogNumberMax,
            "numbers of at most 2^53 - 1");
    for (const CatalogEntry& entry : catalog.entries)
    {
        const auto name = ParseVersionName(FileOf(entry));
        Require(products.insert(entry.product).second, "T7: each product once");
        Require(name && name->product == entry.product && name->version == entry.version,
                "R-UPD-3: a URL names the product and version of its entry");
        Require(IsProductName(entry.set) && IsSha256(entry.sha256) && entry.sizeBytes > 0,
                "R-UPD-8: every member of a resource");
        Require(entry.url.find('@') > entry.url.find('/', 8), "L26: no user-info");
    }
}

/// What a catalog's raw bytes may not hold, whatever a parser makes of them.
void
CheckMarkupOf(std::string_view bytes)
{
    Require(bytes.size() <= limits::kCatalogBytes, "1 MiB");
    Require(bytes.find("<!") == std::string_view::npos, "no DTD, comment or CDATA");
    for (const char c : bytes)
    {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        Require(!control || c == '\n' || c == '\t' || c == '\r', "L22: no control characters");
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer;
    using namespace lanpeer::fuzz;
    const std::string_view bytes = TextOf(data, size);
    const auto read = ReadCatalog(bytes);
    if (const auto* error = std::get_if<CatalogError>(&read))
    {
        Require(!ToString(*error).empty(), "an error says what is wrong");
        return 0;
    }
    const auto& catalog = std::get<Catalog>(read);
    CheckMembers(catalog);
    CheckMarkupOf(bytes);
    const auto written = WriteCatalog(catalog);
    const auto* text = std::get_if<std::string>(&written);
    Require(text != nullptr, "what is read is written");
    const auto again = ReadCatalog(*text);
    const auto* same = std::get_if<Catalog>(&again);
    Require(same != nullptr && *same == catalog, "what is written is read as the same");
    Require(std::get<std::string>(WriteCatalog(*same)) == *text,
            "the same catalog, the same bytes");
    return 0;
}
