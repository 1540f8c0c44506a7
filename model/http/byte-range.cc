#include "model/http/byte-range.h"

#include "model/http/grammar.h"

#include <algorithm>
#include <tuple>

namespace lanpeer::http
{

namespace
{

/// The rest of a text after a prefix whose case does not matter (RFC 9110, 14.1: range units).
std::optional<std::string_view>
After(std::string_view prefix, std::string_view text)
{
    if (text.size() < prefix.size() || !EqualIgnoringCase(text.substr(0, prefix.size()), prefix))
    {
        return std::nullopt;
    }
    return text.substr(prefix.size());
}

struct Halves
{
    std::string_view left;
    std::string_view right;
};

/// Splits at the first separator. A second one ends up in the right half, which then is no number.
std::optional<Halves>
SplitAt(char separator, std::string_view text)
{
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos)
    {
        return std::nullopt;
    }
    return Halves{text.substr(0, at), text.substr(at + 1)};
}

std::optional<ByteRange>
ParseSuffix(std::string_view text)
{
    const auto suffix = ParseDecimalSaturating(text);
    if (!suffix)
    {
        return std::nullopt;
    }
    return ByteRange{ByteRange::Form::Suffix, 0, 0, *suffix};
}

} // namespace

bool
ByteRange::operator==(const ByteRange& other) const
{
    return std::tie(form, first, last, suffix) ==
           std::tie(other.form, other.first, other.last, other.suffix);
}

bool
Slice::operator==(const Slice& other) const
{
    return std::tie(offset, bytes) == std::tie(other.offset, other.bytes);
}

bool
ContentRange::operator==(const ContentRange& other) const
{
    return std::tie(first, last, total) == std::tie(other.first, other.last, other.total);
}

std::optional<ByteRange>
ParseRange(std::string_view value)
{
    const auto set = After("bytes=", value);
    const auto halves = set ? SplitAt('-', *set) : std::nullopt;
    if (!halves)
    {
        return std::nullopt;
    }
    if (halves->left.empty())
    {
        return ParseSuffix(halves->right);
    }
    const auto first = ParseDecimalSaturating(halves->left);
    if (!first)
    {
        return std::nullopt;
    }
    if (halves->right.empty())
    {
        return ByteRange{ByteRange::Form::OpenEnded, *first, 0, 0};
    }
    const auto last = ParseDecimalSaturating(halves->right);
    if (!last || *last < *first)
    {
        return std::nullopt;
    }
    return ByteRange{ByteRange::Form::Bounded, *first, *last, 0};
}

std::optional<Slice>
Resolve(const ByteRange& range, std::uint64_t sizeBytes)
{
    switch (range.form)
    {
    case ByteRange::Form::Bounded:
    case ByteRange::Form::OpenEnded:
    {
        if (range.first >= sizeBytes)
        {
            return std::nullopt;
        }
        // Here sizeBytes >= 1, and what follows first is compared as a length: last + 1 may
        // overflow.
        const std::uint64_t rest = sizeBytes - range.first;
        const bool bounded = range.form == ByteRange::Form::Bounded;
        if (bounded && range.last - range.first < rest)
        {
            return Slice{range.first, range.last - range.first + 1};
        }
        return Slice{range.first, rest};
    }
    case ByteRange::Form::Suffix:
    {
        if (range.suffix == 0)
        {
            return std::nullopt;
        }
        const std::uint64_t bytes = std::min(range.suffix, sizeBytes);
        return Slice{sizeBytes - bytes, bytes};
    }
    }
    return std::nullopt;
}

std::optional<ContentRange>
ParseContentRange(std::string_view value)
{
    const auto rest = After("bytes ", value);
    const auto parts = rest ? SplitAt('/', *rest) : std::nullopt;
    const auto positions = parts ? SplitAt('-', parts->left) : std::nullopt;
    if (!positions)
    {
        return std::nullopt;
    }
    const auto first = ParseDecimal(positions->left);
    const auto last = ParseDecimal(positions->right);
    const auto total = ParseDecimal(parts->right);
    if (!first || !last || !total || *first > *last || *last >= *total)
    {
        return std::nullopt;
    }
    return ContentRange{*first, *last, *total};
}

std::optional<std::uint64_t>
ParseUnsatisfiedRange(std::string_view value)
{
    const auto total = After("bytes */", value);
    return total ? ParseDecimal(*total) : std::nullopt;
}

std::string
FormatContentRange(const Slice& slice, std::uint64_t sizeBytes)
{
    return "bytes " + std::to_string(slice.offset) + "-" +
           std::to_string(slice.offset + (slice.bytes - 1)) + "/" + std::to_string(sizeBytes);
}

std::string
FormatUnsatisfiedRange(std::uint64_t sizeBytes)
{
    return "bytes */" + std::to_string(sizeBytes);
}

} // namespace lanpeer::http
