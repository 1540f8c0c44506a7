#pragma once

#include "model/protocol/update/package-facts.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// OpenSSL's, so that who includes this needs none of its headers.
struct x509_st;
struct evp_pkey_st;

namespace lanpeer::reference
{

/// Whom to believe.
class Trust
{
  public:
    /// The root certificates of a PEM text, one or more and nothing else.
    ///
    /// Throws PackageError.
    explicit Trust(std::string_view rootsPem);

    ~Trust();
    Trust(Trust&&) noexcept;
    Trust& operator=(Trust&&) noexcept;

    /// Keys from 1024 bits on, not 2048: the patent's historical case (R-UPD-7).
    bool allowWeakKeys = false;

    const std::vector<x509_st*>& Roots() const
    {
        return m_roots;
    }

  private:
    std::vector<x509_st*> m_roots; ///< owned
};

/// What a publisher signs with: a certificate, which the root issued, and the key.
class SigningKey
{
  public:
    /// \param certificatesPem the signing certificate first; what follows goes into each signature
    /// \param keyPem its private key, without a password
    ///
    /// Throws PackageError.
    SigningKey(std::string_view certificatesPem, std::string_view keyPem);

    ~SigningKey();
    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;

    const std::vector<x509_st*>& Certificates() const
    {
        return m_certificates;
    }

    evp_pkey_st* Key() const
    {
        return m_key;
    }

  private:
    std::vector<x509_st*> m_certificates; ///< owned
    evp_pkey_st* m_key = nullptr;         ///< owned
};

} // namespace lanpeer::reference
