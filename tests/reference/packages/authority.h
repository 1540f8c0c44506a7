#pragma once

#include "reference/packages/certificates.h"

#include <cstdint>
#include <string>
#include <vector>

// Certificates and keys for tests, made by OpenSSL when first asked for.

namespace lanpeer::reference
{

/// A moment within the validity of all that says nothing else: 2023-11-14.
constexpr std::int64_t kAsOfS = 1'700'000'000;

struct CertificateOrder
{
    std::string name = "publisher";
    unsigned serial = 0x1001;
    bool authority = false;
    std::string purposes = "codeSigning"; ///< of the extended key usage; empty: it has none
    std::string usages;                   ///< of the key usage; empty: it has none
    std::string digest = "SHA256";
    std::int64_t fromS = 946'684'800;    ///< 2000-01-01
    std::int64_t untilS = 4'102'444'800; ///< 2100-01-01
};

/// A certificate with its key.
struct Identity
{
    std::string certificate; ///< PEM
    std::string key;         ///< PEM
};

/// A private key, PEM: "RSA" of so many bits or "EC" on P-256. One of each kind and \p number per
/// run, as they take long.
const std::string& KeyOf(const std::string& kind, unsigned bits, unsigned number = 0);

/// \param issuer whose authority it is under; itself if its certificate is empty
Identity MakeIdentity(const CertificateOrder& order,
                      const std::string& key,
                      const Identity& issuer = {});

/// The root of all tests that say nothing else, and a publisher under it.
const Identity& Root();
const Identity& Publisher();

/// Another root, of the same name, and a publisher under that.
const Identity& OtherRoot();
const Identity& OtherPublisher();

Trust TrustIn(const Identity& root);
SigningKey KeyFor(const Identity& identity);

} // namespace lanpeer::reference
