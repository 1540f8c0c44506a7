#pragma once

#include "model/protocol/fields.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer
{

namespace limits
{

constexpr std::size_t kCatalogBytes = 1 << 20;                ///< of a catalog's text
constexpr std::size_t kCatalogEntries = 256;                  ///< resources that a catalog lists
constexpr std::uint64_t kPackageBytesMax = 1ULL << 40;        ///< of one package
constexpr std::uint64_t kCatalogNumberMax = (1ULL << 53) - 1; ///< epoch, version, expiry
constexpr std::size_t kRevokedCertificates = 4096;            ///< in a revocation list

constexpr std::size_t kRememberedProducts = 1024; ///< whose highest version is remembered

/// How far ahead of a node's own clock a catalog's dates are believed (L23). A clock that stands at
/// its battery's zero still gets near the present; a mistyped year, or one that a stolen key signs,
/// shuts nobody out for longer than that: then the clock has caught up, and no catalog or
/// certificate of these days is too old any more (T4).
constexpr std::uint64_t kSignedAheadS = 31ULL * 24 * 3600;

} // namespace limits

/// One resource that a catalog lists (R-UPD-8).
struct CatalogEntry
{
    std::string product; ///< "engine"
    std::string set;     ///< resources of one set go in whole or not at all (T7, U2)
    std::string url;
    std::uint64_t sizeBytes = 0;
    std::string sha256;  ///< of the whole file, 64 lower-case hex digits
    std::string version; ///< "200101131511": as in the name

    LANPEER_FIELDS(product, set, url, sizeBytes, sha256, version)
};

/// The patent's catalog [0054]: one snapshot of what there is, ordered by (epoch, version).
struct Catalog
{
    std::uint64_t epoch = 0;            ///< a new one restarts the version (T4, T9); no more than
                                        ///< the number of the revocation list that goes along
    std::uint64_t version = 0;          ///< within its epoch
    std::uint64_t expiresS = 0;         ///< seconds since 1970: the last at which it counts (T5)
    std::optional<std::string> product; ///< what it is the catalog of; absent: its file's name
    std::vector<CatalogEntry> entries;

    LANPEER_FIELDS(epoch, version, expiresS, product, entries)
};

/// \returns the name that the entry's file has: its URL's last segment
std::string FileOf(const CatalogEntry& entry);

/// \returns the entry of that product, or nullptr
const CatalogEntry* FindEntry(const Catalog& catalog, std::string_view product);

/// Is it a URL that a catalog may name: absolute, http or https, no user-info, no query, of a
/// length that fits into a packet (R-PKT-4), and with a last segment?
bool IsCatalogUrl(std::string_view url);

/// Is it a SHA-256 as catalogs write it: 64 lower-case hex digits?
bool IsSha256(std::string_view text);

/// What a catalog must hold to be one: every member in its bounds, each product and each file once,
/// each URL's last segment the version's name of its entry.
///
/// \returns what is wrong and with which entry, in words; nullopt for a sound one
std::optional<std::string> CheckCatalog(const Catalog& catalog);

} // namespace lanpeer
