#include "feeding.h"

#include "model/http/get.h"
#include "model/http/reply.h"

#include <gtest/gtest.h>

#include <string>

namespace lanpeer::http
{
namespace
{

const std::string kContent = "0123456789abcdefghij";

GetOrder
OrderOf(std::string target)
{
    GetOrder order;
    order.authority = "192.168.1.7:6515";
    order.target = std::move(target);
    return order;
}

/// The client's order through the server and back; the body is a piece of kContent.
ResponseRead
RoundTrip(const GetOrder& order, const ServedCopy& copy, std::string* body = nullptr)
{
    const auto get = MakeGet(order);
    EXPECT_TRUE(get);
    const auto request = ReadOneRequest(get.value_or(""));
    EXPECT_TRUE(request);
    if (!request)
    {
        return {};
    }
    EXPECT_EQ(request->keepAlive, order.keepAlive);
    EXPECT_EQ("/" + request->alias, order.target);
    EXPECT_EQ(request->authority, order.authority);
    const Reply reply = Answer(*request, copy);
    EXPECT_EQ(reply.close, !order.keepAlive);
    const std::string sent = kContent.substr(static_cast<std::size_t>(reply.bodyOffset),
                                             static_cast<std::size_t>(reply.bodyBytes));
    if (body)
    {
        *body = sent;
    }
    ResponseExpectation expectation;
    expectation.offset = order.offset;
    expectation.maxTotalBytes = copy.sizeBytes;
    const auto read = ReadResponse(reply.head + sent, expectation, true);
    EXPECT_EQ(read.error, std::nullopt);
    EXPECT_TRUE(read.finished);
    EXPECT_TRUE(read.head && read.head->keepAlive == order.keepAlive);
    EXPECT_TRUE(read.head && read.head->status == reply.status);
    return read;
}

TEST(RoundTrip, Whole)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (const bool keepAlive : {true, false})
    {
        GetOrder order = OrderOf("/alias-1");
        order.keepAlive = keepAlive;
        std::string body;
        const auto read = RoundTrip(order, {kContent.size(), "tag"}, &body);
        ASSERT_TRUE(read.head);
        EXPECT_EQ(read.head->status, 200u);
        EXPECT_EQ(read.head->tag, "tag");
        EXPECT_EQ(body, kContent);
    }
}

TEST(RoundTrip, EveryOffsetResumes)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (std::uint64_t offset = 0; offset < kContent.size(); ++offset)
    {
        GetOrder order = OrderOf("/a");
        order.offset = offset;
        order.ifRangeTag = "tag";
        std::string body;
        const auto read = RoundTrip(order, {kContent.size(), "tag"}, &body);
        ASSERT_TRUE(read.head);
        EXPECT_EQ(read.head->status, 206u);
        EXPECT_EQ(read.head->firstByte, offset);
        EXPECT_EQ(read.head->totalBytes, kContent.size());
        EXPECT_EQ(body, kContent.substr(static_cast<std::size_t>(offset)));
    }
}

TEST(RoundTrip, ResumingAnotherContentStartsOver)
{
    RecordProperty("requirement", "R-HTTP-1");
    GetOrder order = OrderOf("/a");
    order.offset = 7;
    order.ifRangeTag = "old";
    const auto read = RoundTrip(order, {kContent.size(), "new"});
    ASSERT_TRUE(read.head);
    EXPECT_EQ(read.head->status, 200u);
    EXPECT_EQ(read.head->firstByte, 0u);
    EXPECT_EQ(read.head->tag, "new");
}

TEST(RoundTrip, BeyondTheEnd)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (const std::uint64_t offset : {std::uint64_t{20}, ~std::uint64_t{0}})
    {
        GetOrder order = OrderOf("/a");
        order.offset = offset;
        const auto read = RoundTrip(order, {kContent.size(), "tag"});
        ASSERT_TRUE(read.head);
        EXPECT_EQ(read.head->status, 416u);
        EXPECT_EQ(read.head->totalBytes, kContent.size());
    }
}

TEST(RoundTrip, AnEmptyCopy)
{
    RecordProperty("requirement", "R-HTTP-1");
    const auto read = RoundTrip(OrderOf("/a"), {0, "tag"});
    ASSERT_TRUE(read.head);
    EXPECT_EQ(read.head->status, 200u);
    EXPECT_EQ(read.head->totalBytes, 0u);
}

TEST(RoundTrip, Refusals)
{
    RecordProperty("requirement", "R-HTTP-3");
    const auto busy = ReadResponse(AnswerError(ErrorStatus::ServiceUnavailable, 30, true).head);
    ASSERT_TRUE(busy.head);
    EXPECT_EQ(busy.head->status, 503u);
    EXPECT_EQ(busy.head->retryAfterSeconds, 30u);
    EXPECT_TRUE(busy.head->keepAlive);
    EXPECT_TRUE(busy.finished);
    const auto gone = ReadResponse(AnswerError(ErrorStatus::NotFound, std::nullopt, false).head);
    ASSERT_TRUE(gone.head);
    EXPECT_EQ(gone.head->status, 404u);
    EXPECT_EQ(gone.head->retryAfterSeconds, std::nullopt);
    EXPECT_FALSE(gone.head->keepAlive);
    const auto refused = ReadResponse(
        Answer(RequestError{RequestFault::NotAnAlias, ErrorStatus::NotFound}).head, {}, true);
    EXPECT_TRUE(refused.finished);
}

TEST(RoundTrip, PipelinedOrders)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::string text = *MakeGet(OrderOf("/one")) + *MakeGet(OrderOf("/two"));
    const auto read = ReadRequests(text);
    ASSERT_EQ(read.outcomes.size(), 2u);
    EXPECT_EQ(std::get<Request>(read.outcomes[1]).alias, "two");
}

TEST(MakeGet, WritesWhatIsAsked)
{
    RecordProperty("requirement", "R-HTTP-1");
    GetOrder order = OrderOf("/update/Myavdat.0104060900.cab?a=b");
    EXPECT_EQ(MakeGet(order),
              "GET /update/Myavdat.0104060900.cab?a=b HTTP/1.1\r\n"
              "Host: 192.168.1.7:6515\r\n"
              "Accept-Encoding: identity\r\n"
              "\r\n");
    order.offset = 18446744073709551615u;
    order.ifRangeTag = "t";
    order.keepAlive = false;
    EXPECT_EQ(MakeGet(order),
              "GET /update/Myavdat.0104060900.cab?a=b HTTP/1.1\r\n"
              "Host: 192.168.1.7:6515\r\n"
              "Accept-Encoding: identity\r\n"
              "Range: bytes=18446744073709551615-\r\n"
              "If-Range: \"t\"\r\n"
              "Connection: close\r\n"
              "\r\n");
    order.offset = std::nullopt;
    const auto whole = MakeGet(order);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->find("If-Range"), std::string::npos) << "RFC 9110, 13.1.5: only with Range";
}

TEST(MakeGet, NothingRemoteBecomesAHeader)
{
    RecordProperty("attack", "L18");
    for (const std::string& target : {std::string(""),
                                      std::string("a"),
                                      std::string("http://h/a"),
                                      std::string("*"),
                                      std::string("/a b"),
                                      std::string("/a\r\nX: y"),
                                      std::string("/a\nb"),
                                      std::string("/a\rb"),
                                      std::string("/a\tb"),
                                      Bytes("/a\0b"),
                                      std::string("/a\x7f"),
                                      std::string("/\xc3\xa9")})
    {
        EXPECT_EQ(MakeGet(OrderOf(target)), std::nullopt) << target;
    }
    GetOrder order = OrderOf("/a");
    for (const char* authority : {"", "h\r\nX: y", "h h", "u@h", "h/"})
    {
        order.authority = authority;
        EXPECT_EQ(MakeGet(order), std::nullopt) << authority;
    }
    order.authority = "h";
    order.offset = 1;
    for (const char* tag : {"", "a\"b", "a\r\nX: y", "a b"})
    {
        order.ifRangeTag = tag;
        EXPECT_EQ(MakeGet(order), std::nullopt) << tag;
    }
}

} // namespace
} // namespace lanpeer::http
