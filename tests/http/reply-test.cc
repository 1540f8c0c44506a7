#include "model/http/reply.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace lanpeer::http
{
namespace
{

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

Request
MakeRequest(Method method = Method::Get)
{
    Request request;
    request.method = method;
    request.alias = "a";
    request.authority = "h";
    request.keepAlive = true;
    return request;
}

Request
MakeRanged(ByteRange::Form form, std::uint64_t first, std::uint64_t last, std::uint64_t suffix)
{
    Request request = MakeRequest();
    request.range = ByteRange{form, first, last, suffix};
    return request;
}

Request
MakeRanged(std::uint64_t first)
{
    return MakeRanged(ByteRange::Form::OpenEnded, first, 0, 0);
}

TEST(Reply, Whole)
{
    RecordProperty("requirement", "R-HTTP-1");
    const Reply reply = Answer(MakeRequest(), {1234, "sha256-abc"});
    EXPECT_EQ(reply.head,
              "HTTP/1.1 200 OK\r\n"
              "Content-Length: 1234\r\n"
              "Content-Type: application/octet-stream\r\n"
              "Accept-Ranges: bytes\r\n"
              "ETag: \"sha256-abc\"\r\n"
              "\r\n");
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.bodyOffset, 0u);
    EXPECT_EQ(reply.bodyBytes, 1234u);
    EXPECT_FALSE(reply.close);
}

TEST(Reply, Part)
{
    RecordProperty("requirement", "R-HTTP-1");
    const Reply reply = Answer(MakeRanged(ByteRange::Form::Bounded, 10, 19, 0), {1234, "t"});
    EXPECT_EQ(reply.head,
              "HTTP/1.1 206 Partial Content\r\n"
              "Content-Length: 10\r\n"
              "Content-Type: application/octet-stream\r\n"
              "Accept-Ranges: bytes\r\n"
              "Content-Range: bytes 10-19/1234\r\n"
              "ETag: \"t\"\r\n"
              "\r\n");
    EXPECT_EQ(reply.status, 206u);
    EXPECT_EQ(reply.bodyOffset, 10u);
    EXPECT_EQ(reply.bodyBytes, 10u);
}

TEST(Reply, HeadHasTheSameHeadAndNoBody)
{
    RecordProperty("requirement", "R-HTTP-1");
    const Reply get = Answer(MakeRequest(), {1234, "t"});
    const Reply head = Answer(MakeRequest(Method::Head), {1234, "t"});
    EXPECT_EQ(head.head, get.head);
    EXPECT_EQ(head.bodyBytes, 0u);
    EXPECT_EQ(get.bodyBytes, 1234u);
    Request ranged = MakeRanged(5);
    ranged.method = Method::Head;
    EXPECT_EQ(Answer(ranged, {1234, "t"}).head, get.head);
}

TEST(Reply, Unsatisfiable)
{
    RecordProperty("requirement", "R-HTTP-1");
    const Reply reply = Answer(MakeRanged(1234), {1234, "t"});
    EXPECT_EQ(reply.head,
              "HTTP/1.1 416 Range Not Satisfiable\r\n"
              "Content-Length: 0\r\n"
              "Content-Range: bytes */1234\r\n"
              "\r\n");
    EXPECT_EQ(reply.status, 416u);
    EXPECT_EQ(reply.bodyBytes, 0u);
    EXPECT_FALSE(reply.close);
}

TEST(Reply, CloseIsSaidAndMeant)
{
    RecordProperty("requirement", "R-HTTP-1");
    Request request = MakeRequest();
    request.keepAlive = false;
    const Reply reply = Answer(request, {1, "t"});
    EXPECT_NE(reply.head.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_TRUE(reply.close);
    request.range = ByteRange{ByteRange::Form::OpenEnded, 7, 0, 0};
    EXPECT_TRUE(Answer(request, {1, "t"}).close);
}

TEST(Reply, RangesOfBigAndEmptyCopies)
{
    RecordProperty("attack", "L18");
    const Reply big = Answer(MakeRanged(ByteRange::Form::Bounded, 1, kMax, 0), {kMax, "t"});
    EXPECT_EQ(big.status, 206u);
    EXPECT_EQ(big.bodyOffset, 1u);
    EXPECT_EQ(big.bodyBytes, kMax - 1);
    EXPECT_NE(big.head.find("bytes 1-18446744073709551614/18446744073709551615"),
              std::string::npos);
    const Reply beyond = Answer(MakeRanged(kMax), {kMax, "t"});
    EXPECT_EQ(beyond.status, 416u);
    const Reply suffix = Answer(MakeRanged(ByteRange::Form::Suffix, 0, 0, 7), {1234, "t"});
    EXPECT_EQ(suffix.status, 206u);
    EXPECT_EQ(suffix.bodyOffset, 1227u);
    EXPECT_EQ(suffix.bodyBytes, 7u);

    EXPECT_EQ(Answer(MakeRanged(0), {0, "t"}).status, 416u);
    const Reply emptySuffix = Answer(MakeRanged(ByteRange::Form::Suffix, 0, 0, 7), {0, "t"});
    EXPECT_EQ(emptySuffix.status, 200u) << "no Content-Range can name an empty range";
    EXPECT_EQ(emptySuffix.bodyBytes, 0u);
    EXPECT_NE(emptySuffix.head.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(Reply, IfRangeWantsOurStrongTag)
{
    RecordProperty("requirement", "R-HTTP-1");
    Request request = MakeRanged(5);
    request.ifRange = "\"t\"";
    EXPECT_EQ(Answer(request, {10, "t"}).status, 206u);
    for (const char* other : {"\"u\"", "W/\"t\"", "t", "", "\"\"", "Tue, 15 Nov 1994 12:45:26 GMT"})
    {
        request.ifRange = other;
        const Reply reply = Answer(request, {10, "t"});
        EXPECT_EQ(reply.status, 200u) << other;
        EXPECT_EQ(reply.bodyOffset, 0u) << other;
        EXPECT_EQ(reply.bodyBytes, 10u) << other;
    }
    // With another content the range may even be out of it: still the whole, not 416.
    request.range->first = 100;
    EXPECT_EQ(Answer(request, {10, "t"}).status, 200u);
}

TEST(Reply, ATagThatIsNoneIsNotSent)
{
    RecordProperty("attack", "L18");
    for (const char* tag : {"", "a\"b", "a\r\nX: y", "a b"})
    {
        const Reply reply = Answer(MakeRequest(), {10, tag});
        EXPECT_EQ(reply.head,
                  "HTTP/1.1 200 OK\r\n"
                  "Content-Length: 10\r\n"
                  "Content-Type: application/octet-stream\r\n"
                  "Accept-Ranges: bytes\r\n"
                  "\r\n")
            << tag;
        Request ranged = MakeRanged(5);
        ranged.ifRange = '"' + std::string(tag) + '"';
        EXPECT_EQ(Answer(ranged, {10, tag}).status, 200u) << tag;
    }
}

TEST(Reply, Errors)
{
    RecordProperty("requirement", "R-HTTP-1");
    EXPECT_EQ(AnswerError(ErrorStatus::NotFound, std::nullopt, true).head,
              "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(AnswerError(ErrorStatus::ServiceUnavailable, 17, true).head,
              "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 17\r\n\r\n");
    EXPECT_EQ(AnswerError(ErrorStatus::MethodNotAllowed, std::nullopt, false).head,
              "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n"
              "Allow: GET, HEAD\r\n\r\n");
    const Reply kept = AnswerError(ErrorStatus::NotFound, std::nullopt, true);
    EXPECT_EQ(kept.status, 404u);
    EXPECT_EQ(kept.bodyBytes, 0u);
    EXPECT_FALSE(kept.close);
    const Reply refused =
        Answer(RequestError{RequestFault::BodyRefused, ErrorStatus::ContentTooLarge});
    EXPECT_EQ(refused.status, 413u);
    EXPECT_TRUE(refused.close);
    EXPECT_NE(refused.head.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(Reply, EveryErrorStatusHasAReason)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (const auto status : {ErrorStatus::BadRequest,
                              ErrorStatus::Forbidden,
                              ErrorStatus::NotFound,
                              ErrorStatus::MethodNotAllowed,
                              ErrorStatus::RequestTimeout,
                              ErrorStatus::ContentTooLarge,
                              ErrorStatus::UriTooLong,
                              ErrorStatus::ExpectationFailed,
                              ErrorStatus::HeaderFieldsTooLarge,
                              ErrorStatus::InternalServerError,
                              ErrorStatus::NotImplemented,
                              ErrorStatus::ServiceUnavailable,
                              ErrorStatus::VersionNotSupported})
    {
        const Reply reply = AnswerError(status, std::nullopt, false);
        const std::string line = "HTTP/1.1 " + std::to_string(NumberOf(status)) + " " +
                                 std::string(ToString(status)) + "\r\n";
        EXPECT_EQ(reply.head.substr(0, line.size()), line);
        EXPECT_EQ(reply.status, NumberOf(status));
        EXPECT_FALSE(ToString(status).empty());
        EXPECT_EQ(ToString(status).find("nknown"), std::string_view::npos) << NumberOf(status);
    }
}

} // namespace
} // namespace lanpeer::http
