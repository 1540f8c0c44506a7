#pragma once

#include "model/http/request.h"
#include "model/http/status.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lanpeer::http
{

/// What the server has to know of a local copy to serve it.
struct ServedCopy
{
    std::uint64_t sizeBytes = 0;
    /// The opaque text of its strong entity tag, without quotes: the content descriptor. Must not
    /// change while the bytes do not (RFC 9110, 8.8.1). One that IsOpaqueTag() refuses is not sent,
    /// and then no If-Range matches.
    std::string tag;
};

/// What a host sends: the head's bytes, then a piece of the copy, which only the host touches.
struct Reply
{
    unsigned status = 0;          ///< what the status line says, for counting
    std::string head;             ///< status line, fields and blank line
    std::uint64_t bodyOffset = 0; ///< where in the copy the body starts
    std::uint64_t bodyBytes = 0;  ///< how many bytes follow the head; 0 for HEAD and errors
    bool close = false;           ///< close once all is sent; nothing else may be answered before
};

/// Answers with a copy: 200, 206 or 416 (RFC 9110, 14.2 and 15).
///
/// - A range is served only if If-Range is absent or carries our strong tag (13.1.5): a date or a
///   weak tag never matches, as there is no Last-Modified, and the whole copy is sent.
/// - HEAD: the same head as for GET, no body.
/// - Always Content-Length; never a Date, as there is no clock here (6.6.1).
/// - If-Match, If-None-Match and their likes are ignored: aliases are unguessable and short-lived,
///   nobody has a stored response to revalidate.
Reply Answer(const Request& request, const ServedCopy& copy);

/// Refuses with an empty body.
///
/// \param retryAfterSeconds goes into Retry-After (RFC 9110, 10.2.3) as it is; meant for 503.
/// \param keepAlive whether the connection stays: the request's own keepAlive for a 404 or 503 that
///        answers a Request, false otherwise. 405 carries Allow (15.5.6).
Reply AnswerError(ErrorStatus status,
                  std::optional<std::uint32_t> retryAfterSeconds,
                  bool keepAlive);

/// Refuses what the reader could not accept; always closes. The host should keep reading for a
/// while after it stopped sending (RFC 9112, 9.6), or a reset may overtake the answer.
Reply Answer(const RequestError& error);

} // namespace lanpeer::http
