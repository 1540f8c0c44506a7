#include "reference/packages/cabinet-name.h"

#include "reference/packages/package-error.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::string_view kForbidden = "<>:\"|?*/";

/// For messages: at most so much of it, and nothing that a terminal obeys (L22).
std::string
Shown(std::string_view name)
{
    std::string shown;
    for (const char c : name.substr(0, 60))
    {
        shown += c >= ' ' && c <= '~' ? c : '?';
    }
    return shown;
}

[[noreturn]] void
Refuse(std::string_view name, std::string_view why)
{
    throw PackageError(fmt::format("an entry's name {}: '{}'", why, Shown(name)));
}

void
CheckPart(std::string_view part, std::string_view name)
{
    if (part.empty())
    {
        Refuse(name, "has an empty part");
    }
    if (part == "." || part == "..")
    {
        Refuse(name, "leads elsewhere");
    }
    if (part.back() == '.' || part.back() == ' ' || part.front() == ' ')
    {
        Refuse(name, "begins or ends with what is dropped");
    }
}

std::string
Lower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(),
                   lower.end(),
                   lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

} // namespace

std::string
ReadEntryName(std::string_view inCabinet, std::size_t maxDepth)
{
    if (inCabinet.size() > kMaxNameBytes)
    {
        Refuse(inCabinet, "is too long");
    }
    for (const char c : inCabinet)
    {
        if (c < ' ' || c > '~' || kForbidden.find(c) != std::string_view::npos)
        {
            Refuse(inCabinet, "has a character that none may have");
        }
    }
    std::size_t parts = 0;
    for (std::size_t begin = 0; begin <= inCabinet.size(); ++parts)
    {
        const std::size_t end = std::min(inCabinet.find('\\', begin), inCabinet.size());
        CheckPart(inCabinet.substr(begin, end - begin), inCabinet);
        begin = end + 1;
    }
    if (parts > maxDepth)
    {
        Refuse(inCabinet, "is too deep");
    }
    std::string name(inCabinet);
    std::replace(name.begin(), name.end(), '\\', '/');
    return name;
}

std::string
WriteEntryName(std::string_view name, std::size_t maxDepth)
{
    if (name.find('\\') != std::string_view::npos)
    {
        Refuse(name, "has a backslash");
    }
    std::string inCabinet(name);
    std::replace(inCabinet.begin(), inCabinet.end(), '/', '\\');
    ReadEntryName(inCabinet, maxDepth);
    return inCabinet;
}

void
CheckDistinct(const std::vector<std::string>& names)
{
    std::set<std::string> files;
    for (const std::string& name : names)
    {
        if (!files.insert(Lower(name)).second)
        {
            Refuse(name, "stands there twice");
        }
    }
    for (const std::string& name : names)
    {
        const std::string lower = Lower(name);
        for (std::size_t slash = lower.find('/'); slash != std::string::npos;
             slash = lower.find('/', slash + 1))
        {
            if (files.count(lower.substr(0, slash)) != 0)
            {
                Refuse(name, "is in a folder that is a file");
            }
        }
    }
}

} // namespace lanpeer::reference
