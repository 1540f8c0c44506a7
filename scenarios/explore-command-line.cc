#include "scenarios/explore-command-line.h"

#include "model/settings/text.h"
#include "scenarios/command-line.h"
#include "scenarios/option-reading.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <limits>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

constexpr std::uint64_t kMostNodes = 8;
constexpr std::uint64_t kMostFaults = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t kMostStates = std::numeric_limits<std::uint32_t>::max();

constexpr const char* kExamples = R"(Examples:
  lanpeer-sim explore                                    # two nodes, both ask, nothing goes wrong
  lanpeer-sim explore --holders 1 --drops 2 --crashes 1
  lanpeer-sim explore --nodes 3 --holders 1 --policy fig4b --duplicates 1
  lanpeer-sim explore --set protocol.rules.pause=false --failures 1 --story found.txt
  lanpeer-sim explore two-both-ask-loss.robust
  lanpeer-sim explore --list
  lanpeer-sim explore --all --table results/explore.md
  lanpeer-sim explore --figures results/figures

Every packet under way may arrive, and every armed timer run out, in every order. Nodes have small
bounds (one retry, one re-ask, one wait, one upload slot), so that what repeats needs not repeat
often; --set protocol.KEY=VALUE changes any of them. Exit code 0: every state was seen and nothing
is wrong; 1: something is, or there are more states than --limit; 2: wrong use.
)";

const std::vector<std::string> kOwnOptions = {
    "--nodes", "--holders", "--askers", "--without-access", "--policy", "--set", "--delay-ordered"};

std::string
FirstGiven(const CLI::App& explore, const std::vector<std::string>& options)
{
    for (const std::string& option : options)
    {
        if (explore.get_option(option)->count() > 0)
        {
            return option;
        }
    }
    return {};
}

std::vector<std::string>
AllOwnOptions()
{
    std::vector<std::string> options = kOwnOptions;
    for (const FaultOption& fault : FaultOptions())
    {
        options.emplace_back(fault.option);
    }
    return options;
}

/// What is explored is said in one way, or contradicts itself.
void
RefuseTwoChoices(const CLI::App& explore, const ExploreCommand& command)
{
    std::vector<std::string> choices;
    if (!command.lanes.empty())
    {
        choices.push_back(Quote(command.lanes.front()));
    }
    for (const char* const option : {"--all", "--list", "--figures"})
    {
        if (explore.get_option(option)->count() > 0)
        {
            choices.emplace_back(option);
        }
    }
    if (const std::string own = FirstGiven(explore, AllOwnOptions()); !own.empty())
    {
        choices.push_back(own);
    }
    if (choices.size() > 1)
    {
        throw UsageError(fmt::format("{} and {} do not go together; expected lanes by name, "
                                     "options of one's own lane, --all, --list or --figures",
                                     choices[0],
                                     choices[1]));
    }
    const std::string output = FirstGiven(explore, {"--limit", "--table", "--story", "--json"});
    if ((command.list || command.figures) && !output.empty())
    {
        throw UsageError(fmt::format("{} and {} do not go together", choices[0], output));
    }
}

OwnLane
MakeOwn(const CLI::App& explore, const ExploreTexts& texts)
{
    OwnLane own;
    const auto count = [&](const char* option,
                           const std::string& text,
                           std::uint64_t min) -> std::optional<std::uint32_t>
    {
        const auto given = Given(explore, option, text);
        return given ? std::optional(static_cast<std::uint32_t>(
                           ReadNumberOf(option, *given, min, kMostNodes)))
                     : std::nullopt;
    };
    own.nodes = count("--nodes", texts.nodes, 2).value_or(own.nodes);
    own.holders = count("--holders", texts.holders, 0).value_or(own.holders);
    own.askers = count("--askers", texts.askers, 1);
    own.withoutAccess =
        count("--without-access", texts.withoutAccess, 0).value_or(own.withoutAccess);
    own.policy = Given(explore, "--policy", texts.policy).value_or(own.policy);
    own.sets = texts.sets;
    own.delayOrdered = texts.delayOrdered;
    const auto& options = FaultOptions();
    for (std::size_t i = 0; i < options.size(); ++i)
    {
        const std::string option(options[i].option);
        if (const auto given = Given(explore, option, texts.faults[i]))
        {
            own.faults.push_back(
                {option, static_cast<std::uint8_t>(ReadNumberOf(option, *given, 0, kMostFaults))});
        }
    }
    return own;
}

} // namespace

void
AddExplore(CLI::App& app, ExploreTexts& texts)
{
    CLI::App* explore = app.add_subcommand(
        "explore", "Explore every interleaving of the real state machines of a few nodes");
    explore->footer(kExamples);
    const auto number = [&](const std::string& option, std::string& text, const std::string& what)
    {
        explore->add_option(option, text, what)->type_name("N");
    };
    explore->add_option("LANE", texts.lanes, "Lanes that `--list` shows; else the options make one")
        ->type_name("");
    explore->add_flag("--list", texts.list, "List the named lanes");
    explore->add_flag("--all", texts.all, "Explore all of them: minutes and gigabytes");
    number("--nodes", texts.nodes, "2 to 8 nodes [2]");
    number("--holders", texts.holders, "The first N have a copy [0]");
    number("--askers", texts.askers, "The last N ask [those that hold none]");
    number("--without-access", texts.withoutAccess, "The last N have no Internet access [0]");
    explore->add_option("--policy", texts.policy, "fig4a, fig4b or robust [robust]")
        ->type_name("NAME");
    explore
        ->add_option("--set", texts.sets, "Change a parameter or rule; repeatable, the last wins")
        ->type_name("protocol.KEY=VALUE")
        ->allow_extra_args(false);
    texts.faults.resize(FaultOptions().size());
    for (std::size_t i = 0; i < texts.faults.size(); ++i)
    {
        const FaultOption& fault = FaultOptions()[i];
        number(std::string(fault.option),
               texts.faults[i],
               fmt::format("At most N {} [0]", fault.meaning));
    }
    explore->add_flag("--delay-ordered",
                      texts.delayOrdered,
                      "No timer overtakes what is faster: an under-approximation, for more nodes");
    explore
        ->add_option("--limit",
                     texts.limit,
                     "Give up, and fail, at so many states [20000000; named lanes: 40000000]")
        ->type_name("STATES");
    explore->add_option("--table", texts.table, "Write the counts of states there, as Markdown")
        ->type_name("FILE");
    explore
        ->add_option("--story",
                     texts.story,
                     "Write the shortest way to the first thing wrong there, as a golden script")
        ->type_name("FILE");
    explore->add_option("--json", texts.json, "Write what was found there; - is standard output")
        ->type_name("FILE|-");
    explore
        ->add_option("--figures",
                     texts.figures,
                     "Draw FIG. 3, 4A and 4B as the running code has them into that folder")
        ->type_name("DIR");
}

ExploreCommand
MakeExplore(const CLI::App& explore, const ExploreTexts& texts)
{
    ExploreCommand command;
    command.lanes = texts.lanes;
    command.all = texts.all;
    command.list = texts.list;
    command.table = Given(explore, "--table", texts.table);
    command.story = Given(explore, "--story", texts.story);
    command.json = Given(explore, "--json", texts.json);
    command.figures = Given(explore, "--figures", texts.figures);
    if (const auto limit = Given(explore, "--limit", texts.limit))
    {
        command.limit = ReadNumberOf("--limit", *limit, 1, kMostStates);
    }
    RefuseTwoChoices(explore, command);
    command.own = MakeOwn(explore, texts);
    RefuseOneFileTwice({{"--table", command.table.value_or("")},
                        {"--story", command.story.value_or("")},
                        {"--json", command.json.value_or("")}});
    return command;
}

} // namespace lanpeer::scenario
