#include "model/http/reply.h"

#include "model/http/beast-text.h"
#include "model/http/grammar.h"

namespace lanpeer::http
{

namespace
{

namespace bhttp = boost::beast::http;
using Message = bhttp::response<bhttp::empty_body>;

std::string
Quoted(const std::string& tag)
{
    return '"' + tag + '"';
}

void
Set(Message& message, bhttp::field name, std::string_view value)
{
    message.set(name, ToBeast(value));
}

bool
RangeCounts(const Request& request, const ServedCopy& copy)
{
    if (!request.range || request.method != Method::Get)
    {
        return false;
    }
    return !request.ifRange || (IsOpaqueTag(copy.tag) && *request.ifRange == Quoted(copy.tag));
}

/// The fields that every answer has, in the order in which they are sent.
Message
MakeMessage(unsigned status, std::uint64_t contentLength, bool keepAlive)
{
    Message message;
    // A server names the highest version it speaks, whatever the request's (RFC 9110, 6.2).
    message.version(11);
    message.result(status);
    Set(message, bhttp::field::content_length, std::to_string(contentLength));
    if (!keepAlive)
    {
        Set(message, bhttp::field::connection, "close");
    }
    return message;
}

Reply
Finish(const Message& message, Slice body, bool keepAlive)
{
    return {message.result_int(), HeadText(message), body.offset, body.bytes, !keepAlive};
}

Reply
AnswerSlice(const Request& request, const ServedCopy& copy, Slice slice, unsigned status)
{
    Message message = MakeMessage(status, slice.bytes, request.keepAlive);
    Set(message, bhttp::field::content_type, "application/octet-stream");
    Set(message, bhttp::field::accept_ranges, "bytes");
    if (status == 206)
    {
        Set(message, bhttp::field::content_range, FormatContentRange(slice, copy.sizeBytes));
    }
    if (IsOpaqueTag(copy.tag))
    {
        Set(message, bhttp::field::etag, Quoted(copy.tag));
    }
    const Slice body = request.method == Method::Head ? Slice{} : slice;
    return Finish(message, body, request.keepAlive);
}

Reply
AnswerUnsatisfiable(const Request& request, const ServedCopy& copy)
{
    Message message = MakeMessage(416, 0, request.keepAlive);
    Set(message, bhttp::field::content_range, FormatUnsatisfiedRange(copy.sizeBytes));
    return Finish(message, {}, request.keepAlive);
}

} // namespace

Reply
Answer(const Request& request, const ServedCopy& copy)
{
    const Slice whole{0, copy.sizeBytes};
    if (!RangeCounts(request, copy))
    {
        return AnswerSlice(request, copy, whole, 200);
    }
    const auto slice = Resolve(*request.range, copy.sizeBytes);
    if (!slice)
    {
        return AnswerUnsatisfiable(request, copy);
    }
    if (slice->bytes == 0)
    {
        return AnswerSlice(request, copy, whole, 200);
    }
    return AnswerSlice(request, copy, *slice, 206);
}

Reply
AnswerError(ErrorStatus status, std::optional<std::uint32_t> retryAfterSeconds, bool keepAlive)
{
    Message message = MakeMessage(NumberOf(status), 0, keepAlive);
    if (status == ErrorStatus::MethodNotAllowed)
    {
        Set(message, bhttp::field::allow, "GET, HEAD");
    }
    if (retryAfterSeconds)
    {
        Set(message, bhttp::field::retry_after, std::to_string(*retryAfterSeconds));
    }
    return Finish(message, {}, keepAlive);
}

Reply
Answer(const RequestError& error)
{
    return AnswerError(error.status, std::nullopt, false);
}

} // namespace lanpeer::http
