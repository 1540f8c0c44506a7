
#include "feeding.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace lanpeer::http
{
namespace
{

const Request&
AsRequest(const std::variant<Request, RequestError>& outcome)
{
    return std::get<Request>(outcome);
}

TEST(RequestReader, ReadsAPlainGet)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = ReadRequests(GetText("/abc_DEF-123"));
    ASSERT_EQ(read.outcomes.size(), 1u);
    Request expected;
    expected.method = Method::Get;
    expected.alias = "abc_DEF-123";
    expected.authority = "192.168.1.7:6515";
    expected.keepAlive = true;
    EXPECT_EQ(AsRequest(read.outcomes[0]), expected);
    EXPECT_TRUE(read.idle);
    EXPECT_FALSE(read.closed);
}

TEST(RequestReader, ReadsHead)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto request = ReadOneRequest("HEAD /a HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, Method::Head);
    EXPECT_FALSE(request->range) << "Range is defined for GET only (RFC 9110, 14.2)";
}

TEST(RequestReader, ReadsRangeAndIfRange)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto request = ReadOneRequest(GetText("/a", "Range: bytes=5-\r\nIf-Range: \"t\"\r\n"));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->range, (ByteRange{ByteRange::Form::OpenEnded, 5, 0, 0}));
    EXPECT_EQ(request->ifRange, "\"t\"");
    const auto several = ReadOneRequest(GetText("/a", "rAnGe:bytes=0-1,3-4\r\n"));
    ASSERT_TRUE(several);
    EXPECT_FALSE(several->range);
    EXPECT_FALSE(several->ifRange);
}

TEST(RequestReader, DecidesOnKeepAlive)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::pair<const char*, bool> cases[] = {
        {"GET /a HTTP/1.1\r\nHost: h\r\n\r\n", true},
        {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
        {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: TE, Close\r\n\r\n", false},
        {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: close, keep-alive\r\n\r\n", false},
        {"GET /a HTTP/1.0\r\nHost: h\r\n\r\n", false},
        {"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
    };
    for (const auto& [text, keepAlive] : cases)
    {
        const auto request = ReadOneRequest(text);
        ASSERT_TRUE(request) << text;
        EXPECT_EQ(request->keepAlive, keepAlive) << text;
        EXPECT_EQ(ReadRequests(text).closed, !keepAlive) << text;
    }
}

TEST(RequestReader, ReadsPipelinedRequestsOneByOne)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::string text =
        GetText("/one") + "HEAD /two HTTP/1.1\r\nHost: h\r\n\r\n" + GetText("/three");
    const auto read = ReadRequests(text + "GET /fo");
    ASSERT_EQ(read.outcomes.size(), 3u);
    EXPECT_EQ(AsRequest(read.outcomes[0]).alias, "one");
    EXPECT_EQ(AsRequest(read.outcomes[1]).alias, "two");
    EXPECT_EQ(AsRequest(read.outcomes[1]).method, Method::Head);
    EXPECT_EQ(AsRequest(read.outcomes[2]).alias, "three");
    EXPECT_FALSE(read.idle) << "a fourth has begun";

    RequestReader reader;
    EXPECT_EQ(reader.Feed(text).consumed, GetText("/one").size())
        << "what follows stays with the host until it asks for the next";
}

TEST(RequestReader, NothingIsReadAfterClose)
{
    RecordProperty("attack", "L18");
    const auto read = ReadRequests(GetText("/one", "Connection: close\r\n") + GetText("/two"));
    ASSERT_EQ(read.outcomes.size(), 1u);
    EXPECT_EQ(AsRequest(read.outcomes[0]).alias, "one");
    EXPECT_TRUE(read.closed);
    const auto refused = ReadRequests(GetText("/o.ne") + GetText("/two"));
    ASSERT_EQ(refused.outcomes.size(), 1u);
    EXPECT_TRUE(refused.closed);
}

TEST(RequestReader, IgnoresOneEmptyLineBeforeARequest)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = ReadRequests("\r\n" + GetText("/one") + "\r\n" + GetText("/two"));
    ASSERT_EQ(read.outcomes.size(), 2u);
    EXPECT_EQ(AsRequest(read.outcomes[1]).alias, "two");
    EXPECT_EQ(ReadOneFault("\r\n\r\n" + GetText("/one")), RequestFault::MalformedHead);
    EXPECT_FALSE(ReadRequests("\r\n").idle);
}

TEST(RequestReader, IdleUntilTheFirstByte)
{
    RecordProperty("attack", "L10");
    RequestReader reader;
    EXPECT_TRUE(reader.Idle());
    EXPECT_EQ(reader.Feed("").consumed, 0u);
    EXPECT_TRUE(reader.Idle());
    reader.Feed("G");
    EXPECT_FALSE(reader.Idle());
    reader.Feed("ET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(reader.Idle());
}

TEST(RequestReader, IgnoresWhatItNeedNotKnow)
{
    RecordProperty("requirement", "R-HTTP-1");
    EXPECT_TRUE(ReadOneRequest(GetText("/a", "Expect: 100-continue\r\n")));
    EXPECT_TRUE(ReadOneRequest(GetText("/a", "Content-Length: 0\r\n")));
    EXPECT_TRUE(ReadOneRequest(GetText("/a", "Upgrade: h2c\r\nConnection: Upgrade\r\n")));
    EXPECT_TRUE(ReadOneRequest(GetText("/a", "X-Empty:\r\nX-Tab: a\tb\r\nX-High: \xc3\xa9\r\n")));
}

TEST(RequestReader, AnswersTheWrongMethodOrVersion)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::pair<const char*, RequestFault> cases[] = {
        {"POST /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MethodNotAllowed},
        {"PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
         RequestFault::MethodNotAllowed},
        {"DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MethodNotAllowed},
        {"OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MethodNotAllowed},
        {"TRACE /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MethodNotAllowed},
        {"get /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::UnknownMethod},
        {"GETS /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::UnknownMethod},
        {"GET /a HTTP/2.0\r\nHost: h\r\n\r\n", RequestFault::UnsupportedVersion},
        {"GET /a HTTP/1.2\r\nHost: h\r\n\r\n", RequestFault::UnsupportedVersion},
        {"GET /a HTTP/0.9\r\nHost: h\r\n\r\n", RequestFault::UnsupportedVersion},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", RequestFault::UnsupportedVersion},
        {"GET /a HTTP/1.1 \r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a HTTP/1.10\r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a http/1.1\r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a H\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a\r\n\r\n", RequestFault::MalformedHead},
        {"GET\r\n\r\n", RequestFault::MalformedHead},
        {"GET  /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a  HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {" GET /a HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MalformedHead},
        {"GET /a HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n\r\n", RequestFault::ExpectationFailed},
    };
    for (const auto& [text, fault] : cases)
    {
        EXPECT_EQ(ReadOneFault(text), fault) << text;
    }
}

TEST(RequestReader, EveryFaultHasAStatusAndAName)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::pair<RequestFault, unsigned> cases[] = {
        {RequestFault::MalformedHead, 400},
        {RequestFault::HeadTooLarge, 431},
        {RequestFault::TooManyFields, 431},
        {RequestFault::TargetTooLong, 414},
        {RequestFault::UnsupportedVersion, 505},
        {RequestFault::UnknownMethod, 501},
        {RequestFault::MethodNotAllowed, 405},
        {RequestFault::TargetNotOrigin, 400},
        {RequestFault::NotAnAlias, 404},
        {RequestFault::BadHost, 400},
        {RequestFault::DuplicateField, 400},
        {RequestFault::FoldedField, 400},
        {RequestFault::BadContentLength, 400},
        {RequestFault::TransferEncoding, 400},
        {RequestFault::BodyRefused, 413},
        {RequestFault::ExpectationFailed, 417},
    };
    for (const auto& [fault, status] : cases)
    {
        EXPECT_EQ(NumberOf(StatusOf(fault)), status) << ToString(fault);
        EXPECT_NE(ToString(fault), "?");
    }
}

TEST(RequestReader, IsARegularValue)
{
    RecordProperty("requirement", "R-HTTP-1");
    RequestReader reader;
    reader.Feed("GET /a HTTP/1.1\r\nHo");
    RequestReader copy = reader;
    RequestReader moved = std::move(reader);
    const auto ofCopy = copy.Feed("st: x\r\n\r\n");
    const auto ofMoved = moved.Feed("st: y\r\n\r\n");
    EXPECT_EQ(std::get<Request>(ofCopy.outcome).authority, "x");
    EXPECT_EQ(std::get<Request>(ofMoved.outcome).authority, "y");
}

} // namespace
} // namespace lanpeer::http
