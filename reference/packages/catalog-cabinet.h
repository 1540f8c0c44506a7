#pragma once

#include "reference/packages/package.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// The entries of the catalog's cabinet, the patent's `myupdate.cab`, beside `cabinfo.ini`.
inline constexpr const char* kCatalogName = "catalog.xml";
inline constexpr const char* kRevocationsName = "revoked.crl";

/// At most so long is a catalog.
inline constexpr std::size_t kMaxCatalogBytes = 1U << 20U;

/// What a catalog's cabinet brought.
struct CatalogCabinet
{
    PackageFacts facts;
    std::optional<std::string> catalog; ///< the text, as it is; only of a valid signature
    /// Only of a valid signature, and only if a root's signature of the list is good too.
    std::optional<RevocationList> revocations;
    std::string message;            ///< why the signature is not valid, or something is missing
    std::string revocationsMessage; ///< why there is no list; empty if there is
};

/// Reads one as of a moment. Its signature is checked against \p trust; by the list of
/// revocations that it brings the core judges (R-UPD-8).
///
/// Whatever the bytes are is in the result; throws std::system_error if they cannot be read.
CatalogCabinet ReadCatalogCabinet(const ByteSource& source, const Trust& trust, std::int64_t asOfS);

/// A signed cabinet of a catalog.
///
/// \param revocations the root's list, DER, as MakeRevocationList() makes it; nullopt: none
///
/// Throws PackageError, also for a catalog that would be too long to be read.
std::string MakeCatalogCabinet(const EmbeddedName& name,
                               const std::string& catalog,
                               const std::optional<std::string>& revocations,
                               const SigningKey& key);

} // namespace lanpeer::reference
