#include "model/settings/value.h"

#include "model/settings/text.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace lanpeer::settings
{

namespace
{

/// A line that is there: what ends with the text, yaml-cpp may see a line later.
/// \param lines how many there are
std::size_t
LineOf(const YAML::Mark& mark, std::size_t lines)
{
    return mark.line < 0 ? 1 : std::min(static_cast<std::size_t>(mark.line) + 1, lines);
}

/// Builds a Value from the parser's events. yaml-cpp's own nodes would do, but its events let the
/// bounds hold while it parses: on some broken texts it never stops making nodes.
class ValueBuilder : public YAML::EventHandler
{
  public:
    explicit ValueBuilder(std::size_t lines)
        : m_lines(lines)
    {
    }

    Value TakeRoot()
    {
        return std::move(m_root);
    }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override
    {
    }

    void OnDocumentEnd() override
    {
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        Value value;
        value.line = LineOf(mark, m_lines);
        Finish(std::move(value), anchor, kNodeCost);
    }

    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& text) override
    {
        // A plain scalar that says null is null; yaml-cpp tells only an absent one.
        const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
        if (!quoted && (text == "~" || text == "null" || text == "Null" || text == "NULL"))
        {
            OnNull(mark, anchor);
            return;
        }
        Value value = Value::Scalar(text, LineOf(mark, m_lines));
        value.quoted = quoted;
        Finish(std::move(value), anchor, kNodeCost + text.size());
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
        {
            throw YamlError(LineOf(mark, m_lines), "an alias inside of what it stands for");
        }
        if (m_open.size() + found->second.depth > kYamlDepthMax)
        {
            throw YamlError(LineOf(mark, m_lines),
                            fmt::format("nested deeper than {} levels", kYamlDepthMax));
        }
        const std::size_t cost = found->second.cost;
        Pay(cost, LineOf(mark, m_lines));
        Value value = found->second.value;
        value.line = LineOf(mark, m_lines);
        Attach({std::move(value), YAML::NullAnchor, cost, found->second.depth});
    }

    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& /*tag*/,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override
    {
        Open(Value::Kind::List, mark, anchor);
    }

    void OnSequenceEnd() override
    {
        Close();
    }

    void OnMapStart(const YAML::Mark& mark,
                    const std::string& /*tag*/,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override
    {
        Open(Value::Kind::Map, mark, anchor);
    }

    void OnMapEnd() override
    {
        Close();
    }

  private:
    static constexpr std::size_t kNodeCost = 64;

    /// A value under construction, or the one that an anchor names.
    struct Node
    {
        Value value;
        YAML::anchor_t anchor;
        std::size_t cost;
        std::size_t depth; ///< of lists and maps within it, itself included
    };

    void Pay(std::size_t cost, std::size_t line)
    {
        m_cost += cost;
        if (m_cost > kYamlCostMax)
        {
            throw YamlError(line, "too large with its aliases expanded");
        }
    }

    void Open(Value::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor)
    {
        const std::size_t line = LineOf(mark, m_lines);
        Pay(kNodeCost, line);
        if (m_open.size() >= kYamlDepthMax)
        {
            throw YamlError(line, fmt::format("nested deeper than {} levels", kYamlDepthMax));
        }
        Value value;
        value.kind = kind;
        value.line = line;
        m_open.push_back({std::move(value), anchor, kNodeCost, 1});
    }

    void Close()
    {
        Node node = std::move(m_open.back());
        m_open.pop_back();
        Attach(std::move(node));
    }

    void Finish(Value value, YAML::anchor_t anchor, std::size_t cost)
    {
        Pay(cost, value.line);
        Attach({std::move(value), anchor, cost, 0});
    }

    /// Hands a finished value to what it stands in.
    void Attach(Node node)
    {
        if (node.anchor != YAML::NullAnchor)
        {
            Pay(node.cost, node.value.line);
            m_anchors.insert_or_assign(node.anchor, node);
        }
        if (m_open.empty())
        {
            m_root = std::move(node.value);
            return;
        }
        Node& parent = m_open.back();
        parent.cost += node.cost;
        parent.depth = std::max(parent.depth, node.depth + 1);
        const bool isKey = parent.value.kind == Value::Kind::Map &&
                           parent.value.keys.size() == parent.value.items.size();
        (isKey ? parent.value.keys : parent.value.items).push_back(std::move(node.value));
    }

    std::size_t m_lines;
    std::vector<Node> m_open;
    std::map<YAML::anchor_t, Node> m_anchors;
    std::size_t m_cost = 0;
    Value m_root;
};

/// Throws at what no text file has: yaml-cpp takes some control characters for the end, and passes
/// malformed UTF-8 on to whoever prints it.
/// \returns the number of lines
std::size_t
RequireText(std::string_view text)
{
    if (text.size() > kYamlBytesMax)
    {
        throw YamlError(1, fmt::format("larger than {} bytes", kYamlBytesMax));
    }
    std::size_t line = 1;
    while (!text.empty())
    {
        const std::size_t bytes = Utf8Bytes(text);
        const auto first = static_cast<unsigned char>(text[0]);
        const bool blank = first == '\t' || first == '\n' || first == '\r';
        if (bytes == 0 || (first < 0x20 && !blank) || first == 0x7f)
        {
            throw YamlError(line,
                            fmt::format("byte 0x{:02x} is not text of UTF-8", unsigned{first}));
        }
        text.remove_prefix(bytes);
        line += first == '\n' && !text.empty() ? 1 : 0;
    }
    return line;
}

/// The end of a document, in so many words: without it yaml-cpp takes a quote that is never closed
/// for closed at the end of the file, and a scenario would lose all keys behind it unnoticed.
std::string
Ended(const std::string& text)
{
    const bool endsLine = !text.empty() && text.back() == '\n';
    return text + (endsLine ? "...\n" : "\n...\n");
}

/// What yaml-cpp says, about a line that is there. \param lines how many there are
YamlError
MakeYamlError(const YAML::Exception& error, std::size_t lines)
{
    const bool atTheEnd =
        error.mark.line >= 0 && static_cast<std::size_t>(error.mark.line) >= lines;
    const bool openQuote = atTheEnd && error.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
    // Some of its messages quote a character that is none.
    return {LineOf(error.mark, lines),
            "not YAML: " + (openQuote ? "a quote that is never closed" : OneLine(error.msg))};
}

} // namespace

Value
Value::Scalar(std::string_view text, std::size_t line)
{
    Value value;
    value.kind = Kind::Scalar;
    value.line = line;
    value.text = text;
    return value;
}

namespace
{

/// Letters, digits and what means nothing to YAML wherever it stands.
bool
IsPlainInFlow(const std::string& text)
{
    const auto isDigit = [](char c)
    {
        return c >= '0' && c <= '9';
    };
    const bool isNegative = text.size() > 1 && text[0] == '-' && isDigit(text[1]);
    return !text.empty() && (text[0] != '-' || isNegative) && text[0] != '~' && text != "null" &&
           std::all_of(text.begin(),
                       text.end(),
                       [&isDigit](char c)
                       {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) ||
                                  c == '.' || c == '_' || c == '-' || c == '+' || c == '/' ||
                                  c == '~';
                       });
}

/// Double quotes: the only ones in which any byte has an escape.
std::string
InQuotes(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
        {
            quoted += '\\';
        }
        const auto byte = static_cast<unsigned char>(c);
        quoted += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
    }
    return quoted + '"';
}

} // namespace

std::string
Value::Describe() const
{
    switch (kind)
    {
    case Kind::Null:
        return "nothing";
    case Kind::Scalar:
        return Quote(text);
    case Kind::List:
        return "a list";
    case Kind::Map:
        return "a map";
    }
    return "";
}

std::string
Value::FlowText() const
{
    switch (kind)
    {
    case Kind::Null:
        return "~";
    case Kind::Scalar:
        return quoted || !IsPlainInFlow(text) ? InQuotes(text) : text;
    case Kind::List:
    case Kind::Map:
        break;
    }
    std::string inside;
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        inside += inside.empty() ? "" : ", ";
        inside += kind == Kind::Map ? keys[i].FlowText() + ": " : "";
        inside += items[i].FlowText();
    }
    return kind == Kind::Map ? "{" + inside + "}" : "[" + inside + "]";
}

YamlError::YamlError(std::size_t line, const std::string& message)
    : std::runtime_error(message)
    , m_line(line)
{
}

std::size_t
YamlError::Line() const
{
    return m_line;
}

Value
ParseYaml(const std::string& text)
{
    const std::size_t lines = RequireText(text);
    try
    {
        std::istringstream stream(Ended(text));
        YAML::Parser parser(stream);
        ValueBuilder builder(lines);
        if (!parser.HandleNextDocument(builder))
        {
            return {};
        }
        ValueBuilder second(lines);
        if (parser.HandleNextDocument(second))
        {
            throw YamlError(second.TakeRoot().line, "a second document");
        }
        return builder.TakeRoot();
    }
    catch (const YAML::Exception& error)
    {
        throw MakeYamlError(error, lines);
    }
}

} // namespace lanpeer::settings
