#include "updated-node.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

// The update service on real packages, without attackers.

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

class UpdaterLife : public UpdatedNode
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-1 R-UPD-2 R-UPD-5");
    }

    /// A catalog of one set of two, an engine and its names, neither of which is there yet.
    std::pair<MadePackage, MadePackage> ListAScanner()
    {
        MadePackage engine = PackageOf(Base(), "engine", "200101131511", "an engine");
        MadePackage names = PackageOf(Base(), "names", "0101131512", "names");
        engine.entry.set = names.entry.set = "scanner";
        CatalogOrder order;
        order.entries = {engine.entry, names.entry};
        Put("myupdate.cab", CatalogOf(order));
        return {std::move(engine), std::move(names)};
    }
};

TEST_F(UpdaterLife, InstallsWhatIsNewerAndThenTheNext)
{
    Release(1, "200101131511", "the first");
    Start();
    EXPECT_EQ(Check(false).outcome, CheckOutcome::Newer);
    EXPECT_EQ(Installed("engine"), "(none)");
    EXPECT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_EQ(Installed("engine"), "the first");
    EXPECT_EQ(Check().outcome, CheckOutcome::UpToDate);

    Release(2, "200102131511", "the second");
    EXPECT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_EQ(Installed("engine"), "the second");
    EXPECT_EQ(Remarks(), "");
    const UpdaterStatus status = m_updater->Status();
    ASSERT_EQ(status.updates.products.size(), 1U);
    EXPECT_EQ(status.updates.products[0].installed, "200102131511");
    EXPECT_EQ(status.updates.products[0].available, "200102131511");
    EXPECT_EQ(status.updates.version, 2U);
    ASSERT_TRUE(status.nextCheckS);
    EXPECT_GT(*status.nextCheckS, m_nowS);
}

TEST_F(UpdaterLife, KnowsAfterARestartWhatItKnewBefore)
{
    RecordProperty("requirement", "R-UPD-8 R-UPD-9");
    Release(1, "200101131511", "the first");
    Start();
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    const UpdateStatus before = m_updater->Status().updates;
    Start();
    EXPECT_EQ(m_updater->Status().updates, before);
    EXPECT_EQ(Check().outcome, CheckOutcome::UpToDate);
}

TEST_F(UpdaterLife, EachResourceOfASetIsFetchedAndAllGoInTogether)
{
    const auto [engine, names] = ListAScanner();
    Put(engine);
    Put(names);
    Start();
    EXPECT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_EQ(Installed("engine", "scanner"), "an engine");
    EXPECT_EQ(Installed("names", "scanner"), "names");
}

/// Files below a folder that this process has open.
std::size_t
OpenBelow(const std::filesystem::path& folder)
{
    std::size_t open = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    {
        std::error_code closed; // the iterator's own
        const std::string to = std::filesystem::read_symlink(entry, closed).string();
        open += to.rfind(folder.string(), 0) == 0 ? 1 : 0;
    }
    return open;
}

TEST_F(UpdaterLife, U2BodiesOfASetThatFailedAreNotKeptOpen)
{
    RecordProperty("attack", "U2");
    Put(ListAScanner().first); // its names are withheld
    ListenForPeers();
    Start();
    const std::size_t before = OpenBelow(m_top);
    EXPECT_EQ(Check().outcome, CheckOutcome::Failed);
    EXPECT_TRUE(Offered("engine.200101131511.cab")) << "it was fetched";
    EXPECT_TRUE(RunUntil([&] { return OpenBelow(m_top) == before; }))
        << OpenBelow(m_top) << " instead of " << before;
}

TEST_F(UpdaterLife, PeersAreOfferedTheCatalogThatWasAcceptedLast)
{
    RecordProperty("requirement", "R-UPD-2 R-UPD-8");
    ListenForPeers();
    m_catalogFromPeers = true;
    Start();
    for (std::uint64_t number = 1; number <= 3; ++number)
    {
        const MadePackage package = Release(number, fmt::format("20010{}131511", number), "new");
        ASSERT_EQ(Check().outcome, CheckOutcome::Installed) << Remarks();
        CatalogOrder order;
        order.version = number;
        order.entries = {package.entry};
        const Digest digest = DigestOf(CatalogOf(order));
        EXPECT_TRUE(RunUntil([&] { return Offered("myupdate.cab") == digest; }))
            << "of release " << number;
    }
    EXPECT_EQ(Remarks(), "");
}

TEST_F(UpdaterLife, PeersAreOfferedNoCatalogUnlessTheyMayServeIt)
{
    RecordProperty("requirement", "R-UPD-2");
    ListenForPeers();
    Start();
    const MadePackage package = Release(1, "200101131511", "new");
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_FALSE(Offered("myupdate.cab"));
    EXPECT_TRUE(Offered("engine.200101131511.cab"));
}

TEST_F(UpdaterLife, WhatKeepsItFromStartingIsOneLine)
{
    m_io = std::make_unique<boost::asio::io_context>(1);
    m_service = std::make_unique<PeeringService>(*m_io, ServiceSettingsIn(m_top));
    const auto errorOf = [this](const UpdateSettings& settings) -> std::string
    {
        try
        {
            const Updater updater(*m_io, *m_service, settings);
            return "";
        }
        catch (const UpdaterError& error)
        {
            return error.what();
        }
    };
    UpdateSettings settings = UpdateSettingsIn(m_top, Base());
    settings.rootFile = m_top / "none.pem";
    EXPECT_THAT(errorOf(settings), HasSubstr("none.pem: No such file"));
    std::ofstream(m_top / "none.pem") << "no certificate";
    EXPECT_THAT(errorOf(settings), HasSubstr("none.pem: "));
}

TEST_F(UpdaterLife, WhatADiskDoesNotTakeEndsTheCheckInPlainWords)
{
    RecordProperty("requirement", "R-UPD-8");
    Release(1, "200101131511", "the first");
    Start();
    const std::filesystem::path inTheWay = m_top / "state" / "updates.json.new";
    std::filesystem::create_directory(inTheWay);
    for (int time = 0; time < 2; ++time)
    {
        std::optional<CheckEnding> ended;
        m_updater->Check(true, [&ended](const CheckEnding& ending) { ended = ending; });
        ASSERT_TRUE(RunUntil([&ended] { return ended.has_value(); }));
        EXPECT_FALSE(ended->report);
        EXPECT_THAT(ended->why, HasSubstr("updates.json.new: Is a directory"));
    }
    // Told once, and nothing that was to follow has been done.
    EXPECT_THAT(Remarks(), testing::EndsWith("updates.json.new: Is a directory\n"));
    EXPECT_EQ(Remarks().find('\n'), Remarks().size() - 1);
    EXPECT_EQ(Installed("engine"), "(none)");
    std::filesystem::remove(inTheWay);
    EXPECT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_EQ(Installed("engine"), "the first");
}

} // namespace
} // namespace lanpeer::reference
