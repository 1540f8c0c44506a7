#include "scenarios/command-line.h"

#include "model/settings/text.h"
#include "scenarios/compare-command-line.h"
#include "scenarios/explore-command-line.h"
#include "scenarios/option-reading.h"
#include "scenarios/report-command-line.h"
#include "scenarios/sweep-command-line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

constexpr std::uint64_t kSeedMax = 4294967295; ///< ns-3's seed has 32 bits and is not 0
constexpr std::uint64_t kRunMax = 4294967295;
constexpr std::uint64_t kRunsMax = 1000000;

const std::vector<std::string> kCommands = {"run",
                                            "list",
                                            "keys",
                                            "reasons",
                                            "explore",
                                            "compare",
                                            "sweep",
                                            "merge",
                                            "table",
                                            "csv",
                                            "report",
                                            "timing"};

constexpr const char* kExamples = R"(Examples:
  lanpeer-sim list
  lanpeer-sim run fig1
  lanpeer-sim run office --policy direct,fig4a,fig4b,robust
  lanpeer-sim run mine.yaml --set lan.nodes=200 --set uplink.preset=isdn --runs 20 --json out.json
  lanpeer-sim keys | less
  lanpeer-sim explore --nodes 3 --holders 1 --policy fig4b --drops 1
  lanpeer-sim compare before.json after.json
  lanpeer-sim sweep office-size
  lanpeer-sim timing --nodes 200 --latency 2
)";

constexpr const char* kRunExamples = R"(Examples:
  lanpeer-sim run office
  lanpeer-sim run office --policy direct,robust --runs 10 --json -
  lanpeer-sim run office --set 'protocol.rules={lock: off, pause: off}'
  lanpeer-sim run flash-crowd --set protocol.response_delay_ms=500 --seed 7 --run 3
  lanpeer-sim run fig1 --set 'workload.resources=[{name: a.cab, bytes: 16000}]'
  lanpeer-sim run fig1 --pcap seen/fig1 --pcap-nodes 0,gateway --anim fig1.xml

Of several runs or policies, --tape, --graph and --anim write a file each, FILE.POLICY.RUN:
m.tape.robust.1 and so on; --pcap writes PREFIX.POLICY.RUN-NODE-DEVICE.pcap. VALUE is YAML;
`lanpeer-sim keys` lists every PATH with its default. Equal seed, run and scenario give equal results,
byte for byte.
)";

bool
Contains(const std::vector<std::string>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// What CLI11 hands over: texts, so that all numbers are judged by the same rules as the keys'.
struct Texts
{
    RunCommand run;
    std::string policies;
    std::string seed;
    std::string oneRun;
    std::string runs;
    std::string json;
    std::string tape;
    std::string graph;
    std::string anim;
    std::string pcap;
    std::string pcapNodes;
    ExploreTexts explore;
    CompareTexts compare;
    SweepTexts sweep;
    TimingTexts timing;
    ReportTexts report;
    bool keysJson = false;
    bool reasonsJson = false;
};

void
AddRun(CLI::App& app, Texts& texts)
{
    CLI::App* run =
        app.add_subcommand("run", "Run a scenario and print a table of what it measured");
    run->footer(kRunExamples);
    run->add_option("SCENARIO", texts.run.scenario, "A YAML file, or a name that `list` shows")
        ->required()
        ->type_name("");
    run->add_option(
           "--policy",
           texts.policies,
           "Policies to run side by side, in this order: direct, proxy, fig4a, fig4b, robust")
        ->type_name("A,B,...");
    run->add_option(
           "--set", texts.run.sets, "Change one key of the scenario; repeatable, the last wins")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    run->add_option("--seed", texts.seed, "Seed of all that is drawn [1]")->type_name("N");
    CLI::Option* one =
        run->add_option("--run", texts.oneRun, "Only the replicate of this number [1]")
            ->type_name("N");
    run->add_option("--runs", texts.runs, "Replicates 1 to N, with 95 % intervals")
        ->type_name("N")
        ->excludes(one);
    run->add_option("--json", texts.json, "Write the measurements there; - is standard output")
        ->type_name("FILE|-");
    run->add_option("--tape", texts.tape, "Write every event and action there, a JSON line each")
        ->type_name("FILE");
    run->add_option("--graph", texts.graph, "Write who got what from whom there, for Graphviz")
        ->type_name("FILE");
    run->add_option("--pcap",
                    texts.pcap,
                    "Write what each node's devices send and receive there, for Wireshark")
        ->type_name("PREFIX");
    run->add_option(
           "--pcap-nodes", texts.pcapNodes, "Only of these: indices, gateway, origin [all of them]")
        ->type_name("N,...");
    run->add_option("--anim", texts.anim, "Write every frame's way there, for NetAnim")
        ->type_name("FILE");
}

/// The command line's grammar; what is given lands in `texts`.
void
AddCommands(CLI::App& app, Texts& texts)
{
    app.require_subcommand(1);
    app.footer(kExamples);
    AddRun(app, texts);
    app.add_subcommand("list", "List the scenarios that come with the program");
    CLI::App* keys = app.add_subcommand("keys", "List every key of a scenario");
    keys->add_flag("--json", texts.keysJson, "As JSON");
    CLI::App* reasons =
        app.add_subcommand("reasons", "List every reason that the measurements can name");
    reasons->add_flag("--json", texts.reasonsJson, "As JSON");
    AddExplore(app, texts.explore);
    AddCompare(app, texts.compare);
    AddSweep(app, texts.sweep);
    AddTiming(app, texts.timing);
    AddReport(app, texts.report);
}

/// CLI11 would take a mistyped command for an argument too many.
void
RefuseUnknownCommand(const std::vector<std::string>& arguments)
{
    if (arguments.empty())
    {
        throw UsageError("a command is missing; expected " + JoinWords(kCommands) +
                         "; see lanpeer-sim --help");
    }
    const std::string& command = arguments.front();
    if (command.empty() || (command[0] != '-' && !Contains(kCommands, command)))
    {
        throw UsageError(fmt::format("{}: unknown command; expected {}; see lanpeer-sim --help",
                                     Quote(command),
                                     JoinWords(kCommands)));
    }
}

RunCommand
MakeRun(const CLI::App& run, const Texts& texts)
{
    RunCommand command = texts.run;
    command.policies = Given(run, "--policy", texts.policies);
    command.json = Given(run, "--json", texts.json);
    command.tape = Given(run, "--tape", texts.tape);
    command.graph = Given(run, "--graph", texts.graph);
    command.anim = Given(run, "--anim", texts.anim);
    command.pcap = Given(run, "--pcap", texts.pcap);
    if (const auto nodes = Given(run, "--pcap-nodes", texts.pcapNodes))
    {
        if (!command.pcap)
        {
            throw UsageError("--pcap-nodes needs --pcap; expected both or neither");
        }
        command.pcapNodes = Split(*nodes, ',');
    }
    if (const auto seed = Given(run, "--seed", texts.seed))
    {
        command.seed = ReadNumberOf("--seed", *seed, 1, kSeedMax);
    }
    if (const auto oneRun = Given(run, "--run", texts.oneRun))
    {
        command.firstRun = ReadNumberOf("--run", *oneRun, 1, kRunMax);
        command.lastRun = command.firstRun;
    }
    if (const auto runs = Given(run, "--runs", texts.runs))
    {
        command.lastRun = ReadNumberOf("--runs", *runs, 1, kRunsMax);
    }
    RefuseOneFileTwice({{"--json", command.json.value_or("")},
                        {"--tape", command.tape.value_or("")},
                        {"--graph", command.graph.value_or("")},
                        {"--anim", command.anim.value_or("")}});
    return command;
}

/// CLI11 lists what it could not place, last first; the first of it is what somebody mistyped.
std::string
UnexpectedArgument(const CLI::App& app, const std::vector<std::string>& arguments)
{
    const std::vector<std::string> remaining = app.remaining(true);
    const auto first = std::find_if(arguments.begin(),
                                    arguments.end(),
                                    [&remaining](const std::string& argument)
                                    { return Contains(remaining, argument); });
    if (first == arguments.end())
    {
        return "an argument too many";
    }
    std::vector<std::string> options;
    for (const CLI::App* command : app.get_subcommands())
    {
        for (const CLI::Option* option : command->get_options())
        {
            options.push_back(option->get_name());
        }
    }
    const bool isOption = first->rfind("--", 0) == 0;
    const auto nearest =
        isOption ? Nearest(first->substr(0, first->find('=')), options) : std::nullopt;
    return Quote(*first) + " was not expected" +
           (nearest ? " (did you mean " + *nearest + "?)" : "");
}

UsageError
MakeUsageError(const std::string& message, const std::string& command)
{
    const bool inCommand = Contains(kCommands, command);
    return UsageError(
        fmt::format("{}; see lanpeer-sim{} --help", message, inCommand ? " " + command : ""));
}

} // namespace

void
RefuseOneFileTwice(const std::vector<std::pair<std::string, std::string>>& files)
{
    std::map<std::string, std::string> options; // by file
    for (const auto& [option, file] : files)
    {
        if (file.empty())
        {
            continue;
        }
        // The same file by another name, where that can be told without writing it.
        std::error_code ignored;
        const std::string place =
            std::filesystem::weakly_canonical(std::filesystem::absolute(file, ignored), ignored)
                .string();
        const auto [first, isNew] = options.emplace(place.empty() ? file : place, option);
        if (!isNew)
        {
            throw UsageError(
                fmt::format("{} and {} name the same file; expected two", option, first->second));
        }
    }
}

Command
ParseCommandLine(const std::vector<std::string>& arguments)
{
    RefuseUnknownCommand(arguments);
    Texts texts;
    CLI::App app("Simulates computers of one LAN that fetch updates once and share them.",
                 "lanpeer-sim");
    AddCommands(app, texts);
    try
    {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // CLI11's order
    }
    catch (const CLI::CallForHelp&)
    {
        return HelpCommand{app.help()};
    }
    catch (const CLI::ExtrasError&)
    {
        throw MakeUsageError(UnexpectedArgument(app, arguments), arguments.front());
    }
    catch (const CLI::ParseError& error)
    {
        throw MakeUsageError(OneLine(error.what()), arguments.front());
    }
    if (app.got_subcommand("list"))
    {
        return ListCommand{};
    }
    if (app.got_subcommand("keys"))
    {
        return KeysCommand{texts.keysJson};
    }
    if (app.got_subcommand("reasons"))
    {
        return ReasonsCommand{texts.reasonsJson};
    }
    if (app.got_subcommand("explore"))
    {
        return MakeExplore(*app.get_subcommand("explore"), texts.explore);
    }
    if (app.got_subcommand("compare"))
    {
        return MakeCompare(*app.get_subcommand("compare"), texts.compare);
    }
    if (app.got_subcommand("sweep"))
    {
        return MakeSweep(*app.get_subcommand("sweep"), texts.sweep);
    }
    if (app.got_subcommand("merge"))
    {
        return MakeMerge(*app.get_subcommand("merge"), texts.sweep);
    }
    if (app.got_subcommand("table"))
    {
        return MakeTable(*app.get_subcommand("table"), texts.sweep);
    }
    if (app.got_subcommand("csv"))
    {
        return MakeCsv(*app.get_subcommand("csv"), texts.sweep);
    }
    if (app.got_subcommand("timing"))
    {
        return MakeTiming(*app.get_subcommand("timing"), texts.timing);
    }
    if (app.got_subcommand("report"))
    {
        return MakeReport(*app.get_subcommand("report"), texts.report);
    }
    return MakeRun(*app.get_subcommand("run"), texts);
}

} // namespace lanpeer::scenario
