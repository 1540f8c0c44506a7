#include "reference/packages/revocation.h"

#include "model/protocol/update/catalog.h"
#include "reference/packages/certificate-chain.h"
#include "reference/packages/openssl-pointers.h"

#include <algorithm>

namespace lanpeer::reference
{

namespace
{

using RevokedPtr = std::unique_ptr<X509_REVOKED, OpenSslFree<X509_REVOKED_free>>;

void
Require(bool holds, const char* what)
{
    if (!holds)
    {
        throw PackageError(std::string("the revocation list ") + what);
    }
}

bool
IsSignedByARoot(X509_CRL* list, const Trust& trust)
{
    return std::any_of(trust.Roots().begin(),
                       trust.Roots().end(),
                       [list, &trust](X509* root)
                       {
                           const bool same = X509_NAME_cmp(X509_get_subject_name(root),
                                                           X509_CRL_get_issuer(list)) == 0;
                           EVP_PKEY* const key = X509_get0_pubkey(root);
                           const bool good = same && IsStrongKey(key, trust.allowWeakKeys) &&
                                             X509_CRL_verify(list, key) == 1;
                           ERR_clear_error();
                           return good;
                       });
}

/// Whether it is signed over a digest that is believed, in a way that has no parameters: how it is
/// signed is said outside of what is signed.
bool
HasStrongDigest(const X509_CRL* list)
{
    const X509_ALGOR* algorithm = nullptr;
    int parameters = V_ASN1_UNDEF;
    X509_CRL_get0_signature(list, nullptr, &algorithm);
    X509_ALGOR_get0(nullptr, &parameters, nullptr, algorithm);
    if (parameters != V_ASN1_UNDEF && parameters != V_ASN1_NULL)
    {
        return false;
    }
    int digest = NID_undef;
    OBJ_find_sigid_algs(X509_CRL_get_signature_nid(list), &digest, nullptr);
    return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

/// RFC 5280: what is critical and not understood, and a list of a part only, is not relied on.
void
CheckExtensions(const X509_CRL* list)
{
    for (int i = 0; i < X509_CRL_get_ext_count(list); ++i)
    {
        Require(X509_EXTENSION_get_critical(X509_CRL_get_ext(list, i)) == 0,
                "has an extension that is not known here");
    }
    Require(X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) < 0, "is only a part");
    Require(X509_CRL_get_ext_by_NID(list, NID_issuing_distribution_point, -1) < 0,
            "is only a part");
}

std::uint64_t
NumberOf(const X509_CRL* list)
{
    const IntegerPtr number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list, NID_crl_number, nullptr, nullptr)));
    ERR_clear_error();
    std::uint64_t value = 0;
    const bool read = number != nullptr && ASN1_INTEGER_get_uint64(&value, number.get()) == 1;
    ERR_clear_error();
    Require(read, "has no number");
    return value;
}

void
CheckTime(const X509_CRL* list, std::int64_t asOfS)
{
    auto now = static_cast<time_t>(asOfS);
    const ASN1_TIME* const from = X509_CRL_get0_lastUpdate(list);
    const ASN1_TIME* const until = X509_CRL_get0_nextUpdate(list);
    Require(X509_cmp_time(from, &now) < 0, "is of a time to come");
    Require(until == nullptr || X509_cmp_time(until, &now) > 0, "is out of date");
}

ASN1_TIME*
MadeTime(std::int64_t seconds)
{
    ASN1_TIME* const time = ASN1_TIME_set(nullptr, static_cast<time_t>(seconds));
    if (time == nullptr)
    {
        ThrowOpenSsl("a time");
    }
    return time;
}

void
AddRevoked(X509_CRL* list, const std::string& serial, const ASN1_TIME* when)
{
    BIGNUM* digits = nullptr;
    const int read = BN_hex2bn(&digits, serial.c_str());
    const BigNumberPtr number(digits);
    if (read <= 0 || static_cast<std::size_t>(read) != serial.size() ||
        BN_is_negative(number.get()) != 0)
    {
        throw PackageError("a serial number that is not hexadecimal");
    }
    const IntegerPtr integer = Made<IntegerPtr>(BN_to_ASN1_INTEGER(number.get(), nullptr), "list");
    RevokedPtr revoked = Made<RevokedPtr>(X509_REVOKED_new(), "list");
    if (X509_REVOKED_set_serialNumber(revoked.get(), integer.get()) != 1 ||
        X509_REVOKED_set_revocationDate(revoked.get(), const_cast<ASN1_TIME*>(when)) != 1 ||
        X509_CRL_add0_revoked(list, revoked.get()) != 1)
    {
        ThrowOpenSsl("list");
    }
    revoked.release();
}

/// \param trust whose roots must have signed it; nullptr: not looked at
RevocationList
Read(std::string_view der, const Trust* trust, std::int64_t asOfS)
{
    Require(der.size() <= kMaxRevocationListBytes, "is too long");
    const auto list = ReadDer<RevocationsPtr>(der, d2i_X509_CRL);
    Require(list != nullptr, "is none");
    Require(HasStrongDigest(list.get()), "has a digest that is not believed any more");
    Require(trust == nullptr || IsSignedByARoot(list.get(), *trust), "is not signed by a root");
    CheckExtensions(list.get());
    CheckTime(list.get(), asOfS);
    RevocationList result;
    result.number = NumberOf(list.get());
    const STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(list.get());
    Require(sk_X509_REVOKED_num(entries) <= static_cast<int>(limits::kRevokedCertificates),
            "has too many entries");
    for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i)
    {
        const X509_REVOKED* const entry = sk_X509_REVOKED_value(entries, i);
        result.revoked.push_back(SerialText(X509_REVOKED_get0_serialNumber(entry)));
        Require(!result.revoked.back().empty(), "has a negative number in it");
    }
    std::sort(result.revoked.begin(), result.revoked.end());
    result.revoked.erase(std::unique(result.revoked.begin(), result.revoked.end()),
                         result.revoked.end());
    return result;
}

} // namespace

RevocationList
ReadRevocationList(std::string_view der, const Trust& trust, std::int64_t asOfS)
{
    return Read(der, &trust, asOfS);
}

RevocationList
ReadUnverifiedRevocationList(std::string_view der, std::int64_t asOfS)
{
    return Read(der, nullptr, asOfS);
}

std::string
MakeRevocationList(const RevocationOrder& order, const SigningKey& root)
{
    const RevocationsPtr list = Made<RevocationsPtr>(X509_CRL_new(), "list");
    const TimePtr from(MadeTime(order.fromS));
    const IntegerPtr number = Made<IntegerPtr>(ASN1_INTEGER_new(), "list");
    bool made = X509_CRL_set_version(list.get(), 1) == 1 &&
                X509_CRL_set_issuer_name(list.get(),
                                         X509_get_subject_name(root.Certificates().front())) == 1 &&
                X509_CRL_set1_lastUpdate(list.get(), from.get()) == 1 &&
                ASN1_INTEGER_set_uint64(number.get(), order.number) == 1 &&
                X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1;
    if (made && order.untilS)
    {
        const TimePtr until(MadeTime(*order.untilS));
        made = X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1;
    }
    for (const std::string& serial : order.revoked)
    {
        AddRevoked(list.get(), serial, from.get());
    }
    if (!made || X509_CRL_sort(list.get()) != 1 ||
        X509_CRL_sign(list.get(), root.Key(), EVP_sha256()) == 0)
    {
        ThrowOpenSsl("the revocation list cannot be made");
    }
    return DerOf(list.get(), i2d_X509_CRL);
}

} // namespace lanpeer::reference
