#pragma once

#include "reference/packages/package-error.h"

#include <openssl/asn1.h>
#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

// OpenSSL's objects with owners.

template <auto Free>
struct OpenSslFree
{
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;
using BigNumberPtr = std::unique_ptr<BIGNUM, OpenSslFree<BN_free>>;
using CertificatePtr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, OpenSslFree<ASN1_INTEGER_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, OpenSslFree<PKCS7_free>>;
using RevocationsPtr = std::unique_ptr<X509_CRL, OpenSslFree<X509_CRL_free>>;
using StorePtr = std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, OpenSslFree<ASN1_TIME_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX_free>>;

/// "WHAT: what OpenSSL says", and its queue of errors is empty again.
[[noreturn]] inline void
ThrowOpenSsl(const std::string& what)
{
    const unsigned long code = ERR_peek_last_error();
    const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    throw PackageError(what + ": " + (reason == nullptr ? "refused" : reason));
}

/// Of OpenSSL's constructors and the like, which return null when they fail.
template <typename Pointer>
Pointer
Made(typename Pointer::pointer object, const char* what)
{
    if (object == nullptr)
    {
        ThrowOpenSsl(what);
    }
    return Pointer(object);
}

/// The DER of an object, by its i2d function.
template <typename T, typename ToDer>
std::string
DerOf(const T* object, ToDer toDer)
{
    unsigned char* bytes = nullptr;
    const int size = toDer(const_cast<T*>(object), &bytes);
    if (size < 0)
    {
        ThrowOpenSsl("DER");
    }
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

inline const unsigned char*
Unsigned(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// The object of a DER encoding by its d2i function; null if it is none, or bytes are left.
template <typename Pointer, typename FromDer>
Pointer
ReadDer(std::string_view der, FromDer fromDer)
{
    const unsigned char* at = Unsigned(der);
    Pointer object(fromDer(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (object != nullptr && at != Unsigned(der) + der.size())
    {
        object.reset();
    }
    return object;
}

} // namespace lanpeer::reference
