
#include "feeding.h"

#include "model/http/reply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lanpeer::http
{
namespace
{

struct Attack
{
    std::string bytes;
    RequestFault fault;
};

void
ExpectRefused(const std::vector<Attack>& attacks)
{
    for (const auto& attack : attacks)
    {
        EXPECT_EQ(ReadOneFault(attack.bytes), attack.fault) << attack.bytes;
    }
}

void
ExpectNoAlias(const std::vector<std::string>& targets)
{
    for (const auto& target : targets)
    {
        EXPECT_EQ(ReadOneFault(GetText(target)), RequestFault::NotAnAlias) << target;
        EXPECT_EQ(ReadOneFault("HEAD " + target + " HTTP/1.0\r\n\r\n"), RequestFault::NotAnAlias)
            << target;
    }
}

/// CVE-2001-1144: the ancestor's agent served any file on port 6515 for a path of dots.
TEST(Attacks, Cve20011144)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L11");
    ExpectNoAlias({"/../../",
                   "/../../winnt/win.ini",
                   "/../../../../../../boot.ini",
                   "/.../.../.../.../winnt/repair/sam._",
                   "/..",
                   "/../",
                   "/...",
                   "/."});
}

TEST(Attacks, PathTraversal)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L11");
    ExpectNoAlias({"/",
                   "//",
                   "//etc/passwd",
                   "/etc/passwd",
                   "/a/",
                   "/a/b",
                   "/a/../b",
                   "/a//b",
                   "/%2e%2e/%2e%2e/etc/passwd",
                   "/%2E%2E%2F",
                   "/..%2f..%2f",
                   "/..%5c..%5cboot.ini",
                   "/%252e%252e%252f",
                   "/%c0%ae%c0%ae%c0%af",
                   "/..%u2216..",
                   "/..\\..\\boot.ini",
                   "/\\\\server\\share",
                   "/\\",
                   "/a\\b",
                   "/C:/boot.ini",
                   "/C:",
                   "/a:$DATA",
                   "/abc%00",
                   "/%00",
                   "/abc.cab",
                   "/abc?x",
                   "/?abc",
                   "/abc#x",
                   "/abc;x",
                   "/abc*",
                   "/~root",
                   "/abc,def",
                   "/abc+def",
                   "/abc\xc3\xa9",
                   "/\xff",
                   "/" + std::string(65, 'a')});
    const auto longest = ReadOneRequest(GetText("/" + std::string(64, 'a')));
    ASSERT_TRUE(longest);
    EXPECT_EQ(longest->alias, std::string(64, 'a'));
}

TEST(Attacks, NulAndControlsInTheTarget)
{
    RecordProperty("attack", "L11");
    ExpectRefused({
        {GetText(Bytes("/abc\0")), RequestFault::MalformedHead},
        {GetText(Bytes("/abc\0.cab")), RequestFault::MalformedHead},
        {GetText(Bytes("/\0/../etc")), RequestFault::MalformedHead},
        {GetText("/a\tb"), RequestFault::MalformedHead},
        {GetText("/a\x7f"), RequestFault::MalformedHead},
        {GetText("/a\x1b"), RequestFault::MalformedHead},
        {GetText("/a b"), RequestFault::MalformedHead},
    });
}

/// 2012: the ancestor's peer server on port 6515 relayed for whoever asked, and spam went through
/// it. The forms that it took.
TEST(Attacks, OpenProxyOf2012)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L13");
    ExpectRefused({
        {"GET http://www.example.com/ HTTP/1.1\r\nHost: www.example.com\r\n\r\n",
         RequestFault::TargetNotOrigin},
        {"GET http://www.example.com/ HTTP/1.0\r\n\r\n", RequestFault::TargetNotOrigin},
        {"HEAD http://www.example.com/abc HTTP/1.1\r\nHost: h\r\n\r\n",
         RequestFault::TargetNotOrigin},
        {"GET HTTP://192.168.1.7:6515/abc HTTP/1.1\r\nHost: 192.168.1.7:6515\r\n\r\n",
         RequestFault::TargetNotOrigin},
        {"GET https://www.example.com/ HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"GET ftp://www.example.com/ HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"GET file:///etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
         RequestFault::TargetNotOrigin},
        {"GET http://127.0.0.1:6515/abc HTTP/1.1\r\nHost: h\r\n\r\n",
         RequestFault::TargetNotOrigin},
        {"CONNECT mx.example.com:25 HTTP/1.1\r\nHost: mx.example.com:25\r\n\r\n",
         RequestFault::MethodNotAllowed},
        {"CONNECT mx.example.com:25 HTTP/1.0\r\n\r\n", RequestFault::MethodNotAllowed},
        {"POST http://mx.example.com:25/ HTTP/1.0\r\nContent-Length: 6\r\n\r\nHELO x",
         RequestFault::MethodNotAllowed},
        {"GET //www.example.com/ HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::NotAnAlias},
        {"GET /http://www.example.com/ HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::NotAnAlias},
        {"GET www.example.com HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"GET * HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::MethodNotAllowed},
        {"GET @evil/abc HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
        {"GET abc HTTP/1.1\r\nHost: h\r\n\r\n", RequestFault::TargetNotOrigin},
    });
}

TEST(Attacks, HostTricks)
{
    RecordProperty("attack", "L13");
    ExpectRefused({
        {"GET /a HTTP/1.1\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost:\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost: a, b\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost: http://a/\r\n\r\n", RequestFault::BadHost},
        {"GET /a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", RequestFault::DuplicateField},
        {"GET /a HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n", RequestFault::DuplicateField},
        {"GET /a HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", RequestFault::DuplicateField},
        {"GET /a HTTP/1.0\r\nHost: a/b\r\n\r\n", RequestFault::BadHost},
    });
    // Whatever it says, it selects nothing.
    const auto foreign = ReadOneRequest("GET /a HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n");
    ASSERT_TRUE(foreign);
    EXPECT_EQ(foreign->alias, "a");
    EXPECT_EQ(foreign->authority, "169.254.169.254");
}

/// Each is followed by a second request, as a smuggler would have it: ReadOneFault() fails if
/// anything at all is made of that one.
TEST(Attacks, RequestSmuggling)
{
    RecordProperty("requirement", "R-HTTP-1");
    RecordProperty("attack", "L18");
    const std::vector<Attack> lines = {
        {"Content-Length: 5\r\n", RequestFault::BodyRefused},
        {"Content-Length: 18446744073709551615\r\n", RequestFault::BodyRefused},
        {"Content-Length: 18446744073709551616\r\n", RequestFault::BadContentLength},
        {"Content-Length: 99999999999999999999\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0\r\nContent-Length: 0\r\n", RequestFault::DuplicateField},
        {"Content-Length: 5\r\ncontent-length: 5\r\n", RequestFault::DuplicateField},
        {"Content-Length: 0\r\nContent-Length: 5\r\n", RequestFault::BadContentLength},
        {"Content-Length: 5\r\nContent-Length: 0\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0, 0\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0, 5\r\n", RequestFault::BadContentLength},
        {"Content-Length: \r\n", RequestFault::BadContentLength},
        {"Content-Length: +0\r\n", RequestFault::BadContentLength},
        {"Content-Length: -1\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0x0\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0 0\r\n", RequestFault::BadContentLength},
        {"Content-Length: 0;\r\n", RequestFault::BadContentLength},
        {"Transfer-Encoding: chunked\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding: identity\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding: xchunked\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding: chunked, identity\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding:\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", RequestFault::TransferEncoding},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", RequestFault::TransferEncoding},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", RequestFault::BadContentLength},
        {"Transfer-Encoding : chunked\r\n", RequestFault::MalformedHead},
        {"Content-Length : 0\r\n", RequestFault::MalformedHead},
        {"Transfer-Encoding:\x0b"
         "chunked\r\n",
         RequestFault::MalformedHead},
        {"X: y\r\n Transfer-Encoding: chunked\r\n", RequestFault::FoldedField},
        {"Content-Length:\r\n\t0\r\n", RequestFault::FoldedField},
        {"X: y\nTransfer-Encoding: chunked\r\n", RequestFault::MalformedHead},
        {"X: y\rTransfer-Encoding: chunked\r\n", RequestFault::MalformedHead},
        {"X: y\n\nGET /smuggled HTTP/1.1\nHost: h\n\n", RequestFault::MalformedHead},
        {"X: y\r\r\n", RequestFault::MalformedHead},
        {Bytes("X: a\0b\r\n"), RequestFault::MalformedHead},
        {Bytes("X\0: b\r\n"), RequestFault::MalformedHead},
        {"X y\r\n", RequestFault::MalformedHead},
        {": y\r\n", RequestFault::MalformedHead},
        {"X(: y\r\n", RequestFault::MalformedHead},
        {"X\x80: y\r\n", RequestFault::MalformedHead},
        {"Range: bytes=0-1\r\nRange: bytes=2-3\r\n", RequestFault::DuplicateField},
        {"If-Range: \"a\"\r\nIf-Range: \"b\"\r\n", RequestFault::DuplicateField},
        {"Expect: 100-continue\r\nContent-Length: 5\r\n", RequestFault::BodyRefused},
        {"Connection: \"\r\n", RequestFault::MalformedHead},
    };
    for (const auto& [text, fault] : lines)
    {
        const std::string bytes = GetText("/a", text) + "0\r\n\r\n" + GetText("/smuggled");
        EXPECT_EQ(ReadOneFault(bytes), fault) << text;
    }
}

TEST(Attacks, BadBytesAreNoticedAtOnce)
{
    RecordProperty("attack", "L10");
    for (const std::string& start :
         {Bytes("\x16"), Bytes("\0"), Bytes("GET /a HTTP/1.1\n"), Bytes("G\rX")})
    {
        RequestReader reader;
        const auto feed = reader.Feed(start);
        EXPECT_TRUE(std::holds_alternative<RequestError>(feed.outcome)) << start;
    }
}

TEST(Attacks, RangeAbuse)
{
    RecordProperty("attack", "L18");
    std::string many = "bytes=0-";
    for (int i = 0; i < 1300; ++i)
    {
        many += ",5-" + std::to_string(i % 10);
    }
    const ServedCopy copy{1000, "t"};
    for (const std::string& range : {many,
                                     std::string("bytes=0-1,0-1"),
                                     std::string("bytes=5-4"),
                                     std::string("bytes=18446744073709551616-0"),
                                     std::string("seconds=0-1")})
    {
        const auto request = ReadOneRequest(GetText("/a", "Range: " + range + "\r\n"));
        ASSERT_TRUE(request);
        const Reply reply = Answer(*request, copy);
        EXPECT_EQ(reply.status, 200u) << range;
        EXPECT_EQ(reply.bodyBytes, 1000u) << range;
    }
}

} // namespace
} // namespace lanpeer::http
