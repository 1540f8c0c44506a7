#include "reference/updating/update-requests.h"
#include "updated-node.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// Requests for packages whose judge, the core's part played by the test, answers late.

namespace lanpeer::reference
{
namespace
{

class LateJudge : public UpdatedNode
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-4 R-HTTP-2");
        RecordProperty("attack", "T1");
    }

    /// \param judgeS for how long the service waits for a verdict on what it has fetched
    void Open(std::uint64_t judgeS)
    {
        ListenForPeers(); // so that what is accepted is kept
        m_serviceSettings.judgeS = judgeS;
        Start();
        m_requests = std::make_shared<UpdateRequests>(
            *m_io,
            *m_service,
            false,
            Root().certificate,
            UpdateRequests::Listener{[this](UpdateEvent event)
                                     { m_events.push_back(std::move(event)); },
                                     [](const std::string& /*text*/) {
                                     }});
    }

    void TearDown() override
    {
        m_requests->Stop();
    }

    /// Runs the node until something has come.
    UpdateEvent Next()
    {
        EXPECT_TRUE(RunUntil([this] { return !m_events.empty(); }));
        UpdateEvent event = m_events.empty() ? UpdateStopped{} : std::move(m_events.front());
        m_events.erase(m_events.begin(), m_events.begin() + (m_events.empty() ? 0 : 1));
        return event;
    }

    /// The same, of what must be this.
    template <typename T>
    T NextIs()
    {
        const UpdateEvent event = Next();
        EXPECT_TRUE(std::holds_alternative<T>(event)) << NameOf(event);
        const T* is = std::get_if<T>(&event);
        return is == nullptr ? T{} : *is;
    }

    void Ask(const MadePackage& package)
    {
        m_requests->Ask(RequestPackage{package.entry, m_nowS});
    }

    void Judge(std::uint64_t body, UpdateReason refused)
    {
        m_requests->Judge(JudgeBody{"engine", refused, "", body});
    }

    std::shared_ptr<UpdateRequests> m_requests;
    std::vector<UpdateEvent> m_events;
};

TEST_F(LateJudge, AWordOnTheBodyBeforeIsNotToldToTheNext)
{
    Open(600);
    // The copy that is here is one body, the publisher's another.
    const MadePackage package = PackageOf(Base(), "engine", "200101131511", "the right one");
    std::string altered = package.bytes;
    altered[altered.size() / 3] ^= 1;
    Put("engine.200101131511.cab", altered);
    const std::string copy = (m_top / "site" / "files" / "engine.200101131511.cab").string();
    bool offered = false;
    m_service->Offer(package.entry.url,
                     std::make_shared<FileDescriptor>(::open(copy.c_str(), O_RDONLY | O_CLOEXEC)),
                     std::nullopt,
                     [&offered](const std::string& error) { offered = error.empty(); });
    ASSERT_TRUE(RunUntil([&offered] { return offered; }));

    Ask(package);
    const auto first = NextIs<PackageArrived>();
    Judge(first.body, UpdateReason::Altered);
    const auto second = NextIs<PackageArrived>();
    EXPECT_NE(first.body, second.body);
    EXPECT_EQ(second.facts.signature, SignatureState::Altered);
    Judge(first.body, UpdateReason::None);
    Judge(second.body, UpdateReason::Altered);
    NextIs<PackageFailed>();
    // Neither of the requests that follow gets a word of those before.
    Put(package);
    Ask(package);
    auto third = NextIs<PackageArrived>();
    while (third.facts.signature != SignatureState::Valid) // the copy again
    {
        Judge(third.body, UpdateReason::Altered);
        third = NextIs<PackageArrived>();
    }
    Judge(second.body, UpdateReason::None);
    Judge(third.body, UpdateReason::None);
    EXPECT_EQ(NextIs<PackageFound>().product, "engine");
}

TEST_F(LateJudge, WhomTheServiceNoLongerWaitsForAcceptsNothing)
{
    Open(1);
    const MadePackage package = PackageOf(Base(), "engine", "200101131511", "the right one");
    std::string altered = package.bytes;
    altered[altered.size() / 3] ^= 1;
    Put("engine.200101131511.cab", altered);
    // Until the service was waiting when the word on the body before came, however slow this is.
    std::uint64_t judged = 0;
    for (std::uint64_t body = 1; judged == 0; ++body)
    {
        Ask(package);
        UpdateEvent event = Next();
        if (body > 1 && std::holds_alternative<PackageArrived>(event))
        {
            judged = std::get<PackageArrived>(event).body;
            EXPECT_GE(judged, body);
            Judge(judged - 1, UpdateReason::None);
        }
        while (!std::holds_alternative<PackageFailed>(event))
        {
            event = Next();
            ASSERT_FALSE(std::holds_alternative<PackageFound>(event));
            ASSERT_FALSE(std::holds_alternative<UpdateStopped>(event));
        }
    }
    EXPECT_FALSE(Offered("engine.200101131511.cab"));
}

} // namespace
} // namespace lanpeer::reference
