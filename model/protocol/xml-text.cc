#include "model/protocol/xml-text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lanpeer
{

namespace
{

constexpr char32_t kNoCharacter = 0xFFFFFFFF;

unsigned
ByteAt(std::string_view text, std::size_t i)
{
    return static_cast<unsigned char>(text[i]);
}

/// Reads the character at \p i, which is within the text, and moves \p i behind it. \returns
/// kNoCharacter where there is no well-formed one.
char32_t
NextCharacter(std::string_view text, std::size_t& i)
{
    const unsigned lead = ByteAt(text, i);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC0 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF8 ? 4
                                             : 0;
    if (length == 0 || length > text.size() - i)
    {
        return kNoCharacter;
    }
    char32_t value = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k)
    {
        const unsigned byte = ByteAt(text, i + k);
        if ((byte & 0xC0) != 0x80)
        {
            return kNoCharacter;
        }
        value = (value << 6) | (byte & 0x3F);
    }
    i += length;
    constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < kLeast[length] || surrogate || value > 0x10FFFF ? kNoCharacter : value;
}

bool
IsControl(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool
IsSpace(char32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct Range
{
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool
IsIn(const std::array<Range, N>& ranges, char32_t c)
{
    return std::any_of(ranges.begin(),
                       ranges.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// NameStartChar of XML 1.0, fifth edition, production 4.
bool
IsNameStart(char32_t c)
{
    constexpr std::array<Range, 16> kRanges{{{'a', 'z'},
                                             {'A', 'Z'},
                                             {':', ':'},
                                             {'_', '_'},
                                             {0xC0, 0xD6},
                                             {0xD8, 0xF6},
                                             {0xF8, 0x2FF},
                                             {0x370, 0x37D},
                                             {0x37F, 0x1FFF},
                                             {0x200C, 0x200D},
                                             {0x2070, 0x218F},
                                             {0x2C00, 0x2FEF},
                                             {0x3001, 0xD7FF},
                                             {0xF900, 0xFDCF},
                                             {0xFDF0, 0xFFFD},
                                             {0x10000, 0xEFFFF}}};
    return IsIn(kRanges, c);
}

/// What NameChar, production 4a, has beyond NameStartChar.
bool
IsNameRest(char32_t c)
{
    constexpr std::array<Range, 6> kRanges{
        {{'0', '9'}, {'-', '-'}, {'.', '.'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};
    return IsNameStart(c) || IsIn(kRanges, c);
}

/// The character that "#38" or "#x26" names, kNoCharacter if it is no such reference or names none.
char32_t
ReferredCharacter(std::string_view name)
{
    const bool hex = name.substr(0, 2) == "#x";
    const std::string_view digits = name.substr(hex ? 2 : 1);
    char32_t value = digits.empty() ? kNoCharacter : 0;
    for (const char c : digits)
    {
        const int digit = c >= '0' && c <= '9'          ? c - '0'
                          : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                        : -1;
        value = value * (hex ? 16 : 10) + static_cast<char32_t>(digit);
        if (digit < 0 || value > 0x10FFFF)
        {
            return kNoCharacter;
        }
    }
    return value;
}

/// Walks over the raw bytes of a packet, in or out of tags and values.
class MarkupScanner
{
  public:
    explicit MarkupScanner(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<Reason> Scan()
    {
        if (m_text.find('<') == std::string_view::npos)
        {
            return Reason::NotXml;
        }
        SkipDeclaration();
        while (m_at < m_text.size())
        {
            const auto reason = m_quote != 0 ? InValue() : m_inTag ? InTag() : Outside();
            if (reason)
            {
                return reason;
            }
            ++m_at;
        }
        const bool complete = m_elements == 1 && !m_inTag && m_quote == 0;
        return complete ? std::nullopt : std::optional(Reason::NotXml);
    }

  private:
    bool At(std::string_view text) const
    {
        return m_text.substr(m_at, text.size()) == text;
    }

    /// XML wants the declaration at the very beginning; what it says is checked after parsing. An
    /// unfinished one is met again as a processing instruction.
    void SkipDeclaration()
    {
        const std::size_t end = m_text.find("?>");
        if (At("<?xml") && m_text.size() > 5 && IsSpace(ByteAt(m_text, 5)) &&
            end != std::string_view::npos)
        {
            m_at = end + 2;
        }
    }

    std::optional<Reason> InValue()
    {
        const char c = m_text[m_at];
        if (c == m_quote)
        {
            m_quote = 0;
        }
        else if (c == '<')
        {
            return Reason::NotXml;
        }
        else if (c == '\t' || c == '\n' || c == '\r')
        {
            return Reason::ControlCharacter;
        }
        else if (c == '&')
        {
            std::size_t length = 0;
            const auto reason = CheckReference(m_text.substr(m_at), length);
            m_at += reason ? 0 : length - 1;
            return reason;
        }
        return std::nullopt;
    }

    std::optional<Reason> InTag()
    {
        const char c = m_text[m_at];
        if (c == '"' || c == '\'')
        {
            m_quote = c;
        }
        else if (c == '>')
        {
            m_inTag = false;
        }
        return c == '<' || c == '&' ? std::optional(Reason::NotXml) : std::nullopt;
    }

    /// Between tags. White space within the element is left to the parser.
    std::optional<Reason> Outside()
    {
        if (IsSpace(ByteAt(m_text, m_at)))
        {
            return std::nullopt;
        }
        if (At("<!DOCTYPE"))
        {
            return Reason::Doctype;
        }
        if (!At("<") || At("<!") || At("<?"))
        {
            return Reason::NotOneService; // text, a comment, CDATA, a processing instruction
        }
        m_inTag = true;
        m_elements += At("</") ? 0 : 1;
        return m_elements > 1 ? std::optional(Reason::NotOneService) : std::nullopt;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_elements = 0;
    bool m_inTag = false;
    char m_quote = 0; ///< the one that ends the value, 0 outside of values
};

} // namespace

bool
IsUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();)
    {
        if (NextCharacter(text, i) == kNoCharacter)
        {
            return false;
        }
    }
    return true;
}

std::optional<Reason>
CheckCharacters(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();)
    {
        const char32_t c = NextCharacter(text, i);
        if (c == kNoCharacter)
        {
            return Reason::NotUtf8;
        }
        if (IsControl(c) && !IsSpace(c))
        {
            return Reason::ControlCharacter;
        }
        if (c == 0xFFFE || c == 0xFFFF)
        {
            return Reason::NotXml;
        }
    }
    return std::nullopt;
}

std::optional<Reason>
CheckValue(std::string_view text)
{
    if (text.find_first_of("\t\n\r") != std::string_view::npos)
    {
        return Reason::ControlCharacter;
    }
    return CheckCharacters(text);
}

std::optional<Reason>
CheckReference(std::string_view text, std::size_t& length)
{
    const std::size_t end = text.find(';');
    if (end == std::string_view::npos)
    {
        return Reason::BadEntity;
    }
    length = end + 1;
    const std::string_view name = text.substr(1, end - 1);
    constexpr std::array<std::string_view, 5> kPredefined{"amp", "lt", "gt", "quot", "apos"};
    if (std::find(kPredefined.begin(), kPredefined.end(), name) != kPredefined.end())
    {
        return std::nullopt;
    }
    const char32_t c = name.substr(0, 1) == "#" ? ReferredCharacter(name) : kNoCharacter;
    if (c == kNoCharacter || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF)
    {
        return Reason::BadEntity;
    }
    return IsControl(c) ? std::optional(Reason::ControlCharacter) : std::nullopt;
}

std::optional<Reason>
CheckMarkup(std::string_view text)
{
    return MarkupScanner(text).Scan();
}

bool
IsXmlName(std::string_view text)
{
    std::size_t i = 0;
    if (text.empty() || !IsNameStart(NextCharacter(text, i)))
    {
        return false;
    }
    while (i < text.size())
    {
        if (!IsNameRest(NextCharacter(text, i)))
        {
            return false;
        }
    }
    return true;
}

void
AppendEscaped(std::string& out, std::string_view value)
{
    for (const char c : value)
    {
        switch (c)
        {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default: // a character, not an enum
            out.push_back(c);
        }
    }
}

} // namespace lanpeer
