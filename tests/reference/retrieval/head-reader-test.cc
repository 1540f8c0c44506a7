#include "reference/retrieval/response-head.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace lanpeer::reference
{
namespace
{

using Step = HeadReader::Step;

HeadRules
Rules(bool fromPeer, std::uint64_t offset = 0)
{
    HeadRules rules;
    rules.fromPeer = fromPeer;
    rules.offset = offset;
    rules.maxBytes = 1000;
    return rules;
}

/// Lines as curl hands them out, until one decides.
Step
Feed(HeadReader& reader, std::string_view text)
{
    Step step = Step::More;
    while (!text.empty() && step == Step::More)
    {
        const std::size_t end = text.find('\n') + 1;
        step = reader.TakeLine(text.substr(0, end));
        text.remove_prefix(end);
    }
    return step;
}

/// Why a head is refused; empty if it is not.
std::string
RefusalOf(const HeadRules& rules, const std::string& text)
{
    HeadReader reader(rules);
    EXPECT_NE(Feed(reader, text), Step::More) << text;
    return reader.Refusal();
}

std::string
OkHead(const std::string& fields)
{
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

std::string
PartialHead(const std::string& fields)
{
    return "HTTP/1.1 206 Partial Content\r\n" + fields + "\r\n";
}

TEST(HeadReader, ReadsAWhole)
{
    HeadReader reader(Rules(true));
    EXPECT_EQ(Feed(reader, OkHead("content-LENGTH:5\r\nETag: \"t\" \r\nRetry-After: 7\r\n")),
              Step::Complete);
    EXPECT_EQ(reader.Head().status, 200);
    EXPECT_EQ(reader.Head().contentLength, 5U);
    EXPECT_EQ(reader.Head().totalBytes, 5U);
    EXPECT_EQ(reader.Head().firstByte, 0U);
    EXPECT_EQ(reader.Head().tag, "t");
    EXPECT_EQ(reader.Head().retryAfterSeconds, 7U);
}

TEST(HeadReader, InterimResponsesAreForgottenAndCounted)
{
    const std::string early = "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\n";
    HeadReader reader(Rules(true));
    EXPECT_EQ(Feed(reader, early + OkHead("Content-Length: 5\r\n")), Step::Complete);
    EXPECT_EQ(reader.Head().tag, std::nullopt);
    EXPECT_NE(RefusalOf(Rules(true), early + early + early + early + early), "");
    EXPECT_NE(RefusalOf(Rules(true), "HTTP/1.1 101 Switching Protocols\r\n\r\n"), "");
}

TEST(HeadReader, T2LengthsMustBeKnownAndFit)
{
    RecordProperty("attack", "T2");
    EXPECT_EQ(RefusalOf(Rules(true), OkHead("Content-Length: 1000\r\n")), "");
    EXPECT_NE(RefusalOf(Rules(true), OkHead("Content-Length: 1001\r\n")), "");
    EXPECT_NE(RefusalOf(Rules(true), OkHead("")), "");
    EXPECT_NE(RefusalOf(Rules(true), OkHead("Transfer-Encoding: chunked\r\n")), "");
    EXPECT_EQ(RefusalOf(Rules(false), OkHead("")), "");
    EXPECT_EQ(RefusalOf(Rules(false), OkHead("Transfer-Encoding: chunked\r\n")), "");
    EXPECT_NE(RefusalOf(Rules(false), OkHead("Content-Length: 1001\r\n")), "");
    EXPECT_NE(RefusalOf(Rules(true, 1),
                        PartialHead("Content-Length: 999\r\n"
                                    "Content-Range: bytes 1-999/1001\r\n")),
              "")
        << "the whole counts, not the part";
}

TEST(HeadReader, L15LengthsThatMakeNoSenseAreRefused)
{
    RecordProperty("attack", "L15");
    for (const bool fromPeer : {true, false})
    {
        for (const char* fields : {"Content-Length: 5\r\nContent-Length: 6\r\n",
                                   "Content-Length: 5\r\nContent-Length: 5\r\n",
                                   "Content-Length: 5, 5\r\n",
                                   "Content-Length: -5\r\n",
                                   "Content-Length: +5\r\n",
                                   "Content-Length: 0x5\r\n",
                                   "Content-Length:\r\n",
                                   "Content-Length: 18446744073709551616\r\n",
                                   "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                                   "Content-Length: 5\r\n 5\r\n",
                                   "Content-Length : 5\r\n",
                                   "Content-Length: 5\r\nContent-Encoding: gzip\r\n",
                                   "no field\r\n",
                                   ": 5\r\n"})
        {
            EXPECT_NE(RefusalOf(Rules(fromPeer), OkHead(fields)), "") << fields;
        }
    }
}

TEST(HeadReader, L15PartsMustBeWhatWasAskedFor)
{
    RecordProperty("attack", "L15");
    const std::string five = "Content-Length: 5\r\n";
    EXPECT_EQ(RefusalOf(Rules(true, 3), PartialHead(five + "Content-Range: bytes 3-7/8\r\n")), "");
    for (const char* range : {"bytes 2-6/8",
                              "bytes 3-6/8",
                              "bytes 3-7/*",
                              "bytes 3-7/7",
                              "bytes 7-3/8",
                              "bytes */8",
                              "lines 3-7/8",
                              "bytes 3-7",
                              "bytes 3-18446744073709551615/18446744073709551616",
                              ""})
    {
        const std::string fields = five + "Content-Range: " + range + "\r\n";
        EXPECT_NE(RefusalOf(Rules(true, 3), PartialHead(fields)), "") << range;
    }
    EXPECT_NE(RefusalOf(Rules(true, 3), PartialHead(five)), "");
    EXPECT_NE(RefusalOf(Rules(true), PartialHead(five + "Content-Range: bytes 0-4/5\r\n")), "")
        << "nobody asked for a part";
}

TEST(HeadReader, L15APartOfAnotherContentIsRefused)
{
    RecordProperty("attack", "L15");
    HeadRules rules = Rules(true, 3);
    rules.ifRangeTag = "old";
    const std::string fields = "Content-Length: 5\r\nContent-Range: bytes 3-7/8\r\n";
    EXPECT_EQ(RefusalOf(rules, PartialHead(fields)), "");
    EXPECT_EQ(RefusalOf(rules, PartialHead(fields + "ETag: \"old\"\r\n")), "");
    EXPECT_NE(RefusalOf(rules, PartialHead(fields + "ETag: \"new\"\r\n")), "");
}

TEST(HeadReader, L18HeadsAreBounded)
{
    RecordProperty("attack", "L18");
    std::string many;
    for (int i = 0; i < 65; ++i)
    {
        many += "a: b\r\n";
    }
    EXPECT_NE(RefusalOf(Rules(true), OkHead(many)), "");
    HeadReader reader(Rules(false));
    EXPECT_EQ(Feed(reader, OkHead(many)), Step::Complete) << "the Internet sends more";
    EXPECT_NE(RefusalOf(Rules(true), OkHead("a: " + std::string(9000, 'b') + "\r\n")), "");
    EXPECT_NE(RefusalOf(Rules(false), OkHead("a: " + std::string(70'000, 'b') + "\r\n")), "");
}

TEST(HeadReader, L22OnlyCleanTagsAreKept)
{
    RecordProperty("attack", "L22");
    for (const char* tag :
         {"W/\"t\"", "t", "\"t", "\"", "\"\"", "\"a\"b\"", "\"a\x1b\"", "\"\xc3\xa9\"", "\"a b\""})
    {
        HeadReader reader(Rules(true));
        const std::string etag = std::string("ETag: ") + tag + "\r\n";
        EXPECT_EQ(Feed(reader, OkHead("Content-Length: 5\r\n" + etag)), Step::Complete) << tag;
        EXPECT_EQ(reader.Head().tag, std::nullopt) << tag;
    }
    EXPECT_TRUE(IsTagText(std::string(256, 'a')));
    EXPECT_FALSE(IsTagText(std::string(257, 'a')));
}

TEST(HeadReader, GarbageIsNoStatusLine)
{
    for (const char* line : {"",
                             "HTTP/1.1",
                             "HTTP/1.1 2000 OK",
                             "HTTP/1.1 099 X",
                             "HTTP/1.1 600 X",
                             "HTTP/2 200",
                             "HTTP/1.1  200",
                             "ICY 200 OK",
                             "http/1.1 200 OK"})
    {
        HeadReader reader(Rules(false));
        EXPECT_EQ(reader.TakeLine(std::string(line) + "\r\n"), Step::Refused) << line;
        EXPECT_EQ(reader.TakeLine("\r\n"), Step::Refused) << "and stays so";
    }
}

} // namespace
} // namespace lanpeer::reference
