#include "model/http/get.h"
#include "model/http/grammar.h"
#include "model/http/reply.h"
#include "model/http/request-reader.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

// The first byte chooses the server's limits, the others are what a connection brings (L10, L11,
// L18).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::http;

/// What became of a connection's bytes, and where in them each request ended.
struct Read
{
    std::vector<std::pair<std::size_t, std::variant<Request, RequestError>>> outcomes;
    bool idle = false;
    bool closed = false;

    bool operator==(const Read& other) const
    {
        return std::tie(outcomes, idle, closed) ==
               std::tie(other.outcomes, other.idle, other.closed);
    }
};

HeadLimits
LimitsOf(std::uint8_t choice)
{
    HeadLimits limits;
    limits.aliasesOnly = (choice & 1U) == 0;
    if ((choice & 2U) != 0)
    {
        limits.maxBytes = 200;
        limits.maxFields = 4;
        limits.maxTargetBytes = 16;
    }
    return limits;
}

/// Feeds the bytes in pieces, \p next says how long the next one is.
template <typename Next>
Read
ReadInPieces(std::string_view bytes, const HeadLimits& limits, Next next)
{
    RequestReader reader(limits);
    Read read;
    std::size_t at = 0;
    while (at < bytes.size())
    {
        std::string_view piece = bytes.substr(at, next());
        while (!piece.empty())
        {
            RequestFeed feed = reader.Feed(piece);
            Require(feed.consumed > 0 && feed.consumed <= piece.size(), "progress is certain");
            piece.remove_prefix(feed.consumed);
            at += feed.consumed;
            if (auto* request = std::get_if<Request>(&feed.outcome))
            {
                read.outcomes.emplace_back(at, std::move(*request));
            }
            else if (const auto* error = std::get_if<RequestError>(&feed.outcome))
            {
                read.outcomes.emplace_back(at, *error);
            }
        }
    }
    read.idle = reader.Idle();
    read.closed = reader.Closed();
    return read;
}

void
CheckReply(const Reply& reply, const Request& request, const ServedCopy& copy)
{
    Require(reply.bodyOffset <= copy.sizeBytes &&
                reply.bodyBytes <= copy.sizeBytes - reply.bodyOffset,
            "a reply lies within the copy");
    Require(reply.head.find("\r\n\r\n") == reply.head.size() - 4, "a reply has one head");
    Require(request.method == Method::Get || reply.bodyBytes == 0, "HEAD has no body");
    Require(reply.status == 200 || reply.status == 206 || reply.status == 416, "a copy's status");
    Require(reply.close == !request.keepAlive, "the connection ends as the client asked");
}

std::string
Lower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(),
                   lower.end(),
                   lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

/// What two programs could read two requests out of (L18). \p head as it came
void
CheckUnambiguous(std::string_view head)
{
    const std::string lower = Lower(head);
    const auto count = [&lower](std::string_view line)
    {
        std::size_t found = 0;
        for (std::size_t at = lower.find(line); at != std::string::npos;
             at = lower.find(line, at + 1))
        {
            ++found;
        }
        return found;
    };
    Require(head.find("\r\n\r\n") == head.size() - 4, "L18: one head per request");
    for (const char* end : {":", " ", "\t"})
    {
        Require(count(std::string("\ntransfer-encoding") + end) == 0, "L18: no transfer coding");
    }
    Require(count("\ncontent-length:") <= 1, "L18: one length");
    Require(count("\nhost:") <= 1, "L18: one host");
    Require(count("\n ") == 0 && count("\n\t") == 0, "L18: no folded line");
    Require(head.find('\0') == std::string_view::npos, "L18: no NUL");
}

/// \p head the bytes that the request was made of, an empty line before them included
void
CheckRequest(const Request& request, std::string_view head, const HeadLimits& limits)
{
    Require(limits.aliasesOnly ? IsAlias(request.alias) : IsOriginTarget("/" + request.alias),
            "R-HTTP-1: no alias is a path");
    Require(request.authority.empty() || IsAuthority(request.authority), "a host is one");
    Require(!request.range || request.method == Method::Get, "a range only with GET");
    Require(head.size() <= limits.maxBytes + 2, "L10: the head's limit");
    head.remove_prefix(head.substr(0, 2) == "\r\n" ? 2 : 0);
    CheckUnambiguous(head);
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{10}, ~std::uint64_t{0}})
    {
        CheckReply(Answer(request, {bytes, "t"}), request, {bytes, "t"});
    }
    // What we would ask for the same with is read as the same.
    const auto get = MakeGet({"h", "/" + request.alias, std::nullopt, std::nullopt, true});
    Require(get.has_value(), "what was asked for can be asked for");
    RequestReader reader(HeadLimits{8192, 64, 8192, limits.aliasesOnly});
    const RequestFeed feed = reader.Feed(*get);
    const auto* same = std::get_if<Request>(&feed.outcome);
    Require(same != nullptr && same->alias == request.alias && feed.consumed == get->size(),
            "what we ask with is read as what we ask");
}

void
CheckOutcomes(const Read& read, std::string_view bytes, const HeadLimits& limits)
{
    std::size_t from = 0;
    for (const auto& [end, outcome] : read.outcomes)
    {
        const bool last = end == read.outcomes.back().first;
        if (const auto* request = std::get_if<Request>(&outcome))
        {
            CheckRequest(*request, bytes.substr(from, end - from), limits);
            Require(request->keepAlive || (last && read.closed), "what is closed stays closed");
        }
        else
        {
            const auto& error = std::get<RequestError>(outcome);
            Require(last && read.closed, "a refusal ends the connection");
            Require(error.status == StatusOf(error.fault), "a fault's status");
            Require(Answer(error).close, "a refusal closes");
        }
        from = end;
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    std::string_view bytes = TextOf(data, size);
    const HeadLimits limits = LimitsOf(bytes.empty() ? 0 : data[0]);
    bytes.remove_prefix(bytes.empty() ? 0 : 1);

    const Read whole = ReadInPieces(bytes, limits, [&bytes] { return bytes.size(); });
    Require(ReadInPieces(bytes, limits, [] { return std::size_t{1}; }) == whole,
            "byte by byte it is the same");
    std::uint32_t drawn = static_cast<std::uint32_t>(size);
    const auto draw = [&drawn]
    {
        drawn = drawn * 1664525U + 1013904223U;
        return std::size_t{1} + (drawn >> 24) % 40;
    };
    Require(ReadInPieces(bytes, limits, draw) == whole, "in pieces it is the same");
    CheckOutcomes(whole, bytes, limits);
    return 0;
}
