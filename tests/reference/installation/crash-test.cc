#include "install-scene.h"

#include "tests/reference/store/child.h"
#include "tests/reference/store/system-calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <functional>
#include <sys/wait.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const Wanted kFirst{"3-15", {{"engine", 1}, {"patterns", 1}}, {}};
const Wanted kBefore{"3-16", {{"engine", 1}, {"patterns", 2}}, {"engine"}};
const Wanted kAfter{"3-17", {{"engine", 1}, {"help", 1}, {"patterns", 3}}, {"engine"}};

using Files = std::map<std::string, std::string>;

/// The first installation of a set has nothing before it: the second case.
class InstallCrash : public InstallScene, public testing::WithParamInterface<bool>
{
  protected:
    void LiveTheDaysBefore()
    {
        fs::remove_all(Root());
        FilesOf(Asked().numbers); // made now, not in each child
        const InstallFolder folder(Root());
        if (GetParam())
        {
            reference::Install(folder, kFirst);
            reference::Install(folder, kBefore);
        }
    }

    Wanted Asked() const
    {
        return GetParam() ? kAfter : kFirst;
    }

    Files Old() const
    {
        return GetParam() ? FilesOf(kBefore.numbers) : Files{};
    }

    /// \returns whether the new release is current; fails for all but the old and the new
    bool ExpectOldOrNew() const
    {
        const Files there = FilesUnder(Current());
        const bool isNew = there == FilesOf(Asked().numbers);
        EXPECT_TRUE(isNew || there == Old());
        const Installation installed = InstallFolder(Root()).Installed();
        EXPECT_THAT(installed.damaged, IsEmpty());
        const std::size_t before = GetParam() ? kBefore.numbers.size() : 0;
        EXPECT_EQ(installed.products.size(), isNew ? Asked().numbers.size() : before);
        return isNew;
    }

    /// The same again is done, and nothing is left of what was before but the release before.
    void ExpectItCompletes() const
    {
        const InstallFolder folder(Root());
        EXPECT_EQ(reference::Install(folder, Asked()).leftover, "");
        EXPECT_EQ(FilesUnder(Current()), FilesOf(Asked().numbers));
        EXPECT_THAT(NamesIn(Root() / "base"), ElementsAre("current", "releases"));
        const auto releases = NamesIn(Root() / "base" / "releases");
        if (GetParam())
        {
            EXPECT_THAT(releases, ElementsAre("3-16", "3-17"));
            EXPECT_EQ(FilesUnder(Root() / "base" / "releases" / "3-16"), Old());
        }
        else
        {
            EXPECT_THAT(releases, ElementsAre("3-15"));
        }
    }
};

TEST_P(InstallCrash, KilledAtEveryCallThatChangesTheDisk)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T7 U2");
    std::size_t calls = 0;
    std::size_t old = 0;
    for (bool killed = true; killed; ++calls)
    {
        SCOPED_TRACE(calls + 1);
        ASSERT_LT(calls, 1000U);
        LiveTheDaysBefore();
        const int status = InAChild(
            [&]
            {
                system_calls::WatchAndKillAt(calls + 1);
                reference::Install(InstallFolder(Root()), Asked());
            });
        killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        ASSERT_TRUE(killed || status == 0) << status;
        old += ExpectOldOrNew() ? 0 : 1;
        ExpectItCompletes();
    }
    EXPECT_GT(old, 30U);
    EXPECT_GT(calls, old);
    RecordProperty("instants", static_cast<int>(calls));
}

void
ExpectRefusedInTurn(const std::function<void(int error, bool toTheEnd)>& tryIt)
{
    for (const int error : {ENOSPC, EIO})
    {
        for (const bool toTheEnd : {false, true})
        {
            SCOPED_TRACE(testing::Message() << error << (toTheEnd ? " from then on" : " once"));
            tryIt(error, toTheEnd);
        }
    }
}

TEST_P(InstallCrash, RefusedAtEveryCallThatChangesTheDisk)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T7 U2");
    ExpectRefusedInTurn(
        [this](int error, bool toTheEnd)
        {
            bool refused = true;
            for (std::size_t call = 1; refused; ++call)
            {
                SCOPED_TRACE(call);
                ASSERT_LT(call, 1000U);
                LiveTheDaysBefore();
                const InstallFolder folder(Root());
                system_calls::WatchAndFailAt(call, error, toTheEnd);
                const std::string message = ErrorOf(folder, Asked());
                refused = system_calls::Stop().size() >= call;
                const bool isNew = ExpectOldOrNew();
                if (!message.empty())
                {
                    EXPECT_THAT(message, StartsWith("set base: not installed: "));
                    EXPECT_THAT(message, HasSubstr(std::generic_category().message(error)));
                    EXPECT_EQ(message.find('\n'), std::string::npos);
                }
                // Told to be installed: it is. A disk that is broken for good may keep the switch.
                EXPECT_TRUE(isNew == message.empty() || (isNew && toTheEnd)) << message;
                ExpectItCompletes();
            }
        });
}

INSTANTIATE_TEST_SUITE_P(First, InstallCrash, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Later, InstallCrash, testing::Values(true));

using InstallOrder = InstallScene;

/// After a power cut there is what was put on the disk, in the order in which it was: nothing may
/// stand on what is not there yet.
TEST_F(InstallOrder, EachStepIsOnTheDiskBeforeTheNext)
{
    RecordProperty("requirement", "R-UPD-5");
    const InstallFolder folder(Root());
    reference::Install(folder, kFirst);
    system_calls::Watch();
    reference::Install(folder, kBefore);
    const auto calls = system_calls::Stop();
    const auto at = [&calls](const std::string& call)
    {
        return std::find(calls.begin(), calls.end(), call);
    };
    const auto manifest = at("create base/.new");
    ASSERT_NE(manifest, calls.end());
    // Every file and folder before that has been synced after its last change.
    std::map<std::string, bool> dirty;
    for (auto call = calls.begin(); call != manifest; ++call)
    {
        const std::size_t blank = call->find(' ');
        const std::string what = call->substr(0, blank);
        const std::string name = call->substr(call->rfind(' ') + 1);
        if (what == "fsync")
        {
            dirty[name] = false;
        }
        else if (what == "write" || what == "create" || what == "link")
        {
            dirty[name] = true;
        }
    }
    EXPECT_GT(dirty.size(), 8U);
    for (const auto& [name, is] : dirty)
    {
        EXPECT_FALSE(is) << name;
    }
    EXPECT_THAT(std::vector<std::string>(manifest, calls.end()),
                ElementsAre("create base/.new",
                            "write .new/manifest.json",
                            "chmod .new/manifest.json",
                            "fsync .new/manifest.json",
                            "fsync base/.new",
                            "mkdir products/base",
                            "chmod base/releases",
                            "rename products/base base/releases",
                            "fsync base/releases",
                            "fsync products/base",
                            "unlink products/base",
                            "symlink products/base",
                            "rename products/base products/base",
                            "fsync products/base",
                            "unlink products/base",
                            "unlink products/base"));
}

} // namespace
} // namespace lanpeer::reference
