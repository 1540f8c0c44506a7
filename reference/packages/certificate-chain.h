#pragma once

#include "model/protocol/update/package-facts.h"
#include "reference/packages/certificates.h"
#include "reference/packages/openssl-pointers.h"

#include <cstdint>
#include <string>

namespace lanpeer::reference
{

/// Lower-case hexadecimal digits, two for each byte: "0a". Empty for a negative number, which no
/// certificate has.
std::string SerialText(const ASN1_INTEGER* serial);

/// What is said of a signature, and why.
struct Verdict
{
    SignatureState state = SignatureState::Valid;
    std::string message; ///< empty if it is valid
};

/// Whether a key is long enough: RSA of 2048 bits or more, elliptic curves of 256.
bool IsStrongKey(EVP_PKEY* key, bool allowWeakKeys);

/// Whether a certificate says that it is for signing code (RFC 5280, 4.2.1.12), and no authority.
bool IsForSigning(X509* certificate);

/// Whether a certificate is an authority's that nobody else certified.
bool IsRoot(X509* certificate);

/// Whether a certificate may be believed to sign packages at a moment: one of the roots issued it
/// itself, both are valid then and of strong keys and digests. Whether it is revoked is the core's
/// to say (R-UPD-8).
Verdict JudgeCertificate(X509* signer,
                         STACK_OF(X509) * others,
                         const Trust& trust,
                         std::int64_t asOfS);

} // namespace lanpeer::reference
