#pragma once

#include "model/http/request-reader.h"
#include "model/http/response-reader.h"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer::http
{

// What a failing expectation prints.
void PrintTo(const Request& request, std::ostream* out);
void PrintTo(const RequestError& error, std::ostream* out);
void PrintTo(RequestFault fault, std::ostream* out);
void PrintTo(const ResponseHead& head, std::ostream* out);
void PrintTo(ResponseError error, std::ostream* out);

/// What a reader made of a whole connection's bytes.
struct RequestsRead
{
    std::vector<std::variant<Request, RequestError>> outcomes;
    bool idle = false;
    bool closed = false;

    bool operator==(const RequestsRead& other) const;
};

struct ResponseRead
{
    std::optional<ResponseHead> head;
    std::optional<ResponseError> error;
    bool finished = false;
    std::uint64_t bodyBytes = 0;

    bool operator==(const ResponseRead& other) const;
};

/// Feeds the bytes in pieces of each of several sizes, 1 and all at once among them, and expects
/// every way to come to the same. So each vector of each test is one of split independence too.
RequestsRead ReadRequests(std::string_view bytes, const HeadLimits& limits = {});

/// The same for a response; bytes after the head are counted as body. Then the connection closes
/// if asked to.
ResponseRead ReadResponse(std::string_view bytes,
                          const ResponseExpectation& expectation = {},
                          bool closes = false);

/// What the only request of the bytes came to; a test failure if there is not exactly one outcome.
std::optional<Request> ReadOneRequest(std::string_view bytes);
std::optional<RequestFault> ReadOneFault(std::string_view bytes, const HeadLimits& limits = {});

/// "GET target HTTP/1.1" with a Host and more lines, each ended by CRLF.
std::string GetText(std::string_view target, std::string_view lines = "");

/// A string with its NULs.
template <std::size_t size>
std::string
Bytes(const char (&literal)[size])
{
    return std::string(literal, size - 1);
}

} // namespace lanpeer::http
