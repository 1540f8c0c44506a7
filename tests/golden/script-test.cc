#include "model/harness/script-file.h"
#include "model/harness/script.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lanpeer
{
namespace
{

using harness::ParseScript;
using harness::RenderScript;
using harness::RunScript;
using harness::Script;
using harness::ScriptFile;
using harness::ScriptFileError;

TEST(Script, SaysWhatIsWrongWithALine)
{
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"fly 2", "\"fly\" is no command"},
        {"want 2 dat", "there are no peers yet"},
        {"peers", "how many is missing"},
        {"peers many", "how many: \"many\" is not a number"},
        {"peers 0", "from 1 to 1000 peers"},
        {"peers 2 holding=3", "holding=: there are not so many peers"},
        {"peers 2 policy=coop", "\"coop\" is no policy"},
        {"peers 2 delay=1", "\"delay\" is no key"},
        {"peers 2 response_delay_ms=fast", "response_delay_ms: \"fast\" is not a number"},
        {"peers 2 upload_slots=0", "upload_slots: from 1 to 65536"},
        {"peers 2 policy=fig4a rules.straddle=1", "rules.straddle needs rules.wait"},
        {"peers 2 n3.http_port=80", "there is no n3"},
        {"peers 2 access=1,3", "there is no n3"},
        {"peers 2 loudly", "\"loudly\" is not expected here"},
    };
    for (const auto& [line, error] : wrong)
    {
        EXPECT_EQ(Script().Run(line).error, error) << line;
    }
}

TEST(Script, SaysWhatIsWrongWithALineInAWorld)
{
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"want", "the node is missing"},
        {"want 3 dat", "there is no n3"},
        {"want 2", "the resource is missing"},
        {"want 2 dat soon", "\"soon\" is not expected here"},
        {"cancel 2 dat", "nobody there asks for it"},
        {"deliver 2", "nothing of that is under way"},
        {"deliver all now", "\"now\" is not expected here"},
        {"lose from 1", "nothing of that is under way"},
        {"fire 1 alarm", "\"alarm\" is no timer"},
        {"fire 1 responseDelay", "0 of these timers run"},
        {"finish 1", "0 transfers run: which?"},
        {"finish 1 badly", "\"badly\" is not expected here"},
        {"progress 1 100 3", "no transfer 3 runs"},
        {"restart 1", "n1 is alive"},
        {"access 1 maybe", "on or off?"},
        {"upload 1 dat 2", "from whom?"},
        {"send p1 2 i_need id=1 href=dat", "p1 is a node's number"},
        {"send 9 2 i_need id=1 href=dat", "there is no n9"},
        {"send p9 2 i_want id=1 href=dat", "\"i_want\" is no kind of packet"},
        {"send p9 2 i_need id=1", "href= is missing"},
        {"send p9 2 i_need id=4294967296 href=dat", "id: 4294967296 is too much"},
        {"send p9 2 i_need id=1 href=dat lock=7", "\"7\" is no token: it is written #NUMBER"},
        {"send p9 2 i_need id=1 href=dat node=:7", "\":7\" is no node ID"},
        {"send p9 2 i_have id=1 href=dat", "location= is missing"},
        {"send p9 2 application a=b", "type= is missing"},
    };
    Script script;
    ASSERT_EQ(script.Run("peers 2 holding=1").error, "");
    for (const auto& [line, error] : wrong)
    {
        EXPECT_EQ(script.Run(line).error, error) << line;
    }
    EXPECT_EQ(script.Run("kill 1").error, "");
    EXPECT_EQ(script.Run("want 1 dat").error, "n1 is dead");
}

TEST(ScriptFile, KeepsWhatIsBesideTheTraces)
{
    const std::string text = "# [0020] why\n"
                             "# requirement:  R-SRV-1 R-PKT-7 \n"
                             "\n"
                             "peers 2\n----\n"
                             "\n"
                             "# now it asks\n"
                             "timers 2\n----\nn2 none\n";
    const auto parsed = ParseScript(text);
    ASSERT_TRUE(std::holds_alternative<ScriptFile>(parsed));
    const auto& file = std::get<ScriptFile>(parsed);
    EXPECT_EQ(file.requirements, "R-SRV-1 R-PKT-7");
    ASSERT_EQ(file.steps.size(), 2U);
    EXPECT_EQ(file.steps[1].line, 8U);
    EXPECT_EQ(RenderScript(file), text);
}

TEST(ScriptFile, OfCommentsAloneStaysAsItIs)
{
    for (const std::string text : {"# a comment\n", "\n", "# a comment\n\n# another\n", ""})
    {
        const auto parsed = ParseScript(text);
        ASSERT_TRUE(std::holds_alternative<ScriptFile>(parsed));
        EXPECT_EQ(RenderScript(std::get<ScriptFile>(parsed)), text);
    }
}

TEST(ScriptFile, NamesTheLineOfAnError)
{
    const auto noTrace = ParseScript("# a comment\n\npeers 2\ntimers 2\n----\n");
    ASSERT_TRUE(std::holds_alternative<ScriptFileError>(noTrace));
    EXPECT_EQ(std::get<ScriptFileError>(noTrace).line, 4U);

    const auto parsed = ParseScript("peers 2\n----\n\nwant 7 dat\n----\n");
    ASSERT_TRUE(std::holds_alternative<ScriptFile>(parsed));
    const auto done = RunScript(std::get<ScriptFile>(parsed));
    ASSERT_TRUE(std::holds_alternative<ScriptFileError>(done));
    EXPECT_EQ(std::get<ScriptFileError>(done).line, 4U);
    EXPECT_EQ(std::get<ScriptFileError>(done).what, "there is no n7");
}

} // namespace
} // namespace lanpeer
