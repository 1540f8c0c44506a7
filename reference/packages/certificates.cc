#include "reference/packages/certificates.h"

#include "reference/packages/openssl-pointers.h"

#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kMaxCertificates = 64;

/// Never asks at a terminal.
int
NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/)
{
    return -1;
}

BioPtr
BioOf(std::string_view text)
{
    return Made<BioPtr>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "memory");
}

std::vector<x509_st*>
ReadCertificates(std::string_view pem)
{
    std::vector<CertificatePtr> read;
    const BioPtr bio = BioOf(pem);
    while (X509* const certificate = PEM_read_bio_X509(bio.get(), nullptr, NoPassword, nullptr))
    {
        read.emplace_back(certificate);
        if (read.size() > kMaxCertificates)
        {
            throw PackageError("too many certificates");
        }
    }
    // The end is an error too: the one that says that nothing else begins.
    const bool atEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (read.empty() || !atEnd)
    {
        ThrowOpenSsl("no certificate");
    }
    ERR_clear_error();
    std::vector<x509_st*> certificates;
    for (CertificatePtr& certificate : read)
    {
        certificates.push_back(certificate.release());
    }
    return certificates;
}

void
FreeAll(std::vector<x509_st*>& certificates)
{
    for (x509_st* certificate : certificates)
    {
        X509_free(certificate);
    }
    certificates.clear();
}

} // namespace

Trust::Trust(std::string_view rootsPem)
    : m_roots(ReadCertificates(rootsPem))
{
}

Trust::~Trust()
{
    FreeAll(m_roots);
}

Trust::Trust(Trust&& other) noexcept
    : allowWeakKeys(other.allowWeakKeys)
    , m_roots(std::exchange(other.m_roots, {}))
{
}

Trust&
Trust::operator=(Trust&& other) noexcept
{
    allowWeakKeys = other.allowWeakKeys;
    std::swap(m_roots, other.m_roots);
    return *this;
}

SigningKey::SigningKey(std::string_view certificatesPem, std::string_view keyPem)
{
    const BioPtr bio = BioOf(keyPem);
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
    if (key == nullptr)
    {
        ThrowOpenSsl("no private key");
    }
    m_certificates = ReadCertificates(certificatesPem);
    if (X509_check_private_key(m_certificates.front(), key.get()) != 1)
    {
        FreeAll(m_certificates);
        ThrowOpenSsl("the private key is not the first certificate's");
    }
    m_key = key.release();
}

SigningKey::~SigningKey()
{
    FreeAll(m_certificates);
    EVP_PKEY_free(m_key);
}

SigningKey::SigningKey(SigningKey&& other) noexcept
    : m_certificates(std::exchange(other.m_certificates, {}))
    , m_key(std::exchange(other.m_key, nullptr))
{
}

SigningKey&
SigningKey::operator=(SigningKey&& other) noexcept
{
    std::swap(m_certificates, other.m_certificates);
    std::swap(m_key, other.m_key);
    return *this;
}

} // namespace lanpeer::reference
