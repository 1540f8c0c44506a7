#pragma once

#include "model/protocol/update/package-facts.h"
#include "reference/packages/byte-source.h"
#include "reference/packages/certificates.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

// The Authenticode signature of a cabinet (R-UPD-7, [0064]): a PKCS#7 SignedData behind it, padded
// with zeros to 8 bytes, that signs the cabinet's digest.

/// What a signature turned out to be.
struct SignatureReport
{
    SignatureState state = SignatureState::Malformed;
    std::string signer;  ///< the serial number of the certificate that signed, if one could be read
    std::string message; ///< why it is not valid, in one line; empty if it is
};

/// Checks the signature of a cabinet as of a moment. Strict: one signature by one signer, encoded
/// as signing encodes it, over SHA-256 or more, nothing beside it that is not signed. Reads the
/// header and each byte once, decompresses nothing.
///
/// \param asOfS seconds since the epoch
///
/// What is wrong with the cabinet is in the report; throws std::system_error if it cannot be read.
SignatureReport CheckSignature(const ByteSource& source, const Trust& trust, std::int64_t asOfS);

/// A cabinet with its signature behind it; room for it in the header is made, a signature that is
/// there is replaced. RSA signs the same to the same bytes, for no time is in it.
///
/// Throws PackageError: for what is no cabinet, for a key or certificate
/// that is too weak or not for signing code.
std::string SignCabinet(std::string_view cabinet, const SigningKey& key);

} // namespace lanpeer::reference
