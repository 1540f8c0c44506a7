#include "model/http/response-parser.h"

#include "model/http/beast-text.h"
#include "model/http/byte-range.h"
#include "model/http/grammar.h"

#include <boost/beast/http/parser.hpp>

#include <iterator>

namespace lanpeer::http
{

namespace
{

namespace bhttp = boost::beast::http;
using Message = bhttp::response<bhttp::empty_body>;
using Error = std::optional<ResponseError>;

ResponseError
ErrorOf(const boost::beast::error_code& error)
{
    if (error == bhttp::error::bad_content_length)
    {
        return ResponseError::BadLength;
    }
    if (error == bhttp::error::bad_transfer_encoding)
    {
        return ResponseError::TransferEncoding;
    }
    if (error == bhttp::error::header_limit)
    {
        // Beast joins folded lines (RFC 9112, 5.2: a user agent must) up to 4 KiB.
        return ResponseError::HeadTooLarge;
    }
    return ResponseError::MalformedHead;
}

bool
IsWithoutBody(unsigned status)
{
    return status == 204 || status == 304;
}

/// RFC 9112, 6.3 without its leniency: one Content-Length of one number, no Transfer-Encoding,
/// never "until the connection closes".
Error
ReadLength(const Message& message, ResponseHead& head)
{
    if (message.count(bhttp::field::transfer_encoding) > 0)
    {
        return ResponseError::TransferEncoding;
    }
    if (IsWithoutBody(head.status))
    {
        return std::nullopt;
    }
    const auto count = message.count(bhttp::field::content_length);
    if (count == 0)
    {
        return ResponseError::MissingLength;
    }
    const auto text = OnlyValue(message, bhttp::field::content_length);
    const auto bytes = text ? ParseDecimal(*text) : std::nullopt;
    if (!bytes)
    {
        return ResponseError::BadLength;
    }
    head.contentLength = *bytes;
    return std::nullopt;
}

Error
ReadPartial(const Message& message, const ResponseExpectation& expectation, ResponseHead& head)
{
    const auto text = OnlyValue(message, bhttp::field::content_range);
    const auto range = text ? ParseContentRange(*text) : std::nullopt;
    if (!range)
    {
        return ResponseError::BadContentRange;
    }
    if (!expectation.offset || range->first != *expectation.offset)
    {
        return ResponseError::WrongOffset;
    }
    // last < total, so that the + 1 cannot overflow.
    if (range->last - range->first + 1 != head.contentLength)
    {
        return ResponseError::LengthMismatch;
    }
    head.firstByte = range->first;
    head.totalBytes = range->total;
    return std::nullopt;
}

/// Which part of which whole the body is, and whether that may be taken at all.
Error
ReadExtent(const Message& message, const ResponseExpectation& expectation, ResponseHead& head)
{
    if (head.status == 206)
    {
        const Error error = ReadPartial(message, expectation, head);
        if (error)
        {
            return error;
        }
    }
    else if (head.status == 200)
    {
        head.totalBytes = head.contentLength;
    }
    else if (head.status == 416)
    {
        const auto text = OnlyValue(message, bhttp::field::content_range);
        head.totalBytes = text ? ParseUnsatisfiedRange(*text) : std::nullopt;
    }
    const bool hasResource = head.status == 200 || head.status == 206;
    const bool tooLarge = hasResource ? *head.totalBytes > expectation.maxTotalBytes
                                      : head.contentLength > expectation.maxErrorBodyBytes;
    return tooLarge ? Error(ResponseError::TooLarge) : std::nullopt;
}

void
ReadHints(const Message& message, ResponseHead& head)
{
    const auto etag = OnlyValue(message, bhttp::field::etag);
    const auto tag = etag ? ParseStrongTag(*etag) : std::nullopt;
    if (tag)
    {
        head.tag = std::string(*tag);
    }
    const auto retryAfter = OnlyValue(message, bhttp::field::retry_after);
    head.retryAfterSeconds = retryAfter ? ParseDecimal(*retryAfter) : std::nullopt;
}

} // namespace

ParsedResponse
ParseResponseHead(std::string_view text, const ResponseExpectation& expectation)
{
    bhttp::response_parser<bhttp::empty_body> parser;
    const auto error = ParseHead(parser, text);
    if (error)
    {
        return ErrorOf(error);
    }
    const Message& message = parser.get();
    const auto fields = std::distance(message.begin(), message.end());
    if (static_cast<std::size_t>(fields) > expectation.head.maxFields)
    {
        return ResponseError::TooManyFields;
    }
    ResponseHead head;
    head.status = message.result_int();
    if (head.status < 100 || head.status > 599)
    {
        return ResponseError::MalformedHead;
    }
    if (head.status < 200)
    {
        return head.status == 101 ? ParsedResponse(ResponseError::UnexpectedUpgrade)
                                  : ParsedResponse(InterimResponse{});
    }
    Error refused = ReadLength(message, head);
    refused = refused ? refused : ReadExtent(message, expectation, head);
    if (refused)
    {
        return *refused;
    }
    ReadHints(message, head);
    head.keepAlive = parser.keep_alive() && message.version() >= 11;
    return head;
}

} // namespace lanpeer::http
