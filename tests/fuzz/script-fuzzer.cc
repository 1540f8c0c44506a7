#include "model/harness/replay.h"
#include "model/harness/script-file.h"
#include "tests/fuzz/fuzzing.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <variant>

// The bytes are a golden script, or something like it.

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::harness;

std::size_t
LinesOf(std::string_view text)
{
    const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

/// Is it done in no time? Worlds of a thousand nodes and days by the clock are legal, and tell
/// nothing new.
bool
IsShort(const ScriptFile& file)
{
    constexpr std::size_t kMostSteps = 40;
    constexpr std::size_t kMostByTheClock = 3;
    std::size_t byTheClock = 0;
    for (const ScriptStep& step : file.steps)
    {
        const std::string& command = step.command;
        byTheClock += command.find("run") != std::string::npos ? 1 : 0;
        byTheClock += command.find("stabilize") != std::string::npos ? 1 : 0;
        // Digits in a row: up to 9 peers, up to 99 s, requests of any number.
        const std::size_t most = command.find("peers") != std::string::npos ? 1
                                 : command.find("run") != std::string::npos ? 5
                                                                            : command.size();
        std::size_t digits = 0;
        for (const char c : command.substr(0, command.find('=')))
        {
            digits = std::isdigit(static_cast<unsigned char>(c)) != 0 ? digits + 1 : 0;
            if (digits > most)
            {
                return false;
            }
        }
    }
    return file.steps.size() <= kMostSteps && byTheClock <= kMostByTheClock;
}

ScriptFile
Parsed(const std::string& text)
{
    const auto parsed = ParseScript(text);
    Require(std::holds_alternative<ScriptFile>(parsed), "what is rendered is a script");
    return std::get<ScriptFile>(parsed);
}

/// A script that is written is read as what it is, and then written the same: rewriting those that
/// are as they should be changes nothing.
void
CheckRendered(const ScriptFile& file)
{
    const std::string once = RenderScript(file);
    const ScriptFile again = Parsed(once);
    Require(again.steps.size() == file.steps.size(), "no command is lost");
    for (std::size_t i = 0; i < file.steps.size(); ++i)
    {
        Require(again.steps[i].command == file.steps[i].command &&
                    again.steps[i].above == file.steps[i].above &&
                    again.steps[i].trace == file.steps[i].trace,
                "no step changes");
    }
    Require(again.below == file.below, "no comment below changes");
    Require(again.requirements == file.requirements, "no requirement changes");
    Require(RenderScript(again) == once, "what is written again is the same");
}

void
CheckRun(const ScriptFile& file, std::size_t lines)
{
    const auto done = RunScript(file);
    if (const auto* error = std::get_if<ScriptFileError>(&done))
    {
        Require(error->line >= 1 && error->line <= lines && !error->what.empty(),
                "an error names a line of the script");
        return;
    }
    const auto& run = std::get<ScriptRun>(done);
    CheckRendered(run.file);
    const auto twice = RunScript(Parsed(RenderScript(run.file)));
    Require(std::holds_alternative<ScriptRun>(twice), "what was done can be done again");
    Require(RenderScript(std::get<ScriptRun>(twice).file) == RenderScript(run.file),
            "what is done again is the same");
    Require(std::get<ScriptRun>(twice).tapes == run.tapes, "so are the tapes");
    for (const std::string& tape : run.tapes)
    {
        const auto difference = Replay(tape);
        Require(!difference, difference ? "a tape is replayed: " + difference->what : "");
    }
}

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    const std::string_view text = TextOf(data, size);
    const auto parsed = ParseScript(text);
    if (const auto* error = std::get_if<ScriptFileError>(&parsed))
    {
        Require(error->line >= 1 && error->line <= LinesOf(text) && !error->what.empty(),
                "an error names a line of the script");
        return 0;
    }
    const auto& file = std::get<ScriptFile>(parsed);
    CheckRendered(file);
    if (IsShort(file))
    {
        CheckRun(file, LinesOf(text));
    }
    return 0;
}
