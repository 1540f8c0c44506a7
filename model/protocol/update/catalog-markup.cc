#include "model/protocol/update/catalog-markup.h"

#include "model/protocol/xml-text.h"

#include <algorithm>
#include <string>

namespace lanpeer
{

namespace
{

constexpr std::size_t kDepth = 2; ///< a catalog, and resources in it

/// Walks over the raw bytes, in or out of tags and values.
class CatalogScanner
{
  public:
    explicit CatalogScanner(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<CatalogError> Scan()
    {
        SkipDeclaration();
        for (std::string_view wrong; m_at < m_text.size(); ++m_at)
        {
            wrong = m_quote != 0 ? InValue() : m_inTag ? InTag() : Outside();
            if (!wrong.empty())
            {
                return CatalogError{LineAt(m_text, m_at), std::string(wrong)};
            }
        }
        return std::nullopt; // what is unfinished the parser finds
    }

  private:
    bool At(std::string_view text) const
    {
        return m_text.substr(m_at, text.size()) == text;
    }

    /// Only at the very beginning; what it says is checked after parsing.
    void SkipDeclaration()
    {
        const std::size_t end = m_text.find("?>");
        if (At("<?xml ") && end != std::string_view::npos)
        {
            m_at = end + 2;
        }
    }

    std::string_view InValue()
    {
        const char c = m_text[m_at];
        if (c == '<')
        {
            return "'<' in a value";
        }
        if (c == '\t' || c == '\n' || c == '\r')
        {
            return "a tab or line end in a value";
        }
        if (c == '&')
        {
            std::size_t length = 0;
            if (CheckReference(m_text.substr(m_at), length))
            {
                return "an entity other than the five predefined and characters";
            }
            m_at += length - 1;
        }
        m_quote = c == m_quote ? '\0' : m_quote;
        return {};
    }

    std::string_view InTag()
    {
        const char c = m_text[m_at];
        if (c == '<' || c == '&')
        {
            return "'<' or '&' within a tag";
        }
        if (c == '"' || c == '\'')
        {
            m_quote = c;
        }
        if (c == '>')
        {
            m_inTag = false;
            m_depth -= m_text[m_at - 1] == '/' && m_depth > 0 ? 1 : 0;
        }
        return {};
    }

    std::string_view Outside()
    {
        const char c = m_text[m_at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        {
            return {};
        }
        if (At("<!DOCTYPE"))
        {
            return "a document type declaration";
        }
        if (At("<!") || At("<?"))
        {
            return "a comment, CDATA or a processing instruction";
        }
        if (c != '<')
        {
            return "text outside of tags";
        }
        m_inTag = true;
        if (At("</"))
        {
            m_depth -= m_depth > 0 ? 1 : 0;
            return {};
        }
        return ++m_depth > kDepth ? "an element within a resource" : std::string_view();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    bool m_inTag = false;
    char m_quote = 0; ///< the one that ends the value, 0 outside of values
};

} // namespace

std::size_t
LineAt(std::string_view text, std::size_t at)
{
    const std::string_view before = text.substr(0, at);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::optional<CatalogError>
CheckCatalogMarkup(std::string_view text)
{
    if (text.size() > limits::kCatalogBytes)
    {
        return CatalogError{0, "longer than 1 MiB"};
    }
    if (CheckCharacters(text))
    {
        return CatalogError{0, "a control character, or not UTF-8"};
    }
    return CatalogScanner(text).Scan();
}

} // namespace lanpeer
