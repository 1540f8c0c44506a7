#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// A node without Internet access and the one that retrieves for it (FIG. 1, R-CLI-12).

namespace lanpeer::reference
{
namespace
{

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

constexpr std::size_t kBytes = 200'000;

class InternetAccess : public OfficeTest
{
  protected:
    /// Node 1 has no way to the origin, and knows it; \p more flags.
    void StartWithoutAccess(std::vector<std::string> more)
    {
        m_office->RunIp(1, "route del default\n");
        more.insert(more.end(), {"--response-delay-ms", "300", "--set", "internet.access=off"});
        m_office->Start(1, more);
        EXPECT_FALSE(m_office->ConnectTcp(1, kOriginAddress, 80).IsOpen());
    }

    void StartWithAccess(int node, const std::string& origins)
    {
        m_office->Start(
            node,
            {"--response-delay-ms", "300", "--set", "internet.helper_origins=[" + origins + "]"});
    }

    CommandResult GetAt1(const std::string& url, const std::string& bytes)
    {
        return m_office->Lanpeer(
            1, {"get", url, "--sha256", Sha256Of(bytes), "-o", m_office->Folder() / "out"});
    }
};

TEST_F(InternetAccess, FileComesThroughThePeerThatHasItInOneCopy)
{
    RecordProperty("requirement", "R-CLI-12 R-CLI-4");
    Office& office = Open({3, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    StartWithoutAccess({});
    StartWithAccess(2, "http://10.99.0.1");
    StartWithAccess(3, "http://10.99.0.1");
    Caller caller = office.Connect(1);
    const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(end.value("source", ""), "peer") << end;
    EXPECT_TRUE(caller.LastFile() == bytes);
    EXPECT_EQ(office.OriginRequests(), 1U);
    EXPECT_EQ(office.OriginBodyBytes(), kBytes);
}

TEST_F(InternetAccess, OriginThatIsNotOnTheListIsNotRetrievedFromL13)
{
    RecordProperty("attack", "L13");
    RecordProperty("requirement", "R-CLI-12");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    StartWithoutAccess({"--set", "protocol.request_deadline_s=4"});
    StartWithAccess(2, "http://10.99.0.1:8080, https://10.99.0.1, http://updates.example.org");
    const CommandResult got = GetAt1(url, bytes);
    EXPECT_EQ(got.exitCode, 1) << got.output;
    EXPECT_THAT(got.output, AllOf(HasSubstr(url), HasSubstr("deadline-over"))) << got.output;
    EXPECT_FALSE(fs::exists(office.Folder() / "out"));
    EXPECT_EQ(office.OriginRequests(), 0U);
    // Its own applications are not bound by the list.
    Caller own = office.Connect(2);
    EXPECT_EQ(own.AwaitEnd(own.Get(url, Sha256Of(bytes))).value("source", ""), "internet");
}

TEST_F(InternetAccess, RedirectOffTheListIsNotFollowedForAnotherL13)
{
    RecordProperty("attack", "L13");
    RecordProperty("requirement", "R-CLI-12");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    office.Publish("update.cab", bytes);
    const std::string moved = std::string("http://") + kOriginAddress + "/moved/update.cab";
    StartWithoutAccess({"--set", "protocol.request_deadline_s=4"});
    StartWithAccess(2, "http://10.99.0.1");
    const CommandResult got = GetAt1(moved, bytes);
    EXPECT_EQ(got.exitCode, 1) << got.output;
    EXPECT_THAT(got.output, AllOf(HasSubstr(moved), HasSubstr("deadline-over"))) << got.output;
    EXPECT_THAT(office.OriginLog(), HasSubstr("GET /moved/update.cab"));
    EXPECT_THAT(office.OriginLog(), Not(HasSubstr("GET /update.cab")));
    // Its own applications follow it.
    Caller own = office.Connect(2);
    EXPECT_EQ(own.AwaitEnd(own.Get(moved, Sha256Of(bytes))).value("source", ""), "internet");
}

TEST_F(InternetAccess, NobodyRetrievesForItAndItFailsAtItsDeadline)
{
    RecordProperty("requirement", "R-CLI-12 R-CLI-7");
    Office& office = Open({1, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    StartWithoutAccess({"--set", "protocol.request_deadline_s=3"});
    const CommandResult got = GetAt1(url, bytes);
    EXPECT_EQ(got.exitCode, 1) << got.output;
    EXPECT_THAT(got.output, AllOf(HasSubstr(url), HasSubstr("deadline-over")));
    EXPECT_EQ(office.OriginRequests(), 0U);
}

TEST_F(InternetAccess, WithoutTheRuleItFailsAtItsTimeOut)
{
    RecordProperty("requirement", "R-CLI-12 R-SIM-7");
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(kBytes);
    const std::string url = office.Publish("update.cab", bytes);
    StartWithoutAccess({"--policy", "fig4b"});
    StartWithAccess(2, "http://10.99.0.1");
    const CommandResult got = GetAt1(url, bytes);
    EXPECT_EQ(got.exitCode, 1) << got.output;
    EXPECT_THAT(got.output, AllOf(HasSubstr(url), HasSubstr("no-internet")));
    EXPECT_EQ(office.OriginRequests(), 0U);
}

} // namespace
} // namespace lanpeer::reference
