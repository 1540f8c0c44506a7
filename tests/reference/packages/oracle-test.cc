#include "authority.h"
#include "oracle.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/revocation.h"
#include "tampering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

// osslsigncode says of hundreds of cabinets what it thinks of them, good and broken ones. What it
// refuses is refused here; what it accepts and is refused here has its reason in a closed list.

namespace lanpeer::reference
{
namespace
{

SignatureReport
Check(const std::string& bytes)
{
    return CheckSignature(MemorySource(bytes), TrustIn(Root()), kAsOfS);
}

/// Where ours is stricter: how its message begins, and why.
const std::map<std::string, std::string>&
StricterFor()
{
    static const std::map<std::string, std::string> reasons{
        {"it has something in the header that signing leaves empty",
         "bytes 52 to 55 are not signed, and osslsigncode does not look at them"},
        {"one of several cabinets that belong together, or a flag that is unknown",
         "bytes 34 and 35 are not signed, and osslsigncode does not look at them"},
        {"bytes behind the signature that are not its padding",
         "what is not signed has no place in a package"},
        {"the signature is not DER", "what can be encoded in two ways could hide something"},
        {"something that is not signed beside the signature",
         "a second signature or a time stamp may be in there, or anything else"},
        {"a revocation list beside the signature", "it is not signed"},
        {"a certificate that has no part in the signature", "it is not signed"},
        {"too many certificates, or none", "they are not signed"},
        {"an algorithm that is not the key's", "how it was signed is not signed"},
        {"an algorithm with parameters", "they are not signed"},
        {"a SignedData of another version", "the number is not signed"},
        {"a signer of another version", "the number is not signed"},
        {"the signer's key is too short", "RSA of 1,024 bits, which R-UPD-7 leaves to an option"},
        {"the signer's certificate is not issued by the root itself, but by one in between",
         "the root's list of revocations speaks of what the root issued alone (T9)"},
        {"not one digest algorithm", "their list is not signed"},
        {"a digest that is not believed any more",
         "one of the names, which nothing signs, is of such a digest"},
        {"the signer's certificate is not in the signature",
         "its issuer's name is compared to the byte, and is not signed"},
    };
    return reasons;
}

struct Tally
{
    unsigned both = 0;     ///< accepted by both
    unsigned neither = 0;  ///< refused by both
    unsigned stricter = 0; ///< refused by ours alone, for a reason that is listed
    std::map<std::string, unsigned> reasons;
};

void
Compare(const TemporaryFolder& folder,
        const std::string& bytes,
        const std::string& what,
        Tally& tally)
{
    const SignatureReport ours = Check(bytes);
    const Oracle theirs = VerifyByOsslsigncode(folder, bytes, Root());
    const bool accepted = ours.state == SignatureState::Valid;
    if (accepted && !theirs.accepted)
    {
        ADD_FAILURE() << what << ": accepted here alone; osslsigncode says\n" << theirs.output;
    }
    else if (!accepted && theirs.accepted)
    {
        const auto& reasons = StricterFor();
        const auto listed = std::find_if(reasons.begin(),
                                         reasons.end(),
                                         [&ours](const auto& reason)
                                         { return ours.message.rfind(reason.first, 0) == 0; });
        EXPECT_NE(listed, reasons.end())
            << what << ": refused here alone, for a reason that is not listed: " << ours.message;
        ++tally.stricter;
        ++tally.reasons[ours.message];
    }
    else
    {
        ++(accepted ? tally.both : tally.neither);
    }
}

/// Made by whom, compressed how, signed by whom.
struct Maker
{
    std::string name;
    std::string cabinet; ///< not signed
};

std::vector<Maker>
Makers(const TemporaryFolder& folder)
{
    Draw draw(7);
    std::vector<Maker> makers;
    for (const std::size_t size : {1U, 700U, 33'000U})
    {
        const std::vector<std::pair<std::string, std::string>> files{
            {"drawn", draw.Bytes(size)}, {"in/folder", std::string(size, 'a')}};
        makers.push_back({"gcab -z", MakeByGcab(folder, files, {"-z"})});
        makers.push_back({"gcab", MakeByGcab(folder, files, {})});
        makers.push_back({"ours",
                          MakeCabinet({{files[0].first, files[0].second, false},
                                       {files[1].first, files[1].second, true}})});
    }
    return makers;
}

TEST(Oracle, AgreesOnWhatIsSignedByEither)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    Tally tally;
    for (const Maker& maker : Makers(folder))
    {
        const SigningKey key = KeyFor(Publisher());
        Compare(folder, SignCabinet(maker.cabinet, key), maker.name + ", signed here", tally);
        const std::string theirs =
            SignByOsslsigncode(folder, maker.cabinet, Publisher(), {"-h", "sha256"});
        Compare(folder, theirs, maker.name + ", signed there", tally);
        // Each signs anew what the other signed.
        Compare(folder, SignCabinet(theirs, key), maker.name + ", signed there, then here", tally);
        const std::string again = SignByOsslsigncode(
            folder, SignCabinet(maker.cabinet, key), Publisher(), {"-h", "sha384"});
        Compare(folder, again, maker.name + ", signed here, then there", tally);
    }
    EXPECT_EQ(tally.both, 36U);
    EXPECT_EQ(tally.stricter + tally.neither, 0U);
}

TEST(Oracle, WhatBothSignHasTheSameDigestInIt)
{
    RecordProperty("requirement", "R-UPD-7");
    // The content that is signed, as osslsigncode writes it.
    const TemporaryFolder folder;
    const std::string plain = MakeCabinet({{"a", "x", false}});
    const std::string ours = SignCabinet(plain, KeyFor(Publisher()));
    const std::string theirs = SignByOsslsigncode(folder, plain, Publisher(), {"-h", "sha256"});
    const auto content = [](const std::string& bytes)
    {
        const std::size_t at = bytes.find("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x19");
        return bytes.substr(at - 4, 99);
    };
    EXPECT_EQ(content(ours), content(theirs));
}

/// One of the ways in which a file may be broken.
std::string
Broken(const std::string& good, Draw& draw, std::string& what)
{
    std::string bytes = good;
    const std::size_t signature = LittleEndian(good, 44, 4);
    const auto flip = [&bytes, &draw, &what](std::size_t at)
    {
        const auto mask = static_cast<char>(1U << draw.Below(8));
        bytes[at] = static_cast<char>(bytes[at] ^ mask);
        what += " bit of byte " + std::to_string(at);
    };
    switch (draw.Below(8))
    {
    case 0: // anywhere in the cabinet
        flip(draw.Below(signature));
        break;
    case 1: // the header, with what signing writes in it
        flip(draw.Below(60));
        break;
    case 2: // the signature
    case 3:
        flip(signature + draw.Below(bytes.size() - signature));
        break;
    case 4: // a number of the header
    {
        const std::size_t at = 4 + 2 * draw.Below(28);
        const std::uint32_t value = static_cast<std::uint32_t>(draw.Below(4) * 0x5555);
        PutLittleEndian(bytes, at, value, 2);
        what += " number at " + std::to_string(at) + " is " + std::to_string(value);
        break;
    }
    case 5: // shorter
        bytes.resize(bytes.size() - 1 - draw.Below(std::min<std::size_t>(bytes.size() - 61, 64)));
        what += " truncated to " + std::to_string(bytes.size());
        break;
    case 6: // longer, said to be of the signature or not
    {
        const std::size_t more = 1 + draw.Below(24);
        bytes += draw.Below(2) == 0 ? std::string(more, '\0') : draw.Bytes(more);
        what += " longer by " + std::to_string(more);
        if (draw.Below(2) == 0)
        {
            PutLittleEndian(bytes, 48, static_cast<std::uint32_t>(bytes.size() - signature), 4);
            what += ", said to be the signature's";
        }
        break;
    }
    default: // a byte more or less in the middle
    {
        const std::size_t at = 60 + draw.Below(bytes.size() - 60);
        draw.Below(2) == 0 ? bytes.erase(at, 1) : bytes.insert(at, 1, '\x55');
        what += " shifted from " + std::to_string(at);
    }
    }
    return bytes;
}

TEST(Oracle, AgreesOnWhatIsBroken)
{
    RecordProperty("requirement", "R-UPD-7");
    RecordProperty("attack", "T1 L15");
    constexpr unsigned kBroken = 400;
    const TemporaryFolder folder;
    const std::string plain = MakeByGcab(folder, {{"a", "short"}, {"b", std::string(300, 'b')}});
    const std::vector<std::string> good{
        SignCabinet(plain, KeyFor(Publisher())),
        SignByOsslsigncode(folder, plain, Publisher(), {"-h", "sha256"})};
    Draw draw(20010131);
    Tally tally;
    for (unsigned i = 0; i < kBroken; ++i)
    {
        std::string what = std::to_string(i) + ":";
        const std::string bytes = Broken(good[i % good.size()], draw, what);
        if (bytes != good[i % good.size()])
        {
            Compare(folder, bytes, what, tally);
        }
    }
    // Numbers that were drawn as what they had been before are no breaks; the others are.
    EXPECT_EQ(tally.both, 0U) << "broken, and both accept it";
    EXPECT_GT(tally.neither, kBroken / 2);
    EXPECT_GT(tally.stricter, 0U) << "among them are some that osslsigncode accepts";
}

// Cabinets that osslsigncode accepts and we do not, made on purpose, with what is wrong with each.
using Loopholes = std::vector<std::pair<std::string, std::string>>;

std::string
Plain()
{
    return MakeCabinet({{"a", "x", false}});
}

std::string
Good()
{
    return SignCabinet(Plain(), KeyFor(Publisher()));
}

/// Beside the signature's parts.
Loopholes
InTheFile()
{
    std::string header = Good();
    header[52] = 1;
    std::string number = Good();
    number[34] = 1;
    std::string padding = Good();
    padding.back() = 1;
    std::string der = Good().substr(SignatureOffset(Good()));
    der[1] = '\x83'; // the same length in one byte more
    der.insert(2, 1, '\0');
    der.resize(DerOf(SignatureOf(Good()).get(), i2d_PKCS7).size() + 1);
    return {{"header", header},
            {"number in the set", number},
            {"padding", padding},
            {"not DER", WithSignature(Good(), der)}};
}

/// By a publisher whom an authority under the root certified.
std::string
SignedUnderAnother()
{
    CertificateOrder order;
    order.name = "between";
    order.serial = 0x2001;
    order.purposes = "";
    order.authority = true;
    const Identity between = MakeIdentity(order, KeyOf("RSA", 2048, 4), Root());
    const Identity publisher = MakeIdentity({}, KeyOf("RSA", 2048, 1), between);
    return SignCabinet(Plain(), {publisher.certificate + between.certificate, publisher.key});
}

/// By other options of osslsigncode's own.
Loopholes
OfItsOwn(const TemporaryFolder& folder)
{
    const Identity weak = MakeIdentity({}, KeyOf("RSA", 1024), Root());
    return {{"one in between", SignedUnderAnother()},
            {"nested", SignByOsslsigncode(folder, Good(), Publisher(), {"-nest", "-h", "sha256"})},
            {"SHA-1", SignByOsslsigncode(folder, Plain(), Publisher(), {"-h", "sha1"})},
            {"MD5", SignByOsslsigncode(folder, Plain(), Publisher(), {"-h", "md5"})},
            {"a short key", SignByOsslsigncode(folder, Plain(), weak, {"-h", "sha256"})}};
}

void
AddList(PKCS7* signature)
{
    const std::string der = MakeRevocationList({}, KeyFor(Root()));
    PKCS7_add_crl(signature, ReadDer<RevocationsPtr>(der, d2i_X509_CRL).get());
}

void
AddManyRoots(PKCS7* signature)
{
    for (int i = 0; i < 16; ++i)
    {
        PKCS7_add_certificate(signature, CertificateOf(Root()).get());
    }
}

void
AddDigest(PKCS7* signature)
{
    X509_ALGOR* const second = X509_ALGOR_new();
    X509_ALGOR_set0(second, OBJ_nid2obj(NID_sha384), V_ASN1_NULL, nullptr);
    sk_X509_ALGOR_push(signature->d.sign->md_algs, second);
}

void
RenameIssuer(PKCS7* signature)
{
    X509_NAME* const other = X509_NAME_new();
    X509_NAME_add_entry_by_txt(other, "CN", MBSTRING_ASC, Unsigned("ROOT"), -1, -1, 0);
    X509_NAME_set(&SignerOf(signature)->issuer_and_serial->issuer, other);
    X509_NAME_free(other);
}

/// In parts of the signature that nothing signs.
Loopholes
InTheSignature()
{
    const auto addCertificate = [](PKCS7* signature)
    {
        PKCS7_add_certificate(signature, CertificateOf(OtherRoot()).get());
    };
    const auto setAlgorithm = [](int type, int parameter, ASN1_STRING* value)
    {
        return [=](PKCS7* signature)
        {
            X509_ALGOR_set0(
                SignerOf(signature)->digest_enc_alg, OBJ_nid2obj(type), parameter, value);
        };
    };
    const auto setVersion = [](PKCS7* signature)
    {
        ASN1_INTEGER_set(signature->d.sign->version, 3);
    };
    const auto setSignersVersion = [](PKCS7* signature)
    {
        ASN1_INTEGER_set(SignerOf(signature)->version, 3);
    };
    return {
        {"a list", Tampered(Good(), AddList)},
        {"another certificate", Tampered(Good(), addCertificate)},
        {"many certificates", Tampered(Good(), AddManyRoots)},
        {"the key's algorithm", Tampered(Good(), setAlgorithm(NID_dsa, V_ASN1_NULL, nullptr))},
        {"a parameter",
         Tampered(Good(),
                  setAlgorithm(NID_rsaEncryption, V_ASN1_OCTET_STRING, ASN1_OCTET_STRING_new()))},
        {"version", Tampered(Good(), setVersion)},
        {"the signer's version", Tampered(Good(), setSignersVersion)},
        {"two digests", Tampered(Good(), AddDigest)},
        {"the issuer's name", Tampered(Good(), RenameIssuer)}};
}

TEST(Oracle, EachReasonToBeStricterIsOne)
{
    RecordProperty("requirement", "R-UPD-7");
    RecordProperty("attack", "T1");
    const TemporaryFolder folder;
    Tally tally;
    for (const Loopholes& loopholes : {InTheFile(), OfItsOwn(folder), InTheSignature()})
    {
        for (const auto& [what, bytes] : loopholes)
        {
            Compare(folder, bytes, what, tally);
            EXPECT_NE(Check(bytes).state, SignatureState::Valid) << what;
        }
    }
    for (const auto& [message, why] : StricterFor())
    {
        const bool seen = std::any_of(tally.reasons.begin(),
                                      tally.reasons.end(),
                                      [&message = message](const auto& reason)
                                      { return reason.first.rfind(message, 0) == 0; });
        EXPECT_TRUE(seen) << "osslsigncode is as strict: " << message;
    }
}

} // namespace
} // namespace lanpeer::reference
