#pragma once

#include "model/protocol/update/catalog.h"
#include "tests/reference/packages/authority.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// What a publisher makes, for tests.

namespace lanpeer::reference
{

/// A signed package of one file, "content.txt".
struct MadePackage
{
    CatalogEntry entry; ///< as a catalog lists it
    std::string bytes;
};

/// \param base what comes before the file's name in its URL
/// \param version "200101131511"
MadePackage PackageOf(const std::string& base,
                      const std::string& product,
                      const std::string& version,
                      const std::string& content,
                      const Identity& publisher = Publisher());

/// A catalog to be signed, and what goes along.
struct CatalogOrder
{
    std::uint64_t epoch = 1;
    std::uint64_t version = 1;
    std::uint64_t expiresS = 4'000'000'000;
    std::vector<CatalogEntry> entries;
    std::uint64_t listNumber = 1;     ///< of the revocation list
    std::vector<std::string> revoked; ///< serial numbers
};

/// The bytes of a "myupdate.cab".
std::string CatalogOf(const CatalogOrder& order, const Identity& publisher = Publisher());

} // namespace lanpeer::reference
