#include "reference/control/message.h"
#include "tests/reference/library/scene.h"

#include <gmock/gmock.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <cstring>
#include <memory>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>
#include <vector>

// What an application is told when the service goes away (R-API-1).

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// A service that says what the test wants and goes when it wants.
class LostService : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1");
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const std::string path = m_scene.In("socket");
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        const FileDescriptor listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
        ASSERT_EQ(
            ::bind(listener.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
            0);
        ASSERT_EQ(::listen(listener.Get(), 1), 0);
        m_client = std::make_unique<Client>(path);
        m_service = FileDescriptor(::accept(listener.Get(), nullptr, nullptr));
    }

    lanpeer_id Ask()
    {
        Request request;
        request.url = "http://origin.test/dat.cab";
        request.sha256 = Sha256("x");
        return m_client->Get(request,
                             [this](const Result& result)
                             {
                                 m_told.emplace_back(result.found, result.reason);
                                 if (m_then)
                                 {
                                     m_then();
                                 }
                             });
    }

    Scene m_scene;
    std::unique_ptr<Client> m_client;
    FileDescriptor m_service;
    std::vector<std::pair<bool, std::string>> m_told;
    std::function<void()> m_then; ///< done when one is told of
};

TEST_F(LostService, EveryRequestEndsOnce)
{
    Ask();
    Ask();
    m_service.Close();
    EXPECT_THROW(m_client->Process(-1), Error);
    EXPECT_THAT(m_told, ElementsAre(Pair(false, "service-gone"), Pair(false, "service-gone")));
    EXPECT_THROW(m_client->Process(0), Error);
    EXPECT_THROW(Ask(), Error);
    EXPECT_EQ(m_told.size(), 2U);
}

TEST_F(LostService, WhatItSaidBeforeCounts)
{
    const lanpeer_id first = Ask();
    Ask();
    const nlohmann::json said{
        {"id", first}, {"event", "failed"}, {"reason", "no-holder"}, {"meaning", ""}};
    ASSERT_EQ(SendMessage(m_service.Get(), said.dump(), -1), Sent::Whole);
    m_service.Close();
    // Found out by a call first, which tells nothing by itself.
    EXPECT_THROW(Ask(), Error);
    EXPECT_THAT(m_told, IsEmpty());
    EXPECT_THROW(m_client->Process(-1), Error);
    EXPECT_THAT(m_told, ElementsAre(Pair(false, "no-holder"), Pair(false, "service-gone")));
}

TEST_F(LostService, OneThatIsCancelledMeanwhileIsNotToldOf)
{
    Ask();
    const lanpeer_id second = Ask();
    m_then = [this, second]
    {
        m_client->Cancel(second);
    };
    m_service.Close();
    EXPECT_THROW(m_client->Process(-1), Error);
    EXPECT_EQ(m_told.size(), 1U);
}

TEST_F(LostService, WhoWaitsForOneIsTold)
{
    Ask();
    const lanpeer_id second = Ask();
    m_service.Close();
    EXPECT_THROW(m_client->Wait(second), Error);
    EXPECT_EQ(m_told.size(), 2U);
    EXPECT_THROW(m_client->Status(), Error);
    EXPECT_EQ(m_told.size(), 2U);
}

TEST_F(LostService, ACallThatWaitsFailsAndTheRequestsEnd)
{
    Ask();
    EXPECT_EQ(::shutdown(m_service.Get(), SHUT_WR), 0); // it hears the call, and never answers
    EXPECT_THROW(m_client->Status(), Error);
    EXPECT_THAT(m_told, ElementsAre(Pair(false, "service-gone")));
}

} // namespace
} // namespace lanpeer::reference
