#include "scenarios/yaml-file.h"

#include "model/settings/text.h"
#include "model/settings/value.h"
#include "scenarios/scenario-reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

namespace fs = std::filesystem;

bool
EndsWith(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// The name goes into JSON and tables: only what is safe everywhere.
std::string
NameOf(const std::string& file)
{
    std::string name = fs::path(file).stem().string();
    for (char& c : name)
    {
        const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        c = safe ? c : '_';
    }
    return name;
}

[[noreturn]] void
FailToRead(const std::string& file, const fs::path& folder, const std::string& why)
{
    const std::vector<std::string> names = YamlNames(folder);
    throw ScenarioError(fmt::format("{}: {}; expected a YAML file{}",
                                    file.empty() ? "''" : OneLine(file),
                                    why,
                                    names.empty() ? "" : " or one of " + JoinWords(names)));
}

std::string
ReadWhole(const std::string& file, const fs::path& folder)
{
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
    {
        FailToRead(file, folder, "is a folder");
    }
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rbe"),
                                                                 std::fclose);
    if (stream == nullptr)
    {
        FailToRead(file, folder, std::strerror(errno));
    }
    std::string text(kYamlBytesMax + 1, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
    if (std::ferror(stream.get()) != 0)
    {
        FailToRead(file, folder, "cannot be read");
    }
    return text;
}

/// The file that is meant.
std::string
Resolve(const std::string& meant, const fs::path& folder, std::string_view kind)
{
    if (LooksLikeFile(meant))
    {
        return meant;
    }
    const std::vector<std::string> names = YamlNames(folder);
    if (std::find(names.begin(), names.end(), meant) != names.end())
    {
        return (folder / (meant + ".yaml")).string();
    }
    std::error_code ignored;
    if (!fs::exists(meant, ignored))
    {
        FailToRead(meant, folder, fmt::format("no such {} and no such file", kind));
    }
    return meant;
}

} // namespace

bool
LooksLikeFile(std::string_view word)
{
    return word.find('/') != std::string_view::npos || EndsWith(word, ".yaml") ||
           EndsWith(word, ".yml");
}

std::vector<std::string>
YamlNames(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
    {
        const fs::path& path = entry->path();
        if (path.extension() == ".yaml" && path.filename().string()[0] != '.')
        {
            names.push_back(path.stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

YamlFile
FindYaml(const std::string& fileOrName, const fs::path& folder, std::string_view kind)
{
    const std::string path = Resolve(fileOrName, folder, kind);
    return {path, NameOf(path), ReadWhole(path, folder)};
}

} // namespace lanpeer::scenario
