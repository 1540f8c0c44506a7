#include "scenarios/processes/process-pool.h"
#include "scenarios/processes/run-in-processes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace lanpeer::processes
{
namespace
{

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

/// Runs jobs 0 to count - 1; their outcomes by index.
std::vector<JobOutcome>
RunAll(ProcessPool& pool, std::size_t count)
{
    std::vector<JobOutcome> outcomes;
    std::size_t next = 0;
    while (next < count || pool.Running() > 0)
    {
        while (next < count && pool.HasRoom())
        {
            pool.Start(next++);
        }
        for (JobOutcome& outcome : pool.Wait(-1))
        {
            outcomes.push_back(std::move(outcome));
        }
    }
    std::sort(outcomes.begin(),
              outcomes.end(),
              [](const JobOutcome& left, const JobOutcome& right)
              { return left.index < right.index; });
    return outcomes;
}

TEST(ProcessPool, GivesResultsOfAnySize)
{
    ProcessPool pool(3,
                     ProcessPool::Errors::Caught,
                     [](std::size_t index, const SayProgress&)
                     { return std::string(index * 100000, 'x'); });
    const auto outcomes = RunAll(pool, 5);
    ASSERT_EQ(outcomes.size(), 5U);
    for (const JobOutcome& outcome : outcomes)
    {
        EXPECT_EQ(outcome.result.value_or("none").size(), outcome.index * 100000);
        EXPECT_EQ(outcome.exitCode, 0);
    }
}

TEST(ProcessPool, WhatFailsTakesNothingWithIt)
{
    ProcessPool pool(2,
                     ProcessPool::Errors::Caught,
                     [](std::size_t index, const SayProgress&) -> std::string
                     {
                         std::fprintf(stderr, "job %zu speaks\n", index);
                         switch (index)
                         {
                         case 0:
                             throw std::runtime_error("it threw");
                         case 1:
                             std::raise(SIGKILL);
                             break;
                         case 2:
                             _exit(7);
                         default:
                             break;
                         }
                         return "done";
                     });
    const auto outcomes = RunAll(pool, 4);
    ASSERT_EQ(outcomes.size(), 4U);
    EXPECT_EQ(outcomes[0].exitCode, 1);
    EXPECT_EQ(outcomes[0].errorText, "job 0 speaks\nit threw");
    EXPECT_EQ(outcomes[1].exitCode, 128 + SIGKILL);
    EXPECT_THAT(outcomes[1].errorText, HasSubstr("job 1 speaks\ndied by signal 9"));
    EXPECT_EQ(outcomes[2].exitCode, 7);
    EXPECT_THAT(outcomes[2].errorText, EndsWith("ended without a result, exit 7"));
    EXPECT_EQ(outcomes[3].result, "done");
    EXPECT_EQ(outcomes[3].errorText, "");
}

TEST(ProcessPool, KeepsTheEndOfALongComplaint)
{
    ProcessPool pool(1,
                     ProcessPool::Errors::Caught,
                     [](std::size_t, const SayProgress&) -> std::string
                     {
                         for (int i = 0; i < 100000; ++i)
                         {
                             std::fprintf(stderr, "line %d\n", i);
                         }
                         throw std::runtime_error("the end");
                     });
    const auto outcomes = RunAll(pool, 1);
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_THAT(outcomes[0].errorText, EndsWith("line 99999\nthe end"));
    EXPECT_LT(outcomes[0].errorText.size(), ProcessPool::kErrorBytes + 100);
}

TEST(ProcessPool, KnowsWhatAJobCost)
{
    ProcessPool pool(1,
                     ProcessPool::Errors::Caught,
                     [](std::size_t, const SayProgress&)
                     {
                         volatile double sum = 0;
                         for (int i = 0; i < 20'000'000; ++i)
                         {
                             sum = sum + i;
                         }
                         return std::string();
                     });
    const auto outcomes = RunAll(pool, 1);
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_GT(outcomes[0].cpuS, 0.001);
    EXPECT_GT(outcomes[0].wallS, 0.001);
}

/// Starts a job that tells its process (as progress) and runs for ever.
pid_t
StartForEver(ProcessPool& pool)
{
    pool.Start(0);
    pid_t process = 0;
    while (process == 0)
    {
        pool.Wait(-1, [&process](std::size_t, double said) { process = static_cast<pid_t>(said); });
    }
    return process;
}

std::string
RunForEver(std::size_t, const SayProgress& say)
{
    say(static_cast<double>(getpid()));
    while (true)
    {
        pause();
    }
}

TEST(ProcessPool, ItsProcessesGoWithIt)
{
    pid_t process = 0;
    {
        ProcessPool pool(1, ProcessPool::Errors::Caught, RunForEver);
        process = StartForEver(pool);
        EXPECT_EQ(kill(process, 0), 0);
    }
    EXPECT_NE(kill(process, 0), 0);
}

TEST(ProcessPool, AProcessCanBeTerminatedAlthoughTheParentOnlyTakesNoteOfIt)
{
    const auto before = std::signal(SIGTERM, [](int) {});
    ProcessPool pool(1, ProcessPool::Errors::Caught, RunForEver);
    kill(StartForEver(pool), SIGTERM);
    std::vector<JobOutcome> outcomes;
    while (outcomes.empty())
    {
        outcomes = pool.Wait(-1);
    }
    std::signal(SIGTERM, before);
    EXPECT_EQ(outcomes.front().exitCode, 128 + SIGTERM);
}

TEST(ProcessPool, AProcessHoldsNoFileOfTheParent)
{
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ProcessPool pool(1, ProcessPool::Errors::Caught, RunForEver);
    StartForEver(pool);
    close(ends[1]);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0); // its end: the child has not the other one
    close(ends[0]);
}

TEST(ProcessPool, WithoutDescriptorsNothingIsStartedAndNothingLost)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan needs descriptors itself to look at what is thrown";
#endif
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    ProcessPool pool(4,
                     ProcessPool::Errors::Caught,
                     [](std::size_t, const SayProgress&) { return std::string("done"); });
    const int next = dup(STDERR_FILENO); // the lowest that is free
    close(next);
    rlimit few = before;
    few.rlim_cur = static_cast<rlim_t>(next) + 3; // one pipe, and half of another
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    EXPECT_THROW(pool.Start(0), std::system_error);
    EXPECT_EQ(pool.Running(), 0U);
    const int again = dup(STDERR_FILENO);
    close(again);
    EXPECT_EQ(again, next);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(RunAll(pool, 1).front().result, "done");
}

TEST(RunInProcesses, KeepsTheOrderAndStopsAtAFailure)
{
    const auto square = [](std::size_t index, const SayProgress&)
    {
        return std::to_string(index * index);
    };
    EXPECT_THAT(RunInProcesses(4, 2, square), ElementsAre("0", "1", "4", "9"));
    const auto failing = [](std::size_t index, const SayProgress&) -> std::string
    {
        if (index == 2)
        {
            throw std::runtime_error("two");
        }
        return "";
    };
    try
    {
        RunInProcesses(4, 1, failing);
        FAIL() << "it should have thrown";
    }
    catch (const JobFailed& failed)
    {
        EXPECT_EQ(failed.Index(), 2U);
        EXPECT_STREQ(failed.what(), "two");
    }
}

} // namespace
} // namespace lanpeer::processes
