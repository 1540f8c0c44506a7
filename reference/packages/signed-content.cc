#include "reference/packages/signed-content.h"

#include <array>

namespace lanpeer::reference
{

namespace
{

using namespace std::string_view_literals;

// DER, whose parts are all shorter than 128 bytes here: tag, length, bytes.
constexpr std::string_view kCabinetOid = "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x19"sv;
constexpr std::string_view kSha256Algorithm =
    "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"sv;
constexpr std::string_view kObsolete = "<<<Obsolete>>>"sv;
constexpr char kSequence = 0x30;
constexpr char kOctets = 0x04;
constexpr char kFileLink = '\xa2';    // [2], of what a link may be
constexpr char kUnicodeText = '\x80'; // [0], of what its text may be

// The bytes that signing writes itself are not signed.
constexpr std::uint64_t kReservedField = 4;
constexpr std::uint64_t kAfterReservedField = 8;
constexpr std::uint64_t kNumberInSet = 34;
constexpr std::uint64_t kAfterSignaturePlace = 56;

using DigestInfoPtr = std::unique_ptr<X509_SIG, OpenSslFree<X509_SIG_free>>;

std::string
Element(char tag, std::string_view content)
{
    std::string der{tag, static_cast<char>(content.size())};
    return der.append(content);
}

/// Takes the SEQUENCE off the front of some DER.
/// \returns it with tag and length; empty if there is none
std::string_view
TakeSequence(std::string_view& der)
{
    const unsigned char* at = Unsigned(der);
    long size = 0;
    int tag = 0;
    int tagClass = 0;
    const int form = ASN1_get_object(&at, &size, &tag, &tagClass, static_cast<long>(der.size()));
    ERR_clear_error();
    if (form != V_ASN1_CONSTRUCTED || tag != V_ASN1_SEQUENCE || tagClass != V_ASN1_UNIVERSAL)
    {
        return {};
    }
    const auto whole =
        static_cast<std::size_t>(at - Unsigned(der)) + static_cast<std::size_t>(size);
    const std::string_view element = der.substr(0, whole);
    der.remove_prefix(whole);
    return element;
}

} // namespace

std::string
WriteSignedContent(std::string_view sha256)
{
    std::string text;
    for (const char c : kObsolete)
    {
        text += '\0'; // UTF-16, the high byte first
        text += c;
    }
    const std::string link = Element(kFileLink, Element(kUnicodeText, text));
    const std::string about = Element(kSequence, std::string(kCabinetOid) + link);
    const std::string digest =
        Element(kSequence, std::string(kSha256Algorithm) + Element(kOctets, sha256));
    return Element(kSequence, about + digest);
}

std::optional<SignedContent>
ReadSignedContent(std::string_view der)
{
    std::string_view rest = der;
    std::string_view content = InSequence(TakeSequence(rest));
    const std::string_view about = InSequence(TakeSequence(content));
    if (!rest.empty() || about.substr(0, kCabinetOid.size()) != kCabinetOid)
    {
        return std::nullopt;
    }
    const auto info = ReadDer<DigestInfoPtr>(content, d2i_X509_SIG);
    if (info == nullptr || DerOf(info.get(), i2d_X509_SIG) != content)
    {
        return std::nullopt;
    }
    const X509_ALGOR* algorithm = nullptr;
    const ASN1_OCTET_STRING* digest = nullptr;
    X509_SIG_get0(info.get(), &algorithm, &digest);
    const ASN1_OBJECT* identifier = nullptr;
    X509_ALGOR_get0(&identifier, nullptr, nullptr, algorithm);
    return SignedContent{OBJ_obj2nid(identifier),
                         std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(digest)),
                                     static_cast<std::size_t>(ASN1_STRING_length(digest)))};
}

std::string_view
InSequence(std::string_view der)
{
    const unsigned char* at = Unsigned(der);
    long size = 0;
    int tag = 0;
    int tagClass = 0;
    const int form = ASN1_get_object(&at, &size, &tag, &tagClass, static_cast<long>(der.size()));
    ERR_clear_error();
    // An indefinite length has a bit more: BER, not DER.
    return form == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE
               ? der.substr(static_cast<std::size_t>(at - Unsigned(der)),
                            static_cast<std::size_t>(size))
               : std::string_view{};
}

void
ForDigest(const ByteSource& source,
          const CabinetHeader& header,
          const std::function<void(std::string_view)>& take)
{
    take(source.TextAt(0, kReservedField));
    take(source.TextAt(kAfterReservedField, kNumberInSet - kAfterReservedField));
    source.ReadInPieces(kAfterSignaturePlace, header.sizeBytes, take);
}

RunningDigest::RunningDigest(const EVP_MD* algorithm)
    : m_context(Made<DigestContextPtr>(EVP_MD_CTX_new(), "digest"))
{
    if (EVP_DigestInit_ex(m_context.get(), algorithm, nullptr) != 1)
    {
        ThrowOpenSsl("digest");
    }
}

void
RunningDigest::Add(std::string_view bytes)
{
    if (EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) != 1)
    {
        ThrowOpenSsl("digest");
    }
}

std::string
RunningDigest::Finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(m_context.get(), bytes.data(), &size) != 1)
    {
        ThrowOpenSsl("digest");
    }
    return {reinterpret_cast<const char*>(bytes.data()), size};
}

} // namespace lanpeer::reference
