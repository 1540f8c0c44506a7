#include "model/http/response.h"

#include <tuple>

namespace lanpeer::http
{

namespace
{

auto
Fields(const ResponseHead& head)
{
    return std::tie(head.status,
                    head.contentLength,
                    head.firstByte,
                    head.totalBytes,
                    head.tag,
                    head.retryAfterSeconds,
                    head.keepAlive);
}

} // namespace

bool
ResponseHead::operator==(const ResponseHead& other) const
{
    return Fields(*this) == Fields(other);
}

std::string_view
ToString(ResponseError error)
{
    switch (error)
    {
    case ResponseError::MalformedHead:
        return "malformed head";
    case ResponseError::HeadTooLarge:
        return "head too large";
    case ResponseError::TooManyFields:
        return "too many fields";
    case ResponseError::TooManyInterim:
        return "too many interim responses";
    case ResponseError::UnexpectedUpgrade:
        return "unexpected upgrade";
    case ResponseError::TransferEncoding:
        return "Transfer-Encoding";
    case ResponseError::MissingLength:
        return "missing Content-Length";
    case ResponseError::BadLength:
        return "bad Content-Length";
    case ResponseError::BadContentRange:
        return "bad Content-Range";
    case ResponseError::LengthMismatch:
        return "Content-Range and Content-Length disagree";
    case ResponseError::WrongOffset:
        return "wrong offset";
    case ResponseError::TooLarge:
        return "too large";
    case ResponseError::ExcessBody:
        return "excess body";
    case ResponseError::NoResponse:
        return "no response";
    case ResponseError::Truncated:
        return "truncated";
    }
    return "?";
}

} // namespace lanpeer::http
