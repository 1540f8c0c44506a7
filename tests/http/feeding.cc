#include "feeding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <tuple>

namespace lanpeer::http
{

namespace
{

constexpr std::size_t kPieces[] = {1, 2, 3, 5, 7, 64, 1000};

std::string_view
TakePiece(std::string_view& bytes, std::size_t pieceBytes)
{
    const std::string_view piece = bytes.substr(0, pieceBytes);
    bytes.remove_prefix(piece.size());
    return piece;
}

RequestsRead
ReadRequestsInPieces(std::string_view bytes, const HeadLimits& limits, std::size_t pieceBytes)
{
    RequestReader reader(limits);
    RequestsRead read;
    while (!bytes.empty())
    {
        std::string_view piece = TakePiece(bytes, pieceBytes);
        while (!piece.empty())
        {
            RequestFeed feed = reader.Feed(piece);
            if (feed.consumed == 0 || feed.consumed > piece.size())
            {
                ADD_FAILURE() << "consumed " << feed.consumed << " of " << piece.size();
                return read;
            }
            piece.remove_prefix(feed.consumed);
            if (const auto* request = std::get_if<Request>(&feed.outcome))
            {
                read.outcomes.emplace_back(*request);
            }
            else if (const auto* error = std::get_if<RequestError>(&feed.outcome))
            {
                read.outcomes.emplace_back(*error);
            }
        }
    }
    read.idle = reader.Idle();
    read.closed = reader.Closed();
    return read;
}

ResponseRead
ReadResponseInPieces(std::string_view bytes,
                     const ResponseExpectation& expectation,
                     bool closes,
                     std::size_t pieceBytes)
{
    ResponseReader reader(expectation);
    while (!bytes.empty())
    {
        const std::string_view piece = TakePiece(bytes, pieceBytes);
        const std::size_t consumed = reader.Feed(piece);
        EXPECT_LE(consumed, piece.size());
        EXPECT_TRUE(consumed == piece.size() || reader.Head());
        const bool kept = reader.BodyArrived(piece.size() - consumed);
        EXPECT_EQ(kept, !reader.Error());
    }
    if (closes)
    {
        reader.ConnectionClosed();
    }
    return {reader.Head(), reader.Error(), reader.Finished(), reader.BodyBytes()};
}

} // namespace

void
PrintTo(RequestFault fault, std::ostream* out)
{
    *out << ToString(fault);
}

void
PrintTo(const RequestError& error, std::ostream* out)
{
    *out << NumberOf(error.status) << " (" << ToString(error.fault) << ")";
}

void
PrintTo(const Request& request, std::ostream* out)
{
    *out << ToString(request.method) << " " << request.alias << " of " << request.authority
         << (request.range ? " with a range" : "") << (request.ifRange ? " with If-Range" : "")
         << (request.keepAlive ? ", keep-alive" : ", close");
}

void
PrintTo(ResponseError error, std::ostream* out)
{
    *out << ToString(error);
}

void
PrintTo(const ResponseHead& head, std::ostream* out)
{
    *out << head.status << " with " << head.contentLength << " bytes from " << head.firstByte;
}

bool
RequestsRead::operator==(const RequestsRead& other) const
{
    return std::tie(outcomes, idle, closed) == std::tie(other.outcomes, other.idle, other.closed);
}

bool
ResponseRead::operator==(const ResponseRead& other) const
{
    return std::tie(head, error, finished, bodyBytes) ==
           std::tie(other.head, other.error, other.finished, other.bodyBytes);
}

RequestsRead
ReadRequests(std::string_view bytes, const HeadLimits& limits)
{
    const auto whole = ReadRequestsInPieces(bytes, limits, bytes.size());
    for (const std::size_t pieceBytes : kPieces)
    {
        const auto pieces = ReadRequestsInPieces(bytes, limits, pieceBytes);
        EXPECT_EQ(pieces.outcomes, whole.outcomes) << "in pieces of " << pieceBytes;
        EXPECT_TRUE(pieces == whole) << "in pieces of " << pieceBytes;
    }
    return whole;
}

ResponseRead
ReadResponse(std::string_view bytes, const ResponseExpectation& expectation, bool closes)
{
    const auto whole = ReadResponseInPieces(bytes, expectation, closes, bytes.size());
    for (const std::size_t pieceBytes : kPieces)
    {
        const auto pieces = ReadResponseInPieces(bytes, expectation, closes, pieceBytes);
        EXPECT_EQ(pieces.error, whole.error) << "in pieces of " << pieceBytes;
        EXPECT_TRUE(pieces == whole) << "in pieces of " << pieceBytes;
    }
    return whole;
}

std::optional<Request>
ReadOneRequest(std::string_view bytes)
{
    const auto read = ReadRequests(bytes);
    if (read.outcomes.size() != 1)
    {
        ADD_FAILURE() << read.outcomes.size() << " outcomes instead of one";
        return std::nullopt;
    }
    if (const auto* error = std::get_if<RequestError>(&read.outcomes.front()))
    {
        ADD_FAILURE() << "refused: " << ToString(error->fault);
        return std::nullopt;
    }
    return *std::get_if<Request>(&read.outcomes.front());
}

std::optional<RequestFault>
ReadOneFault(std::string_view bytes, const HeadLimits& limits)
{
    const auto read = ReadRequests(bytes, limits);
    if (read.outcomes.size() != 1)
    {
        ADD_FAILURE() << read.outcomes.size() << " outcomes instead of one";
        return std::nullopt;
    }
    const auto* error = std::get_if<RequestError>(&read.outcomes.front());
    if (!error)
    {
        ADD_FAILURE() << "accepted: " << std::get_if<Request>(&read.outcomes.front())->alias;
        return std::nullopt;
    }
    EXPECT_EQ(error->status, StatusOf(error->fault));
    EXPECT_TRUE(read.closed) << "a refusal ends the connection";
    return error->fault;
}

std::string
GetText(std::string_view target, std::string_view lines)
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: 192.168.1.7:6515\r\n" +
           std::string(lines) + "\r\n";
}

} // namespace lanpeer::http
