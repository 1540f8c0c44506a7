#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;

using DiskFull = StoreFolder;

/// The limit of a file's size stands in for a disk's, where nothing can be mounted.
TEST_F(DiskFull, AFileThatMayNotGrowIsGivenUp)
{
    const auto store = Make();
    KeepBytes(*store, "u", "abc");
    struct rlimit before = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 64 * 1024;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    auto partial = store->StartPartial("v");
    EXPECT_THROW(partial->File().WriteAt(0, std::string(100'000, 'x')), std::system_error);
    EXPECT_THROW(partial->Seal(100'000), StoreError);
    partial.reset();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ::signal(SIGXFSZ, handler);
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
    EXPECT_EQ(ReadCopy(*store, "u"), "abc");
    KeepBytes(*store, "v", std::string(100'000, 'x'));
    EXPECT_EQ(ReadCopy(*store, "v"), std::string(100'000, 'x'));
}

/// In a child, on a disk of 1 MB that is the child's alone.
void
FillADisk(StoreSettings settings)
{
    const std::string big(200'000, 'b');
    {
        Store store(settings);
        EXPECT_TRUE(store.HasRoomFor(0));
        KeepBytes(store, "small", "abc");
        KeepBytes(store, "big", big);
        // One too large.
        {
            const auto partial = store.StartPartial("huge");
            try
            {
                partial->File().WriteAt(0, std::string(2'000'000, 'h'));
                ADD_FAILURE() << "2 MB on a disk of 1 MB";
            }
            catch (const std::system_error& error)
            {
                EXPECT_EQ(error.code(), std::errc::no_space_on_device);
            }
            // Others' bytes take the rest, to the last one, while it holds on to its own.
            EXPECT_EQ(ReadCopy(store, "big"), big);
        }
        const FileDescriptor filler(
            ::open((settings.folder + "/../filler").c_str(), O_RDWR | O_CREAT, 0600));
        try
        {
            for (std::uint64_t at = 0;; at += 512)
            {
                filler.WriteAt(at, std::string(512, 'f'));
            }
        }
        catch (const std::system_error&)
        {
        }
        EXPECT_FALSE(store.HasRoomFor(1));
        EXPECT_THAT(store.Evict(0), ElementsAre("small", "big")) << "to leave 50 kB free";
        // Nothing new finds room, what is there is served.
        for (int i = 0; i < 3; ++i)
        {
            try
            {
                KeepBytes(store, "big", "new");
                ADD_FAILURE() << "room on a full disk";
            }
            catch (const StoreError&)
            {
            }
            catch (const std::system_error&)
            {
            }
            EXPECT_EQ(ReadCopy(store, "big"), big);
            EXPECT_EQ(ReadCopy(store, "small"), "abc");
        }
    }
    // A start on a full disk.
    Store store(settings);
    EXPECT_THAT(store.Checked().dropped, IsEmpty());
    EXPECT_EQ(ReadCopy(store, "big"), big);
    // The way out: what is evicted makes room, for its own row to go too.
    store.Remove("big");
    EXPECT_TRUE(store.HasRoomFor(0));
    KeepBytes(store, "other", std::string(100'000, 'o'));
    EXPECT_THAT(HrefsOf(store.List()), ElementsAre("other", "small"));
}

TEST_F(DiskFull, CopiesAreServedAndOldOnesMakeRoom)
{
    RecordProperty("requirement", "R-HTTP-2 R-HTTP-4");
    constexpr int kCannotMount = 77;
    StoreSettings settings = Settings();
    settings.freeDiskBytes = nullptr;
    settings.limits.freeDiskBytes = 50'000;
    const pid_t child = ::fork();
    if (child == 0)
    {
        // The mount is seen by no one else, and goes with the child.
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", m_top.c_str(), "tmpfs", 0, "size=1m,mode=700") != 0)
        {
            ::_exit(kCannotMount);
        }
        try
        {
            FillADisk(settings);
        }
        catch (const std::exception& error)
        {
            ADD_FAILURE() << error.what();
        }
        ::_exit(HasFailure() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotMount)
    {
        GTEST_SKIP() << "a disk of 1 MB: only root may mount one";
    }
    EXPECT_EQ(status, 0);
}

} // namespace
} // namespace lanpeer::reference
