#include "updated-office.h"

#include "model/protocol/update/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// ATTACKS.md against updates of real daemons: what peers, the LAN and the gateway can do to them.

namespace lanpeer::reference
{
namespace
{

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kProducts{"engine", "names"};

using UpdateAttack = UpdatedOfficeTest;

TEST_F(UpdateAttack, T6HoldersThatAreAlwaysBadCostTheirRequestsAndNoMore)
{
    RecordProperty("attack", "T6 L1 L7");
    RecordProperty("requirement", "R-UPD-2 R-UPD-5 R-CLI-8");
    OpenUpdated({5, 8000}, 2);
    const Release release = MakeRelease(1, kProducts);
    PutPackages(release);
    PutCatalog(release);
    const MadePackage& engine = release.packages.at("engine");
    const std::size_t size = engine.bytes.size();
    std::atomic<int> needs{0};
    const auto having = [&](int node)
    {
        return AboutOnly(engine, FakePeer::Having(node, size));
    };
    const FakePeer forger(
        *m_office,
        3,
        "",
        [&needs, answers = having(3)](const std::string& need)
        {
            const std::string answer = answers(need);
            needs += answer.empty() ? 0 : 1;
            return answer;
        },
        FakePeer::Saying(HttpAnswer(std::string(size, 'x'))));
    const FakePeer denier(
        *m_office,
        4,
        "",
        having(4),
        FakePeer::Saying(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    const FakePeer mute(*m_office, 5, "", having(5), FakePeer::Saying(""));

    // R-CLI-8: one "I need" more since one was refused, and one since those that were left failed.
    constexpr int kNeeds = 3;
    UpdateAll({1}); // there is nobody honest but the origin
    EXPECT_LE(needs, kNeeds);
    EXPECT_EQ(forger.Served(), 1);
    // Whose fetch failed may try once with each "I need".
    EXPECT_GE(denier.Served(), 1);
    EXPECT_LE(denier.Served(), kNeeds);
    EXPECT_GE(mute.Served(), 1);
    EXPECT_LE(mute.Served(), kNeeds);
    ExpectInstalled(1, release);
    ExpectCopiesOf(engine, 1);
    EXPECT_EQ(ComplaintsOf(1).size(), 1U);

    UpdateAll({2}); // and now there is
    EXPECT_LE(needs, 2 * kNeeds);
    EXPECT_LE(forger.Served(), 2);
    EXPECT_LE(denier.Served(), 2 * kNeeds);
    EXPECT_LE(mute.Served(), 2 * kNeeds);
    ExpectInstalled(2, release);
    // Who answers at once and has nothing silences the one who has it, each time that it is asked
    // for: that may cost the copy, and nothing else.
    EXPECT_LE(SentByOrigin(FileOf(engine.entry), 1).size(), 2U);
}

TEST_F(UpdateAttack, U1PeerOfOneByteASecondIsLeftForTheInternet)
{
    RecordProperty("attack", "U1");
    RecordProperty("requirement", "R-UPD-2 R-UPD-5 R-CLI-8");
    OpenUpdated({2, 8000}, 0);
    StartUpdated(1,
                 {"--set",
                  "peers.minimum_rate=1000",
                  "--set",
                  "peers.minimum_rate_window_s=1",
                  // It is not this that ends it.
                  "--set",
                  "protocol.peer_stall_ms=600000"});
    const Release release = MakeRelease(1, kProducts);
    PutPackages(release);
    PutCatalog(release);
    const MadePackage& engine = release.packages.at("engine");
    const FakePeer slow(*m_office,
                        2,
                        "",
                        AboutOnly(engine, FakePeer::Having(2, engine.bytes.size())),
                        FakePeer::Dripping(engine.bytes));
    UpdateAll({1});
    ExpectInstalled(1, release);
    ExpectCopiesOf(engine, 1);
    // Once, and once more with the re-ask (R-CLI-8).
    EXPECT_GE(slow.Served(), 1);
    EXPECT_LE(slow.Served(), 2);
    Caller caller = m_office->Connect(1);
    EXPECT_EQ(ReasonOf(caller, "transfer-failed"), static_cast<std::uint64_t>(slow.Served()));
    EXPECT_THAT(ComplaintsOf(1), IsEmpty()); // its bytes were never looked at
}

TEST_F(UpdateAttack, U3WhoseRequestsAreDroppedUpdatesFromTheInternet)
{
    RecordProperty("attack", "U3");
    RecordProperty("requirement", "R-UPD-2 R-UPD-5 R-CLI-3");
    constexpr int kVictim = 1;
    constexpr int kHolder = 2;
    constexpr int kWitness = 3;
    OpenUpdated({3, 8000}, 2);
    const Release first = MakeRelease(1, kProducts);
    PutPackages(first);
    PutCatalog(first);
    UpdateAll({kHolder});

    for (const int node : {kHolder, kWitness})
    {
        m_office->SetHearsBroadcasts(node, false);
    }
    RawPeer witness(*m_office, kWitness);
    UpdateAll({kVictim});
    ExpectInstalled(kVictim, first);
    ExpectCopiesOf(first.packages.at("engine"), 2);
    ExpectCopiesOf(first.packages.at("names"), 2);
    Caller victim = m_office->Connect(kVictim);
    Caller holder = m_office->Connect(kHolder);
    EXPECT_GE(SentBy(victim), 2U);
    EXPECT_EQ(holder.Status()["packets"].value("received", std::uint64_t{0}), 0U);
    EXPECT_FALSE(witness.Hear("", {}, std::chrono::milliseconds(0)).has_value());

    // It was that: the next release comes from the neighbour, once he hears it asked for.
    for (const int node : {kHolder, kWitness})
    {
        m_office->SetHearsBroadcasts(node, true);
    }
    const Release second = MakeRelease(2, kProducts);
    PutPackages(second);
    PutCatalog(second);
    UpdateAll({kHolder});
    UpdateAll({kVictim});
    ExpectInstalled(kVictim, second);
    ExpectCopiesOf(second.packages.at("engine"), 1);
    ExpectCopiesOf(second.packages.at("names"), 1);
    EXPECT_TRUE(witness.Hear(Office::AddressOf(kVictim), {"type=\"request\""}).has_value());
}

TEST_F(UpdateAttack, U3WhoIsCutOffKeepsWhatItHasAndSaysThatItIsStale)
{
    RecordProperty("attack", "U3 T5");
    RecordProperty("requirement", "R-UPD-1 R-UPD-5");
    OpenUpdated({1, 8000}, 1);
    const Release first = MakeRelease(1, kProducts);
    PutPackages(first);
    PutCatalog(first);
    UpdateAll({1});
    StartUpdated(1, {"--set", "update.check_deadline_s=1", "--set", "update.stale_after_s=1"});
    m_office->RunIp(1, "route delete default\n");
    EXPECT_EQ(BeginCheck(1).AwaitEnd().value("outcome", ""), "failed");
    EXPECT_TRUE(Await(
        [this]
        {
            const std::string said = m_office->Lanpeer(1, {"update"}).output;
            return said.find("STALE since") != std::string::npos;
        }));
    ExpectInstalled(1, first);

    m_office->RunIp(1, "route add default via 10.77.0.254\n");
    StartUpdated(1);
    const Release second = MakeRelease(2, kProducts);
    PutPackages(second);
    PutCatalog(second);
    UpdateAll({1});
    ExpectInstalled(1, second);
    EXPECT_EQ(m_office->Lanpeer(1, {"update"}).output.find("STALE"), std::string::npos);
}

/// What one computer's update service does then is in tests/reference/updating; here are two, and
/// neither makes it worse for the other.
TEST_F(UpdateAttack, L19GatewayThatAltersAndReplaysHarmsNobody)
{
    RecordProperty("attack", "L19 L20 T1 T8");
    RecordProperty("requirement", "R-UPD-4 R-UPD-5 R-UPD-8 R-HTTP-2");
    OpenUpdated({2, 8000}, 2);
    const Release first = MakeRelease(1, kProducts);
    PutPackages(first);
    PutCatalog(first);
    UpdateAll({1, 2});

    // It lets the catalog of the next release pass, and alters a package of it.
    Release second = MakeRelease(2, kProducts);
    PutCatalog(second);
    std::string& altered = second.packages.at("engine").bytes;
    altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
    PutPackages(second);
    const auto checkBoth = [this](const std::string& reason, const std::string& complaint)
    {
        std::vector<StartedCheck> checks;
        checks.push_back(BeginCheck(1));
        checks.push_back(BeginCheck(2));
        for (StartedCheck& check : checks)
        {
            EXPECT_EQ(check.AwaitEnd().value("reason", ""), reason);
        }
        for (const int node : {1, 2})
        {
            EXPECT_THAT(ComplaintsOf(node), Contains(HasSubstr(complaint)));
        }
    };
    checkBoth("altered", "engine: refused: arbitrary software: the file was altered");
    for (const int node : {1, 2})
    {
        ExpectInstalled(node, first); // the half that came as it should waits for the other
        Caller caller = m_office->Connect(node);
        EXPECT_EQ(ReasonOf(caller, "refused-from-peer"), 0U); // what it refused it did not offer
        EXPECT_GE(ReasonOf(caller, "refused-from-internet"), 1U);
    }

    // It replays the catalog before.
    PutCatalog(first);
    checkBoth("rollback", "catalog: refused: rollback: the catalog is older");

    const Release third = MakeRelease(3, kProducts);
    PutPackages(third);
    PutCatalog(third);
    UpdateAll({1, 2});
    for (const int node : {1, 2})
    {
        ExpectInstalled(node, third);
    }
}

} // namespace
} // namespace lanpeer::reference
