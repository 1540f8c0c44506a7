#include "model/protocol/uri.h"
#include "model/settings/text.h"
#include "reference/configuration/daemon-settings.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/fuzz/settings-message.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

// The daemon's configuration file, behind it any number of flags, each after a line end: "\n--set
// PATH=VALUE".

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::reference;

constexpr std::string_view kSet = "\n--set ";
constexpr std::string_view kFile = "d.yaml";

struct Told
{
    std::string file;
    std::vector<std::pair<std::string, std::string>> flags; ///< path and value
};

Told
Split(std::string_view text)
{
    Told told;
    std::size_t end = std::min(text.find(kSet), text.size());
    told.file = text.substr(0, end);
    text.remove_prefix(end);
    while (!text.empty())
    {
        text.remove_prefix(kSet.size());
        end = std::min(text.find(kSet), text.size());
        const std::string_view flag = text.substr(0, end);
        const std::size_t equals = std::min(flag.find('='), flag.size());
        told.flags.emplace_back(flag.substr(0, equals),
                                flag.substr(std::min(equals + 1, flag.size())));
        text.remove_prefix(end);
    }
    return told;
}

DaemonSettings
Read(const Told& told)
{
    SettingsReader reader;
    reader.ReadText(std::string(kFile), told.file);
    for (const auto& [path, value] : told.flags)
    {
        reader.Set("--set", path, value);
    }
    return reader.Finish();
}

/// A key as a flag sets it to what it prints; nothing for texts, which would have to be quoted.
std::string
FlagOf(const SettingKey& key, const DaemonSettings& settings)
{
    const std::string value = key.print(settings);
    const bool isNumber =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool isWord = key.allowed == "on or off" || key.path == "policy";
    return !value.empty() && (isNumber || isWord) ? fmt::format("{}{}={}", kSet, key.path, value)
                                                  : "";
}

void
CheckPromises(const DaemonSettings& settings)
{
    const PeeringConfig& protocol = settings.service.protocol;
    Require(!CheckConfig(protocol), "no setting contradicts another");
    for (const Parameter& parameter : ParameterTable())
    {
        const std::uint64_t value = GetParameter(protocol, parameter);
        Require(value >= parameter.min && value <= parameter.max, "a setting's bounds");
    }
    for (const std::string& origin : protocol.helperOrigins)
    {
        Require(OriginOf(origin) == origin, "an origin is as the core compares it");
    }
    std::string flags;
    for (const SettingKey& key : SettingTable())
    {
        Require(settings::IsPlainText(key.print(settings)), "what is printed is plain text");
        flags += FlagOf(key, settings);
    }
    const DaemonSettings again = Read(Split(flags));
    for (const SettingKey& key : SettingTable())
    {
        const std::string flag = FlagOf(key, settings);
        Require(flag.empty() || FlagOf(key, again) == flag, "printed, it is read as the same");
    }
}

/// "d.yaml:LINE: ..." of a line that is there; or the flag, or what goes together, is to blame.
void
CheckMessage(std::string_view message, const Told& told)
{
    RequireOneLine(message);
    if (message.substr(0, 6) == "--set ")
    {
        Require(!told.flags.empty(), "a flag is to blame only where there is one");
        return;
    }
    if (message.substr(0, 9) == "protocol.")
    {
        return;
    }
    RequireNamesALine(message, kFile, told.file);
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    const Told told = Split(TextOf(data, size));
    try
    {
        CheckPromises(Read(told));
    }
    catch (const SettingsError& error)
    {
        CheckMessage(error.what(), told);
    }
    return 0;
}
