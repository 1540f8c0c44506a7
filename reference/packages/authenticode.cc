#include "reference/packages/authenticode.h"

#include "reference/packages/cabinet-layout.h"
#include "reference/packages/certificate-chain.h"
#include "reference/packages/signed-content.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lanpeer::reference
{

namespace
{

constexpr std::uint64_t kMaxSignatureBytes = 64 * 1024;
constexpr std::uint64_t kPadding = 8;
constexpr int kMaxCertificates = 16;

using ObjectPtr = std::unique_ptr<ASN1_OBJECT, OpenSslFree<ASN1_OBJECT_free>>;

/// Why a signature is not believed, thrown through the steps of checking it.
class Refusal
{
  public:
    Refusal(SignatureState state, std::string message)
        : m_verdict{state, std::move(message)}
    {
    }

    const Verdict& Why() const
    {
        return m_verdict;
    }

  private:
    Verdict m_verdict;
};

void
Require(bool holds, SignatureState state, const char* message)
{
    if (!holds)
    {
        throw Refusal(state, message);
    }
}

void
RequireWellFormed(bool holds, const char* message)
{
    Require(holds, SignatureState::Malformed, message);
}

bool
Is(const ASN1_OBJECT* object, const char* oid)
{
    const ObjectPtr other = Made<ObjectPtr>(OBJ_txt2obj(oid, 1), "OID");
    return OBJ_cmp(object, other.get()) == 0;
}

/// The digests that are believed; null for the others.
const EVP_MD*
StrongDigest(int algorithm)
{
    const bool strong =
        algorithm == NID_sha256 || algorithm == NID_sha384 || algorithm == NID_sha512;
    return strong ? EVP_get_digestbynid(algorithm) : nullptr;
}

/// The PKCS#7 object, which fills its place but for the padding.
Pkcs7Ptr
ReadPkcs7(const std::string& bytes)
{
    const unsigned char* at = Unsigned(bytes);
    Pkcs7Ptr signature(d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size())));
    ERR_clear_error();
    RequireWellFormed(signature != nullptr, "the signature is no PKCS#7");
    const auto size = static_cast<std::size_t>(at - Unsigned(bytes));
    RequireWellFormed(bytes.size() == (size + kPadding - 1) / kPadding * kPadding &&
                          bytes.find_first_not_of('\0', size) == std::string::npos,
                      "bytes behind the signature that are not its padding");
    // What is encoded in another way than ours would be could hide something.
    RequireWellFormed(DerOf(signature.get(), i2d_PKCS7) == bytes.substr(0, size),
                      "the signature is not DER");
    return signature;
}

/// The parts of a signature, each of which is there once.
struct Parts
{
    PKCS7_SIGNER_INFO* signer = nullptr;
    std::string content; ///< SpcIndirectDataContent
    STACK_OF(X509) * certificates = nullptr;
};

Parts
PartsOf(PKCS7* signature)
{
    RequireWellFormed(PKCS7_type_is_signed(signature) != 0 && signature->d.sign != nullptr,
                      "the signature is no SignedData");
    const PKCS7_SIGNED* const data = signature->d.sign;
    RequireWellFormed(ASN1_INTEGER_get(data->version) == 1, "a SignedData of another version");
    const int signers = sk_PKCS7_SIGNER_INFO_num(data->signer_info);
    RequireWellFormed(signers == 1, "not one signature but several, or none");
    RequireWellFormed(sk_X509_ALGOR_num(data->md_algs) == 1, "not one digest algorithm");
    RequireWellFormed(sk_X509_CRL_num(data->crl) <= 0, "a revocation list beside the signature");
    RequireWellFormed(sk_X509_num(data->cert) >= 1 && sk_X509_num(data->cert) <= kMaxCertificates,
                      "too many certificates, or none");
    const PKCS7* const contents = data->contents;
    RequireWellFormed(contents != nullptr && Is(contents->type, kIndirectDataOid) &&
                          contents->d.other != nullptr &&
                          contents->d.other->type == V_ASN1_SEQUENCE,
                      "the signature is of something else than a digest");
    Parts parts;
    parts.signer = sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0);
    RequireWellFormed(ASN1_INTEGER_get(parts.signer->version) == 1, "a signer of another version");
    const ASN1_STRING* const text = contents->d.other->value.sequence;
    parts.content.assign(reinterpret_cast<const char*>(text->data),
                         static_cast<std::size_t>(text->length));
    parts.certificates = data->cert;
    RequireWellFormed(sk_X509_ATTRIBUTE_num(parts.signer->unauth_attr) <= 0,
                      "something that is not signed beside the signature: another one, or a time");
    return parts;
}

X509*
SignerOf(const Parts& parts)
{
    const PKCS7_ISSUER_AND_SERIAL* const name = parts.signer->issuer_and_serial;
    X509* const signer =
        X509_find_by_issuer_and_serial(parts.certificates, name->issuer, name->serial);
    // To the byte: names that are alike but for letters' case are not signed.
    RequireWellFormed(signer != nullptr && DerOf(name->issuer, i2d_X509_NAME) ==
                                               DerOf(X509_get_issuer_name(signer), i2d_X509_NAME),
                      "the signer's certificate is not in the signature");
    RequireWellFormed(!SerialText(X509_get0_serialNumber(signer)).empty(),
                      "the signer's certificate has a negative number");
    return signer;
}

/// The value of the one attribute of that type.
const ASN1_TYPE*
AttributeOf(const Parts& parts, int type)
{
    const auto* const attributes = parts.signer->auth_attr;
    const int at = X509at_get_attr_by_NID(attributes, type, -1);
    RequireWellFormed(at >= 0 && X509at_get_attr_by_NID(attributes, type, at) < 0,
                      "what is to be signed stands there not once");
    X509_ATTRIBUTE* const attribute = X509at_get_attr(attributes, at);
    RequireWellFormed(X509_ATTRIBUTE_count(attribute) == 1, "what is signed has several values");
    return X509_ATTRIBUTE_get0_type(attribute, 0);
}

/// What the signature itself is over, and that it says what it is of.
void
CheckSignedAttributes(const Parts& parts, const EVP_MD* digest)
{
    const ASN1_TYPE* const type = AttributeOf(parts, NID_pkcs9_contentType);
    RequireWellFormed(type->type == V_ASN1_OBJECT && Is(type->value.object, kIndirectDataOid),
                      "what is signed is something else");
    const ASN1_TYPE* const signedDigest = AttributeOf(parts, NID_pkcs9_messageDigest);
    RequireWellFormed(signedDigest->type == V_ASN1_OCTET_STRING, "what is signed is no digest");
    RunningDigest running(digest);
    running.Add(InSequence(parts.content));
    const ASN1_STRING* const octets = signedDigest->value.octet_string;
    const std::string_view said(reinterpret_cast<const char*>(octets->data),
                                static_cast<std::size_t>(octets->length));
    Require(running.Finish() == said, SignatureState::Altered, "the signed digest is another");
}

/// OpenSSL's number of an algorithm, which has no parameters.
int
NumberOf(const X509_ALGOR* algorithm)
{
    const ASN1_OBJECT* identifier = nullptr;
    int parameters = V_ASN1_UNDEF;
    X509_ALGOR_get0(&identifier, &parameters, nullptr, algorithm);
    RequireWellFormed(parameters == V_ASN1_UNDEF || parameters == V_ASN1_NULL,
                      "an algorithm with parameters");
    return OBJ_obj2nid(identifier);
}

/// How the signature says that it was made, which nothing signs, is how the key makes them.
void
CheckSignatureAlgorithm(const Parts& parts, const EVP_MD* digest, EVP_PKEY* key)
{
    const int named = NumberOf(parts.signer->digest_enc_alg);
    int ofBoth = NID_undef;
    OBJ_find_sigid_by_algs(&ofBoth, EVP_MD_get_type(digest), EVP_PKEY_get_base_id(key));
    RequireWellFormed(named != NID_undef && (named == EVP_PKEY_get_base_id(key) || named == ofBoth),
                      "an algorithm that is not the key's");
}

/// The signer's key made it of these attributes.
void
CheckWithKey(const Parts& parts, X509* signer, const EVP_MD* digest)
{
    EVP_PKEY* const key = X509_get0_pubkey(signer);
    RequireWellFormed(key != nullptr, "the signer's certificate has no key that is known");
    CheckSignatureAlgorithm(parts, digest, key);
    unsigned char* bytes = nullptr;
    const int size = ASN1_item_i2d(reinterpret_cast<const ASN1_VALUE*>(parts.signer->auth_attr),
                                   &bytes,
                                   ASN1_ITEM_rptr(PKCS7_ATTR_VERIFY));
    if (size <= 0)
    {
        ThrowOpenSsl("signature");
    }
    const std::string attributes(reinterpret_cast<const char*>(bytes),
                                 static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    const ASN1_STRING* const made = parts.signer->enc_digest;
    const DigestContextPtr context = Made<DigestContextPtr>(EVP_MD_CTX_new(), "signature");
    const bool good = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                      EVP_DigestVerify(context.get(),
                                       made->data,
                                       static_cast<std::size_t>(made->length),
                                       Unsigned(attributes),
                                       attributes.size()) == 1;
    ERR_clear_error();
    Require(good, SignatureState::Altered, "the signature is not by the signer's key");
}

/// The digests that the signature names, all the same.
const EVP_MD*
DigestNamed(const PKCS7* signature, const Parts& parts, const SignedContent& content)
{
    const EVP_MD* const digest = StrongDigest(content.algorithm);
    Require(digest != nullptr && StrongDigest(NumberOf(parts.signer->digest_alg)) != nullptr,
            SignatureState::Weak,
            "a digest that is not believed any more");
    RequireWellFormed(NumberOf(parts.signer->digest_alg) == content.algorithm &&
                          NumberOf(sk_X509_ALGOR_value(signature->d.sign->md_algs, 0)) ==
                              content.algorithm,
                      "the signature names several digests");
    return digest;
}

void
CheckCabinet(const ByteSource& source, const CabinetHeader& header, const SignedContent& content)
{
    RunningDigest running(StrongDigest(content.algorithm));
    ForDigest(source, header, [&running](std::string_view bytes) { running.Add(bytes); });
    Require(running.Finish() == content.digest,
            SignatureState::Altered,
            "the cabinet was altered after it was signed");
}

CabinetHeader
HeaderOf(const ByteSource& source)
{
    try
    {
        const CabinetHeader header = ReadCabinetHeader(source);
        Require(header.signature.has_value(), SignatureState::Missing, "it is not signed");
        RequireWellFormed(header.signature->sizeBytes <= kMaxSignatureBytes,
                          "a signature that is too long");
        return header;
    }
    catch (const PackageError& error)
    {
        throw Refusal(SignatureState::Malformed, error.what());
    }
}

void
Check(const ByteSource& source, const Trust& trust, std::int64_t asOfS, SignatureReport& report)
{
    const CabinetHeader header = HeaderOf(source);
    const Pkcs7Ptr signature = ReadPkcs7(source.TextAt(
        header.signature->offset, static_cast<std::size_t>(header.signature->sizeBytes)));
    const Parts parts = PartsOf(signature.get());
    const auto content = ReadSignedContent(parts.content);
    RequireWellFormed(content.has_value(), "what is signed is no digest of a cabinet");
    X509* const signer = SignerOf(parts);
    report.signer = SerialText(X509_get0_serialNumber(signer));
    const EVP_MD* const digest = DigestNamed(signature.get(), parts, *content);
    CheckCabinet(source, header, *content);
    CheckSignedAttributes(parts, digest);
    CheckWithKey(parts, signer, digest);
    const Verdict verdict = JudgeCertificate(signer, parts.certificates, trust, asOfS);
    report.state = verdict.state;
    report.message = verdict.message;
}

} // namespace

SignatureReport
CheckSignature(const ByteSource& source, const Trust& trust, std::int64_t asOfS)
{
    SignatureReport report;
    try
    {
        Check(source, trust, asOfS, report);
    }
    catch (const Refusal& refusal)
    {
        report.state = refusal.Why().state;
        report.message = refusal.Why().message;
    }
    catch (const PackageError& error)
    {
        report.state = SignatureState::Malformed;
        report.message = error.what();
    }
    return report;
}

} // namespace lanpeer::reference
