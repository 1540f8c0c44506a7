#include "reference/packages/authenticode.h"

#include "reference/packages/cabinet.h"
#include "reference/packages/certificate-chain.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/signed-content.h"

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kPadding = 8;

using TypePtr = std::unique_ptr<ASN1_TYPE, OpenSslFree<ASN1_TYPE_free>>;
using StringPtr = std::unique_ptr<ASN1_STRING, OpenSslFree<ASN1_STRING_free>>;

void
Require(bool holds, const char* what)
{
    if (!holds)
    {
        ThrowOpenSsl(what);
    }
}

StringPtr
StringOf(std::string_view bytes)
{
    StringPtr text = Made<StringPtr>(ASN1_STRING_type_new(V_ASN1_SEQUENCE), "signature");
    Require(ASN1_STRING_set(text.get(), bytes.data(), static_cast<int>(bytes.size())) == 1,
            "signature");
    return text;
}

/// A signed attribute whose value is this DER of a SEQUENCE.
void
AddAttribute(PKCS7_SIGNER_INFO* signer, const char* oid, std::string_view der)
{
    const int known = OBJ_txt2nid(oid);
    const int type = known != NID_undef ? known : OBJ_create(oid, oid, oid);
    StringPtr value = StringOf(der);
    Require(type != NID_undef &&
                PKCS7_add_signed_attribute(signer, type, V_ASN1_SEQUENCE, value.get()) == 1,
            "signature");
    value.release(); // the attribute's now
}

/// What the signature says it is of: a SpcIndirectDataContent, in the place of plain data.
void
SetContent(PKCS7* signature, std::string_view content)
{
    Pkcs7Ptr inner = Made<Pkcs7Ptr>(PKCS7_new(), "signature");
    TypePtr value = Made<TypePtr>(ASN1_TYPE_new(), "signature");
    ASN1_TYPE_set(value.get(), V_ASN1_SEQUENCE, StringOf(content).release());
    inner->type = OBJ_txt2obj(kIndirectDataOid, 1);
    inner->d.other = value.release();
    Require(PKCS7_set_content(signature, inner.get()) == 1, "signature");
    inner.release();
}

void
SignAttributes(PKCS7_SIGNER_INFO* signer, std::string_view content)
{
    RunningDigest digest(EVP_sha256());
    digest.Add(InSequence(content));
    const std::string bytes = digest.Finish();
    Require(PKCS7_add_attrib_content_type(signer, OBJ_txt2obj(kIndirectDataOid, 1)) == 1 &&
                PKCS7_add1_attrib_digest(signer, Unsigned(bytes), static_cast<int>(bytes.size())) ==
                    1,
            "signature");
    // SpcStatementType: of a single publisher; SpcSpOpusInfo: no name, no address.
    using namespace std::string_view_literals;
    AddAttribute(
        signer, kStatementTypeOid, "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x15"sv);
    AddAttribute(signer, kProgramInfoOid, "\x30\x00"sv);
    Require(PKCS7_SIGNER_INFO_sign(signer) == 1, "signature");
}

std::string
MakePkcs7(std::string_view content, const SigningKey& key)
{
    const Pkcs7Ptr signature = Made<Pkcs7Ptr>(PKCS7_new(), "signature");
    Require(PKCS7_set_type(signature.get(), NID_pkcs7_signed) == 1, "signature");
    PKCS7_SIGNER_INFO* const signer =
        PKCS7_add_signature(signature.get(), key.Certificates().front(), key.Key(), EVP_sha256());
    Require(signer != nullptr, "signature");
    for (X509* const certificate : key.Certificates())
    {
        Require(PKCS7_add_certificate(signature.get(), certificate) == 1, "signature");
    }
    SetContent(signature.get(), content);
    SignAttributes(signer, content);
    return DerOf(signature.get(), i2d_PKCS7);
}

void
CheckKey(const SigningKey& key)
{
    if (!IsStrongKey(key.Key(), true))
    {
        throw PackageError("the key is too short to sign with");
    }
    if (!IsForSigning(key.Certificates().front()))
    {
        throw PackageError("the certificate is not for signing code");
    }
}

} // namespace

std::string
SignCabinet(std::string_view cabinet, const SigningKey& key)
{
    CheckKey(key);
    std::string bytes = WithRoomForSignature(cabinet);
    const CabinetHeader header = ReadCabinetHeader(MemorySource(bytes));
    bytes.resize(static_cast<std::size_t>(header.sizeBytes)); // without a signature from before
    RunningDigest digest(EVP_sha256());
    ForDigest(
        MemorySource(bytes), header, [&digest](std::string_view piece) { digest.Add(piece); });
    std::string signature = MakePkcs7(WriteSignedContent(digest.Finish()), key);
    signature.resize((signature.size() + kPadding - 1) / kPadding * kPadding, '\0');
    PutLittleEndian(bytes, 40, kSigningMark, 4);
    PutLittleEndian(bytes, 44, static_cast<std::uint32_t>(bytes.size()), 4);
    PutLittleEndian(bytes, 48, static_cast<std::uint32_t>(signature.size()), 4);
    return bytes + signature;
}

} // namespace lanpeer::reference
