#include "updated-node.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// The administrator's command after a set.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::HasSubstr;

class CommandsDue : public UpdatedNode
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-UPD-5");
    }

    /// A line in "began" when it begins, one in "ended" when it ends, not before there is "go".
    void RunWhatWaits()
    {
        m_afterInstall = {"/bin/sh",
                          "-c",
                          "cd " + m_top.string() +
                              "; echo \"$LANPEER_SET $LANPEER_RELEASE\" >> began; "
                              "while [ ! -e go ]; do sleep 0.05; done; "
                              "cat \"$LANPEER_FOLDER/$LANPEER_SET/content.txt\" >> ended"};
    }

    void Go() const
    {
        std::ofstream(m_top / "go") << "\n";
    }

    std::string TextOf(const std::string& name) const
    {
        std::ifstream in(m_top / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    bool AwaitText(const std::string& name, const std::string& text)
    {
        return RunUntil([&] { return TextOf(name) == text; });
    }

    bool AwaitNothingIsDue()
    {
        return RunUntil([this] { return TextOf("state/commands-due.json") == "{\"due\":[]}\n"; });
    }
};

TEST_F(CommandsDue, NeitherTheCheckNorTheNextSetWaitsForOne)
{
    const MadePackage engine = PackageOf(Base(), "engine", "200101131511", "E");
    const MadePackage names = PackageOf(Base(), "names", "200101131512", "N");
    CatalogOrder order;
    order.entries = {engine.entry, names.entry};
    Put("myupdate.cab", CatalogOf(order));
    Put(engine);
    Put(names);
    RunWhatWaits();
    Start();
    EXPECT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_EQ(Installed("engine"), "E");
    EXPECT_EQ(Installed("names"), "N");
    EXPECT_EQ(Check().outcome, CheckOutcome::UpToDate);
    ASSERT_TRUE(RunUntil([this] { return !TextOf("began").empty(); }));
    const std::string began = TextOf("began");
    EXPECT_EQ(std::count(began.begin(), began.end(), '\n'), 1) << "two run at a time: " << began;
    EXPECT_EQ(TextOf("ended"), "");
    Go();
    ASSERT_TRUE(AwaitNothingIsDue());
    EXPECT_EQ(TextOf("ended").size(), 2U);
    EXPECT_EQ(Remarks(), "");
}

TEST_F(CommandsDue, OneThatTheEndCutOffRunsAgain)
{
    Release(1, "200101131511", "E");
    RunWhatWaits();
    Start();
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    ASSERT_TRUE(AwaitText("began", "engine 1-1\n"));
    End();
    EXPECT_THAT(TextOf("state/commands-due.json"), HasSubstr("\"1-1\""));
    Go();
    Start();
    ASSERT_TRUE(AwaitText("began", "engine 1-1\nengine 1-1\n"));
    ASSERT_TRUE(AwaitNothingIsDue());
    EXPECT_EQ(TextOf("ended"), "E");
    Start();
    EXPECT_EQ(Check().outcome, CheckOutcome::UpToDate);
    EXPECT_EQ(TextOf("ended"), "E") << "once more without need";
}

TEST_F(CommandsDue, OneOfAReleaseThatIsNotInPlaceDoesNotRun)
{
    Release(1, "200101131511", "E");
    Start();
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    End();
    // As a crash leaves it between the word that it is due and the switch.
    std::ofstream(m_top / "state" / "commands-due.json")
        << R"({"due":[{"set":"engine","release":"1-1"},{"set":"engine","release":"1-2"}]})";
    RunWhatWaits();
    Go();
    Start();
    ASSERT_TRUE(AwaitNothingIsDue());
    EXPECT_EQ(TextOf("began"), "engine 1-1\n");
}

TEST_F(CommandsDue, OneThatFailsIsARemarkAndDueNoLonger)
{
    Release(1, "200101131511", "E");
    m_afterInstall = {"/bin/sh", "-c", "echo no such service; exit 3"};
    Start();
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    ASSERT_TRUE(AwaitNothingIsDue());
    ASSERT_TRUE(RunUntil([this] { return !Remarks().empty(); }));
    EXPECT_EQ(Remarks(), "/bin/sh: after engine: exit code 3: no such service\n");
}

TEST_F(CommandsDue, WithoutOneNothingIsWritten)
{
    Release(1, "200101131511", "E");
    Start();
    ASSERT_EQ(Check().outcome, CheckOutcome::Installed);
    EXPECT_FALSE(fs::exists(m_top / "state" / "commands-due.json"));
}

} // namespace
} // namespace lanpeer::reference
