#pragma once

#include "authority.h"
#include "reference/packages/openssl-pointers.h"

#include <cstddef>
#include <functional>
#include <string>

// What can be changed about a signature without its key: all that nothing signs.

namespace lanpeer::reference
{

/// Where a signed cabinet's signature begins.
std::size_t SignatureOffset(const std::string& bytes);

/// The cabinet with another signature behind it, padded and said to be there as signing does.
std::string WithSignature(const std::string& bytes, std::string der);

Pkcs7Ptr SignatureOf(const std::string& bytes);

/// A signed cabinet with something changed in its signature.
std::string Tampered(const std::string& bytes, const std::function<void(PKCS7*)>& change);

PKCS7_SIGNER_INFO* SignerOf(PKCS7* signature);

CertificatePtr CertificateOf(const Identity& identity);

} // namespace lanpeer::reference
