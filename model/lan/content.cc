#include "model/lan/content.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace lanpeer::lan
{

std::string
ContentDescriptor(std::string_view name, std::uint64_t bytes, std::uint32_t revision)
{
    return fmt::format("{}/{}/{}", name, bytes, revision);
}

Digest
DigestOf(std::string_view descriptor)
{
    static_assert(std::tuple_size_v<Digest> == crypto_hash_sha256_BYTES);
    Digest digest{};
    crypto_hash_sha256(digest.data(),
                       reinterpret_cast<const unsigned char*>(descriptor.data()),
                       descriptor.size());
    return digest;
}

Lock
LockOf(const Token& token)
{
    const Digest digest = DigestOf({reinterpret_cast<const char*>(token.data()), token.size()});
    Lock lock{};
    std::copy_n(digest.begin(), lock.size(), lock.begin());
    return lock;
}

} // namespace lanpeer::lan
