#include "model/http/grammar.h"
#include "model/http/response-reader.h"
#include "tests/fuzz/fuzzing.h"

#include <array>
#include <string>
#include <tuple>

// The first byte chooses what was asked for, the others are what a server answers (L15, L18, T2).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::http;

struct Read
{
    std::optional<ResponseHead> head;
    std::optional<ResponseError> error;
    bool finished = false;
    std::uint64_t bodyBytes = 0;
    std::uint64_t left = 0;

    bool operator==(const Read& other) const
    {
        return std::tie(head, error, finished, bodyBytes, left) ==
               std::tie(other.head, other.error, other.finished, other.bodyBytes, other.left);
    }
};

struct Asked
{
    ResponseExpectation expectation;
    bool closes = false; ///< the peer closes behind the last byte
};

Asked
AskedBy(std::uint8_t choice)
{
    constexpr std::array<std::optional<std::uint64_t>, 4> kOffsets{
        std::nullopt, 0, 5, 9'007'199'254'740'992};
    Asked asked;
    asked.closes = (choice & 1U) != 0;
    asked.expectation.offset = kOffsets[(choice >> 1) & 3U];
    if ((choice & 8U) != 0)
    {
        asked.expectation.maxTotalBytes = 10;
        asked.expectation.maxErrorBodyBytes = 3;
        asked.expectation.maxInterim = 1;
    }
    if ((choice & 16U) != 0)
    {
        asked.expectation.head.maxBytes = 200;
        asked.expectation.head.maxFields = 4;
    }
    return asked;
}

template <typename Next>
Read
ReadInPieces(std::string_view bytes, const Asked& asked, Next next)
{
    ResponseReader reader(asked.expectation);
    while (!bytes.empty())
    {
        const std::string_view piece = bytes.substr(0, next());
        bytes.remove_prefix(piece.size());
        const std::size_t consumed = reader.Feed(piece);
        Require(consumed <= piece.size(), "no more is taken than was given");
        Require(consumed == piece.size() || reader.Head(), "the head's bytes are all taken");
        const bool kept = reader.BodyArrived(piece.size() - consumed);
        Require(kept == !reader.Error(), "bytes are kept unless something is wrong");
    }
    if (asked.closes)
    {
        reader.ConnectionClosed();
        Require(reader.Finished() != reader.Error().has_value(), "finished or wrong by then");
    }
    return {reader.Head(),
            reader.Error(),
            reader.Finished(),
            reader.BodyBytes(),
            reader.BodyBytesLeft()};
}

void
CheckHead(const ResponseHead& head, const ResponseExpectation& expectation)
{
    const bool resource = head.status == 200 || head.status == 206;
    Require(head.status >= 200 && head.status <= 599, "a final status");
    Require(!resource || head.totalBytes, "T2: the resource's size is known beforehand");
    Require(!resource || *head.totalBytes <= expectation.maxTotalBytes, "T2: the resource's bound");
    Require(resource || head.contentLength <= expectation.maxErrorBodyBytes, "T2: others' bound");
    Require(!head.tag || IsOpaqueTag(*head.tag), "a tag is one");
    if (head.status == 206)
    {
        Require(expectation.offset == head.firstByte, "L15: the part that was asked for");
        Require(head.contentLength > 0 && head.firstByte < *head.totalBytes &&
                    head.contentLength <= *head.totalBytes - head.firstByte,
                "L15: a part of the whole");
        return;
    }
    Require(head.firstByte == 0, "what is no part begins at the beginning");
    Require(head.status != 200 || head.totalBytes == head.contentLength, "the whole is the whole");
    Require((head.status != 204 && head.status != 304) || head.contentLength == 0, "no body");
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    std::string_view bytes = TextOf(data, size);
    const Asked asked = AskedBy(bytes.empty() ? 0 : data[0]);
    bytes.remove_prefix(bytes.empty() ? 0 : 1);

    const Read whole = ReadInPieces(bytes, asked, [&bytes] { return bytes.size(); });
    Require(ReadInPieces(bytes, asked, [] { return std::size_t{1}; }) == whole,
            "byte by byte it is the same");
    std::uint32_t drawn = static_cast<std::uint32_t>(size);
    const auto draw = [&drawn]
    {
        drawn = drawn * 1664525U + 1013904223U;
        return std::size_t{1} + (drawn >> 24) % 40;
    };
    Require(ReadInPieces(bytes, asked, draw) == whole, "in pieces it is the same");
    if (whole.head)
    {
        CheckHead(*whole.head, asked.expectation);
        Require(whole.bodyBytes + whole.left == whole.head->contentLength, "the body's count");
        Require(whole.finished == (!whole.error && whole.left == 0), "finished when all is there");
    }
    return 0;
}
