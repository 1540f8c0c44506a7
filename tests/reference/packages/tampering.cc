#include "tampering.h"

#include "reference/packages/little-endian.h"

namespace lanpeer::reference
{

std::size_t
SignatureOffset(const std::string& bytes)
{
    return LittleEndian(bytes, 44, 4);
}

std::string
WithSignature(const std::string& bytes, std::string der)
{
    der.resize((der.size() + 7) / 8 * 8, '\0');
    std::string cabinet = bytes.substr(0, SignatureOffset(bytes));
    PutLittleEndian(cabinet, 48, static_cast<std::uint32_t>(der.size()), 4);
    return cabinet + der;
}

Pkcs7Ptr
SignatureOf(const std::string& bytes)
{
    const std::string der = bytes.substr(SignatureOffset(bytes));
    const unsigned char* at = Unsigned(der);
    return Made<Pkcs7Ptr>(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())), "signature");
}

std::string
Tampered(const std::string& bytes, const std::function<void(PKCS7*)>& change)
{
    const Pkcs7Ptr signature = SignatureOf(bytes);
    change(signature.get());
    return WithSignature(bytes, DerOf(signature.get(), i2d_PKCS7));
}

PKCS7_SIGNER_INFO*
SignerOf(PKCS7* signature)
{
    return sk_PKCS7_SIGNER_INFO_value(signature->d.sign->signer_info, 0);
}

CertificatePtr
CertificateOf(const Identity& identity)
{
    const std::string& pem = identity.certificate;
    const BioPtr bio =
        Made<BioPtr>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "memory");
    return Made<CertificatePtr>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                "certificate");
}

} // namespace lanpeer::reference
