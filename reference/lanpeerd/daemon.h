#pragma once

#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A flag that sets a key of the configuration.
struct SettingFlag
{
    std::string flag; ///< as messages call it
    std::string path;
    std::string value; ///< YAML
};

/// What the command line of lanpeerd says.
struct DaemonOptions
{
    std::string config; ///< a file; empty: none
    std::vector<SettingFlag> flags;
    bool foreground = false;
    bool keys = false;  ///< print the keys of the configuration file
    bool check = false; ///< only look at the settings
    std::string help;   ///< the text, if it was asked for
};

/// Throws SettingsError for wrong use.
DaemonOptions ReadOptions(int argc, char** argv);

/// Runs until SIGTERM or SIGINT; SIGHUP reads the configuration again. Throws what keeps it from
/// starting: SettingsError, StoreError, std::system_error.
void RunDaemon(const DaemonOptions& options);

} // namespace lanpeer::reference
