#include "model/protocol/update/package-facts.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet-layout.h"
#include "reference/packages/certificates.h"
#include "reference/packages/little-endian.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <string>

// The same bytes three times: as a signed cabinet, as the signature behind one that is whole, and
// as a root's revocation list (T1, T9).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::reference;
using namespace std::string_view_literals;

/// A moment at which the corpus is valid, and its root, whose key is no more: nobody can sign
/// anything else under it.
constexpr std::int64_t kAsOfS = 1'700'000'000;
constexpr std::string_view kRoot =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBTjCB9KADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHJvb3QwIBcN\n"
    "MDAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMA8xDTALBgNVBAMMBHJvb3Qw\n"
    "WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARitBc/kutUHj5bTPvVCwX6lO4HNz9M\n"
    "5susLZW8IMdObxc8wGBB0PPUuV5ZfW/UFTWQovvHmtOqXJCPLuV6P60Qoz8wPTAd\n"
    "BgNVHQ4EFgQUMK3VHoXT8NtYELUlItRdNsVVSywwDwYDVR0TAQH/BAUwAwEB/zAL\n"
    "BgNVHQ8EBAMCAQYwCgYIKoZIzj0EAwIDSQAwRgIhAPZtXdV0j+yjB1RmoXa451Ja\n"
    "AvggUZ5BKiNrQWWrZYOsAiEAumjYRlDkXHI7toEB8/TGtYy9hK84hrrFa1QU7WlX\n"
    "1sI=\n"
    "-----END CERTIFICATE-----\n";

/// The cabinet that the signatures of the corpus are of, with room for one.
constexpr std::string_view kCabinet =
    "\x4d\x53\x43\x46\x00\x00\x00\x00\x5f\x00\x00\x00\x00\x00\x00\x00"
    "\x44\x00\x00\x00\x00\x00\x00\x00\x03\x01\x01\x00\x01\x00\x04\x00"
    "\x00\x00\x00\x00\x14\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x56\x00\x00\x00"
    "\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x21\x28"
    "\x00\x00\x20\x00\x61\x00\x79\x00\x01\x00\x01\x00\x01\x00\x78"sv;

constexpr std::uint64_t kSignatureField = 44;

void
CheckMessage(std::string_view message)
{
    Require(message.size() < 400, "a message is a line");
    Require(
        std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; }),
        "L22: no control characters in a message");
}

/// But for the fields that only signing writes.
bool
IsSignedCabinet(std::string_view bytes)
{
    std::string known(kCabinet);
    PutLittleEndian(known, kSignatureField, LittleEndian(bytes, kSignatureField, 4), 4);
    PutLittleEndian(known, kSignatureField + 4, LittleEndian(bytes, kSignatureField + 4, 4), 4);
    return bytes.substr(0, known.size()) == known;
}

void
CheckReport(std::string_view bytes, const Trust& trust)
{
    const SignatureReport report = CheckSignature(MemorySource(bytes), trust, kAsOfS);
    const bool valid = report.state == SignatureState::Valid;
    CheckMessage(report.message);
    Require(valid == report.message.empty(), "what is refused is told why");
    Require(std::all_of(report.signer.begin(),
                        report.signer.end(),
                        [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }),
            "a serial number is hexadecimal");
    Require(!valid || !report.signer.empty(), "who signed is told");
    Require(!valid || IsSignedCabinet(bytes), "T1: nothing else is signed under this root");
    Require(!valid ||
                CheckSignature(MemorySource(bytes), trust, 0).state == SignatureState::OutOfDate,
            "T9: out of its time it is not valid");
}

std::string
Behind(std::string_view signature)
{
    std::string bytes(kCabinet);
    std::string padded(signature);
    padded.resize((padded.size() + 7) / 8 * 8, '\0');
    PutLittleEndian(bytes, kSignatureField, static_cast<std::uint32_t>(bytes.size()), 4);
    PutLittleEndian(bytes, kSignatureField + 4, static_cast<std::uint32_t>(padded.size()), 4);
    return bytes + padded;
}

void
CheckList(std::string_view bytes, const Trust& trust)
{
    try
    {
        const RevocationList list = ReadRevocationList(bytes, trust, kAsOfS);
        Require(std::is_sorted(list.revoked.begin(), list.revoked.end()), "serial numbers ascend");
        Require((list.number == 7 && list.revoked.size() == 2) ||
                    (list.number == 1 && list.revoked.empty()),
                "T9: the root has signed no other list");
    }
    catch (const PackageError& error)
    {
        CheckMessage(error.what());
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    static const Trust trust(kRoot);
    const std::string_view bytes = TextOf(data, size);
    CheckReport(bytes, trust);
    CheckReport(Behind(bytes), trust);
    CheckList(bytes, trust);
    return 0;
}
