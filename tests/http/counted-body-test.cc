#include "model/http/get.h"
#include "model/http/reply.h"
#include "model/http/request-reader.h"
#include "model/http/response-reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace
{

std::size_t g_allocatedBytes = 0;

} // namespace

// Every allocation of this program is counted, so that "costs no memory" can be held against it. Not
// inlined: where only one of a pair is, GCC takes the two for mismatched.
[[gnu::noinline]] void*
operator new(std::size_t bytes)
{
    g_allocatedBytes += bytes;
    if (void* const memory = std::malloc(bytes))
    {
        return memory;
    }
    throw std::bad_alloc{};
}

[[gnu::noinline]] void
operator delete(void* memory) noexcept
{
    std::free(memory);
}

[[gnu::noinline]] void
operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace lanpeer::http
{
namespace
{

constexpr std::uint64_t kTenGigabytes = 10'000'000'000;
constexpr std::uint64_t kSegmentBytes = 1448;

TEST(CountedBody, TenGigabytesCostNoMemory)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "T2");
    const std::size_t before = g_allocatedBytes;
    RequestReader server;
    const auto get = MakeGet({"h", "/a", std::nullopt, std::nullopt, true});
    ASSERT_TRUE(get);
    const auto feed = server.Feed(*get);
    const Reply reply = Answer(std::get<Request>(feed.outcome), {kTenGigabytes, "t"});
    EXPECT_EQ(reply.bodyBytes, kTenGigabytes);
    ResponseReader client;
    EXPECT_EQ(client.Feed(reply.head), reply.head.size());
    const std::size_t forHeads = g_allocatedBytes - before;
    EXPECT_GT(forHeads, 0u) << "or else the counter does not count";
    EXPECT_LT(forHeads, 20'000u);

    std::uint64_t left = reply.bodyBytes;
    while (left > 0)
    {
        const std::uint64_t bytes = left < kSegmentBytes ? left : kSegmentBytes;
        ASSERT_TRUE(client.BodyArrived(bytes));
        left -= bytes;
        ASSERT_EQ(client.Finished(), left == 0);
    }
    EXPECT_EQ(client.BodyBytes(), kTenGigabytes);
    EXPECT_FALSE(client.BodyArrived(1));
    EXPECT_EQ(g_allocatedBytes - before, forHeads) << "the body allocated something";
}

/// The head in real bytes, body bytes in the same segment known only by their number, as a
/// simulated TCP delivers them.
TEST(CountedBody, HeadAndBodyMayShareASegment)
{
    RecordProperty("requirement", "R-HTTP-1");
    const Reply whole = Answer(Request{}, {kTenGigabytes, "t"});
    for (std::size_t split = 0; split <= whole.head.size(); ++split)
    {
        ResponseReader client;
        const std::string first = whole.head.substr(0, split);
        EXPECT_EQ(client.Feed(first), first.size());
        const std::string second = whole.head.substr(split);
        const std::uint64_t arrived = second.size() + kSegmentBytes;
        const std::size_t consumed = client.Feed(second);
        EXPECT_TRUE(client.BodyArrived(arrived - consumed));
        EXPECT_EQ(client.BodyBytes(), kSegmentBytes);
        EXPECT_EQ(client.BodyBytesLeft(), kTenGigabytes - kSegmentBytes);
    }
}

} // namespace
} // namespace lanpeer::http
