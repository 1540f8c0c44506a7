
#include "feeding.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lanpeer::http
{
namespace
{

std::string
ResponseText(std::string_view statusLine, std::string_view lines)
{
    return std::string(statusLine) + "\r\n" + std::string(lines) + "\r\n";
}

std::string
OkText(std::string_view lines)
{
    return ResponseText("HTTP/1.1 200 OK", lines);
}

std::string
PartialText(std::string_view contentRange, std::string_view length)
{
    return ResponseText("HTTP/1.1 206 Partial Content",
                        "Content-Range: " + std::string(contentRange) +
                            "\r\nContent-Length: " + std::string(length) + "\r\n");
}

ResponseExpectation
AskedFrom(std::uint64_t offset)
{
    ResponseExpectation expectation;
    expectation.offset = offset;
    return expectation;
}

ResponseExpectation
AtMost(std::uint64_t bytes)
{
    ResponseExpectation expectation;
    expectation.maxTotalBytes = bytes;
    return expectation;
}

TEST(ResponseReader, ReadsAWhole)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = ReadResponse(OkText("Content-Length: 5\r\nETag: \"t\"\r\n") + "hello");
    ResponseHead expected;
    expected.status = 200;
    expected.contentLength = 5;
    expected.totalBytes = 5;
    expected.tag = "t";
    expected.keepAlive = true;
    EXPECT_EQ(read.head, expected);
    EXPECT_EQ(read.error, std::nullopt);
    EXPECT_TRUE(read.finished);
    EXPECT_EQ(read.bodyBytes, 5u);
}

TEST(ResponseReader, ReadsAPart)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read =
        ReadResponse(PartialText("bytes 5-14/100", "10") + "0123456789", AskedFrom(5));
    ASSERT_TRUE(read.head);
    EXPECT_EQ(read.head->status, 206u);
    EXPECT_EQ(read.head->firstByte, 5u);
    EXPECT_EQ(read.head->contentLength, 10u);
    EXPECT_EQ(read.head->totalBytes, 100u);
    EXPECT_TRUE(read.finished);
}

TEST(ResponseReader, AWholeMayAnswerARange)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = ReadResponse(OkText("Content-Length: 5\r\n") + "hello", AskedFrom(3));
    ASSERT_TRUE(read.head);
    EXPECT_EQ(read.head->firstByte, 0u) << "the host has to start over";
    EXPECT_TRUE(read.finished);
}

TEST(ResponseReader, AnEmptyBodyIsFinishedWithItsHead)
{
    RecordProperty("requirement", "R-HTTP-1");
    EXPECT_TRUE(ReadResponse(OkText("Content-Length: 0\r\n"), {}, true).finished);
    EXPECT_TRUE(ReadResponse(ResponseText("HTTP/1.1 204 No Content", ""), {}, true).finished);
    const auto notModified =
        ReadResponse(ResponseText("HTTP/1.1 304 Not Modified", "Content-Length: 99\r\n"));
    EXPECT_TRUE(notModified.finished) << "RFC 9112, 6.3: no body whatever the fields say";
    EXPECT_EQ(notModified.head->contentLength, 0u);
}

TEST(ResponseReader, ReportsOtherStatuses)
{
    RecordProperty("attack", "L13");
    for (const unsigned status : {201u, 301u, 302u, 307u, 400u, 404u, 405u, 500u, 599u})
    {
        const auto read = ReadResponse(
            ResponseText("HTTP/1.1 " + std::to_string(status) + " x",
                         "Content-Length: 3\r\nLocation: http://169.254.169.254/\r\n") +
            "abc");
        ASSERT_TRUE(read.head) << status;
        EXPECT_EQ(read.head->status, status);
        EXPECT_EQ(read.head->totalBytes, std::nullopt);
        EXPECT_TRUE(read.finished);
    }
}

TEST(ResponseReader, ReadsTheTotalOfA416)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = ReadResponse(
        ResponseText("HTTP/1.1 416 x", "Content-Range: bytes */77\r\nContent-Length: 0\r\n"),
        AskedFrom(100));
    ASSERT_TRUE(read.head);
    EXPECT_EQ(read.head->totalBytes, 77u);
    const auto silent = ReadResponse(ResponseText("HTTP/1.1 416 x", "Content-Length: 0\r\n"));
    ASSERT_TRUE(silent.head);
    EXPECT_EQ(silent.head->totalBytes, std::nullopt);
}

TEST(ResponseReader, ReadsRetryAfterInSecondsOnly)
{
    RecordProperty("requirement", "R-HTTP-3");
    const std::pair<const char*, std::optional<std::uint64_t>> cases[] = {
        {"17", 17},
        {"0", 0},
        {"18446744073709551615", 18446744073709551615u},
        {"18446744073709551616", std::nullopt},
        {"-1", std::nullopt},
        {"1.5", std::nullopt},
        {"1, 2", std::nullopt},
        {"soon", std::nullopt},
        {"", std::nullopt},
        {"Fri, 31 Dec 1999 23:59:59 GMT", std::nullopt},
        {"3\r\nRetry-After: 4", std::nullopt},
    };
    for (const auto& [value, seconds] : cases)
    {
        const auto read = ReadResponse(ResponseText(
            "HTTP/1.1 503 x", "Content-Length: 0\r\nRetry-After: " + std::string(value) + "\r\n"));
        ASSERT_TRUE(read.head) << value;
        EXPECT_EQ(read.head->retryAfterSeconds, seconds) << value;
    }
}

TEST(ResponseReader, KeepsOnlyStrongTags)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (const char* line :
         {"", "ETag: W/\"t\"\r\n", "ETag: t\r\n", "ETag: \"t\"\r\nETag: \"u\"\r\n"})
    {
        const auto read = ReadResponse(OkText("Content-Length: 0\r\n" + std::string(line)));
        ASSERT_TRUE(read.head) << line;
        EXPECT_EQ(read.head->tag, std::nullopt) << line;
    }
}

TEST(ResponseReader, DecidesOnKeepAlive)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::string length = "Content-Length: 0\r\n";
    EXPECT_TRUE(ReadResponse(OkText(length)).head->keepAlive);
    EXPECT_FALSE(ReadResponse(OkText(length + "Connection: close\r\n")).head->keepAlive);
    EXPECT_FALSE(ReadResponse(ResponseText("HTTP/1.0 200 OK", length)).head->keepAlive);
    EXPECT_FALSE(
        ReadResponse(ResponseText("HTTP/1.0 200 OK", length + "Connection: keep-alive\r\n"))
            .head->keepAlive);
}

TEST(ResponseReader, SkipsInterimResponsesButNotForEver)
{
    RecordProperty("attack", "T2");
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    const std::string final = OkText("Content-Length: 2\r\n") + "ok";
    EXPECT_TRUE(ReadResponse(interim + final).finished);
    EXPECT_TRUE(ReadResponse(interim + hints + interim + hints + final).finished);
    EXPECT_EQ(ReadResponse(interim + interim + interim + interim + interim + final).error,
              ResponseError::TooManyInterim);
    EXPECT_EQ(ReadResponse("HTTP/1.1 101 Switching Protocols\r\n\r\n").error,
              ResponseError::UnexpectedUpgrade);
    EXPECT_EQ(ReadResponse(interim, {}, true).error, ResponseError::Truncated);
}

TEST(ResponseReader, EndlessDataHasNoStart)
{
    RecordProperty("attack", "T2");
    EXPECT_EQ(ReadResponse(OkText("")).error, ResponseError::MissingLength);
    EXPECT_EQ(ReadResponse(OkText("Connection: close\r\n") + "for ever and ever").error,
              ResponseError::MissingLength);
    EXPECT_EQ(ReadResponse(OkText("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n").error,
              ResponseError::TransferEncoding);
    EXPECT_EQ(ReadResponse(OkText("Content-Length: 101\r\n"), AtMost(100)).error,
              ResponseError::TooLarge);
    EXPECT_EQ(ReadResponse(OkText("Content-Length: 100\r\n"), AtMost(100)).error, std::nullopt);
    EXPECT_EQ(ReadResponse(OkText("Content-Length: 10000000000\r\n"), AtMost(6'000'000)).error,
              ResponseError::TooLarge);
    ResponseExpectation partial = AskedFrom(0);
    partial.maxTotalBytes = 100;
    EXPECT_EQ(ReadResponse(PartialText("bytes 0-9/101", "10"), partial).error,
              ResponseError::TooLarge);
    EXPECT_EQ(ReadResponse(PartialText("bytes 0-9/100", "10"), partial).error, std::nullopt);
    EXPECT_EQ(ReadResponse(ResponseText("HTTP/1.1 404 x", "Content-Length: 65537\r\n")).error,
              ResponseError::TooLarge);
    EXPECT_EQ(ReadResponse(ResponseText("HTTP/1.1 404 x", "Content-Length: 65536\r\n")).error,
              std::nullopt);
}

TEST(ResponseReader, AmbiguousLengths)
{
    RecordProperty("attack", "L18");
    const std::pair<const char*, ResponseError> cases[] = {
        {"Content-Length: 5\r\nContent-Length: 5\r\n", ResponseError::BadLength},
        {"Content-Length: 5\r\nContent-Length: 6\r\n", ResponseError::BadLength},
        {"Content-Length: 5, 5\r\n", ResponseError::BadLength},
        {"Content-Length: 5, 6\r\n", ResponseError::BadLength},
        {"Content-Length: \r\n", ResponseError::BadLength},
        {"Content-Length: -5\r\n", ResponseError::BadLength},
        {"Content-Length: +5\r\n", ResponseError::BadLength},
        {"Content-Length: 0x5\r\n", ResponseError::BadLength},
        {"Content-Length: 5 5\r\n", ResponseError::BadLength},
        {"Content-Length: 1\r\n 0\r\n", ResponseError::BadLength},
        {"Content-Length: 18446744073709551616\r\n", ResponseError::BadLength},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", ResponseError::TransferEncoding},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", ResponseError::BadLength},
        {"Content-Length: 5\r\nTransfer-Encoding: identity\r\n", ResponseError::TransferEncoding},
        {"Content-Length : 5\r\n", ResponseError::MalformedHead},
    };
    for (const auto& [lines, error] : cases)
    {
        const auto read = ReadResponse(OkText(lines) + "hello");
        EXPECT_EQ(read.error, error) << lines;
        EXPECT_EQ(read.head, std::nullopt) << lines;
        EXPECT_FALSE(read.finished) << lines;
        EXPECT_EQ(read.bodyBytes, 0u) << lines;
    }
}

TEST(ResponseReader, MalformedHeads)
{
    RecordProperty("attack", "L18");
    for (const std::string& text : {std::string("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 99 x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 600 x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 2000 x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 abc x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1  200 x\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("ICY 200 OK\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                                    std::string("HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                                    std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n"),
                                    std::string("HTTP/1.1 200 OK\r\nX y\r\n\r\n"),
                                    Bytes("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"),
                                    Bytes("\0\0\0\0")})
    {
        EXPECT_EQ(ReadResponse(text).error, ResponseError::MalformedHead) << text;
    }
    const auto folded = ReadResponse(OkText("X: a\r\n b\r\nContent-Length: 0\r\n"));
    EXPECT_TRUE(folded.finished) << "RFC 9112, 5.2: a user agent must join folded lines";
    const auto long_fold =
        OkText("X: a\r\n " + std::string(5000, 'b') + "\r\nContent-Length: 0\r\n");
    EXPECT_EQ(ReadResponse(long_fold).error, ResponseError::HeadTooLarge);
}

struct PartialCase
{
    std::string contentRange;
    std::string length;
    std::optional<std::uint64_t> asked;
    ResponseError error;
};

TEST(ResponseReader, WrongParts)
{
    RecordProperty("attack", "L15");
    const std::vector<PartialCase> cases = {
        {"bytes 5-14/100", "11", 5, ResponseError::LengthMismatch},
        {"bytes 5-14/100", "9", 5, ResponseError::LengthMismatch},
        {"bytes 5-14/100", "0", 5, ResponseError::LengthMismatch},
        {"bytes 5-14/100", "10", 4, ResponseError::WrongOffset},
        {"bytes 5-14/100", "10", 6, ResponseError::WrongOffset},
        {"bytes 0-9/100", "10", std::nullopt, ResponseError::WrongOffset},
        {"bytes 0-9/*", "10", 0, ResponseError::BadContentRange},
        {"bytes */100", "10", 0, ResponseError::BadContentRange},
        {"bytes 9-0/100", "10", 9, ResponseError::BadContentRange},
        {"bytes 0-9/9", "10", 0, ResponseError::BadContentRange},
        {"bytes 0-18446744073709551615/18446744073709551615",
         "0",
         0,
         ResponseError::BadContentRange},
        {"bytes 0-9/100\r\nContent-Range: bytes 0-9/100", "10", 0, ResponseError::BadContentRange},
        {"bytes 0-9/100, bytes 20-29/100", "10", 0, ResponseError::BadContentRange},
        {"", "10", 0, ResponseError::BadContentRange},
    };
    for (const auto& [contentRange, length, asked, error] : cases)
    {
        ResponseExpectation expectation;
        expectation.offset = asked;
        const auto read = ReadResponse(PartialText(contentRange, length), expectation);
        EXPECT_EQ(read.error, error) << contentRange << " with " << length;
        EXPECT_FALSE(read.head) << contentRange;
    }
    const auto multipart =
        ResponseText("HTTP/1.1 206 x",
                     "Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 9\r\n");
    EXPECT_EQ(ReadResponse(multipart, AskedFrom(0)).error, ResponseError::BadContentRange);
}

TEST(ResponseReader, TruncatedBodies)
{
    RecordProperty("attack", "L15");
    const std::string whole = OkText("Content-Length: 5\r\n") + "hello";
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes)
    {
        const auto open = ReadResponse(whole.substr(0, bytes));
        EXPECT_EQ(open.error, std::nullopt) << bytes;
        EXPECT_EQ(open.finished, bytes == whole.size()) << bytes;
        const auto closed = ReadResponse(whole.substr(0, bytes), {}, true);
        const auto expected = bytes == 0              ? std::optional(ResponseError::NoResponse)
                              : bytes == whole.size() ? std::nullopt
                                                      : std::optional(ResponseError::Truncated);
        EXPECT_EQ(closed.error, expected) << bytes;
        EXPECT_EQ(closed.finished, bytes == whole.size()) << bytes;
    }
}

TEST(ResponseReader, OversizedBodies)
{
    RecordProperty("attack", "L15");
    const auto over = ReadResponse(OkText("Content-Length: 5\r\n") + "hello!");
    EXPECT_EQ(over.error, ResponseError::ExcessBody);
    EXPECT_FALSE(over.finished);
    EXPECT_EQ(over.bodyBytes, 5u);
    const auto second = OkText("Content-Length: 0\r\n");
    EXPECT_EQ(ReadResponse(second + second).error, ResponseError::ExcessBody)
        << "a second response that nobody asked for";

    ResponseReader reader;
    reader.Feed(OkText("Content-Length: 5\r\n"));
    EXPECT_TRUE(reader.BodyArrived(4));
    EXPECT_EQ(reader.BodyBytesLeft(), 1u);
    EXPECT_FALSE(reader.BodyArrived(18446744073709551615u)) << "must not wrap around to fit";
    EXPECT_EQ(reader.Error(), ResponseError::ExcessBody);
    EXPECT_FALSE(reader.BodyArrived(1));
    EXPECT_FALSE(reader.BodyArrived(0));
    reader.ConnectionClosed();
    EXPECT_EQ(reader.Error(), ResponseError::ExcessBody) << "the first error stays";
}

TEST(ResponseReader, ABodyNeedsAHead)
{
    RecordProperty("attack", "L15");
    ResponseReader reader;
    EXPECT_TRUE(reader.BodyArrived(0));
    EXPECT_EQ(reader.BodyBytesLeft(), 0u);
    EXPECT_FALSE(reader.BodyArrived(1));
    EXPECT_EQ(reader.Error(), ResponseError::MalformedHead);
    EXPECT_EQ(reader.Feed(OkText("Content-Length: 5\r\n")), OkText("Content-Length: 5\r\n").size());
    EXPECT_FALSE(reader.Head());
}

TEST(ResponseReader, TakesTheHeadAndNotAByteMore)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::string head = OkText("Content-Length: 5\r\n");
    ResponseReader reader;
    EXPECT_EQ(reader.Feed(head + "hello"), head.size());
    EXPECT_EQ(reader.Feed("hello"), 0u);
    EXPECT_EQ(reader.BodyBytes(), 0u);
    ResponseReader copy = reader;
    EXPECT_TRUE(copy.BodyArrived(5));
    EXPECT_TRUE(copy.Finished());
    EXPECT_FALSE(reader.Finished());
    ResponseReader moved = std::move(reader);
    EXPECT_EQ(moved.BodyBytesLeft(), 5u);
}

TEST(ResponseReader, EveryErrorHasAName)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (int value = 0; value <= static_cast<int>(ResponseError::Truncated); ++value)
    {
        EXPECT_NE(ToString(static_cast<ResponseError>(value)), "?") << value;
    }
}

} // namespace
} // namespace lanpeer::http
