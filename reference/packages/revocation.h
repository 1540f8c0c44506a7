#pragma once

#include "model/protocol/update/package-facts.h"
#include "reference/packages/certificates.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

inline constexpr std::size_t kMaxRevocationListBytes = 64 * 1024;

/// Reads the root's word on which certificates count no longer (R-UPD-8): a DER X.509 revocation
/// list that one of the roots has signed, with a number (RFC 5280, 5.2.3), whose time has come and
/// not passed.
///
/// Throws PackageError for one that says less or something else.
RevocationList ReadRevocationList(std::string_view der, const Trust& trust, std::int64_t asOfS);

/// The same, whoever signed it: for a publisher who looks at what he is about to hand on. Nothing
/// may be believed because of it.
RevocationList ReadUnverifiedRevocationList(std::string_view der, std::int64_t asOfS);

/// What a root is to say.
struct RevocationOrder
{
    std::uint64_t number = 0;           ///< higher than that of the list before
    std::vector<std::string> revoked;   ///< serial numbers, hexadecimal
    std::int64_t fromS = 0;             ///< seconds since the epoch
    std::optional<std::int64_t> untilS; ///< by then there will be another; nullopt: it stays
};

/// DER. \param root whose first certificate is the root's, with its key. Throws PackageError.
std::string MakeRevocationList(const RevocationOrder& order, const SigningKey& root);

} // namespace lanpeer::reference
