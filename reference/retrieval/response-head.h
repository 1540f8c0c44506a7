#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// What was asked for and will be taken.
struct HeadRules
{
    /// A peer says how long everything is (T2); the Internet does not always.
    bool fromPeer = true;
    /// Where the GET asked to resume; 0: it asked for the whole.
    std::uint64_t offset = 0;
    /// The tag that the GET sent in If-Range, without quotes; empty for none.
    std::string ifRangeTag;
    /// The whole may be this large and not a byte more (T2).
    std::uint64_t maxBytes = 0;
};

/// The head of a final response.
struct ResponseHead
{
    /// 200 to 599.
    long status = 0;
    /// Bytes of body that follow; nothing where the server did not say.
    std::optional<std::uint64_t> contentLength;
    /// Where in the whole the body starts; 0 with a 200.
    std::uint64_t firstByte = 0;
    /// Bytes of the whole: of 200 with a length and 206; of 416 if it says so.
    std::optional<std::uint64_t> totalBytes;
    /// The text of a strong entity tag without its quotes, if it is printable and not over-long.
    std::optional<std::string> tag;
    /// Retry-After in seconds; nothing for a date or nonsense. As sent.
    std::optional<std::uint64_t> retryAfterSeconds;
    /// As sent.
    std::optional<std::string> location;
};

/// Whether it can be an entity tag's text: visible ASCII without quotes, at most 256 bytes.
bool IsTagText(std::string_view text);

/// Reads the heads of one exchange, interim ones included, line by line as curl hands them out, and
/// judges the final one. curl's own view of lengths and ranges is lenient: two different lengths or
/// a 206 from elsewhere are no errors there (L15).
class HeadReader
{
  public:
    enum class Step
    {
        More,     ///< the final head is not complete
        Complete, ///< it is, by this line or an earlier one
        Refused,  ///< the response is worthless; final
    };

    explicit HeadReader(HeadRules rules);

    /// \param line with or without its line end; what comes after the final head (trailers) only
    ///        counts against the limits
    Step TakeLine(std::string_view line);

    /// Whole once complete; before, what is known of it.
    const ResponseHead& Head() const
    {
        return m_head;
    }

    bool IsComplete() const
    {
        return m_complete;
    }

    /// Why it was refused, in our words.
    const std::string& Refusal() const
    {
        return m_refusal;
    }

  private:
    /// A field that may stand there once.
    struct Field
    {
        std::string value;
        unsigned times = 0;

        std::optional<std::string_view> OnlyValue() const;
        void Take(std::string_view text);
    };

    Step Refuse(std::string why);
    Step TakeStatusLine(std::string_view line);
    Step TakeField(std::string_view line);
    Step EndOfHead();
    Step JudgeBody();
    Step JudgePartial();

    HeadRules m_rules;
    ResponseHead m_head;
    std::string m_refusal;
    std::size_t m_bytes = 0;
    unsigned m_fields = 0;
    unsigned m_interim = 0;
    bool m_inHead = false;
    bool m_complete = false;
    bool m_transferEncoding = false;
    Field m_contentLength;
    Field m_contentRange;
    Field m_contentEncoding;
    Field m_etag;
    Field m_retryAfter;
    Field m_location;
};

} // namespace lanpeer::reference
