#include "model/http/byte-range.h"
#include "model/http/grammar.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <string>

// Range and Content-Range, of which each side sends one to the other (R-HTTP-1, L15).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::http;

/// The value without what reading forgives: the unit's case and leading zeros.
std::string
Canonical(std::string_view value)
{
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i)
    {
        const char c = value[i];
        const auto isDigit = [&value](std::size_t at)
        {
            return at < value.size() && value[at] >= '0' && value[at] <= '9';
        };
        const bool leading =
            c == '0' && isDigit(i + 1) && (text.empty() || text.back() < '0' || text.back() > '9');
        if (!leading)
        {
            text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
        }
    }
    return text;
}

/// What a range says, as it would be written.
std::string
TextOf(const ByteRange& range)
{
    switch (range.form)
    {
    case ByteRange::Form::Bounded:
        return "bytes=" + std::to_string(range.first) + "-" + std::to_string(range.last);
    case ByteRange::Form::OpenEnded:
        return "bytes=" + std::to_string(range.first) + "-";
    case ByteRange::Form::Suffix:
        return "bytes=-" + std::to_string(range.suffix);
    }
    return "";
}

void
CheckResolved(const ByteRange& range, std::uint64_t size)
{
    const auto slice = Resolve(range, size);
    if (!slice)
    {
        const bool none =
            range.form == ByteRange::Form::Suffix ? range.suffix == 0 : range.first >= size;
        Require(none, "a range that meets the copy is served");
        return;
    }
    Require(slice->offset <= size && slice->bytes <= size - slice->offset, "within the copy");
    if (range.form == ByteRange::Form::Suffix)
    {
        Require(slice->offset + slice->bytes == size &&
                    slice->bytes == std::min(range.suffix, size),
                "the last bytes of the copy");
        return;
    }
    Require(slice->bytes > 0 && slice->offset == range.first, "from the first byte asked for");
    const std::uint64_t last = slice->offset + (slice->bytes - 1);
    const bool toTheEnd = last == size - 1;
    Require(range.form == ByteRange::Form::OpenEnded ? toTheEnd
                                                     : last == std::min(range.last, size - 1),
            "to the last byte asked for");
    const auto told = ParseContentRange(FormatContentRange(*slice, size));
    Require(told && told->first == slice->offset && told->last == last && told->total == size,
            "what is told of a part is read as it");
}

void
CheckContentRange(std::string_view value)
{
    if (const auto range = ParseContentRange(value))
    {
        Require(range->first <= range->last && range->last < range->total, "a part of the whole");
        const Slice slice{range->first, range->last - range->first + 1};
        Require(FormatContentRange(slice, range->total) == Canonical(value), "as it was told");
    }
    if (const auto total = ParseUnsatisfiedRange(value))
    {
        Require(FormatUnsatisfiedRange(*total) == Canonical(value), "as the whole was told");
        Require(!ParseContentRange(value), "one of the two forms");
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    constexpr std::uint64_t kMost = ~std::uint64_t{0};
    const std::string_view value = TextOf(data, size);
    if (const auto range = ParseRange(value))
    {
        Require(range->form != ByteRange::Form::Bounded || range->first <= range->last,
                "first before last");
        // What does not fit 64 bits counts as the largest number.
        const std::string text = TextOf(*range);
        const bool saturated = text.find(std::to_string(kMost)) != std::string::npos;
        Require(saturated || text == Canonical(value), "a range is read as it was written");
        for (const std::uint64_t bytes :
             {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{10}, std::uint64_t{1} << 53, kMost})
        {
            CheckResolved(*range, bytes);
        }
    }
    CheckContentRange(value);
    return 0;
}
