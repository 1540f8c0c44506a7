#include "authority.h"

#include "reference/packages/openssl-pointers.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <map>
#include <tuple>

namespace lanpeer::reference
{

namespace
{

template <typename Write>
std::string
PemOf(Write write)
{
    const BioPtr bio = Made<BioPtr>(BIO_new(BIO_s_mem()), "memory");
    if (write(bio.get()) != 1)
    {
        ThrowOpenSsl("PEM");
    }
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

KeyPtr
ReadKey(const std::string& pem)
{
    const BioPtr bio =
        Made<BioPtr>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "memory");
    return Made<KeyPtr>(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), "key");
}

CertificatePtr
ReadCertificate(const std::string& pem)
{
    const BioPtr bio =
        Made<BioPtr>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "memory");
    return Made<CertificatePtr>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                "certificate");
}

void
AddExtension(X509* certificate, X509* issuer, int type, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslFree<X509_EXTENSION_free>>;
    const auto extension = Made<ExtensionPtr>(
        X509V3_EXT_conf_nid(nullptr, &context, type, value.c_str()), "extension");
    X509_add_ext(certificate, extension.get(), -1);
}

} // namespace

const std::string&
KeyOf(const std::string& kind, unsigned bits, unsigned number)
{
    static std::map<std::tuple<std::string, unsigned, unsigned>, std::string> keys;
    std::string& pem = keys[{kind, bits, number}];
    if (pem.empty())
    {
        const KeyPtr key(kind == "EC" ? EVP_EC_gen("P-256") : EVP_RSA_gen(bits));
        pem = PemOf(
            [&key](BIO* bio) {
                return PEM_write_bio_PrivateKey(
                    bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            });
    }
    return pem;
}

Identity
MakeIdentity(const CertificateOrder& order, const std::string& key, const Identity& issuer)
{
    const KeyPtr own = ReadKey(key);
    const CertificatePtr made = Made<CertificatePtr>(X509_new(), "certificate");
    const bool isRoot = issuer.certificate.empty();
    const CertificatePtr above = isRoot ? nullptr : ReadCertificate(issuer.certificate);
    X509* const by = isRoot ? made.get() : above.get();
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), order.serial);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made.get()), "CN", MBSTRING_ASC, Unsigned(order.name), -1, -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(by));
    ASN1_TIME_set(X509_getm_notBefore(made.get()), order.fromS);
    ASN1_TIME_set(X509_getm_notAfter(made.get()), order.untilS);
    X509_set_pubkey(made.get(), own.get());
    AddExtension(made.get(), by, NID_subject_key_identifier, "hash");
    if (order.authority)
    {
        AddExtension(made.get(), by, NID_basic_constraints, "critical,CA:TRUE");
    }
    if (!order.purposes.empty())
    {
        AddExtension(made.get(), by, NID_ext_key_usage, order.purposes);
    }
    if (!order.usages.empty())
    {
        AddExtension(made.get(), by, NID_key_usage, order.usages);
    }
    const KeyPtr signing = isRoot ? nullptr : ReadKey(issuer.key);
    if (X509_sign(made.get(),
                  isRoot ? own.get() : signing.get(),
                  EVP_get_digestbyname(order.digest.c_str())) == 0)
    {
        ThrowOpenSsl("certificate");
    }
    return {PemOf([&made](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); }), key};
}

namespace
{

Identity
MakeRoot(unsigned number)
{
    CertificateOrder order;
    order.name = "root";
    order.serial = 1;
    order.authority = true;
    order.purposes = "";
    order.usages = "keyCertSign,cRLSign";
    return MakeIdentity(order, KeyOf("RSA", 2048, number));
}

} // namespace

const Identity&
Root()
{
    static const Identity root = MakeRoot(0);
    return root;
}

const Identity&
Publisher()
{
    static const Identity publisher = MakeIdentity({}, KeyOf("RSA", 2048, 1), Root());
    return publisher;
}

const Identity&
OtherRoot()
{
    static const Identity root = MakeRoot(2);
    return root;
}

const Identity&
OtherPublisher()
{
    static const Identity publisher = MakeIdentity({}, KeyOf("RSA", 2048, 1), OtherRoot());
    return publisher;
}

Trust
TrustIn(const Identity& root)
{
    return Trust(root.certificate);
}

SigningKey
KeyFor(const Identity& identity)
{
    return {identity.certificate, identity.key};
}

} // namespace lanpeer::reference
