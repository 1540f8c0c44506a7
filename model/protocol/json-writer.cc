#include "model/protocol/json-writer.h"

#include "model/protocol/xml-text.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace lanpeer
{

std::string_view
detail::NextName(std::string_view& names)
{
    const std::size_t comma = names.find(',');
    std::string_view name = names.substr(0, comma);
    names = comma == std::string_view::npos ? std::string_view{} : names.substr(comma + 1);
    while (!name.empty() && name.front() == ' ')
    {
        name.remove_prefix(1);
    }
    if (name.substr(0, 2) == "m_")
    {
        name.remove_prefix(2);
    }
    return name;
}

void
JsonWriter::WriteNodeId(const NodeId& node)
{
    std::uint64_t address = 0;
    const std::string_view text = node.Text();
    const bool standsForAddress = !node.Empty() && !node.MayTravel();
    if (standsForAddress)
    {
        std::from_chars(text.data() + 1, text.data() + text.size(), address);
        WriteText(fmt::format(":{}", NumberOf(static_cast<PeerId>(address))));
    }
    else
    {
        WriteText(text);
    }
}

void
JsonWriter::WriteText(std::string_view text)
{
    m_out.push_back('"');
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
        {
            m_out.push_back('\\');
            m_out.push_back(c);
        }
        else if (static_cast<unsigned char>(c) < 0x20)
        {
            fmt::format_to(std::back_inserter(m_out),
                           "\\u{:04x}",
                           static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
        else
        {
            m_out.push_back(c);
        }
    }
    m_out.push_back('"');
}

void
JsonWriter::WriteBytes(std::string_view bytes)
{
    if (IsUtf8(bytes))
    {
        WriteText(bytes);
        return;
    }
    Raw("{\"hex\":\"");
    for (const char c : bytes)
    {
        fmt::format_to(std::back_inserter(m_out),
                       "{:02x}",
                       static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    Raw("\"}");
}

} // namespace lanpeer
