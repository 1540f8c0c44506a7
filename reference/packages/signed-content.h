#pragma once

#include "reference/packages/byte-source.h"
#include "reference/packages/cabinet-layout.h"
#include "reference/packages/openssl-pointers.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

// What an Authenticode signature is over: SpcIndirectDataContent, which says "the digest of this
// cabinet is ..." (the content of the PKCS#7 SignedData).
//
//   SEQUENCE
//     SEQUENCE { OID 1.3.6.1.4.1.311.2.1.25 (a cabinet), [2] "<<<Obsolete>>>" }
//     SEQUENCE { SEQUENCE { OID of the digest, NULL }, OCTET STRING the digest }

inline constexpr const char* kIndirectDataOid = "1.3.6.1.4.1.311.2.1.4";
inline constexpr const char* kStatementTypeOid = "1.3.6.1.4.1.311.2.1.11";
inline constexpr const char* kProgramInfoOid = "1.3.6.1.4.1.311.2.1.12";

struct SignedContent
{
    int algorithm = NID_undef; ///< OpenSSL's number of the digest
    std::string digest;
};

/// DER, for SHA-256.
std::string WriteSignedContent(std::string_view sha256);

/// \returns nullopt for what is not of a cabinet, or not DER
std::optional<SignedContent> ReadSignedContent(std::string_view der);

/// What stands in a SEQUENCE: its bytes without tag and length. That is what "messageDigest" of the
/// signature is the digest of (PKCS#7, 9.3). Empty if it is none.
std::string_view InSequence(std::string_view der);

/// Gives \p take the bytes that the digest is of: the cabinet up to its signature, but for what
/// signing writes itself, bytes 4 to 7 and 34 to 55.
///
/// \param header of a cabinet with the reserve
void ForDigest(const ByteSource& source,
               const CabinetHeader& header,
               const std::function<void(std::string_view)>& take);

/// A digest that is fed piece by piece.
class RunningDigest
{
  public:
    explicit RunningDigest(const EVP_MD* algorithm);

    void Add(std::string_view bytes);

    /// Once.
    std::string Finish();

  private:
    DigestContextPtr m_context;
};

} // namespace lanpeer::reference
