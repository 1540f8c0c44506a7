#include "model/protocol/update/catalog-codec.h"

#include "model/protocol/update/catalog-markup.h"
#include "model/protocol/xml-text.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace lanpeer
{

namespace
{

constexpr const char* kFormat = "1";

/// Decimal digits without leading zeros, at most \p max.
std::optional<std::uint64_t>
ParseNumber(std::string_view text, std::uint64_t max)
{
    if (text.empty() || text.size() > 16 || (text.size() > 1 && text.front() == '0') ||
        text.find_first_not_of("0123456789") != std::string_view::npos)
    {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char c : text)
    {
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value <= max ? std::optional(value) : std::nullopt;
}

/// Turns elements into a catalog. The first thing that is wrong stands; what follows it is read in
/// vain.
class CatalogReader
{
  public:
    explicit CatalogReader(std::string_view text)
        : m_text(text)
    {
    }

    std::variant<Catalog, CatalogError> Read()
    {
        pugi::xml_document document;
        const auto parsed = document.load_buffer(m_text.data(),
                                                 m_text.size(),
                                                 pugi::parse_escapes | pugi::parse_declaration,
                                                 pugi::encoding_utf8);
        if (!parsed)
        {
            return CatalogError{LineAt(m_text, static_cast<std::size_t>(parsed.offset)),
                                "not well-formed XML"};
        }
        ReadDocument(document);
        if (!m_error)
        {
            if (const auto wrong = CheckCatalog(m_catalog))
            {
                Fail(document, *wrong);
            }
        }
        return m_error ? std::variant<Catalog, CatalogError>(*m_error) : m_catalog;
    }

  private:
    void Fail(pugi::xml_node node, std::string message)
    {
        if (!m_error)
        {
            const auto at = std::max<std::ptrdiff_t>(node.offset_debug(), 0);
            m_error =
                CatalogError{LineAt(m_text, static_cast<std::size_t>(at)), std::move(message)};
        }
    }

    void ReadDocument(pugi::xml_node document)
    {
        std::size_t roots = 0;
        for (const pugi::xml_node& node : document.children())
        {
            if (node.type() == pugi::node_declaration)
            {
                CheckDeclaration(node);
            }
            else if (++roots > 1 || std::string_view(node.name()) != "catalog")
            {
                Fail(node, fmt::format("{}: not the one element catalog", node.name()));
            }
            else
            {
                ReadCatalogElement(node);
            }
        }
        if (roots == 0)
        {
            Fail(document, "no element catalog");
        }
    }

    void CheckDeclaration(pugi::xml_node node)
    {
        CheckAttributes(node, {"version", "encoding"});
        if (Take(node, "version") != "1.0" ||
            std::string_view(node.attribute("encoding").as_string("UTF-8")) != "UTF-8")
        {
            Fail(node, "xml: not version 1.0 in UTF-8");
        }
    }

    void ReadCatalogElement(pugi::xml_node node)
    {
        CheckAttributes(node, {"format", "epoch", "version", "expires", "product"});
        if (Take(node, "format") != kFormat)
        {
            Fail(node, "catalog: format: not 1");
        }
        m_catalog.epoch = TakeNumber(node, "epoch", limits::kCatalogNumberMax);
        m_catalog.version = TakeNumber(node, "version", limits::kCatalogNumberMax);
        m_catalog.expiresS = TakeNumber(node, "expires", limits::kCatalogNumberMax);
        if (const auto product = node.attribute("product"))
        {
            m_catalog.product = product.value();
        }
        for (const pugi::xml_node& child : node.children())
        {
            if (m_error)
            {
                return;
            }
            ReadResource(child);
        }
    }

    void ReadResource(pugi::xml_node node)
    {
        if (std::string_view(node.name()) != "resource")
        {
            Fail(node, fmt::format("{}: no such element", node.name()));
        }
        else if (m_catalog.entries.size() == limits::kCatalogEntries)
        {
            Fail(node, fmt::format("catalog: more than {} resources", limits::kCatalogEntries));
        }
        else
        {
            CheckAttributes(node, {"product", "set", "version", "size", "sha256", "url"});
            CatalogEntry entry;
            entry.product = Take(node, "product");
            entry.set = node.attribute("set").as_string(entry.product.c_str());
            entry.url = Take(node, "url");
            entry.sizeBytes = TakeNumber(node, "size", limits::kPackageBytesMax);
            entry.sha256 = Take(node, "sha256");
            entry.version = Take(node, "version");
            AddEntry(node, std::move(entry));
        }
    }

    /// Checked one by one, so that the error names the line.
    void AddEntry(pugi::xml_node node, CatalogEntry entry)
    {
        const bool twice = FindEntry(m_catalog, entry.product) != nullptr;
        const auto wrong = CheckCatalog(Catalog{0, 0, 0, std::nullopt, {entry}});
        if (wrong)
        {
            Fail(node, *wrong);
        }
        else if (twice)
        {
            Fail(node, fmt::format("resource: product: {} is listed twice", entry.product));
        }
        m_catalog.entries.push_back(std::move(entry));
    }

    /// No attribute but these, and none twice.
    void CheckAttributes(pugi::xml_node node, const std::vector<std::string_view>& known)
    {
        std::vector<std::string_view> seen;
        for (const pugi::xml_attribute& attribute : node.attributes())
        {
            const std::string_view name = attribute.name();
            if (std::find(known.begin(), known.end(), name) == known.end())
            {
                Fail(node, fmt::format("{}: {}: no such attribute", node.name(), name));
                return;
            }
            if (std::find(seen.begin(), seen.end(), name) != seen.end())
            {
                Fail(node, fmt::format("{}: {}: twice", node.name(), name));
                return;
            }
            seen.push_back(name);
        }
    }

    std::string Take(pugi::xml_node node, const char* name)
    {
        const pugi::xml_attribute attribute = node.attribute(name);
        if (!attribute)
        {
            Fail(node, fmt::format("{}: {}: is missing", node.name(), name));
        }
        return attribute.value();
    }

    std::uint64_t TakeNumber(pugi::xml_node node, const char* name, std::uint64_t max)
    {
        const auto number = ParseNumber(Take(node, name), max);
        if (!number)
        {
            Fail(node, fmt::format("{}: {}: not a number from 0 to {}", node.name(), name, max));
        }
        return number.value_or(0);
    }

    std::string_view m_text;
    Catalog m_catalog;
    std::optional<CatalogError> m_error;
};

void
Put(std::string& out, std::string_view name, std::string_view value)
{
    out.push_back(' ');
    out += name;
    out += "=\"";
    AppendEscaped(out, value);
    out.push_back('"');
}

void
Put(std::string& out, std::string_view name, std::uint64_t value)
{
    Put(out, name, fmt::format_int(value).c_str());
}

void
PutResource(std::string& out, const CatalogEntry& entry)
{
    out += "  <resource";
    Put(out, "product", entry.product);
    if (entry.set != entry.product)
    {
        Put(out, "set", entry.set);
    }
    Put(out, "version", entry.version);
    Put(out, "size", entry.sizeBytes);
    Put(out, "sha256", entry.sha256);
    Put(out, "url", entry.url);
    out += "/>\n";
}

} // namespace

std::string
ToString(const CatalogError& error)
{
    return error.line == 0 ? error.message : fmt::format("line {}: {}", error.line, error.message);
}

std::variant<Catalog, CatalogError>
ReadCatalog(std::string_view text)
{
    if (auto error = CheckCatalogMarkup(text))
    {
        return *std::move(error);
    }
    return CatalogReader(text).Read();
}

std::variant<std::string, CatalogError>
WriteCatalog(const Catalog& catalog)
{
    if (auto wrong = CheckCatalog(catalog))
    {
        return CatalogError{0, *std::move(wrong)};
    }
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<catalog";
    Put(out, "format", kFormat);
    Put(out, "epoch", catalog.epoch);
    Put(out, "version", catalog.version);
    Put(out, "expires", catalog.expiresS);
    if (catalog.product)
    {
        Put(out, "product", *catalog.product);
    }
    out += ">\n";
    for (const CatalogEntry& entry : catalog.entries)
    {
        PutResource(out, entry);
    }
    out += "</catalog>\n";
    if (out.size() > limits::kCatalogBytes)
    {
        return CatalogError{0, "longer than 1 MiB"};
    }
    return out;
}

} // namespace lanpeer
