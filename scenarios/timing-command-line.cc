#include "scenarios/timing-command-line.h"

#include "model/network/lan-network-config.h"
#include "scenarios/command-line.h"
#include "scenarios/option-reading.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::scenario
{

namespace
{

constexpr std::uint64_t kMostMs = 600'000; ///< of D and T, as their keys have it
constexpr std::uint64_t kMostRuns = 1'000'000;
constexpr std::uint64_t kMostSeed = 4'294'967'295;
constexpr std::uint64_t kMostProcesses = 4096;
constexpr double kMostLatencyMs = 10'000;
constexpr double kMostLoss = 0.9;
constexpr double kMostDuplicates = 65'533;
constexpr double kLeastFalse = 1e-6;
constexpr double kMostFalse = 0.5;

constexpr const char* kExamples = R"(Examples:
  lanpeer-sim timing                                 # the usual office: 50 nodes, one switch
  lanpeer-sim timing --nodes 200 --holders 20 --duplicates 0.1
  lanpeer-sim timing --latency 5                     # computers that take 5 ms to answer
  lanpeer-sim timing --latency 1 --spread 20         # ... or up to 20 ms there and back, at random
  lanpeer-sim timing --loss 0.001 --false-timeout 0.005
  lanpeer-sim timing --delay 100 --delay 500 --allowance 50 --runs 40 --json timing.json

A node asks for what K others hold. Each waits a time drawn from 0 to D before it answers, unless the
asker has told before that it found somebody; an asker that hears nobody within D + T goes to the
Internet. A small D costs duplicate answers, a great one waiting; too small a T, Internet copies of
what is next door. Told are the least D and T that keep to --duplicates and --false-timeout for each
K, what the patent's 2000 and 200 ms do on the same LAN, and every --delay asked about, by closed
form and beside it by simulation of the daemon's protocol, with one asker and without the `pause`
and the packet budgets, which would hide what is measured.

Computers that need time to answer are latency, and what is chosen without it is too small for them:
give it by --latency.

In a scenario or the daemon's file they are protocol.response_delay_ms and
protocol.transmission_allowance_ms. All nodes of a LAN should have the same.
)";

std::uint64_t
NumberOr(const CLI::App& timing,
         const std::string& option,
         const std::string& text,
         std::uint64_t min,
         std::uint64_t max,
         std::uint64_t otherwise)
{
    const auto given = Given(timing, option, text);
    return given ? ReadNumberOf(option, *given, min, max) : otherwise;
}

std::vector<std::uint32_t>
HoldersOf(const TimingTexts& texts, std::uint32_t nodes)
{
    if (texts.holders.empty())
    {
        return timing::UsualHolders(nodes);
    }
    std::vector<std::uint32_t> holders;
    for (const std::string& text : texts.holders)
    {
        holders.push_back(
            static_cast<std::uint32_t>(ReadNumberOf("--holders", text, 1, nodes - 1)));
    }
    std::sort(holders.begin(), holders.end());
    holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
    return holders;
}

} // namespace

void
AddTiming(CLI::App& app, TimingTexts& texts)
{
    CLI::App* timing = app.add_subcommand(
        "timing", "Tell which response delay and allowance to set on a LAN, and what they do");
    timing->footer(kExamples);
    const auto add = [timing](const std::string& option,
                              std::string& text,
                              const std::string& what,
                              const std::string& type)
    {
        timing->add_option(option, text, what)->type_name(type);
    };
    const auto addList = [timing](const std::string& option,
                                  std::vector<std::string>& list,
                                  const std::string& what,
                                  const std::string& type)
    {
        timing->add_option(option, list, what)->type_name(type)->allow_extra_args(false);
    };
    add("--nodes", texts.nodes, "Nodes of the LAN, the asker among them [50]", "N");
    addList("--holders",
            texts.holders,
            "So many of them hold it; repeatable [1, 3, 10, all but the asker]",
            "K");
    addList("--delay", texts.delays, "Look at this response delay D too; repeatable", "MS");
    add("--allowance",
        texts.allowance,
        "With this allowance T; needs --delay [the chosen one]",
        "MS");
    add("--latency", texts.latency, "One way from node to node, over the switch [0.05]", "MS");
    add("--spread",
        texts.spread,
        "The round trip varies by so much; in the formula of time-outs only [0]",
        "MS");
    add("--loss", texts.loss, "Probability, per cable passed and frame [0]", "P");
    add("--duplicates", texts.duplicates, "Answers after the first, at most, in the mean [1]", "X");
    add("--false-timeout",
        texts.falseTimeOut,
        "Time-outs although somebody holds it, at most [0.01]",
        "P");
    add("--runs", texts.runs, "Simulations for each line, of 50 asks each; at least 2 [10]", "N");
    add("--seed", texts.seed, "Seed of all that is drawn [1]", "N");
    add("--json", texts.json, "Write it all there; - is standard output", "FILE|-");
    add("-j", texts.parallel, "Simulations at a time [one per processor]", "N");
}

TimingCommand
MakeTiming(const CLI::App& timing, const TimingTexts& texts)
{
    TimingCommand command;
    timing::Question& question = command.question;
    question.nodes = static_cast<std::uint32_t>(
        NumberOr(timing, "--nodes", texts.nodes, 2, lan::kNodesMax, question.nodes));
    question.holders = HoldersOf(texts, question.nodes);
    for (const std::string& text : texts.delays)
    {
        question.delaysMs.push_back(static_cast<double>(ReadNumberOf("--delay", text, 0, kMostMs)));
    }
    if (const auto allowance = Given(timing, "--allowance", texts.allowance))
    {
        if (question.delaysMs.empty())
        {
            throw UsageError("--allowance needs --delay: it is looked at together with that D");
        }
        question.allowanceMs =
            static_cast<double>(ReadNumberOf("--allowance", *allowance, 0, kMostMs));
    }
    const auto real = [&timing](const std::string& option,
                                const std::string& text,
                                double min,
                                double max,
                                double& value)
    {
        if (const auto given = Given(timing, option, text))
        {
            value = ReadRealOf(option, *given, min, max);
        }
    };
    real("--latency", texts.latency, 0, kMostLatencyMs, question.latencyMs);
    real("--spread", texts.spread, 0, kMostLatencyMs, question.spreadMs);
    real("--loss", texts.loss, 0, kMostLoss, question.loss);
    real("--duplicates", texts.duplicates, 0, kMostDuplicates, question.duplicates);
    real("--false-timeout", texts.falseTimeOut, kLeastFalse, kMostFalse, question.falseTimeOut);
    question.runs = NumberOr(timing, "--runs", texts.runs, 2, kMostRuns, question.runs);
    question.seed = NumberOr(timing, "--seed", texts.seed, 1, kMostSeed, question.seed);
    command.parallel =
        static_cast<unsigned>(NumberOr(timing, "-j", texts.parallel, 1, kMostProcesses, 0));
    command.json = Given(timing, "--json", texts.json);
    return command;
}

} // namespace lanpeer::scenario
