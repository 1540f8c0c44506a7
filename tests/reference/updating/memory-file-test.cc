#include "reference/updating/memory-file.h"
#include "reference/updating/signed-packages.h"
#include "updated-node.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// What a node remembers of updates, and what becomes of it when its file is damaged.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::HasSubstr;

/// A node that has had two catalogs, the second with a list that revokes somebody.
class MemoryOnDisk : public UpdatedNode
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-8");
        RecordProperty("attack", "T8 T9");
        Release(1, "200101131511", "the first");
        Start();
        ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
        CatalogOrder order;
        order.version = order.listNumber = 2;
        order.revoked = {"00AB"};
        order.entries = {PackageOf(Base(), "engine", "200102131511", "the second").entry};
        Put(PackageOf(Base(), "engine", "200102131511", "the second"));
        Put("myupdate.cab", CatalogOf(order));
        ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
        End();
    }

    static void Damage(const fs::path& file)
    {
        fs::resize_file(file, fs::file_size(file) / 2);
    }

    void ExpectAllIsRemembered() const
    {
        const ReadMemory read = ReadMemoryFile(m_file);
        ASSERT_TRUE(read.memory.held && read.memory.revoked);
        EXPECT_EQ(read.memory.held->catalog.version, 2U);
        EXPECT_EQ(read.memory.revoked->number, 2U);
        EXPECT_EQ(read.memory.revoked->revoked.size(), 1U);
    }

    const fs::path m_file = m_top / "state" / "updates.json";
    const fs::path m_before = m_top / "state" / "updates.json.before";
};

TEST_F(MemoryOnDisk, TheOneBeforeCountsWhenTheFileIsDamaged)
{
    Damage(m_file);
    ExpectAllIsRemembered();
    Start();
    EXPECT_THAT(Remarks(), HasSubstr("damaged, what was remembered before that counts: "));
    EXPECT_EQ(m_updater->Status().updates.version, 2U);
    EXPECT_EQ(m_updater->BelievedNow().revoked->number, 2U);
    EXPECT_TRUE(fs::exists(m_file.string() + ".damaged"));
    EXPECT_EQ(ReadMemoryFile(m_file).damage, "") << "it was not mended";
    // Yesterday's catalog is yesterday's.
    Release(1, "200101131511", "the first");
    EXPECT_EQ(Check().reason, UpdateReason::OldRevocationList);
    EXPECT_EQ(Installed("engine"), "the second");
}

TEST_F(MemoryOnDisk, TheOneBeforeCountsWhenTheFileIsMissing)
{
    fs::remove(m_file);
    ExpectAllIsRemembered();
    Start();
    EXPECT_THAT(Remarks(), HasSubstr("it is missing"));
    EXPECT_EQ(m_updater->Status().updates.version, 2U);
}

TEST_F(MemoryOnDisk, WithoutEitherItBeginsAnewAndSaysSo)
{
    Damage(m_file);
    Damage(m_before);
    Start();
    EXPECT_THAT(Remarks(), HasSubstr("damaged, and begins anew: "));
    // What is installed is known from the disk: it does not go back.
    Release(1, "200101131511", "the first");
    Check();
    EXPECT_EQ(Installed("engine"), "the second");
}

TEST_F(MemoryOnDisk, ALaterVersionsIsNeitherReadNorTouched)
{
    std::ofstream(m_file) << R"({"format": 2, "held": "as they have it then"})";
    try
    {
        Start();
        ADD_FAILURE() << "it starts";
    }
    catch (const UpdaterError& error)
    {
        EXPECT_THAT(error.what(), HasSubstr("updates.json: is of format 2, a later version's"));
    }
    std::ifstream in(m_file);
    EXPECT_THAT(std::string(std::istreambuf_iterator<char>(in), {}), HasSubstr("as they have it"));
}

TEST_F(MemoryOnDisk, WhoOnlyReadsMendsNothing)
{
    Damage(m_file);
    Start();
    m_updater.reset();
    fs::remove(m_file.string() + ".damaged");
    Damage(m_file);
    UpdateSettings settings = UpdateSettingsIn(m_top, Base());
    const SignedPackages reader(*m_io, *m_service, settings, nullptr);
    EXPECT_FALSE(fs::exists(m_file.string() + ".damaged"));
    EXPECT_NE(ReadMemoryFile(m_file).damage, "");
}

} // namespace
} // namespace lanpeer::reference
