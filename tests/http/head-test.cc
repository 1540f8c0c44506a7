
#include "feeding.h"

#include <gtest/gtest.h>

#include <string>

/// The limits on heads, of both directions.
namespace lanpeer::http
{
namespace
{

/// A GET of exactly that many bytes.
std::string
GetOfBytes(std::size_t bytes)
{
    const std::string bare = GetText("/a", "X: \r\n");
    return GetText("/a", "X: " + std::string(bytes - bare.size(), 'x') + "\r\n");
}

std::string
LinesOf(std::size_t count)
{
    std::string lines;
    for (std::size_t i = 0; i < count; ++i)
    {
        lines += "X-" + std::to_string(i) + ": y\r\n";
    }
    return lines;
}

TEST(Head, EightKibibytesAndNotAByteMore)
{
    RecordProperty("attack", "L18");
    RecordProperty("requirement", "R-HTTP-3");
    EXPECT_TRUE(ReadOneRequest(GetOfBytes(8192)));
    EXPECT_EQ(ReadOneFault(GetOfBytes(8193)), RequestFault::HeadTooLarge);
    EXPECT_EQ(ReadOneFault(GetText("/a", "X: " + std::string(100'000, 'x') + "\r\n")),
              RequestFault::HeadTooLarge);
}

TEST(Head, EndlessHeadIsRefusedBeforeItsEnd)
{
    RecordProperty("attack", "L10");
    RequestReader reader;
    std::size_t fed = 0;
    RequestFeed feed = reader.Feed("GET /a HTTP/1.1\r\n");
    while (std::holds_alternative<std::monostate>(feed.outcome) && fed < 100'000)
    {
        feed = reader.Feed("X: y\r\n");
        fed += 6;
    }
    ASSERT_TRUE(std::holds_alternative<RequestError>(feed.outcome));
    EXPECT_EQ(std::get<RequestError>(feed.outcome).fault, RequestFault::HeadTooLarge);
    EXPECT_LE(fed, 8192u + 6u);
}

TEST(Head, TargetHasItsOwnLimit)
{
    RecordProperty("attack", "L18");
    EXPECT_EQ(ReadOneFault(GetText("/" + std::string(1023, 'a'))), RequestFault::NotAnAlias);
    EXPECT_EQ(ReadOneFault(GetText("/" + std::string(1024, 'a'))), RequestFault::TargetTooLong);
    EXPECT_EQ(ReadOneFault(GetText("/" + std::string(20'000, 'a'))), RequestFault::TargetTooLong);
}

TEST(Head, FieldsAreCounted)
{
    RecordProperty("attack", "L18");
    EXPECT_TRUE(ReadOneRequest(GetText("/a", LinesOf(63))));
    EXPECT_EQ(ReadOneFault(GetText("/a", LinesOf(64))), RequestFault::TooManyFields);
    HeadLimits few;
    few.maxFields = 1;
    EXPECT_EQ(ReadOneFault(GetText("/a", LinesOf(1)), few), RequestFault::TooManyFields);
}

TEST(Head, LimitsAreTheCallers)
{
    RecordProperty("requirement", "R-HTTP-3");
    HeadLimits limits;
    limits.maxBytes = 64;
    limits.maxTargetBytes = 4;
    EXPECT_EQ(ReadOneFault(GetOfBytes(65), limits), RequestFault::HeadTooLarge);
    EXPECT_EQ(ReadOneFault("GET /abcd HTTP/1.1\r\nHost: h\r\n\r\n", limits),
              RequestFault::TargetTooLong);
    EXPECT_EQ(ReadOneFault(std::string(65, 'G'), limits), RequestFault::TargetTooLong);
}

/// Beast throws for a field of more than 64 KiB: no limit may let one through to it.
TEST(Head, NoLimitGoesBeyondTheCeiling)
{
    RecordProperty("attack", "L18");
    HeadLimits limits;
    limits.maxBytes = 10'000'000;
    const std::string text = GetText("/a", "X: " + std::string(70'000, 'x') + "\r\n");
    EXPECT_EQ(ReadOneFault(text, limits), RequestFault::HeadTooLarge);
    ResponseExpectation expectation;
    expectation.head = limits;
    const std::string answer =
        "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(ReadResponse(answer, expectation).error, ResponseError::HeadTooLarge);
    const std::string legal = GetText("/a", "X: " + std::string(32'000, 'x') + "\r\n");
    EXPECT_EQ(ReadRequests(legal, limits).outcomes.size(), 1u);
    EXPECT_FALSE(ReadRequests(legal, limits).closed);
}

TEST(Head, ResponseLimits)
{
    RecordProperty("attack", "T2");
    const std::string tail = "Content-Length: 0\r\n\r\n";
    const std::string many = "HTTP/1.1 200 OK\r\n";
    EXPECT_TRUE(ReadResponse(many + LinesOf(63) + tail).finished);
    EXPECT_EQ(ReadResponse(many + LinesOf(64) + tail).error, ResponseError::TooManyFields);
    const std::string bare = many + "X: \r\n" + tail;
    const std::string fits(8192 - bare.size(), 'x');
    EXPECT_TRUE(ReadResponse(many + "X: " + fits + "\r\n" + tail).finished);
    EXPECT_EQ(ReadResponse(many + "X: " + fits + "x\r\n" + tail).error,
              ResponseError::HeadTooLarge);
    EXPECT_EQ(ReadResponse(std::string(9000, 'H')).error, ResponseError::HeadTooLarge);
}

} // namespace
} // namespace lanpeer::http
