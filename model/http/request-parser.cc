#include "model/http/request-parser.h"

#include "model/http/beast-text.h"
#include "model/http/grammar.h"

#include <boost/beast/http/parser.hpp>

#include <iterator>

namespace lanpeer::http
{

namespace
{

namespace bhttp = boost::beast::http;
using Message = bhttp::request<bhttp::empty_body>;
using Fault = std::optional<RequestFault>;

/// Folded lines (RFC 9112, 5.2: "MUST either reject the message by sending a 400 or replace"):
/// Beast replaces, we refuse, as nobody has sent them for decades but to hide a field.
bool
HasFoldedLine(std::string_view head)
{
    return head.find("\r\n ") != std::string_view::npos ||
           head.find("\r\n\t") != std::string_view::npos;
}

bool
IsVersion(std::string_view text)
{
    const auto isDigit = [](char c)
    {
        return c >= '0' && c <= '9';
    };
    return text.size() == 8 && text.substr(0, 5) == "HTTP/" && isDigit(text[5]) && text[6] == '.' &&
           isDigit(text[7]);
}

/// Beast says bad_version for "HTTP/2.0" (505) and for text that is no version at all (400).
RequestFault
FaultOfVersion(std::string_view head)
{
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t methodEnd = line.find(' ');
    const std::size_t targetEnd =
        methodEnd == std::string_view::npos ? methodEnd : line.find(' ', methodEnd + 1);
    const bool isVersion =
        targetEnd != std::string_view::npos && IsVersion(line.substr(targetEnd + 1));
    return isVersion ? RequestFault::UnsupportedVersion : RequestFault::MalformedHead;
}

RequestFault
FaultOf(const boost::beast::error_code& error, std::string_view head)
{
    if (error == bhttp::error::bad_version)
    {
        return FaultOfVersion(head);
    }
    if (error == bhttp::error::bad_content_length)
    {
        return RequestFault::BadContentLength;
    }
    if (error == bhttp::error::bad_transfer_encoding)
    {
        return RequestFault::TransferEncoding;
    }
    return RequestFault::MalformedHead;
}

/// What would let two programs read two different requests out of the same bytes (L18).
Fault
CheckAmbiguity(const Message& message, const HeadLimits& limits)
{
    const auto fields = std::distance(message.begin(), message.end());
    if (static_cast<std::size_t>(fields) > limits.maxFields)
    {
        return RequestFault::TooManyFields;
    }
    if (message.count(bhttp::field::transfer_encoding) > 0)
    {
        return RequestFault::TransferEncoding;
    }
    for (const auto name : {bhttp::field::host,
                            bhttp::field::content_length,
                            bhttp::field::range,
                            bhttp::field::if_range,
                            bhttp::field::expect})
    {
        if (message.count(name) > 1)
        {
            return RequestFault::DuplicateField;
        }
    }
    return std::nullopt;
}

/// RFC 9112, 3.2: missing in 1.1, repeated or no authority is 400.
Fault
CheckHost(const Message& message)
{
    const auto host = OnlyValue(message, bhttp::field::host);
    if (host ? !IsAuthority(*host) : message.version() >= 11)
    {
        return RequestFault::BadHost;
    }
    return std::nullopt;
}

/// RFC 9110, 15.5.6 and 15.6.2: 405 for a method that is known, 501 for one that is not.
Fault
CheckMethod(const Message& message)
{
    if (message.method() == bhttp::verb::get || message.method() == bhttp::verb::head)
    {
        return std::nullopt;
    }
    return message.method() == bhttp::verb::unknown ? RequestFault::UnknownMethod
                                                    : RequestFault::MethodNotAllowed;
}

/// RFC 9112, 3.2.2 wants absolute-form accepted too: refused on purpose, no client of a node needs
/// it and the ancestor's server was an open proxy (L13).
Fault
CheckTarget(std::string_view target, const HeadLimits& limits)
{
    if (target.size() > limits.maxTargetBytes)
    {
        return RequestFault::TargetTooLong;
    }
    if (target.substr(0, 1) != "/")
    {
        return RequestFault::TargetNotOrigin;
    }
    if (limits.aliasesOnly ? !IsAlias(target.substr(1)) : !IsOriginTarget(target))
    {
        return RequestFault::NotAnAlias;
    }
    return std::nullopt;
}

Fault
CheckBody(const Message& message)
{
    const auto text = OnlyValue(message, bhttp::field::content_length);
    if (!text)
    {
        return std::nullopt;
    }
    // Beast also takes "5, 5" for 5, which RFC 9112, 6.3 allows and L18 does not.
    const auto bytes = ParseDecimal(*text);
    if (!bytes)
    {
        return RequestFault::BadContentLength;
    }
    return *bytes > 0 ? Fault(RequestFault::BodyRefused) : std::nullopt;
}

/// RFC 9110, 10.1.1: 100-continue may be ignored where there is no body to wait for.
Fault
CheckExpectation(const Message& message)
{
    const auto value = OnlyValue(message, bhttp::field::expect);
    if (value && !EqualIgnoringCase(*value, "100-continue"))
    {
        return RequestFault::ExpectationFailed;
    }
    return std::nullopt;
}

/// First what makes the bytes ambiguous, then what the client wants.
Fault
Check(const Message& message, const HeadLimits& limits)
{
    Fault fault = CheckAmbiguity(message, limits);
    fault = fault ? fault : CheckHost(message);
    fault = fault ? fault : CheckMethod(message);
    fault = fault ? fault : CheckTarget(ToStd(message.target()), limits);
    fault = fault ? fault : CheckBody(message);
    fault = fault ? fault : CheckExpectation(message);
    return fault;
}

Request
MakeRequest(const Message& message, bool keepAlive)
{
    Request request;
    request.method = message.method() == bhttp::verb::head ? Method::Head : Method::Get;
    request.alias = ToStd(message.target()).substr(1);
    request.authority = OnlyValue(message, bhttp::field::host).value_or("");
    request.keepAlive = keepAlive && message.version() >= 11;
    const auto range = OnlyValue(message, bhttp::field::range);
    if (range && request.method == Method::Get)
    {
        request.range = ParseRange(*range);
    }
    const auto ifRange = OnlyValue(message, bhttp::field::if_range);
    if (ifRange)
    {
        request.ifRange = std::string(*ifRange);
    }
    return request;
}

RequestError
MakeError(RequestFault fault)
{
    return {fault, StatusOf(fault)};
}

} // namespace

ParsedRequest
ParseRequestHead(std::string_view head, const HeadLimits& limits)
{
    if (HasFoldedLine(head))
    {
        return MakeError(RequestFault::FoldedField);
    }
    bhttp::request_parser<bhttp::empty_body> parser;
    const auto error = ParseHead(parser, head);
    if (error)
    {
        return MakeError(FaultOf(error, head));
    }
    const Fault fault = Check(parser.get(), limits);
    if (fault)
    {
        return MakeError(*fault);
    }
    return MakeRequest(parser.get(), parser.keep_alive());
}

} // namespace lanpeer::http
