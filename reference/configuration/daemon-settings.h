#pragma once

#include "reference/service/service-settings.h"
#include "reference/updating/update-settings.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::settings
{
struct Value;
} // namespace lanpeer::settings

namespace lanpeer::reference
{

/// What a daemon is told, by its file and its flags.
struct DaemonSettings
{
    ServiceSettings service;
    UpdateSettings updates;
    Policy policy = Policy::Robust;
    std::map<std::string, std::uint64_t> protocol; ///< parameters that were set, by key
    std::string socket;            ///< where applications find it; DefaultSocketPath() if empty
    std::string logLevel = "info"; ///< debug, info, warning, error
};

/// Names what a state folder, once it is known, has for updates, where nothing else was said.
void PlaceUpdates(DaemonSettings& settings);

/// The settings are none, or contradict each other. what() is one line that names file, line and
/// key, or the flag, and what would be right.
class SettingsError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// One key of the configuration file. The file, --set and `lanpeerd --keys` are made from these and
/// from nothing else; those below `protocol.` from ParameterTable().
struct SettingKey
{
    std::string path;
    std::string allowed; ///< "1 to 65535", "on or off"
    std::string meaning; ///< one line
    std::function<void(const SettingKey&, const settings::Value&, DaemonSettings&)> read;
    std::function<std::string(const DaemonSettings&)> print;
};

const std::vector<SettingKey>& SettingTable();

/// Settings from a file, then from flags, each winning over those before it. Everything throws
/// SettingsError, and then the reader is of no further use.
class SettingsReader
{
  public:
    SettingsReader();

    /// \param name as messages call it
    void ReadText(const std::string& name, const std::string& text);

    /// Reads that file.
    void ReadFile(const std::string& name);

    /// \param flag as messages call it: "--http-port"
    /// \param value one of YAML
    void Set(const std::string& flag, const std::string& path, const std::string& value);

    /// The settings, once it is known that they go together.
    DaemonSettings Finish() const;

  private:
    void Apply(const std::string& path, std::size_t line, const settings::Value& value);

    DaemonSettings m_settings;
    std::vector<std::string> m_seen; ///< keys of the source that is read
};

} // namespace lanpeer::reference
