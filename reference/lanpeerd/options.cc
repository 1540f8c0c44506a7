#include "reference/configuration/daemon-settings.h"
#include "reference/lanpeerd/daemon.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace lanpeer::reference
{

namespace
{

constexpr const char* kFooter = R"(Keys of the file are listed by --keys; a flag wins over the file.

Signals:
  SIGTERM, SIGINT   ends it
  SIGHUP            reads the configuration again; with a mistake in it everything stays as it was

Examples:
  lanpeerd --config /etc/lanpeer/lanpeerd.yaml --foreground
  lanpeerd --foreground --interface eth0 --state-dir ./state --socket ./control.sock
  lanpeerd --foreground --set protocol.upload_slots=16
)";

/// Flags that stand for one key of the file.
struct ShortHand
{
    const char* flag;
    const char* type;
    const char* path;
    const char* meaning;
};

const std::vector<ShortHand>&
ShortHands()
{
    static const std::vector<ShortHand> all{
        {"--port", "N", "protocol.service_port", "UDP port of the service packets [1967]"},
        {"--http-port", "N", "protocol.http_port", "TCP port that serves copies [6515]"},
        {"--state-dir", "DIR", "state_dir", "Copies and their index [/var/lib/lanpeer]"},
        {"--socket", "PATH", "socket", "Where applications find it [/run/lanpeer/control.sock]"},
        {"--policy", "NAME", "policy", "fig4a, fig4b or robust [robust]"},
        {"--node", "ID", "node", "The node's ID, for tests [drawn at each start]"},
        {"--response-delay-ms", "N", "protocol.response_delay_ms", "D of the patent [2000]"},
        {"--tape", "FILE", "tape", "Write down what the node is told and does"},
    };
    return all;
}

} // namespace

DaemonOptions
ReadOptions(int argc, char** argv)
{
    DaemonOptions options;
    CLI::App app("The peering service: asks the LAN before the Internet, and answers it.",
                 "lanpeerd");
    app.footer(kFooter);
    app.get_formatter()->column_width(34);
    std::vector<std::string> interfaces;
    std::vector<std::string> sets;
    std::vector<std::string> texts(ShortHands().size());
    app.add_option("--config", options.config, "Configuration file (YAML)")->type_name("FILE");
    app.add_option("--interface", interfaces, "Peer on this network interface; repeatable")
        ->type_name("IF")
        ->allow_extra_args(false);
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        const ShortHand& hand = ShortHands()[i];
        app.add_option(hand.flag, texts[i], hand.meaning)->type_name(hand.type);
    }
    app.add_option("--set", sets, "Set any key of the file; repeatable")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--foreground", options.foreground, "Stay in the foreground, log to stderr");
    app.add_flag("--check", options.check, "Only look whether the settings are right");
    app.add_flag("--keys", options.keys, "List the keys of the file with their values here");
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::CallForHelp&)
    {
        options.help = app.help();
        return options;
    }
    catch (const CLI::ParseError& error)
    {
        throw SettingsError(error.what());
    }
    if (!interfaces.empty())
    {
        std::string list;
        for (const std::string& name : interfaces)
        {
            list += (list.empty() ? "[" : ", ") + name;
        }
        options.flags.push_back({"--interface", "interfaces", list + "]"});
    }
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        if (app.count(ShortHands()[i].flag) != 0)
        {
            options.flags.push_back({ShortHands()[i].flag, ShortHands()[i].path, texts[i]});
        }
    }
    for (const std::string& set : sets)
    {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos || equals == 0)
        {
            throw SettingsError("--set " + set + ": expected PATH=VALUE");
        }
        options.flags.push_back(
            {"--set " + set.substr(0, equals), set.substr(0, equals), set.substr(equals + 1)});
    }
    return options;
}

} // namespace lanpeer::reference
