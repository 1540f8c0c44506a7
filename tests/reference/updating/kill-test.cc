#include "reference/files/digest.h"
#include "reference/updating/memory-file.h"
#include "tests/reference/installation/install-scene.h"
#include "tests/reference/store/child.h"
#include "tests/reference/store/system-calls.h"
#include "updated-node.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <map>
#include <sys/wait.h>

// A whole update, from the start of the service to its end, killed at every instant that the disk
// can tell from the next.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;

using Files = std::map<std::string, std::string>;

const std::string kSet = "scanner";

/// What a release is made of: of three products two are new in the second.
struct Part
{
    std::string product;
    std::string version;
    std::string content;
};

const std::vector<Part> kFirst{{"engine", "200101131511", "the first engine"},
                               {"help", "200101131512", "the help"},
                               {"names", "200101131513", "the first names"}};
const std::vector<Part> kSecond{{"engine", "200102131511", "the second engine"},
                                kFirst[1],
                                {"names", "200102131513", "the second names"}};

/// A computer that has the first release, and the second one published.
///
/// On a disk of memory, where there is one: to a process that is killed all disks are alike.
class UpdateKilled : public UpdatedNode
{
  protected:
    UpdateKilled()
        : UpdatedNode(fs::is_directory("/dev/shm") ? "/dev/shm/" : testing::TempDir())
    {
        ListenForPeers();
    }

    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-5 R-UPD-8 R-HTTP-2");
        RecordProperty("attack", "T7 T8 U2");
        Publish(1, kFirst);
        Start();
        ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
        End();
        m_old = FilesUnder(Current());
        m_before = Memory();
        fs::create_directory(m_top / "before");
        for (const char* folder : {"state", "installed"})
        {
            fs::copy(m_top / folder, m_top / "before" / folder, kAsItIs);
        }
        m_nowS += 1000;
        Publish(2, kSecond);
    }

    void GoBack() const
    {
        for (const char* folder : {"state", "installed"})
        {
            fs::remove_all(m_top / folder);
            fs::copy(m_top / "before" / folder, m_top / folder, kAsItIs);
        }
    }

    /// What is to be killed.
    void UpdateOnceOrExit()
    {
        Start();
        if (Check().outcome != CheckOutcome::Installed)
        {
            ::_exit(1);
        }
        End();
    }

    /// What a whole update changes on the disk, call by call.
    std::size_t CallsOfAnUpdate()
    {
        const Shared<std::size_t> calls;
        EXPECT_EQ(InAChild(
                      [&]
                      {
                          system_calls::Watch();
                          UpdateOnceOrExit();
                          *calls = system_calls::Stop().size();
                      }),
                  0);
        m_new = FilesUnder(Current());
        return *calls;
    }

    /// \returns what the memory's file says; fails if it is damaged
    UpdateMemory Memory() const
    {
        ReadMemory read = ReadMemoryFile(m_top / "state" / "updates.json");
        EXPECT_EQ(read.damage, "");
        EXPECT_TRUE(read.memory.held && read.memory.revoked);
        return read.memory;
    }

    fs::path Current() const
    {
        return m_top / "installed" / kSet / "current";
    }

    /// \returns whether the second release is there; fails for all but the first and the second
    bool ExpectOldOrNew() const
    {
        const Files there = FilesUnder(Current());
        EXPECT_TRUE(there == m_old || there == m_new) << testing::PrintToString(there);
        return there == m_new;
    }

    /// What a later memory has forgotten of an earlier one.
    static void ExpectNotForgotten(const UpdateMemory& earlier, const UpdateMemory& later)
    {
        EXPECT_GE(later.held->catalog.version, earlier.held->catalog.version);
        EXPECT_GE(later.revoked->number, earlier.revoked->number);
        EXPECT_GE(later.highestSeenS, earlier.highestSeenS);
        EXPECT_GE(later.lastFreshS, earlier.lastFreshS);
        for (const InstalledProduct& product : earlier.highest)
        {
            EXPECT_TRUE(std::any_of(later.highest.begin(),
                                    later.highest.end(),
                                    [&product](const InstalledProduct& its) {
                                        return its.product == product.product &&
                                               its.version >= product.version;
                                    }))
                << product.product;
        }
    }

    /// The node starts again with what is left: it has the memory that was left to it, and ends
    /// with the second release and nothing besides.
    void ExpectItCompletes(const UpdateMemory& left, bool isNew)
    {
        Start();
        EXPECT_EQ(m_updater->Status().updates.version, left.held->catalog.version);
        EXPECT_EQ(Check().outcome, isNew ? CheckOutcome::UpToDate : CheckOutcome::Installed);
        EXPECT_EQ(Remarks(), "");
        for (const CopyInfo& copy : m_service->List())
        {
            EXPECT_EQ(ToHex(copy.digest), m_published[copy.href]) << copy.href;
        }
        End();
        EXPECT_EQ(FilesUnder(Current()), m_new);
        EXPECT_THAT(NamesIn(m_top / "installed" / kSet), ElementsAre("current", "releases"));
        EXPECT_THAT(NamesIn(m_top / "installed" / kSet / "releases"), ElementsAre("1-1", "1-2"));
        const UpdateMemory after = Memory();
        ExpectNotForgotten(left, after);
        EXPECT_EQ(after.held->catalog.version, 2U);
        EXPECT_EQ(after.revoked->number, 2U);
    }

    Files m_old;
    Files m_new;
    UpdateMemory m_before;

  private:
    static constexpr fs::copy_options kAsItIs =
        fs::copy_options::recursive | fs::copy_options::copy_symlinks;

    void Publish(std::uint64_t number, const std::vector<Part>& parts)
    {
        CatalogOrder order;
        order.version = order.listNumber = number;
        for (const Part& part : parts)
        {
            MadePackage package = PackageOf(Base(), part.product, part.version, part.content);
            package.entry.set = kSet;
            order.entries.push_back(package.entry);
            m_published[package.entry.url] = package.entry.sha256;
            Put(package);
        }
        Put("myupdate.cab", CatalogOf(order));
    }

    static std::vector<std::string> NamesIn(const fs::path& folder)
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder))
        {
            names.push_back(entry.path().filename());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    std::map<std::string, std::string> m_published; ///< SHA-256 of packages, by URL
};

TEST_F(UpdateKilled, AtEveryCallThatChangesTheDisk)
{
    const std::size_t calls = CallsOfAnUpdate();
    ASSERT_NE(m_new, m_old);
    std::size_t old = 0;
    bool killed = true;
    // Threads may take turns otherwise: an update may have some calls more than the one counted.
    for (std::size_t call = 1; killed || call <= calls; ++call)
    {
        SCOPED_TRACE(call);
        ASSERT_LT(call, 2000U);
        GoBack();
        const int status = InAChild(
            [&]
            {
                system_calls::WatchAndKillAt(call);
                UpdateOnceOrExit();
            });
        killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        ASSERT_TRUE(killed || status == 0) << status;
        const bool isNew = ExpectOldOrNew();
        old += isNew ? 0 : 1;
        const UpdateMemory left = Memory();
        if (HasFailure())
        {
            break; // the others say the same
        }
        ExpectNotForgotten(m_before, left);
        // Nothing is installed of which a restart would not know that it was published.
        EXPECT_TRUE(!isNew || (left.held->catalog.version == 2 && left.revoked->number == 2));
        ExpectItCompletes(left, isNew);
    }
    EXPECT_GT(old, 30U);
    EXPECT_GT(calls, old);
    RecordProperty("instants", static_cast<int>(calls));
}

} // namespace
} // namespace lanpeer::reference
