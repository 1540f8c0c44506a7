#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::http
{

/// One range of a Range field (RFC 9110, 14.1.2), as asked, not yet held against a size.
struct ByteRange
{
    enum class Form
    {
        Bounded,   ///< bytes=first-last
        OpenEnded, ///< bytes=first-
        Suffix     ///< bytes=-suffix
    };

    Form form = Form::OpenEnded;
    std::uint64_t first = 0;  ///< byte position from 0; Bounded and OpenEnded
    std::uint64_t last = 0;   ///< byte position, inclusive, not below first; Bounded
    std::uint64_t suffix = 0; ///< bytes at the end; Suffix

    bool operator==(const ByteRange& other) const;
};

/// A piece of a copy: offset + bytes never exceeds the size it was made for.
struct Slice
{
    std::uint64_t offset = 0; ///< bytes before it
    std::uint64_t bytes = 0;  ///< its length

    bool operator==(const Slice& other) const;
};

/// What a Content-Range field of a 206 says: bytes first-last/total.
struct ContentRange
{
    std::uint64_t first = 0; ///< byte position from 0
    std::uint64_t last = 0;  ///< byte position, inclusive
    std::uint64_t total = 0; ///< bytes of the whole resource

    bool operator==(const ContentRange& other) const;
};

/// Reads the value of a Range field. Nothing means "answer as if there were no Range", which is
/// what RFC 9110, 14.2 wants for an unknown unit or an invalid set and allows for several ranges
/// (we never serve multipart/byteranges). Numbers beyond 64 bits saturate: as a first position they
/// are unsatisfiable, as a last position or a suffix they mean "all there is".
std::optional<ByteRange> ParseRange(std::string_view value);

/// Holds a range against a size in bytes (RFC 9110, 14.1.2). Nothing: not satisfiable (416). An
/// empty copy satisfies any suffix but "-0", with an empty slice, for which no Content-Range
/// exists: serve it as 200.
std::optional<Slice> Resolve(const ByteRange& range, std::uint64_t sizeBytes);

/// Reads the Content-Range of a 206 (RFC 9110, 14.4). Nothing unless it is bytes first-last/total
/// with first <= last < total: an unknown total ("*") is refused, a receiver has to know its limit
/// (T2).
std::optional<ContentRange> ParseContentRange(std::string_view value);

/// Reads the total of a 416's Content-Range, "bytes */total"; nothing for anything else.
std::optional<std::uint64_t> ParseUnsatisfiedRange(std::string_view value);

/// The Content-Range of a 206; the slice must not be empty.
std::string FormatContentRange(const Slice& slice, std::uint64_t sizeBytes);

/// The Content-Range of a 416.
std::string FormatUnsatisfiedRange(std::uint64_t sizeBytes);

} // namespace lanpeer::http
