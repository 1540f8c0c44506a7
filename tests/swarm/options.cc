#include "tests/swarm/options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <system_error>

namespace lanpeer::swarm
{

namespace
{

constexpr std::uint64_t kMostSeed = std::numeric_limits<std::uint64_t>::max() / 2;

std::uint64_t
NumberFrom(std::string_view option, const std::string& text, std::uint64_t min, std::uint64_t max)
{
    const bool digits = !text.empty() &&
                        text.find_first_not_of("0123456789") == std::string::npos &&
                        (text.size() == 1 || text[0] != '0');
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool within = result.ec == std::errc() && number >= min && number <= max;
    if (!digits || !within)
    {
        throw WrongUse(fmt::format("{}: '{}' is {}; expected {} to {}",
                                   option,
                                   text,
                                   digits ? "out of bounds" : "not a whole number",
                                   min,
                                   max));
    }
    return number;
}

/// As it was typed.
struct Typed
{
    std::optional<std::string> seed;
    std::optional<std::string> seeds;
    std::optional<std::string> count;
    std::optional<std::string> jobs;
    bool noShrink = false;
};

void
ReadSeeds(const Typed& typed, Options& options)
{
    if (typed.seed && (typed.seeds || typed.count))
    {
        throw WrongUse("--seed is one run; --seeds and --count are several");
    }
    if (typed.seeds && typed.count)
    {
        throw WrongUse("--seeds and --count both say which; expected one of them");
    }
    if (typed.seed)
    {
        options.seed = NumberFrom("--seed", *typed.seed, 0, kMostSeed);
    }
    else if (typed.seeds)
    {
        const auto dots = typed.seeds->find("..");
        if (dots == std::string::npos)
        {
            throw WrongUse(
                fmt::format("--seeds: '{}' is no range; expected FROM..TO", *typed.seeds));
        }
        options.first = NumberFrom("--seeds", typed.seeds->substr(0, dots), 0, kMostSeed);
        options.last =
            NumberFrom("--seeds", typed.seeds->substr(dots + 2), options.first, kMostSeed);
    }
    else if (typed.count)
    {
        options.last = NumberFrom("--count", *typed.count, 1, kMostSeed);
    }
}

} // namespace

Options
ReadOptions(int argc, const char* const* argv)
{
    Options options;
    Typed typed;
    CLI::App app("Runs nodes in memory through faults drawn from seeds, and checks them.", "swarm");
    app.add_option("--seed", typed.seed, "Run this one")->type_name("SEED");
    app.add_option("--seeds", typed.seeds, "Run all of these")->type_name("FROM..TO");
    app.add_option("--count", typed.count, "Run 1 to COUNT (2000 without any of the three)")
        ->type_name("COUNT");
    app.add_option("-j,--jobs", typed.jobs, "Processes at a time (1)")->type_name("JOBS");
    app.add_option("--without", options.without, "Leave out what a failure names, as loss,want:3")
        ->delimiter(',')
        ->type_name("NAME,...");
    app.add_flag("--trace", options.trace, "Tell all that happens");
    app.add_flag("--no-shrink", typed.noShrink, "Do not look for the smallest setting that fails");
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
        throw WrongUse(fmt::format("{}; see --help", error.what()));
    }
    constexpr std::uint64_t kMostJobs = 1024;
    options.processes =
        typed.jobs ? static_cast<unsigned>(NumberFrom("--jobs", *typed.jobs, 1, kMostJobs)) : 1;
    options.shrink = !typed.noShrink;
    ReadSeeds(typed, options);
    if (!options.seed && (options.trace || !options.without.empty()))
    {
        throw WrongUse("--trace and --without need --seed");
    }
    return options;
}

} // namespace lanpeer::swarm
