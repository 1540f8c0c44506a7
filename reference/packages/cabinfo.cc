#include "reference/packages/cabinfo.h"

#include "reference/packages/glib-pointers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lanpeer::reference
{

namespace
{

constexpr const char* kGroup = "cabinfo";
constexpr std::array<const char*, 3> kKeys{"file", "product", "version"};
constexpr std::size_t kMaxValueBytes = 255;

bool
IsValue(std::string_view text)
{
    const auto allowed = [](char c)
    {
        return c > ' ' && c <= '~' && c != '\\' && c != '/';
    };
    return !text.empty() && text.size() <= kMaxValueBytes &&
           std::all_of(text.begin(), text.end(), allowed);
}

/// GLib takes the last of two without a word, so what stands there is counted before it reads.
void
CheckOnce(std::string_view text)
{
    std::size_t groups = 0;
    std::size_t keys = 0;
    while (!text.empty())
    {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t first = line.find_first_not_of(" \t\r\f\v");
        if (first == std::string_view::npos || line[first] == '#')
        {
            continue;
        }
        ++(line[first] == '[' ? groups : keys);
    }
    if (groups != 1)
    {
        throw PackageError(fmt::format("cabinfo.ini: {} groups, not one", groups));
    }
    if (keys != kKeys.size())
    {
        throw PackageError(
            fmt::format("cabinfo.ini: {} keys, not file, product and version once each", keys));
    }
}

struct KeyFileFree
{
    void operator()(GKeyFile* file) const
    {
        g_key_file_free(file);
    }
};

std::string
ValueOf(GKeyFile* file, const char* key)
{
    GErrorPlace error;
    // As it stands there: escapes are no part of the format.
    char* const found = g_key_file_get_value(file, kGroup, key, error.Place());
    if (found == nullptr)
    {
        throw PackageError(fmt::format("cabinfo.ini: no {}", key));
    }
    std::string value = found;
    g_free(found);
    if (!IsValue(value))
    {
        throw PackageError(fmt::format("cabinfo.ini: {} has what no name has", key));
    }
    return value;
}

} // namespace

std::string
WriteCabInfo(const EmbeddedName& name)
{
    const std::string text = fmt::format(
        "[{}]\nfile={}\nproduct={}\nversion={}\n", kGroup, name.file, name.product, name.version);
    if (ReadCabInfo(text) != name)
    {
        throw PackageError("cabinfo.ini: a name that cannot be written");
    }
    return text;
}

EmbeddedName
ReadCabInfo(std::string_view text)
{
    if (text.size() > kMaxCabInfoBytes)
    {
        throw PackageError(fmt::format("cabinfo.ini: more than {} bytes", kMaxCabInfoBytes));
    }
    if (text.find('\0') != std::string_view::npos)
    {
        throw PackageError("cabinfo.ini: no text");
    }
    CheckOnce(text);
    const std::unique_ptr<GKeyFile, KeyFileFree> file(g_key_file_new());
    GErrorPlace error;
    if (g_key_file_load_from_data(
            file.get(), text.data(), text.size(), G_KEY_FILE_NONE, error.Place()) == 0)
    {
        error.Throw("cabinfo.ini");
    }
    return {ValueOf(file.get(), kKeys[0]),
            ValueOf(file.get(), kKeys[1]),
            ValueOf(file.get(), kKeys[2])};
}

} // namespace lanpeer::reference
