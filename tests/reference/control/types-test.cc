#include "server.h"

#include <gmock/gmock.h>

// Packet types belong to the application that registered them first, as long as it is there.

namespace lanpeer::reference
{
namespace
{

class ControlTypes : public Server
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1 R-PKT-3");
    }

    nlohmann::json Answer(const FileDescriptor& application, const std::string& call)
    {
        EXPECT_TRUE(Say(application, {{"call", call}, {"id", 1}, {"type", "chat"}}));
        return HearEnd(application);
    }

    FileDescriptor m_first = Connect();
    FileDescriptor m_second = Connect();
};

TEST_F(ControlTypes, OneThatIsTakenIsRefusedAndStaysWithWhoHasIt)
{
    EXPECT_EQ(Answer(m_first, "register").at("event"), "done");
    const nlohmann::json refused = Answer(m_second, "register");
    EXPECT_EQ(refused.at("event"), "error");
    EXPECT_EQ(refused.at("message"), "chat: another application has registered this type");
    // Neither its word nor its end takes it away.
    EXPECT_EQ(Answer(m_second, "unregister").at("event"), "done");
    m_second = Connect();
    EXPECT_EQ(Answer(m_second, "register").at("event"), "error");
    // Who has it may say so again.
    EXPECT_EQ(Answer(m_first, "register").at("event"), "done");
}

TEST_F(ControlTypes, OneThatIsGivenBackIsFree)
{
    EXPECT_EQ(Answer(m_first, "register").at("event"), "done");
    EXPECT_EQ(Answer(m_first, "unregister").at("event"), "done");
    EXPECT_EQ(Answer(m_second, "register").at("event"), "done");
    EXPECT_EQ(Answer(m_first, "register").at("event"), "error");
    // And one whose application has gone.
    m_second.Close();
    RunUntil([&] { return Answer(m_first, "register").at("event") == "done"; });
}

} // namespace
} // namespace lanpeer::reference
