#include "model/http/request.h"

#include <tuple>

namespace lanpeer::http
{

std::string_view
ToString(Method method)
{
    switch (method)
    {
    case Method::Get:
        return "GET";
    case Method::Head:
        return "HEAD";
    }
    return "?";
}

bool
Request::operator==(const Request& other) const
{
    return std::tie(method, alias, authority, range, ifRange, keepAlive) ==
           std::tie(other.method,
                    other.alias,
                    other.authority,
                    other.range,
                    other.ifRange,
                    other.keepAlive);
}

bool
RequestError::operator==(const RequestError& other) const
{
    return std::tie(fault, status) == std::tie(other.fault, other.status);
}

std::string_view
ToString(RequestFault fault)
{
    switch (fault)
    {
    case RequestFault::MalformedHead:
        return "malformed head";
    case RequestFault::HeadTooLarge:
        return "head too large";
    case RequestFault::TooManyFields:
        return "too many fields";
    case RequestFault::TargetTooLong:
        return "target too long";
    case RequestFault::UnsupportedVersion:
        return "unsupported version";
    case RequestFault::UnknownMethod:
        return "unknown method";
    case RequestFault::MethodNotAllowed:
        return "method not allowed";
    case RequestFault::TargetNotOrigin:
        return "target not in origin form";
    case RequestFault::NotAnAlias:
        return "target is no alias";
    case RequestFault::BadHost:
        return "bad Host";
    case RequestFault::DuplicateField:
        return "duplicate field";
    case RequestFault::FoldedField:
        return "folded field";
    case RequestFault::BadContentLength:
        return "bad Content-Length";
    case RequestFault::TransferEncoding:
        return "Transfer-Encoding";
    case RequestFault::BodyRefused:
        return "body refused";
    case RequestFault::ExpectationFailed:
        return "expectation failed";
    }
    return "?";
}

ErrorStatus
StatusOf(RequestFault fault)
{
    switch (fault)
    {
    case RequestFault::MalformedHead:
    case RequestFault::TargetNotOrigin:
    case RequestFault::BadHost:
    case RequestFault::DuplicateField:
    case RequestFault::FoldedField:
    case RequestFault::BadContentLength:
    case RequestFault::TransferEncoding:
        return ErrorStatus::BadRequest;
    case RequestFault::HeadTooLarge:
    case RequestFault::TooManyFields:
        return ErrorStatus::HeaderFieldsTooLarge;
    case RequestFault::TargetTooLong:
        return ErrorStatus::UriTooLong;
    case RequestFault::UnsupportedVersion:
        return ErrorStatus::VersionNotSupported;
    case RequestFault::UnknownMethod:
        return ErrorStatus::NotImplemented;
    case RequestFault::MethodNotAllowed:
        return ErrorStatus::MethodNotAllowed;
    case RequestFault::NotAnAlias:
        return ErrorStatus::NotFound;
    case RequestFault::BodyRefused:
        return ErrorStatus::ContentTooLarge;
    case RequestFault::ExpectationFailed:
        return ErrorStatus::ExpectationFailed;
    }
    return ErrorStatus::BadRequest;
}

} // namespace lanpeer::http
