#include "updated-office.h"

#include "model/protocol/update/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// The update service from end to end: a publisher's folder on an origin, an office of daemons.

namespace lanpeer::reference
{
namespace
{

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kDaemons = 6;
constexpr auto npos = std::string::npos;

const std::vector<std::string> kProducts{"engine", "extra", "names"};

using Updates = UpdatedOfficeTest;

TEST_F(Updates, TwoReleasesReachEverybodyForOneInternetCopyEach)
{
    RecordProperty("requirement", "R-UPD-1 R-UPD-2 R-UPD-4 R-UPD-5 R-UPD-7 R-UPD-8 R-CLI-11");
    OpenUpdated({kDaemons, 8000}, kDaemons);
    for (int number = 1; number <= 2; ++number)
    {
        const Release release = MakeRelease(number, kProducts);
        PutPackages(release);
        PutCatalog(release);
        std::vector<StartedCheck> checks;
        for (int node = 1; node <= kDaemons; ++node)
        {
            checks.push_back(BeginCheck(node));
            // Each later than the longest pause of the one before (R-CLI-8), so that chance has no
            // part in who retrieves.
            std::this_thread::sleep_for(std::chrono::milliseconds(kDelayMs + 200));
        }
        for (StartedCheck& check : checks)
        {
            check.ExpectInstalled();
        }
        for (int node = 1; node <= kDaemons; ++node)
        {
            ExpectInstalled(node, release);
        }
        ExpectCopiesOf(release.packages.at("engine"), 1);
        ExpectCopiesOf(release.packages.at("names"), 1);
        ExpectCopiesOf(release.packages.at("extra"), 0);
        // The catalog is everybody's own to fetch [0054].
        const auto asked = static_cast<std::size_t>(kDaemons * number);
        EXPECT_EQ(SentByOrigin("myupdate.cab", asked).size(), asked);
    }
    for (int node = 1; node <= kDaemons; ++node)
    {
        EXPECT_THAT(ComplaintsOf(node), IsEmpty()) << "node " << node;
    }
    const CommandResult again = m_office->Lanpeer(kDaemons, {"update", "--now"});
    EXPECT_EQ(again.exitCode, 0) << again.output;
    EXPECT_THAT(again.output, HasSubstr("engine: installed 200102131511, available 200102131511"));
    EXPECT_THAT(again.output, HasSubstr(", up-to-date"));
}

TEST_F(Updates, PeersThatMayServeTheCatalogServeTheNewest)
{
    RecordProperty("requirement", "R-UPD-2 R-UPD-8");
    const std::vector<std::string> flags{"--set", "update.catalog_from_peers=true"};
    OpenUpdated({2, 8000}, 0);
    StartUpdated(1, flags);
    for (int number = 1; number <= 2; ++number)
    {
        const Release release = MakeRelease(number, kProducts);
        PutPackages(release);
        PutCatalog(release);
        UpdateAll({1});
    }
    const std::string newest = Sha256Of(CatalogBytes(MakeRelease(2, kProducts)));
    EXPECT_TRUE(Await(
        [&] {
            return m_office->Lanpeer(1, {"list", "--json"}).output.find(newest) != npos;
        }));
    // Who comes new to the office has all of it from there.
    StartUpdated(2, flags);
    UpdateAll({2});
    ExpectInstalled(2, MakeRelease(2, kProducts));
    EXPECT_EQ(SentByOrigin("myupdate.cab", 2).size(), 2U);
    EXPECT_THAT(ComplaintsOf(2), IsEmpty());
}

/// The patent's own case [0065], [0066]: who names an old file anew.
TEST_F(Updates, LiarsThatAnswerAtOnceAreRefusedByNameAndEverybodyFinishes)
{
    RecordProperty("attack", "T1 T6 T8 L1 L14 L20");
    RecordProperty("requirement", "R-UPD-2 R-UPD-4 R-UPD-5 R-CLI-8 R-HTTP-2");
    OpenUpdated({kDaemons + 2, 8000}, kDaemons);
    const Release first = MakeRelease(1, kProducts);
    PutPackages(first);
    PutCatalog(first);
    UpdateAll({1, 2, 3, 4, 5, 6});

    const Release second = MakeRelease(2, kProducts);
    PutPackages(second);
    PutCatalog(second);
    const MadePackage& right = second.packages.at("engine");
    std::string altered = right.bytes;
    altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
    const std::string& old = first.packages.at("engine").bytes;
    ASSERT_LT(old.size(), right.bytes.size());
    const auto serving = [&](int node, const std::string& body)
    {
        return std::make_unique<FakePeer>(*m_office,
                                          node,
                                          "",
                                          AboutOnly(right, FakePeer::Having(node, body.size())),
                                          FakePeer::Saying(HttpAnswer(body)));
    };
    const auto forger = serving(kDaemons + 1, altered);
    const auto renamer = serving(kDaemons + 2, old);

    // Nobody else has it yet: it meets both.
    UpdateAll({1});
    const std::string altering = "engine: refused: arbitrary software: the file was altered";
    const std::string renaming = "engine: refused: renamed: the file was signed under another name";
    EXPECT_THAT(ComplaintsOf(1), Contains(HasSubstr(altering)));
    EXPECT_THAT(ComplaintsOf(1), Contains(HasSubstr(renaming)));
    EXPECT_THAT(m_office->Lanpeer(1, {"update"}).output, HasSubstr(renaming));
    EXPECT_EQ(forger->Served(), 1);
    EXPECT_EQ(renamer->Served(), 1);
    Caller caller = m_office->Connect(1);
    EXPECT_GE(ReasonOf(caller, "answer-of-refused-peer"), 2U); // they go on, and nobody listens

    UpdateAll({2, 3, 4, 5, 6});
    std::uint64_t refused = 0;
    std::size_t complaints = 0;
    for (int node = 1; node <= kDaemons; ++node)
    {
        ExpectInstalled(node, second);
        // And nothing between the two.
        EXPECT_EQ(Logged(node, "updates: scanner: installed").size(), 2U) << "node " << node;
        Caller there = m_office->Connect(node);
        refused += ReasonOf(there, "refused-from-peer");
        complaints += ComplaintsOf(node).size();
    }
    // Each of them costs each node one fetch (R-CLI-8); all that they served was refused, by name.
    EXPECT_LE(forger->Served(), kDaemons);
    EXPECT_LE(renamer->Served(), kDaemons);
    const auto served = static_cast<std::uint64_t>(forger->Served() + renamer->Served());
    EXPECT_EQ(refused, served);
    EXPECT_EQ(complaints, served);
    ExpectCopiesOf(right, 1);
    ExpectCopiesOf(second.packages.at("names"), 1);
}

} // namespace
} // namespace lanpeer::reference
