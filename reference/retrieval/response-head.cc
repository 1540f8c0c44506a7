#include "reference/retrieval/response-head.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// What the heads of one exchange may cost. Peers are held to what ours send; the Internet sends
/// more.
struct Limits
{
    std::size_t bytes;
    unsigned fields;
    unsigned interim;
};

constexpr Limits kPeerLimits{8192, 64, 4};
constexpr Limits kInternetLimits{65'536, 256, 8};

constexpr std::size_t kMaxTagBytes = 256;

/// \returns nullopt for anything but digits, and beyond 64 bits
std::optional<std::uint64_t>
ParseDecimal(std::string_view text)
{
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
    {
        return std::nullopt;
    }
    return number;
}

std::string_view
Trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
    {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool
IsSameName(std::string_view one, std::string_view lowerCase)
{
    return std::equal(one.begin(),
                      one.end(),
                      lowerCase.begin(),
                      lowerCase.end(),
                      [](char left, char right)
                      {
                          const bool upper = left >= 'A' && left <= 'Z';
                          return (upper ? static_cast<char>(left - 'A' + 'a') : left) == right;
                      });
}

struct Range
{
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t total = 0;
};

/// "bytes first-last/total" with first <= last < total. RFC 9110's unknown total ("*") is no use to
/// us: without it nobody could say that the whole has come.
std::optional<Range>
ParseContentRange(std::string_view text)
{
    constexpr std::string_view kUnit = "bytes ";
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (!IsSameName(text.substr(0, kUnit.size()), kUnit) || dash == std::string_view::npos ||
        slash == std::string_view::npos || slash < dash)
    {
        return std::nullopt;
    }
    const auto first = ParseDecimal(text.substr(kUnit.size(), dash - kUnit.size()));
    const auto last = ParseDecimal(text.substr(dash + 1, slash - dash - 1));
    const auto total = ParseDecimal(text.substr(slash + 1));
    if (!first || !last || !total || *first > *last || *last >= *total)
    {
        return std::nullopt;
    }
    return Range{*first, *last, *total};
}

/// The N of "bytes */N".
std::optional<std::uint64_t>
ParseUnsatisfiedRange(std::string_view text)
{
    constexpr std::string_view kStart = "bytes */";
    return IsSameName(text.substr(0, kStart.size()), kStart)
               ? ParseDecimal(text.substr(kStart.size()))
               : std::nullopt;
}

std::optional<std::string>
ParseStrongTag(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    {
        return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    return IsTagText(text) ? std::optional<std::string>(text) : std::nullopt;
}

} // namespace

bool
IsTagText(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxTagBytes &&
           std::all_of(text.begin(),
                       text.end(),
                       [](char letter) { return letter > 0x20 && letter < 0x7f && letter != '"'; });
}

std::optional<std::string_view>
HeadReader::Field::OnlyValue() const
{
    return times == 1 ? std::optional<std::string_view>(value) : std::nullopt;
}

void
HeadReader::Field::Take(std::string_view text)
{
    ++times;
    value = text;
}

HeadReader::HeadReader(HeadRules rules)
    : m_rules(std::move(rules))
{
}

HeadReader::Step
HeadReader::Refuse(std::string why)
{
    m_refusal = std::move(why);
    return Step::Refused;
}

HeadReader::Step
HeadReader::TakeLine(std::string_view line)
{
    if (!m_refusal.empty())
    {
        return Step::Refused;
    }
    const Limits& limits = m_rules.fromPeer ? kPeerLimits : kInternetLimits;
    m_bytes += line.size();
    if (m_bytes > limits.bytes)
    {
        return Refuse(fmt::format("a head of more than {} bytes", limits.bytes));
    }
    if (m_complete)
    {
        return Step::Complete;
    }
    if (!line.empty() && line.back() == '\n')
    {
        line.remove_suffix(1);
    }
    if (!line.empty() && line.back() == '\r')
    {
        line.remove_suffix(1);
    }
    if (!m_inHead)
    {
        return TakeStatusLine(line);
    }
    if (line.empty())
    {
        return EndOfHead();
    }
    ++m_fields;
    if (m_fields > limits.fields)
    {
        return Refuse(fmt::format("a head of more than {} fields", limits.fields));
    }
    return TakeField(line);
}

HeadReader::Step
HeadReader::TakeStatusLine(std::string_view line)
{
    // HTTP/1.x NNN, and either nothing more or a blank and the reason.
    constexpr std::size_t kStatusAt = 9;
    constexpr std::size_t kStatusEnd = 12;
    const bool known =
        line.substr(0, kStatusAt) == "HTTP/1.1 " || line.substr(0, kStatusAt) == "HTTP/1.0 ";
    const bool ends =
        line.size() == kStatusEnd || (line.size() > kStatusEnd && line[kStatusEnd] == ' ');
    const auto status =
        known && ends ? ParseDecimal(line.substr(kStatusAt, kStatusEnd - kStatusAt)) : std::nullopt;
    if (!status || *status < 100 || *status > 599)
    {
        return Refuse("no status line of HTTP/1.0 or 1.1");
    }
    const HeadReader fresh{m_rules};
    m_head = fresh.m_head;
    m_head.status = static_cast<long>(*status);
    m_fields = 0;
    m_transferEncoding = false;
    for (Field* field : {&m_contentLength,
                         &m_contentRange,
                         &m_contentEncoding,
                         &m_etag,
                         &m_retryAfter,
                         &m_location})
    {
        *field = Field{};
    }
    m_inHead = true;
    return Step::More;
}

HeadReader::Step
HeadReader::TakeField(std::string_view line)
{
    const std::size_t colon = line.find(':');
    // A folded line (RFC 9112, 5.2) would continue a value that we have already taken as whole.
    if (colon == std::string_view::npos || colon == 0 ||
        line.substr(0, colon).find_first_of(" \t") != std::string_view::npos)
    {
        return Refuse("a header line that is no field");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = Trimmed(line.substr(colon + 1));
    const std::pair<std::string_view, Field*> known[] = {
        {"content-length", &m_contentLength},
        {"content-range", &m_contentRange},
        {"content-encoding", &m_contentEncoding},
        {"etag", &m_etag},
        {"retry-after", &m_retryAfter},
        {"location", &m_location},
    };
    for (const auto& [knownName, field] : known)
    {
        if (IsSameName(name, knownName))
        {
            field->Take(value);
        }
    }
    m_transferEncoding = m_transferEncoding || IsSameName(name, "transfer-encoding");
    return Step::More;
}

HeadReader::Step
HeadReader::EndOfHead()
{
    const Limits& limits = m_rules.fromPeer ? kPeerLimits : kInternetLimits;
    m_inHead = false;
    if (m_head.status < 200)
    {
        ++m_interim;
        if (m_head.status == 101)
        {
            return Refuse("an upgrade that nobody asked for");
        }
        return m_interim > limits.interim
                   ? Refuse(fmt::format("more than {} interim responses", limits.interim))
                   : Step::More;
    }
    if (const auto text = m_etag.OnlyValue())
    {
        m_head.tag = ParseStrongTag(*text);
    }
    if (const auto text = m_retryAfter.OnlyValue())
    {
        m_head.retryAfterSeconds = ParseDecimal(*text);
    }
    if (m_location.times > 1)
    {
        return Refuse("more than one Location");
    }
    if (const auto text = m_location.OnlyValue())
    {
        m_head.location = std::string(*text);
    }
    if (m_head.status == 416)
    {
        const auto text = m_contentRange.OnlyValue();
        m_head.totalBytes = text ? ParseUnsatisfiedRange(*text) : std::nullopt;
    }
    m_complete = true;
    const bool carries = m_head.status == 200 || m_head.status == 206;
    return carries ? JudgeBody() : Step::Complete;
}

HeadReader::Step
HeadReader::JudgeBody()
{
    if (m_contentEncoding.times > 0 && !IsSameName(m_contentEncoding.value, "identity"))
    {
        return Refuse("an encoded content, though identity was asked for");
    }
    if (m_contentLength.times > 0)
    {
        const auto text = m_contentLength.OnlyValue();
        m_head.contentLength = text ? ParseDecimal(*text) : std::nullopt;
        if (!m_head.contentLength || m_transferEncoding)
        {
            return Refuse("a Content-Length that is not one number, given once and alone");
        }
    }
    if (m_rules.fromPeer && (m_transferEncoding || !m_head.contentLength))
    {
        return Refuse("a content of unknown length from a peer");
    }
    if (m_head.status == 206)
    {
        if (JudgePartial() == Step::Refused)
        {
            return Step::Refused;
        }
    }
    else
    {
        m_head.totalBytes = m_head.contentLength;
    }
    if (m_head.totalBytes.value_or(0) > m_rules.maxBytes)
    {
        return Refuse(fmt::format("a content of {} bytes where at most {} are taken",
                                  *m_head.totalBytes,
                                  m_rules.maxBytes));
    }
    return Step::Complete;
}

HeadReader::Step
HeadReader::JudgePartial()
{
    const auto text = m_contentRange.OnlyValue();
    const auto range = text ? ParseContentRange(*text) : std::nullopt;
    if (!range)
    {
        return Refuse("a 206 without one Content-Range of known total");
    }
    if (m_rules.offset == 0 || range->first != m_rules.offset)
    {
        return Refuse(
            fmt::format("a 206 from {} where {} was asked for",
                        range->first,
                        m_rules.offset == 0 ? "the whole" : std::to_string(m_rules.offset)));
    }
    // last < total, so that the + 1 cannot overflow.
    const std::uint64_t part = range->last - range->first + 1;
    if (m_head.contentLength.value_or(part) != part)
    {
        return Refuse("a 206 whose Content-Range and Content-Length disagree");
    }
    // Servers that do not know If-Range would have us join two contents.
    if (!m_rules.ifRangeTag.empty() && m_head.tag && *m_head.tag != m_rules.ifRangeTag)
    {
        return Refuse("a 206 of another content than the one that was begun");
    }
    m_head.contentLength = part;
    m_head.firstByte = range->first;
    m_head.totalBytes = range->total;
    return Step::Complete;
}

} // namespace lanpeer::reference
