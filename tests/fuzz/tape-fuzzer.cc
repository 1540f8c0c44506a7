#include "model/harness/json-reader.h"
#include "model/harness/replay.h"
#include "model/harness/script.h"
#include "model/protocol/event.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <string>

// The bytes are a tape, perhaps a damaged one. Its first line, which is long, may be a script's
// "peers 2 policy=fig4a" instead: it stands for the first line of n1's tape.

namespace lanpeer::fuzz
{

namespace
{

using harness::JsonReader;
using nlohmann::json;

std::size_t
LinesOf(std::string_view text)
{
    const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

std::string_view
LineOf(std::string_view text, std::size_t line)
{
    for (; line > 1; --line)
    {
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    }
    return text.substr(0, text.find('\n'));
}

std::string
Expanded(std::string_view text)
{
    const std::string_view first = text.substr(0, text.find('\n'));
    const bool few = first.substr(0, 6) == "peers " && first.size() > 6 && first.size() < 200 &&
                     (first.size() == 7 || first[7] == ' ');
    harness::Script script;
    if (!few || !script.Run(first).error.empty())
    {
        return std::string(text);
    }
    const std::string tape = script.Tapes().front();
    return tape.substr(0, tape.find('\n')) + std::string(text.substr(first.size()));
}

void
CheckReplay(std::string_view tape)
{
    const auto difference = harness::Replay(tape);
    if (!difference)
    {
        Require(LinesOf(tape) > 0, "an empty tape is none");
        return;
    }
    const std::size_t lines = LinesOf(tape);
    Require(!difference->what.empty(), "a difference says what it is");
    Require(difference->line >= 1 && difference->line <= lines + 1, "a difference is in the tape");
    Require(difference->line > lines || LineOf(tape, difference->line) == difference->recorded,
            "a difference quotes its line");
    Require(difference->recorded != difference->replayed || difference->recorded.empty(),
            "what is the same is no difference");
}

/// What JsonReader takes, JsonWriter writes in a form that it takes for the same.
template <typename T>
void
CheckRoundTrip(const json& value)
{
    T read{};
    JsonReader reader;
    if (!reader.Read(value, read))
    {
        Require(!reader.Error().empty(), "who can't read says why");
        return;
    }
    std::string text;
    std::unordered_map<PeerId, std::uint64_t> peers;
    JsonWriter(text, peers).Write(read);
    const json written = json::parse(text, nullptr, false);
    Require(!written.is_discarded(), "what is written is JSON");
    T again{};
    Require(JsonReader().Read(written, again), "what is written can be read");
    std::string second;
    std::unordered_map<PeerId, std::uint64_t> peersAgain;
    JsonWriter(second, peersAgain).Write(again);
    Require(second == text, "what is read is written again as it was");
}

void
CheckLines(std::string_view tape)
{
    while (!tape.empty())
    {
        const std::string_view text = tape.substr(0, tape.find('\n'));
        tape.remove_prefix(std::min(text.size() + 1, tape.size()));
        const json line = json::parse(text, nullptr, false);
        if (!line.is_object())
        {
            continue;
        }
        if (const auto event = line.find("event"); event != line.end())
        {
            CheckRoundTrip<Event>(*event);
        }
        if (const auto config = line.find("config"); config != line.end())
        {
            CheckRoundTrip<PeeringConfig>(*config);
        }
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    const std::string tape = Expanded(TextOf(data, size));
    CheckReplay(tape);
    CheckLines(tape);
    return 0;
}
