#include "reference/files/digest.h"

#include <sodium.h>

#include <vector>

namespace lanpeer::reference
{

namespace
{

const unsigned char*
Unsigned(const char* bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes);
}

} // namespace

static_assert(std::tuple_size_v<Digest> == crypto_hash_sha256_BYTES);

Digest
DigestOf(std::string_view bytes)
{
    Digest digest{};
    crypto_hash_sha256(digest.data(), Unsigned(bytes.data()), bytes.size());
    return digest;
}

Digest
DigestOf(const FileDescriptor& file)
{
    constexpr std::size_t kPieceBytes = 256 * 1024;
    std::vector<char> piece(kPieceBytes);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::uint64_t offset = 0;
    while (const std::size_t got = file.ReadAt(offset, piece.data(), piece.size()))
    {
        crypto_hash_sha256_update(&state, Unsigned(piece.data()), got);
        offset += got;
    }
    Digest digest{};
    crypto_hash_sha256_final(&state, digest.data());
    return digest;
}

std::string
ToHex(const Digest& digest)
{
    std::array<char, 2 * std::tuple_size_v<Digest> + 1> text{};
    sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
    return text.data();
}

std::optional<Digest>
DigestFromHex(std::string_view text)
{
    Digest digest{};
    std::size_t bytes = 0;
    const char* end = nullptr;
    const bool read =
        text.size() == 2 * digest.size() &&
        sodium_hex2bin(
            digest.data(), digest.size(), text.data(), text.size(), nullptr, &bytes, &end) == 0 &&
        bytes == digest.size() && end == text.data() + text.size();
    return read ? std::optional(digest) : std::nullopt;
}

} // namespace lanpeer::reference
