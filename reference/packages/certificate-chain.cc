#include "reference/packages/certificate-chain.h"

#include <algorithm>

namespace lanpeer::reference
{

namespace
{

// OpenSSL's levels of security: 2 asks for 112 bits, which RSA has from 2048 bits on and SHA-1 has
// not; 1 for 80, RSA of 1024.
constexpr int kStrongLevel = 2;
constexpr int kWeakLevel = 1;

/// Authorities between the signer and the root, as OpenSSL counts a chain's depth.
constexpr int kBetween = 0;

constexpr const char* kNotByTheRoot =
    "the signer's certificate is not issued by the root itself, but by one in between";

using ContextPtr = std::unique_ptr<X509_STORE_CTX, OpenSslFree<X509_STORE_CTX_free>>;

StorePtr
StoreOf(const Trust& trust)
{
    StorePtr store = Made<StorePtr>(X509_STORE_new(), "certificates");
    for (X509* const root : trust.Roots())
    {
        if (X509_STORE_add_cert(store.get(), root) != 1)
        {
            ThrowOpenSsl("a root certificate");
        }
    }
    return store;
}

SignatureState
StateOf(int error)
{
    switch (error)
    {
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return SignatureState::OutOfDate;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return SignatureState::Weak;
    default: // of an int: everything else that OpenSSL may find
        return SignatureState::Untrusted;
    }
}

bool
Has(STACK_OF(X509) * certificates, const X509* wanted)
{
    for (int i = 0; i < sk_X509_num(certificates); ++i)
    {
        if (X509_cmp(sk_X509_value(certificates, i), wanted) == 0)
        {
            return true;
        }
    }
    return false;
}

/// Nothing comes along that is not signed.
Verdict
JudgeOthers(STACK_OF(X509) * chain, STACK_OF(X509) * others)
{
    for (int i = 0; i < sk_X509_num(others); ++i)
    {
        if (!Has(chain, sk_X509_value(others, i)))
        {
            return {SignatureState::Malformed, "a certificate that has no part in the signature"};
        }
    }
    return {};
}

} // namespace

std::string
SerialText(const ASN1_INTEGER* serial)
{
    const BigNumberPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (number == nullptr || BN_is_negative(number.get()) != 0)
    {
        ERR_clear_error();
        return "";
    }
    char* const digits = BN_bn2hex(number.get());
    std::string text = digits;
    OPENSSL_free(digits);
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    return text == "0" ? "00" : text;
}

bool
IsStrongKey(EVP_PKEY* key, bool allowWeakKeys)
{
    if (key == nullptr)
    {
        return false;
    }
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key))
    {
    case EVP_PKEY_RSA:
        return bits >= (allowWeakKeys ? 1024 : 2048);
    case EVP_PKEY_EC:
        return bits >= 256;
    default: // of an int: kinds of keys that nobody signs code with
        return false;
    }
}

bool
IsForSigning(X509* certificate)
{
    const bool says = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) >= 0 &&
                      (X509_get_extended_key_usage(certificate) & XKU_CODE_SIGN) != 0;
    // All bits if it does not say.
    const bool signs = (X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) != 0;
    return says && signs && X509_check_ca(certificate) != 1;
}

bool
IsRoot(X509* certificate)
{
    return X509_check_ca(certificate) == 1 && X509_NAME_cmp(X509_get_subject_name(certificate),
                                                            X509_get_issuer_name(certificate)) == 0;
}

Verdict
JudgeCertificate(X509* signer, STACK_OF(X509) * others, const Trust& trust, std::int64_t asOfS)
{
    if (!IsStrongKey(X509_get0_pubkey(signer), trust.allowWeakKeys))
    {
        return {SignatureState::Weak, "the signer's key is too short"};
    }
    const StorePtr store = StoreOf(trust);
    const ContextPtr context = Made<ContextPtr>(X509_STORE_CTX_new(), "certificates");
    if (X509_STORE_CTX_init(context.get(), store.get(), signer, others) != 1)
    {
        ThrowOpenSsl("certificates");
    }
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(asOfS));
    // The root's list speaks of what the root issued: of what an authority under it issues nobody
    // would hear that it counts no longer (T9).
    X509_VERIFY_PARAM_set_depth(parameters, kBetween);
    X509_VERIFY_PARAM_set_auth_level(parameters, trust.allowWeakKeys ? kWeakLevel : kStrongLevel);
    const int good = X509_verify_cert(context.get());
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    if (good != 1 || error != X509_V_OK)
    {
        return {StateOf(error),
                error == X509_V_ERR_CERT_CHAIN_TOO_LONG ? kNotByTheRoot
                                                        : X509_verify_cert_error_string(error)};
    }
    if (!IsForSigning(signer))
    {
        return {SignatureState::NotForSigning, "the certificate is not for signing code"};
    }
    return JudgeOthers(X509_STORE_CTX_get0_chain(context.get()), others);
}

} // namespace lanpeer::reference
