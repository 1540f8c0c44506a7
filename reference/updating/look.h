#pragma once

#include "model/protocol/update/package-facts.h"
#include "model/protocol/update/update-reason.h"
#include "reference/packages/certificates.h"
#include "reference/service/application.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::reference
{

/// What a body turned out to be.
struct Looked
{
    PackageFacts facts;
    std::string message;                   ///< why it is not what it should be; "" if nothing is
    std::string catalog;                   ///< of a catalog's cabinet: its text
    std::optional<RevocationList> revoked; ///< likewise: the root's list
};

/// Whom to believe. Throws PackageError for what are no root certificates.
Trust MakeTrust(const std::string& roots, bool allowWeakKeys);

/// What bears on signatures besides the roots.
struct Believed
{
    std::optional<RevocationList> revoked; ///< the newest list
    std::uint64_t asOfS = 0; ///< seconds since 1970: the moment as of which certificates count
};

/// Looks at a package, or at the cabinet of a catalog. Takes as long as reading it takes.
///
/// \param roots PEM
/// \param asOfS seconds since 1970: the moment as of which certificates count
///
/// Whatever the body is, and whatever goes wrong, is in the result.
Looked LookAt(bool isCatalog,
              const Body& body,
              const std::string& roots,
              bool allowWeakKeys,
              std::uint64_t asOfS);

/// Why something was refused, in one line.
/// \param detail the core's
/// \param message of who looked
std::string RefusalText(UpdateReason reason, const std::string& detail, const std::string& message);

} // namespace lanpeer::reference
