#pragma once

// For .cc files of this room only: the small bridge between Beast's types and the standard's.

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::http
{

inline std::string_view
ToStd(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

inline boost::beast::string_view
ToBeast(std::string_view text)
{
    return {text.data(), text.size()};
}

/// The value of a field that occurs exactly once; nothing when absent or repeated.
inline std::optional<std::string_view>
OnlyValue(const boost::beast::http::fields& fields, boost::beast::http::field name)
{
    if (fields.count(name) != 1)
    {
        return std::nullopt;
    }
    return ToStd(fields.find(name)->value());
}

/// Start line, fields and blank line as they go on the wire.
template <bool isRequest>
std::string
HeadText(const boost::beast::http::message<isRequest, boost::beast::http::empty_body>& message)
{
    boost::beast::http::serializer<isRequest, boost::beast::http::empty_body> serializer(message);
    serializer.split(true);
    std::string text;
    boost::beast::error_code error;
    while (!error && !serializer.is_header_done())
    {
        serializer.next(error,
                        [&](boost::beast::error_code& visited, const auto& buffers)
                        {
                            visited = {};
                            text += boost::beast::buffers_to_string(buffers);
                            serializer.consume(boost::beast::buffer_bytes(buffers));
                        });
    }
    return text;
}

/// Gives a parser the whole head at once. Never byte by byte: when Beast sees an error, and what
/// its header limit counts, would then depend on how the bytes happened to arrive.
template <typename Parser>
boost::beast::error_code
ParseHead(Parser& parser, std::string_view head)
{
    // The limits are those of HeadBuffer; Beast's own must only not come first.
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    // Not boost::none: Beast 1.74 compares a length with it and takes every body for too large.
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    boost::beast::error_code error;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (!error && !parser.is_header_done())
    {
        error = boost::beast::http::error::partial_message;
    }
    return error;
}

} // namespace lanpeer::http
