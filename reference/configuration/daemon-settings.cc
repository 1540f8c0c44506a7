#include "reference/configuration/daemon-settings.h"

#include "model/settings/text.h"
#include "model/settings/value-reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace lanpeer::reference
{

namespace
{

using settings::OneLine;
using settings::Value;
using settings::ValueError;

const SettingKey*
FindSetting(const std::string& path)
{
    const auto& table = SettingTable();
    const auto found = std::find_if(
        table.begin(), table.end(), [&path](const SettingKey& key) { return key.path == path; });
    return found == table.end() ? nullptr : &*found;
}

bool
IsGroup(const std::string& path)
{
    const auto& table = SettingTable();
    return std::any_of(table.begin(),
                       table.end(),
                       [&path](const SettingKey& key)
                       { return key.path.rfind(path + ".", 0) == 0; });
}

ValueError
UnknownKey(std::size_t line, const std::string& path)
{
    std::vector<std::string> all;
    for (const SettingKey& key : SettingTable())
    {
        all.push_back(key.path);
    }
    const auto nearest = settings::Nearest(path, all);
    return {line,
            path.empty() ? "''" : OneLine(path),
            nearest ? fmt::format("unknown key; did you mean {}?", *nearest)
                    : "unknown key; `lanpeerd --keys` lists them"};
}

/// "SUBJECT: message", or only the message.
std::string
Said(const ValueError& error)
{
    return error.Subject().empty() ? error.Message()
                                   : fmt::format("{}: {}", error.Subject(), error.Message());
}

void
CheckUpdates(const UpdateSettings& updates)
{
    if (updates.config.catalogUrl.empty())
    {
        return; // there are none
    }
    if (const auto wrong = CheckConfig(updates.config))
    {
        throw SettingsError(fmt::format("update.{}: {}", wrong->key, wrong->message));
    }
    if (updates.rootFile.empty())
    {
        throw SettingsError("update.root_file: missing; expected the PEM file of the publisher's "
                            "root, since update.catalog_url is given");
    }
}

} // namespace

SettingsReader::SettingsReader() = default;

void
SettingsReader::ReadFile(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    if (!file)
    {
        throw SettingsError(fmt::format("{}: {}", OneLine(name), std::strerror(errno)));
    }
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad())
    {
        throw SettingsError(fmt::format("{}: cannot be read", OneLine(name)));
    }
    ReadText(name, text);
}

void
SettingsReader::ReadText(const std::string& name, const std::string& text)
{
    m_seen.clear();
    try
    {
        const Value root = settings::ParseYaml(text);
        if (root.kind != Value::Kind::Null)
        {
            Apply("", root.line, root);
        }
    }
    catch (const settings::YamlError& error)
    {
        throw SettingsError(fmt::format("{}:{}: {}", OneLine(name), error.Line(), error.what()));
    }
    catch (const ValueError& error)
    {
        throw SettingsError(fmt::format("{}:{}: {}", OneLine(name), error.Line(), Said(error)));
    }
}

void
SettingsReader::Set(const std::string& flag, const std::string& path, const std::string& value)
{
    m_seen.clear();
    try
    {
        Apply(path, 1, settings::ParseYaml(value));
    }
    catch (const settings::YamlError& error)
    {
        throw SettingsError(fmt::format("{} {}: {}", flag, OneLine(value), error.what()));
    }
    catch (const ValueError& error)
    {
        throw SettingsError(fmt::format("{} {}: {}", flag, OneLine(value), error.Message()));
    }
}

void
SettingsReader::Apply(const std::string& path, std::size_t line, const Value& value)
{
    if (const SettingKey* key = FindSetting(path))
    {
        if (std::find(m_seen.begin(), m_seen.end(), path) != m_seen.end())
        {
            throw ValueError(line, path, "given twice");
        }
        m_seen.push_back(path);
        key->read(*key, value, m_settings);
        return;
    }
    if (!path.empty() && !IsGroup(path))
    {
        throw UnknownKey(line, path);
    }
    if (value.kind != Value::Kind::Map)
    {
        throw ValueError(line,
                         path,
                         fmt::format("{} is not a map; expected keys such as {}",
                                     value.Describe(),
                                     path.empty() ? "policy" : path + ".…"));
    }
    for (std::size_t i = 0; i < value.keys.size(); ++i)
    {
        const Value& name = value.keys[i];
        if (name.kind != Value::Kind::Scalar)
        {
            throw ValueError(name.line, path, "a key that is no name");
        }
        Apply(path.empty() ? name.text : path + "." + name.text, name.line, value.items[i]);
    }
}

DaemonSettings
SettingsReader::Finish() const
{
    DaemonSettings made = m_settings;
    PeeringConfig& protocol = made.service.protocol;
    SetRules(protocol, made.policy); // and then what was set apart from it
    for (const auto& [key, value] : made.protocol)
    {
        SetParameter(protocol, *FindParameter(key), value);
    }
    if (const auto contradiction = CheckConfig(protocol))
    {
        throw SettingsError(
            fmt::format("protocol.{}: {}", contradiction->key, contradiction->message));
    }
    CheckUpdates(made.updates);
    return made;
}

void
PlaceUpdates(DaemonSettings& settings)
{
    UpdateSettings& updates = settings.updates;
    if (updates.installFolder.empty())
    {
        // Beside it, not in it: what is installed is for everybody to read.
        std::string beside = settings.service.stateFolder;
        while (beside.size() > 1 && beside.back() == '/')
        {
            beside.pop_back();
        }
        updates.installFolder = beside + "-updates";
    }
    updates.memoryFile = settings.service.stateFolder + "/updates.json";
}

} // namespace lanpeer::reference
