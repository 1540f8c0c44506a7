#pragma once

#include "model/http/byte-range.h"
#include "model/http/status.h"

#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::http
{

enum class Method
{
    Get,
    Head
};

std::string_view ToString(Method method);

/// A request that this server may answer: everything else became a RequestError before.
struct Request
{
    Method method = Method::Get;
    /// The target without its leading slash; satisfies IsAlias(), so it is a key and never a path.
    std::string alias;
    /// The Host field, satisfies IsAuthority(); empty only in HTTP/1.0. It selects nothing here
    /// (L13): a host may compare it with its own addresses against DNS rebinding.
    std::string authority;
    /// What part is asked for. Only with GET (RFC 9110, 14.2 defines it for no other method), and
    /// only when ParseRange() made something of it.
    std::optional<ByteRange> range;
    /// The raw value of If-Range (RFC 9110, 13.1.5): the range counts only if this is our tag.
    std::optional<std::string> ifRange;
    /// Whether the connection may serve another request. HTTP/1.1 without "close" only: of HTTP/1.0
    /// we keep nothing alive, its persistence is an extension with known traps (RFC 9112, C.2.2).
    bool keepAlive = false;

    bool operator==(const Request& other) const;
};

/// Why a request was refused: a closed list.
enum class RequestFault
{
    MalformedHead,      ///< not HTTP/1 syntax, or a forbidden byte
    HeadTooLarge,       ///< HeadLimits::maxBytes, after a complete request line
    TooManyFields,      ///< HeadLimits::maxFields
    TargetTooLong,      ///< HeadLimits::maxTargetBytes, or no end of the request line at all
    UnsupportedVersion, ///< HTTP/d.d other than 1.0 and 1.1
    UnknownMethod,      ///< a method that Beast's list does not have; methods are case-sensitive
    MethodNotAllowed,   ///< known, but neither GET nor HEAD; CONNECT is here
    TargetNotOrigin,    ///< absolute-form, authority-form, asterisk-form (L13)
    NotAnAlias,         ///< origin-form, but what follows the slash is no alias (L11)
    BadHost,            ///< missing in 1.1, or not an authority
    DuplicateField,     ///< Host, Content-Length, Range, If-Range or Expect twice (L18)
    FoldedField,        ///< obs-fold (RFC 9112, 5.2)
    BadContentLength,   ///< not one number
    TransferEncoding,   ///< any (L18): no request of ours has a body
    BodyRefused,        ///< Content-Length above 0
    ExpectationFailed,  ///< Expect other than 100-continue (RFC 9110, 10.1.1)
};

std::string_view ToString(RequestFault fault);

/// The status that a fault is answered with.
ErrorStatus StatusOf(RequestFault fault);

/// A refused request. The connection always ends with the answer: after something that we do not
/// understand, or do not want to, where the next request starts is a guess (L18).
struct RequestError
{
    RequestFault fault = RequestFault::MalformedHead;
    ErrorStatus status = ErrorStatus::BadRequest; ///< always StatusOf(fault)

    bool operator==(const RequestError& other) const;
};

} // namespace lanpeer::http
