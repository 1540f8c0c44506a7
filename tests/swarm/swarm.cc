// The swarm as a program: runs seeds, and tells of those that fail how to run them again, and the
// smallest setting that still fails. See README.md here.

#include "tests/swarm/options.h"
#include "tests/swarm/run.h"
#include "tests/swarm/shrink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::swarm
{
namespace
{

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr std::size_t kMostTold = 50; ///< failed seeds; more only count

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
    bool failed = false; ///< the last of them
    std::uint64_t failedSeed = 0;
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

/// How to run a setting again, by the name that this program was called by.
std::string
CommandOf(std::string_view program, const Setting& setting)
{
    std::string command = fmt::format("{} --seed {}", program, setting.seed);
    if (!setting.dropped.empty())
    {
        command += fmt::format(" --without {}", fmt::join(setting.dropped, ","));
    }
    return command;
}

// ---------------------------------------------------------------- one seed

int
RunOne(const Options& options, std::string_view program)
{
    Setting setting = DrawSetting(*options.seed);
    for (const std::string& name : options.without)
    {
        if (!Drop(setting, name))
        {
            throw WrongUse(fmt::format("--without {}: the seed has nothing of that name", name));
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
    fmt::print("again: {}\n", CommandOf(program, setting));
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
                   CommandOf(program, smallest));
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
            report.failed = true;
            report.failedSeed = seed;
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
RunMany(const Options& options, std::string_view program)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        throw std::runtime_error("no pipe to be had");
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
            throw std::runtime_error("no process to be had");
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
        if (report.failed)
        {
            failed.push_back(report.failedSeed);
        }
        if (report.failed && failed.size() <= kMostTold)
        {
            fmt::print("{}seed {} FAILED: {}; again: {} --seed {}\n",
                       isatty(2) != 0 ? "\r" : "",
                       report.failedSeed,
                       report.why,
                       program,
                       report.failedSeed);
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

int
Main(int argc, char** argv)
{
    const std::string_view program = argc > 0 ? argv[0] : "swarm";
    const Options options = ReadOptions(argc, argv);
    if (!options.help.empty())
    {
        fmt::print("{}", options.help);
        return 0;
    }
    return options.seed ? RunOne(options, program) : RunMany(options, program);
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
