#include "child.h"
#include "store-folder.h"
#include "system-calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <ostream>
#include <random>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;

/// On a disk of memory, where there is one: a thousand starts take their time, and to a process
/// that is killed all disks are alike.
class Crash : public StoreFolder
{
  protected:
    Crash()
        : StoreFolder(fs::is_directory("/dev/shm") ? "/dev/shm/" : testing::TempDir())
    {
    }
};

using CrashOnDisk = StoreFolder;

std::string
Version(const std::string& href, unsigned version)
{
    return href + " " + std::to_string(version) + std::string(100 + 37 * version % 5000, 'x');
}

/// A day in the life of a store, in steps; `step` says how many are done.
void
LiveADay(Store& store, int& step)
{
    step = 1;
    KeepBytes(store, "replaced", Version("replaced", 2));
    step = 2;
    KeepBytes(store, "same", Version("same", 1));
    step = 3;
    KeepBytes(store, "new", Version("new", 1));
    step = 4;
    store.Remove("removed");
    step = 5;
    {
        const auto given = store.StartPartial("given up");
        given->File().WriteAt(0, "half of i");
    }
    ReadCopy(store, "stays");
    store.Flush();
    step = 6;
}

/// What must be there after a day that ended after so many steps.
void
ExpectWholeAfter(Store& store, int step)
{
    for (const CopyInfo& copy : store.List())
    {
        const auto opened = store.Open(copy.href);
        ASSERT_TRUE(opened.file) << copy.href << " " << opened.damage;
        EXPECT_EQ(DigestOf(*opened.file), copy.digest);
    }
    EXPECT_EQ(ReadCopy(store, "stays"), Version("stays", 1));
    EXPECT_EQ(ReadCopy(store, "same"), Version("same", 1));
    const std::string replaced = ReadCopy(store, "replaced");
    const std::string created = ReadCopy(store, "new");
    const std::string removed = ReadCopy(store, "removed");
    EXPECT_TRUE(replaced == Version("replaced", 2) ||
                (step < 2 && replaced == Version("replaced", 1)))
        << replaced;
    EXPECT_TRUE(created == Version("new", 1) || (step < 4 && created == "(none)")) << created;
    EXPECT_TRUE(removed == "(none)" || (step < 5 && removed == Version("removed", 1))) << removed;
    EXPECT_EQ(ReadCopy(store, "given up"), "(none)");
}

void
LiveTheDayBefore(Store& store)
{
    for (const char* href : {"stays", "replaced", "removed", "same"})
    {
        KeepBytes(store, href, Version(href, 1));
    }
}

/// Every instant at which a process can be killed, as far as the disk can tell: before each call
/// that changes it.
TEST_F(Crash, KilledAtEveryCallThatChangesTheDisk)
{
    RecordProperty("requirement", "R-HTTP-2 R-HTTP-4");
    RecordProperty("attack", "L15");
    std::size_t calls = 0;
    for (bool killed = true; killed; ++calls)
    {
        SCOPED_TRACE(calls + 1);
        ASSERT_LT(calls, 1000U);
        fs::remove_all(State());
        LiveTheDayBefore(*Make());
        const Shared<int> step;
        const StoreSettings settings = Settings();
        const int status = InAChild(
            [&]
            {
                system_calls::WatchAndKillAt(calls + 1);
                Store store(settings);
                LiveADay(store, *step);
            });
        killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        ASSERT_TRUE(killed || status == 0) << status;
        EXPECT_EQ(killed, *step < 6 || status != 0);
        const auto store = Make();
        EXPECT_EQ(store->Checked().indexDamage, "");
        for (const DroppedFile& dropped : store->Checked().dropped)
        {
            // No copy is lost of which nobody asked to be rid.
            EXPECT_TRUE(dropped.href.empty() || dropped.href == "removed") << dropped.href;
        }
        ExpectWholeAfter(*store, *step);
        EXPECT_EQ(NamesIn(State() / "copies").size(), store->List().size());
        EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
    }
    EXPECT_GT(calls, 40U);
    RecordProperty("instants", static_cast<int>(calls));
}

/// How a disk refuses: with what, once or from then on, and whether the process dies of it at once
/// or ends in order.
struct Refusal
{
    int error;
    bool toTheEnd;
    bool dies;
};

void
PrintTo(const Refusal& refusal, std::ostream* out)
{
    *out << std::generic_category().message(refusal.error)
         << (refusal.toTheEnd ? ", from then on" : ", once") << (refusal.dies ? ", and dies" : "");
}

class Refused : public Crash, public testing::WithParamInterface<Refusal>
{
};

/// The same calls, each of them refused in its turn.
TEST_P(Refused, AtEveryCallThatChangesTheDisk)
{
    RecordProperty("requirement", "R-HTTP-2");
    bool failed = true;
    for (std::size_t call = 1; failed; ++call)
    {
        SCOPED_TRACE(call);
        ASSERT_LT(call, 1000U);
        fs::remove_all(State());
        LiveTheDayBefore(*Make());
        const Shared<int> step;
        const Shared<std::size_t> calls;
        const StoreSettings settings = Settings();
        const auto live = [&]
        {
            system_calls::WatchAndFailAt(call, GetParam().error, GetParam().toTheEnd);
            std::unique_ptr<Store> store;
            try
            {
                store = std::make_unique<Store>(settings);
                LiveADay(*store, *step);
            }
            catch (const StoreError&)
            {
            }
            catch (const std::system_error&) // of a write to a partial file
            {
            }
            if (GetParam().dies)
            {
                *calls = system_calls::Stop().size();
                ::_exit(0);
            }
            store.reset();
            *calls = system_calls::Stop().size();
        };
        if (GetParam().dies)
        {
            ASSERT_EQ(InAChild(live), 0);
        }
        else
        {
            live();
        }
        failed = *calls >= call;
        const auto store = Make();
        ExpectWholeAfter(*store, *step);
        EXPECT_EQ(NamesIn(State() / "copies").size(), store->List().size());
    }
}

INSTANTIATE_TEST_SUITE_P(FullOnce, Refused, testing::Values(Refusal{ENOSPC, false, false}));
INSTANTIATE_TEST_SUITE_P(FullFromThenOn, Refused, testing::Values(Refusal{ENOSPC, true, false}));
INSTANTIATE_TEST_SUITE_P(BrokenOnce, Refused, testing::Values(Refusal{EIO, false, false}));
INSTANTIATE_TEST_SUITE_P(BrokenOnceAndDies, Refused, testing::Values(Refusal{EIO, false, true}));

/// A store that was refused a change knows what it has: it goes on as the next start would.
TEST_F(Crash, GoesOnAfterWhatWasRefused)
{
    RecordProperty("requirement", "R-HTTP-2");
    bool failed = true;
    for (std::size_t call = 1; failed; ++call)
    {
        SCOPED_TRACE(call);
        ASSERT_LT(call, 1000U);
        fs::remove_all(State());
        auto store = Make();
        LiveTheDayBefore(*store);
        bool replaced = false;
        bool same = false;
        system_calls::WatchAndFailAt(call, ENOSPC, false);
        const auto keep = [&](const char* href, unsigned version)
        {
            try
            {
                KeepBytes(*store, href, Version(href, version));
                return true;
            }
            catch (const std::system_error&)
            {
                return false;
            }
            catch (const StoreError&)
            {
                return false;
            }
        };
        replaced = keep("replaced", 2);
        same = keep("same", 1);
        const auto calls = system_calls::Stop();
        failed = calls.size() >= call;
        // An old file that stays is no failure.
        EXPECT_EQ(failed && calls[call - 1] != "unlink state/copies", !replaced || !same);
        for (std::size_t restart = 0; restart < 2; ++restart)
        {
            EXPECT_EQ(ReadCopy(*store, "replaced"), Version("replaced", replaced ? 2 : 1));
            EXPECT_EQ(ReadCopy(*store, "same"), Version("same", 1));
            // An old file that could not be removed goes at the next start.
            EXPECT_LE(NamesIn(State() / "copies").size(), store->List().size() + 1 - restart);
            store.reset();
            store = Make();
        }
        // And what was refused can be done now.
        EXPECT_TRUE(keep("replaced", 3));
        EXPECT_EQ(ReadCopy(*store, "replaced"), Version("replaced", 3));
    }
}

/// After a power cut there is what was put on the disk, in the order in which it was: nothing may
/// stand on what is not there yet.
TEST_F(Crash, EachStepIsOnTheDiskBeforeTheNext)
{
    RecordProperty("requirement", "R-HTTP-2");
    const auto store = Make();
    KeepBytes(*store, "u", "old");
    const auto partial = store->StartPartial("u");
    const auto names = NamesIn(State() / "partial");
    ASSERT_EQ(names.size(), 1U);
    system_calls::Watch();
    partial->File().WriteAt(0, "new");
    store->Keep(*partial, partial->Seal(3));
    auto calls = system_calls::Stop();
    // The index takes several writes.
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    EXPECT_THAT(calls,
                ElementsAre("write partial/" + names[0],
                            "chmod partial/" + names[0],
                            "fsync partial/" + names[0],
                            "rename state/partial state/copies",
                            "fsync state/copies",
                            "write state/index.sqlite-wal",
                            "fsync state/index.sqlite-wal",
                            "unlink state/copies"));
}

/// A writer that never rests, killed at any instant, many times over the same folder.
TEST_F(CrashOnDisk, KilledAtRandomInstants)
{
    RecordProperty("requirement", "R-HTTP-2 R-HTTP-4");
    constexpr std::size_t kHrefs = 5;
    struct Acts
    {
        std::array<unsigned, kHrefs> begun{};
        std::array<unsigned, kHrefs> done{};
        std::atomic<int> started{0};
    };
    const Shared<Acts> acts;
    const auto hrefOf = [](std::size_t i)
    {
        return "h" + std::to_string(i);
    };
    std::mt19937 random(1); // the instants are the scheduler's anyway
    for (int run = 0; run < 60; ++run)
    {
        const StoreSettings settings = Settings();
        const auto seed = random();
        const int before = acts->started;
        const pid_t child = ::fork();
        if (child == 0)
        {
            Store store(settings);
            ++acts->started;
            std::mt19937 choices(seed);
            for (;;)
            {
                // Even versions are absent.
                const std::size_t i = choices() % kHrefs;
                const unsigned version = acts->begun[i] + 1;
                acts->begun[i] = version;
                if (version % 2 == 1)
                {
                    KeepBytes(store, hrefOf(i), Version(hrefOf(i), version));
                    if (choices() % 2 == 0)
                    {
                        acts->done[i] = version;
                        acts->begun[i] = version + 2;
                        KeepBytes(store, hrefOf(i), Version(hrefOf(i), version + 2));
                    }
                }
                else
                {
                    store.Remove(hrefOf(i));
                }
                acts->done[i] = acts->begun[i];
            }
        }
        // One in four may be killed in its start.
        while (run % 4 != 0 && acts->started == before)
        {
            ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << "it did not start";
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << status;

        const auto store = Make();
        EXPECT_EQ(store->Checked().indexDamage, "");
        for (std::size_t i = 0; i < kHrefs; ++i)
        {
            const auto expected = [&](unsigned version)
            {
                return version % 2 == 1 ? Version(hrefOf(i), version) : "(none)";
            };
            const std::string found = ReadCopy(*store, hrefOf(i));
            EXPECT_TRUE(found == expected(acts->begun[i]) || found == expected(acts->done[i]))
                << "run " << run << ": " << found.substr(0, 20) << ", begun " << acts->begun[i]
                << ", done " << acts->done[i];
            // From here on, that is so.
            const unsigned is = found == expected(acts->begun[i]) ? acts->begun[i] : acts->done[i];
            acts->begun[i] = is;
            acts->done[i] = is;
        }
        EXPECT_EQ(NamesIn(State() / "copies").size(), store->List().size());
        EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
    }
    EXPECT_GT(acts->done[0], 0U) << "no child got anywhere";
}

} // namespace
} // namespace lanpeer::reference
