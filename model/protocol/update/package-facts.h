#pragma once

#include "model/protocol/fields.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer
{

// What a host found out about a package that arrived. The host reads and computes; what follows
// from it, accepted or refused, is the core's to say (R-UPD-4, R-UPD-8).

/// What the reader of signatures says of a cabinet (R-UPD-7, [0064]).
enum class SignatureState : std::uint8_t
{
    Valid,
    Missing,       ///< a cabinet, but not a signed one
    Malformed,     ///< no cabinet, or not what signing writes
    Altered,       ///< the digest is another
    Untrusted,     ///< not issued by the root
    NotForSigning, ///< the certificate's purpose is another than code signing
    OutOfDate,     ///< the certificate is not valid at the time asked about
    Weak,          ///< a digest or a key that is too short to be believed
};

/// The names that a package carries within its signature (cabinfo.ini, [0066]).
struct EmbeddedName
{
    std::string file;    ///< "engine.200101131511.cab"
    std::string product; ///< "engine"
    std::string version; ///< "200101131511", as in the file's name

    LANPEER_FIELDS(file, product, version)
};

struct PackageFacts
{
    SignatureState signature = SignatureState::Malformed;
    std::string signer; ///< serial number of its certificate, lower-case hex; "" if none was read
    std::uint64_t sizeBytes = 0;
    std::string sha256; ///< of the whole file, 64 lower-case hex digits
    std::optional<EmbeddedName> embedded;

    LANPEER_FIELDS(signature, signer, sizeBytes, sha256, embedded)
};

/// The root's word on which signing certificates count no longer (R-UPD-8): an X.509 revocation
/// list whose own signature the host has checked.
struct RevocationList
{
    std::uint64_t number = 0;
    std::vector<std::string> revoked; ///< serial numbers, lower-case hex, ascending

    LANPEER_FIELDS(number, revoked)
};

} // namespace lanpeer
