#include "feeding.h"

#include "model/http/grammar.h"
#include "model/http/reply.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

/// Legal messages with a few bytes changed, from a fixed seed: whatever comes in, however it is
/// split, the readers agree with themselves, and what they let through keeps its promises.
namespace lanpeer::http
{
namespace
{

constexpr int kMutants = 4000;

const std::vector<std::string> kPieces = {"\r\n",
                                          "\n",
                                          "\r",
                                          "\r\n\r\n",
                                          " ",
                                          "\t",
                                          ":",
                                          ",",
                                          "/",
                                          "..",
                                          "%2e",
                                          "\\",
                                          "\"",
                                          std::string(1, '\0'),
                                          "\xff",
                                          "0",
                                          "18446744073709551616",
                                          "-",
                                          "bytes=0-1",
                                          "Content-Length: 3\r\n",
                                          "Transfer-Encoding: chunked\r\n",
                                          "Host: h\r\n",
                                          "Connection: close\r\n",
                                          "HTTP/1.0",
                                          "GET /b HTTP/1.1\r\n"};

std::string
Mutate(std::string text, std::mt19937_64& random)
{
    const auto below = [&random](std::size_t limit)
    {
        return static_cast<std::size_t>(random() % limit);
    };
    for (std::size_t changes = 1 + below(3); changes > 0; --changes)
    {
        const std::size_t at = below(text.size() + 1);
        const std::string& piece = kPieces[below(kPieces.size())];
        switch (below(3))
        {
        case 0:
            text.insert(at, piece);
            break;
        case 1:
            text.replace(at, piece.size(), piece);
            break;
        default:
            text.erase(at, 1 + below(8));
            break;
        }
    }
    return text;
}

void
CheckReply(const Reply& reply, const ServedCopy& copy)
{
    ASSERT_LE(reply.bodyOffset, copy.sizeBytes);
    ASSERT_LE(reply.bodyBytes, copy.sizeBytes - reply.bodyOffset);
    ASSERT_EQ(reply.head.find("\r\n\r\n"), reply.head.size() - 4);
}

TEST(Mutation, RequestsKeepTheirPromises)
{
    RecordProperty("attack", "L18");
    RecordProperty("requirement", "R-HTTP-1");
    std::mt19937_64 random(6515);
    const std::string seed = "\r\n" + GetText("/one", "Range: bytes=5-9\r\nIf-Range: \"t\"\r\n") +
                             "HEAD /two HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n" +
                             GetText("/three", "Content-Length: 0\r\nExpect: 100-continue\r\n");
    const ServedCopy copy{10, "t"};
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < kMutants; ++i)
    {
        const auto read = ReadRequests(Mutate(seed, random));
        for (const auto& outcome : read.outcomes)
        {
            if (const auto* request = std::get_if<Request>(&outcome))
            {
                ++accepted;
                ASSERT_TRUE(IsAlias(request->alias));
                ASSERT_TRUE(request->authority.empty() || IsAuthority(request->authority));
                ASSERT_NO_FATAL_FAILURE(CheckReply(Answer(*request, copy), copy));
                continue;
            }
            ++refused;
            ASSERT_EQ(&outcome, &read.outcomes.back()) << "something after a refusal";
        }
    }
    EXPECT_GT(accepted, kMutants / 2) << "the mutants are too wild to test anything";
    EXPECT_GT(refused, kMutants / 4) << "the mutants are too tame to test anything";
}

TEST(Mutation, ResponsesKeepTheirPromises)
{
    RecordProperty("attack", "L15");
    std::mt19937_64 random(1967);
    const std::string seed =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 206 Partial Content\r\n"
        "Content-Range: bytes 5-9/10\r\nContent-Length: 5\r\nETag: \"t\"\r\nRetry-After: 3\r\n\r\n"
        "hello";
    ResponseExpectation expectation;
    expectation.offset = 5;
    expectation.maxTotalBytes = 1000;
    int finished = 0;
    int failed = 0;
    for (int i = 0; i < kMutants; ++i)
    {
        const auto read = ReadResponse(Mutate(seed, random), expectation, true);
        ASSERT_NE(read.finished, read.error.has_value()) << "after the close it is one of the two";
        (read.finished ? finished : failed) += 1;
        if (read.head)
        {
            ASSERT_LE(read.bodyBytes, read.head->contentLength);
            ASSERT_TRUE(read.head->firstByte == 0 || read.head->firstByte == 5);
            ASSERT_LE(read.head->totalBytes.value_or(0), 1000u);
        }
    }
    EXPECT_GT(finished, kMutants / 20) << "the mutants are too wild to test anything";
    EXPECT_GT(failed, kMutants / 4) << "the mutants are too tame to test anything";
}

} // namespace
} // namespace lanpeer::http
