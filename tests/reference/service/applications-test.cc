#include "tests/reference/control/server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <optional>
#include <stdexcept>

// What the service does for applications, and what they can do to it.

namespace lanpeer::reference
{
namespace
{

constexpr const char* kUrl = "http://origin.test/dat.cab";

class Applications : public Server
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1");
        const auto file = std::make_shared<FileDescriptor>(
            ::open(m_scene.Write("offered", "some bytes").c_str(), O_RDONLY | O_CLOEXEC));
        std::optional<std::string> offered;
        m_service->Offer(
            kUrl, file, std::nullopt, [&offered](const std::string& error) { offered = error; });
        RunUntil([&offered] { return offered.has_value(); });
        ASSERT_EQ(*offered, "");
    }

    /// Asks for what was offered. \returns how that ended
    std::string Ask(
        Verifier verifier, std::function<void()> also = [] {})
    {
        std::string ended;
        Application application;
        application.judge = [&also](const Body&, const std::function<void(bool)>&)
        {
            also();
        };
        application.found = [&ended, &also](const FoundReport& report)
        {
            ended = "found " + std::to_string(report.body.size);
            also();
        };
        application.failed = [&ended](Reason reason, const std::string&)
        {
            ended = ToString(reason);
        };
        ResourceRequest request;
        request.url = kUrl;
        request.verifier = verifier;
        request.mayUseInternet = false;
        m_service->Ask(request, application);
        RunUntil([&ended] { return !ended.empty(); });
        return ended;
    }

    const Digest m_digest = DigestOf("some bytes");
};

TEST_F(Applications, OneThatThrowsKeepsTheServiceFromNothing)
{
    EXPECT_EQ(Ask(DigestVerifier{m_digest}, [] { throw std::runtime_error("on purpose"); }),
              "found 10");
    EXPECT_EQ(Ask(CallbackVerifier{}, [] { throw std::runtime_error("on purpose"); }),
              "no-holder"); // it said nothing, so it asked elsewhere, and there is nobody
    EXPECT_EQ(Ask(DigestVerifier{m_digest}), "found 10");
}

} // namespace
} // namespace lanpeer::reference
