#include "model/harness/replay.h"

#include "model/harness/script.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer
{
namespace
{

using harness::Replay;
using harness::Script;

std::string
TapeOf(std::size_t node, const std::vector<std::string>& lines)
{
    Script script;
    for (const std::string& line : lines)
    {
        EXPECT_EQ(script.Run(line).error, "") << line;
    }
    return script.Tapes().at(node - 1);
}

/// A holder's tape: it is asked twice, cancels one answer and serves the other asker.
std::string
HoldersTape()
{
    return TapeOf(1,
                  {"peers 3 holding=1",
                   "want 2 dat",
                   "want 3 dat",
                   "deliver 1",
                   "send 2 1 i_found id=2001 href=dat key=#2001",
                   "fire 1 responseDelay",
                   "deliver 3 i_have",
                   "finish 3",
                   "app 1 all news headline=it_rains"});
}

std::vector<std::string>
LinesOf(std::string_view tape)
{
    std::vector<std::string> lines;
    while (!tape.empty())
    {
        const std::size_t end = tape.find('\n');
        lines.emplace_back(tape.substr(0, end));
        tape.remove_prefix(end + 1);
    }
    return lines;
}

std::string
Joined(const std::vector<std::string>& lines)
{
    std::string tape;
    for (const std::string& line : lines)
    {
        tape += line + "\n";
    }
    return tape;
}

/// The tape with one piece of one line replaced.
std::string
Altered(const std::string& tape, std::size_t line, std::string_view what, std::string_view by)
{
    auto lines = LinesOf(tape);
    std::string& altered = lines.at(line - 1);
    const std::size_t at = altered.find(what);
    EXPECT_NE(at, std::string::npos) << what << " is not in " << altered;
    altered.replace(at, what.size(), by);
    return Joined(lines);
}

std::size_t
LineWith(const std::string& tape, std::string_view what)
{
    const auto lines = LinesOf(tape);
    for (std::size_t i = 0; i < lines.size(); ++i)
    {
        if (lines[i].find(what) != std::string::npos)
        {
            return i + 1;
        }
    }
    ADD_FAILURE() << what << " is nowhere in the tape";
    return 1;
}

void
ExpectDifference(const std::string& tape, std::size_t line, std::string_view what)
{
    const auto difference = Replay(tape);
    ASSERT_TRUE(difference.has_value()) << what;
    EXPECT_EQ(difference->line, line) << difference->what;
    EXPECT_NE(difference->what.find(what), std::string::npos) << difference->what;
}

TEST(Replay, OfAnIntactTapeIsEqualByteForByte)
{
    const auto difference = Replay(HoldersTape());
    EXPECT_FALSE(difference.has_value()) << difference->line << difference->what;
}

/// Whoever reads a tape by line finds an event by its number (model/protocol/tape.h).
TEST(Replay, EventsOfATapeAreNumberedFromOne)
{
    const auto lines = LinesOf(HoldersTape());
    ASSERT_GT(lines.size(), 2U);
    EXPECT_EQ(lines[0].find("{\"tape\":1,\"self\":"), 0U);
    for (std::size_t n = 1; n < lines.size(); ++n)
    {
        EXPECT_EQ(lines[n].find("{\"n\":" + std::to_string(n) + ",\"event\":"), 0U) << lines[n];
    }
}

TEST(Replay, FindsAnAlteredAction)
{
    const std::string tape = HoldersTape();
    const std::size_t answer = LineWith(tape, "i_have");
    ExpectDifference(Altered(tape, answer, "i_have", "i_found"), answer, "something else");
    const std::size_t serve = LineWith(tape, "\"answer\":\"serve\"");
    ExpectDifference(Altered(tape, serve, "serve", "busy"), serve, "something else");
}

TEST(Replay, FindsAnAlteredEvent)
{
    const std::string tape = HoldersTape();
    const std::size_t need = LineWith(tape, "i_need");
    const auto difference = Replay(Altered(tape, need, "origin.test/dat", "origin.test/dot"));
    ASSERT_TRUE(difference.has_value());
    EXPECT_EQ(difference->line, need);
    // No copy of that: back to 122, and no delay is armed.
    EXPECT_NE(difference->replayed.find("\"to\":\"locate\""), std::string::npos)
        << difference->replayed;
    EXPECT_EQ(difference->replayed.find("\"arm\""), std::string::npos) << difference->replayed;
}

TEST(Replay, FindsAnAlteredHash)
{
    const std::string tape = HoldersTape();
    const auto lines = LinesOf(tape);
    const std::string& last = lines.back();
    const std::string hash = last.substr(last.find("\"hash\":\"") + 8, 16);
    ExpectDifference(
        Altered(tape, lines.size(), hash, "0123456789abcdef"), lines.size(), "something else");
}

TEST(Replay, FindsALineThatIsCutOff)
{
    const std::string tape = HoldersTape();
    const std::size_t lines = LinesOf(tape).size();
    ExpectDifference(tape.substr(0, tape.size() - 10), lines, "cut off");
}

TEST(Replay, FindsALineThatIsMissing)
{
    auto lines = LinesOf(HoldersTape());
    lines.erase(lines.begin() + 2);
    ExpectDifference(Joined(lines), 3, "something else");
}

TEST(Replay, FindsAnotherVersion)
{
    const std::string tape = HoldersTape();
    ExpectDifference(Altered(tape, 1, "\"tape\":1", "\"tape\":2"), 1, "version 1");
    ExpectDifference("", 1, "empty");
    ExpectDifference("{}\n", 1, "not that of a tape");
}

TEST(Replay, RefusesSettingsThatNoHostLetsIn)
{
    const std::string tape = HoldersTape();
    ExpectDifference(Altered(tape, 1, "\"uploadSlots\":8", "\"uploadSlots\":0"), 1, "upload_slots");
    ExpectDifference(Altered(tape, 1, "\"wait\":true", "\"wait\":false"), 1, "needs rules.wait");
    ExpectDifference(Altered(tape, 1, "\"wait\":true", "\"wait\":1"), 1, "config.wait");
    ExpectDifference(Altered(tape, 1, "\"wait\":true,", ""), 1, "config.wait: missing");
    ExpectDifference(Altered(tape, 1, "\"wait\":", "\"weight\":1,\"wait\":"), 1, "not known");
}

TEST(Replay, NamesTheMemberThatIsWrong)
{
    const std::string tape = HoldersTape();
    const std::size_t need = LineWith(tape, "i_need");
    ExpectDifference(Altered(tape, need, "\"id\":2001", "\"id\":-1"), need, "received.packet.id");
    ExpectDifference(Altered(tape, need, "\"id\":2001", "\"id\":4294967296"), need, "packet.id");
    ExpectDifference(Altered(tape, need, "\"i_need\"", "\"i_want\""), need, "packet.kind");
    ExpectDifference(Altered(tape, need, "\"port\":1967", "\"port\":65536"), need, "received.port");
    ExpectDifference(Altered(tape, need, "\"received\"", "\"perceived\""), need, "perceived");
    ExpectDifference(Altered(tape, need, "\"node\":\"n2\"", "\"node\":\"n 2\""), need, "node");
    ExpectDifference(Altered(tape, need, "\"event\"", "\"invent\""), need, "event.");
}

/// What the codec never lets through never reaches the core, which relies on it.
TEST(Replay, RefusesAPacketThatDoesNotDecode)
{
    const std::string tape = TapeOf(
        2, {"peers 2 holding=1", "want 2 dat", "deliver 1", "fire 1 responseDelay", "deliver 2"});
    const std::size_t line = LineWith(tape, "i_have");
    const std::string text = LinesOf(tape).at(line - 1);
    const std::size_t from = text.find(",\"location\"");
    const std::string location = text.substr(from, text.find('}', from) + 1 - from);
    ExpectDifference(Altered(tape, line, location, ""), line, "does not decode");
}

TEST(Replay, ComparesTheWholeStateToo)
{
    std::vector<std::string> lines{"peers 1 holding=1 pending_requests=4"};
    for (unsigned id = 0; id < 1100; ++id)
    {
        lines.push_back("send p9 1 i_need id=" + std::to_string(id) + " href=dat");
    }
    const std::string tape = TapeOf(1, lines);
    EXPECT_FALSE(Replay(tape).has_value());
    const std::size_t state = LineWith(tape, "\"state\"");
    ExpectDifference(
        Altered(tape, state, "\"size\":1000", "\"size\":1001"), state, "something else");
    const auto all = LinesOf(tape);
    const std::vector<std::string> first(all.begin(),
                                         all.begin() + static_cast<std::ptrdiff_t>(state - 1));
    ExpectDifference(Joined(first), state, "before the state");
}

/// What an application asks for may be any bytes.
TEST(Replay, OfANameThatIsNoUtf8)
{
    RecordProperty("attack", "L22");
    const std::string tape =
        TapeOf(1, {"peers 1", "want 1 dat\xff\xc3(", "offer 1 \x80", "want 1 caf\u00e9"});
    const auto difference = Replay(tape);
    EXPECT_FALSE(difference.has_value()) << difference->line << difference->what;
    const std::size_t wanted = LineWith(tape, "\"hex\":\"");
    ExpectDifference(Altered(tape, wanted, "ffc328\"", "ffc32\""), wanted, "not bytes in hex");
    ExpectDifference(Altered(tape, wanted, "ffc328\"", "ffc32g\""), wanted, "not bytes in hex");
    ExpectDifference(Altered(tape, wanted, "\"hex\"", "\"hax\""), wanted, "not a text");
}

/// Hostile tapes: any answer will do, but there must be one.
TEST(Replay, OfAnyBytesEnds)
{
    const std::string tape = HoldersTape();
    std::mt19937 random(1967);
    const auto below = [&random](std::size_t bound)
    {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    constexpr std::string_view kPieces = "{}[]\",:0129-abentsu\\\n\x80";
    for (int round = 0; round < 3000; ++round)
    {
        std::string hostile = tape;
        for (std::size_t changes = 1 + below(4); changes > 0; --changes)
        {
            const std::size_t at = below(hostile.size());
            if (below(2) == 0)
            {
                hostile[at] = kPieces[below(kPieces.size())];
            }
            else
            {
                hostile.erase(at, 1 + below(12));
            }
        }
        Replay(hostile);
    }
    Replay("{\"tape\":1,\"self\":" + std::string(100'000, '['));
    const std::size_t deep = 100'000;
    Replay("{\"tape\":1,\"self\":" + std::string(deep, '[') + std::string(deep, ']') + "}");
}

} // namespace
} // namespace lanpeer
