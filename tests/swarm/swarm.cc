// The swarm as a program: runs seeds, and tells of those that fail how to run them again, and the
// smallest setting that still fails. See README.md here.

#include "tests/swarm/run.h"
#include "tests/swarm/shrink.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace lanpeer::swarm
{
namespace
{

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr std::size_t kMostTold = 50; ///< failed seeds; more only count

struct Options
{
    std::vector<std::uint64_t> seed;
    std::string seeds;
    std::uint64_t count = 0;
    unsigned processes = 1;
    std::vector<std::string> without;
    bool trace = false;
    bool shrink = true;
    std::uint64_t first = 1;
    std::uint64_t last = 0;
};

/// Some seeds that a process has run.
struct Report
{
    std::uint64_t seeds = 0;
    std::uint64_t events = 0;
    std::uint64_t requests = 0;
    std::uint64_t slowest = 0;
    std::uint64_t slowestSeed = 0;
    std::uint64_t slowestAfter = 0;
    std::uint64_t slowestAfterSeed = 0;
    std::uint64_t failed = 0; ///< 0: none of them
    char why[160] = {};

    void Add(const Report& other)
    {
        seeds += other.seeds;
        events += other.events;
        requests += other.requests;
        if (other.slowest > slowest)
        {
            slowest = other.slowest;
            slowestSeed = other.slowestSeed;
        }
        if (other.slowestAfter > slowestAfter)
        {
            slowestAfter = other.slowestAfter;
            slowestAfterSeed = other.slowestAfterSeed;
        }
    }
};

int
WrongUse(const std::string& what)
{
    fmt::print(stderr, "swarm: {}\n", what);
    return kWrongUse;
}

std::string
CommandOf(const Setting& setting)
{
    std::string command = fmt::format("swarm --seed {}", setting.seed);
    if (!setting.dropped.empty())
    {
        command += fmt::format(" --without {}", fmt::join(setting.dropped, ","));
    }
    return command;
}

// ---------------------------------------------------------------- one seed

int
RunOne(const Options& options)
{
    Setting setting = DrawSetting(options.seed.front());
    for (const std::string& name : options.without)
    {
        if (!Drop(setting, name))
        {
            return WrongUse(fmt::format("--without {}: the seed has nothing of that name", name));
        }
    }
    const Outcome outcome = Run(setting, options.trace).Go();
    if (options.trace)
    {
        fmt::print("{}\n{}\n", Told(setting), outcome.trace);
    }
    if (!outcome.violation)
    {
        fmt::print("seed {}: {} events, {} requests, slowest {:.1f} % and {:.1f} % of the bound, "
                   "digest {:016x}\n",
                   setting.seed,
                   outcome.events,
                   outcome.requests,
                   static_cast<double>(outcome.slowest) / 10,
                   static_cast<double>(outcome.slowestAfter) / 10,
                   outcome.digest);
        return 0;
    }
    fmt::print("seed {} FAILED at {:.3f} s: {}: {}\n",
               setting.seed,
               static_cast<double>(outcome.violatedUs) / 1e6,
               outcome.violation->requirement,
               outcome.violation->what);
    fmt::print("again: {}\n", CommandOf(setting));
    if (options.shrink)
    {
        const Setting smallest =
            Shrink(setting,
                   *outcome.violation,
                   [](std::size_t left, std::size_t runs) {
                       fmt::print(stderr, "swarm: shrinking: {} left after {} runs\n", left, runs);
                   });
        fmt::print("the smallest that fails:\n{}its trace: {} --trace --no-shrink\n",
                   Told(smallest),
                   CommandOf(smallest));
    }
    return kFailed;
}

// ---------------------------------------------------------------- many

/// One of the processes: every so many-th seed.
void
Work(const Options& options, unsigned worker, int pipe)
{
    constexpr std::uint64_t kPerReport = 16;
    Report report;
    const auto send = [&report, pipe]
    {
        static_assert(sizeof(Report) <= 512, "a write to a pipe must be whole (PIPE_BUF)");
        if (write(pipe, &report, sizeof report) != static_cast<ssize_t>(sizeof report))
        {
            _exit(kWrongUse);
        }
        report = {};
    };
    for (std::uint64_t seed = options.first + worker; seed <= options.last;
         seed += options.processes)
    {
        const Outcome outcome = Run(DrawSetting(seed), false).Go();
        Report one;
        one.seeds = 1;
        one.events = outcome.events;
        one.requests = outcome.requests;
        one.slowest = outcome.slowest;
        one.slowestSeed = seed;
        one.slowestAfter = outcome.slowestAfter;
        one.slowestAfterSeed = seed;
        report.Add(one);
        if (outcome.violation)
        {
            report.failed = seed;
            const std::string why = outcome.violation->requirement + ": " + outcome.violation->what;
            why.copy(report.why, sizeof report.why - 1);
        }
        if (report.seeds >= kPerReport || outcome.violation)
        {
            send();
        }
    }
    if (report.seeds > 0)
    {
        send();
    }
}

int
RunMany(const Options& options)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        return WrongUse("no pipe to be had");
    }
    std::vector<pid_t> workers;
    for (unsigned worker = 0; worker < options.processes; ++worker)
    {
        const pid_t child = fork();
        if (child == 0)
        {
            close(ends[0]);
            Work(options, worker, ends[1]);
            _exit(0);
        }
        if (child < 0)
        {
            return WrongUse("no process to be had");
        }
        workers.push_back(child);
    }
    close(ends[1]);
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    auto shown = start;
    const std::uint64_t all = options.last - options.first + 1;
    Report total;
    std::vector<std::uint64_t> failed;
    const auto progress = [&](bool last)
    {
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        fmt::print(stderr,
                   "\rswarm: {} of {} seeds, {:.0f} a second, {} failed{}",
                   total.seeds,
                   all,
                   static_cast<double>(total.seeds) / std::max(seconds, 1e-3),
                   failed.size(),
                   last ? "\n" : "");
        std::fflush(stderr);
    };
    Report report;
    while (read(ends[0], &report, sizeof report) == static_cast<ssize_t>(sizeof report))
    {
        total.Add(report);
        if (report.failed != 0)
        {
            failed.push_back(report.failed);
        }
        if (report.failed != 0 && failed.size() <= kMostTold)
        {
            fmt::print("{}seed {} FAILED: {}; again: swarm --seed {}\n",
                       isatty(2) != 0 ? "\r" : "",
                       report.failed,
                       report.why,
                       report.failed);
            std::fflush(stdout);
        }
        if (Clock::now() - shown > std::chrono::seconds(1))
        {
            shown = Clock::now();
            progress(false);
        }
    }
    progress(true);
    bool whole = total.seeds == all;
    for (const pid_t worker : workers)
    {
        int status = 0;
        waitpid(worker, &status, 0);
        whole = whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    fmt::print("{} seeds, {} events, {} requests; slowest {:.1f} % of the bound (seed {}), "
               "{:.1f} % after the faults (seed {}); {} failed\n",
               total.seeds,
               total.events,
               total.requests,
               static_cast<double>(total.slowest) / 10,
               total.slowestSeed,
               static_cast<double>(total.slowestAfter) / 10,
               total.slowestAfterSeed,
               failed.size());
    if (!whole)
    {
        fmt::print("a process ended before its seeds were run\n");
    }
    return failed.empty() && whole ? 0 : kFailed;
}

// ---------------------------------------------------------------- the command line

std::optional<std::uint64_t>
NumberFrom(const std::string& text)
{
    const bool digits = !text.empty() && text.size() < 19 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? std::optional<std::uint64_t>(std::stoull(text)) : std::nullopt;
}

int
RunAs(Options& options)
{
    if (!options.seed.empty())
    {
        if (!options.seeds.empty() || options.count > 0)
        {
            return WrongUse("--seed is one run; --seeds and --count are several");
        }
        return RunOne(options);
    }
    if (options.trace || !options.without.empty())
    {
        return WrongUse("--trace and --without need --seed");
    }
    if (!options.seeds.empty())
    {
        const auto dots = options.seeds.find("..");
        const auto first = NumberFrom(options.seeds.substr(0, dots));
        const auto last =
            dots == std::string::npos ? std::nullopt : NumberFrom(options.seeds.substr(dots + 2));
        if (!first || !last || *first > *last || options.count > 0)
        {
            return WrongUse(fmt::format("--seeds {}: FROM..TO, and no --count", options.seeds));
        }
        options.first = *first;
        options.last = *last;
    }
    else
    {
        options.last = options.count > 0 ? options.count : 2000;
    }
    return RunMany(options);
}

int
Main(int argc, char** argv)
{
    Options options;
    CLI::App app("Runs nodes in memory through faults drawn from seeds, and checks them.", "swarm");
    app.add_option("--seed", options.seed, "Run this one")->expected(1);
    app.add_option("--seeds", options.seeds, "Run FROM..TO");
    app.add_option("--count", options.count, "Run 1..COUNT (2000 without any of the three)");
    app.add_option("-j,--jobs", options.processes, "Processes at a time")
        ->check(CLI::Range(1, 1024));
    app.add_option("--without", options.without, "Leave out what a failure names, as loss,want:3")
        ->delimiter(',');
    app.add_flag("--trace", options.trace, "Tell all that happens");
    app.add_flag("!--no-shrink", options.shrink, "Do not look for the smallest setting that fails");
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::CallForHelp& help)
    {
        return app.exit(help);
    }
    catch (const CLI::ParseError& error)
    {
        return WrongUse(error.what());
    }
    return RunAs(options);
}

} // namespace
} // namespace lanpeer::swarm

int
main(int argc, char** argv)
{
    try
    {
        return lanpeer::swarm::Main(argc, argv);
    }
    catch (const std::exception& error)
    {
        fmt::print(stderr, "swarm: {}\n", error.what());
        return lanpeer::swarm::kWrongUse;
    }
}
