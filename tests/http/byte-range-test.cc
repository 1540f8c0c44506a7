#include "model/http/byte-range.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace lanpeer::http
{
namespace
{

using Form = ByteRange::Form;
constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

struct RangeCase
{
    std::string text;
    ByteRange range;
};

TEST(ByteRange, ReadsTheThreeForms)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::vector<RangeCase> cases = {
        {"bytes=0-0", {Form::Bounded, 0, 0, 0}},
        {"bytes=0-499", {Form::Bounded, 0, 499, 0}},
        {"bytes=500-", {Form::OpenEnded, 500, 0, 0}},
        {"bytes=-500", {Form::Suffix, 0, 0, 500}},
        {"bytes=-0", {Form::Suffix, 0, 0, 0}},
        {"BYTES=7-", {Form::OpenEnded, 7, 0, 0}},
        {"bytes=007-0008", {Form::Bounded, 7, 8, 0}},
        // RFC 9110, 14.1.2: large numerals must not become small ones.
        {"bytes=18446744073709551615-", {Form::OpenEnded, kMax, 0, 0}},
        {"bytes=18446744073709551616-", {Form::OpenEnded, kMax, 0, 0}},
        {"bytes=1-18446744073709551617", {Form::Bounded, 1, kMax, 0}},
        {"bytes=-99999999999999999999999", {Form::Suffix, 0, 0, kMax}},
    };
    for (const auto& [text, range] : cases)
    {
        const auto parsed = ParseRange(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, range) << text;
    }
}

TEST(ByteRange, IgnoresWhatIsNotOneRange)
{
    RecordProperty("attack", "L18");
    for (const char* text : {"",
                             "bytes",
                             "bytes=",
                             "bytes=-",
                             "bytes=5",
                             "bytes=a-b",
                             "bytes=0-1,5-6",
                             "bytes=0-1,0-1,0-1,0-1",
                             "bytes=0-,0-",
                             "bytes=0-1,",
                             "bytes=,0-1",
                             "bytes=5-4",
                             "bytes=--5",
                             "bytes=-5-",
                             "bytes=1-2-3",
                             "bytes= 0-1",
                             "bytes=0 -1",
                             "bytes=0- 1",
                             "bytes =0-1",
                             "bytes:0-1",
                             "bytes=+0-1",
                             "bytes=0x0-1",
                             "items=0-1",
                             "0-1",
                             "bytes=18446744073709551616-0"})
    {
        EXPECT_FALSE(ParseRange(text)) << text;
    }
}

struct ResolveCase
{
    ByteRange range;
    std::uint64_t sizeBytes;
    std::optional<Slice> slice;
};

TEST(ByteRange, HoldsARangeAgainstASize)
{
    RecordProperty("attack", "L18");
    const std::vector<ResolveCase> cases = {
        {{Form::Bounded, 0, 0, 0}, 10, Slice{0, 1}},
        {{Form::Bounded, 0, 9, 0}, 10, Slice{0, 10}},
        {{Form::Bounded, 0, 10, 0}, 10, Slice{0, 10}},
        {{Form::Bounded, 9, 9, 0}, 10, Slice{9, 1}},
        {{Form::Bounded, 3, 6, 0}, 10, Slice{3, 4}},
        {{Form::Bounded, 10, 10, 0}, 10, std::nullopt},
        {{Form::Bounded, 0, 0, 0}, 0, std::nullopt},
        {{Form::Bounded, 0, kMax, 0}, kMax, Slice{0, kMax}},
        {{Form::Bounded, 0, kMax - 1, 0}, kMax, Slice{0, kMax}},
        {{Form::Bounded, kMax, kMax, 0}, kMax, std::nullopt},
        {{Form::Bounded, kMax - 1, kMax, 0}, kMax, Slice{kMax - 1, 1}},
        {{Form::Bounded, 1, kMax, 0}, 10, Slice{1, 9}},
        {{Form::OpenEnded, 0, 0, 0}, 10, Slice{0, 10}},
        {{Form::OpenEnded, 9, 0, 0}, 10, Slice{9, 1}},
        {{Form::OpenEnded, 10, 0, 0}, 10, std::nullopt},
        {{Form::OpenEnded, kMax, 0, 0}, 10, std::nullopt},
        {{Form::OpenEnded, kMax, 0, 0}, kMax, std::nullopt},
        {{Form::OpenEnded, 0, 0, 0}, 0, std::nullopt},
        {{Form::Suffix, 0, 0, 1}, 10, Slice{9, 1}},
        {{Form::Suffix, 0, 0, 10}, 10, Slice{0, 10}},
        {{Form::Suffix, 0, 0, 11}, 10, Slice{0, 10}},
        {{Form::Suffix, 0, 0, kMax}, 10, Slice{0, 10}},
        {{Form::Suffix, 0, 0, kMax}, kMax, Slice{0, kMax}},
        {{Form::Suffix, 0, 0, 0}, 10, std::nullopt},
        {{Form::Suffix, 0, 0, 0}, 0, std::nullopt},
        {{Form::Suffix, 0, 0, 5}, 0, Slice{0, 0}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i)
    {
        EXPECT_EQ(Resolve(cases[i].range, cases[i].sizeBytes), cases[i].slice) << "case " << i;
    }
}

/// Against the definition, byte by byte, for every small range and size.
TEST(ByteRange, ResolvesAsDefinedForEverySmallCase)
{
    RecordProperty("requirement", "R-HTTP-1");
    for (std::uint64_t size = 0; size < 8; ++size)
    {
        for (std::uint64_t first = 0; first < 10; ++first)
        {
            for (std::uint64_t last = first; last < 10; ++last)
            {
                std::vector<std::uint64_t> wanted;
                for (std::uint64_t at = first; at <= last && at < size; ++at)
                {
                    wanted.push_back(at);
                }
                const auto slice = Resolve({Form::Bounded, first, last, 0}, size);
                ASSERT_EQ(slice.has_value(), !wanted.empty())
                    << first << "-" << last << "/" << size;
                if (slice)
                {
                    EXPECT_EQ(slice->offset, wanted.front());
                    EXPECT_EQ(slice->bytes, wanted.size());
                }
            }
        }
    }
}

TEST(ContentRange, ReadsWhatItWrites)
{
    RecordProperty("requirement", "R-HTTP-1");
    EXPECT_EQ(FormatContentRange({5, 10}, 100), "bytes 5-14/100");
    EXPECT_EQ(FormatContentRange({0, kMax}, kMax),
              "bytes 0-18446744073709551614/18446744073709551615");
    EXPECT_EQ(FormatUnsatisfiedRange(100), "bytes */100");
    EXPECT_EQ(ParseContentRange("bytes 5-14/100"), (ContentRange{5, 14, 100}));
    EXPECT_EQ(ParseContentRange("Bytes 0-18446744073709551614/18446744073709551615"),
              (ContentRange{0, kMax - 1, kMax}));
    EXPECT_EQ(ParseUnsatisfiedRange("bytes */100"), 100u);
}

TEST(ContentRange, RefusesEverythingElse)
{
    RecordProperty("attack", "L15");
    for (const char* text : {"",
                             "bytes",
                             "bytes ",
                             "bytes 0-4",
                             "bytes 0-4/",
                             "bytes 0-4/*",
                             "bytes */5",
                             "bytes 4-0/5",
                             "bytes 0-5/5",
                             "bytes 0-4/5/6",
                             "bytes 0-4-5/6",
                             "bytes=0-4/5",
                             "bytes  0-4/5",
                             "items 0-4/5",
                             "bytes -4/5",
                             "bytes 0-/5",
                             "bytes 0-4/18446744073709551616",
                             "bytes 18446744073709551616-18446744073709551617/99",
                             "bytes 0-18446744073709551615/18446744073709551615"})
    {
        EXPECT_FALSE(ParseContentRange(text)) << text;
    }
    for (const char* text : {"", "bytes */", "bytes */*", "bytes */-1", "bytes 0-4/5", "items */5"})
    {
        EXPECT_FALSE(ParseUnsatisfiedRange(text)) << text;
    }
}

} // namespace
} // namespace lanpeer::http
