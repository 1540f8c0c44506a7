#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>

// The manual pages tell the truth: what programs, the configuration and the library have stands in
// them, and nothing else.

namespace lanpeer::reference
{
namespace
{

using testing::Contains;
using testing::IsSupersetOf;

const std::string kPages = LANPEER_BINARY_DIR "/reference/packaging/man/";

std::string
Program(const std::string& name)
{
    return LANPEER_BINARY_DIR "/bin/" + name;
}

std::string
OutputOf(const std::string& command)
{
    const auto [code, said] = RunShell(command);
    EXPECT_EQ(code, 0) << command << "\n" << said;
    return said;
}

/// What --help says, without its examples.
std::string
HelpOf(const std::string& command)
{
    const std::string help = OutputOf(command + " --help");
    return help.substr(0, help.find("\nExamples:"));
}

/// A page as it is written, without its backslashes before signs.
std::string
Page(const std::string& name)
{
    const std::string text = ReadAll(kPages + name);
    EXPECT_NE(text, "") << name;
    return std::regex_replace(text, std::regex(R"(\\-)"), "-");
}

std::set<std::string>
FindAll(const std::string& text, const std::string& pattern)
{
    const std::regex wanted(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator i(text.begin(), text.end(), wanted); i != std::sregex_iterator(); ++i)
    {
        found.insert((*i)[1]);
    }
    return found;
}

/// "--socket", "-o": what begins a word with dashes.
std::set<std::string>
OptionsIn(const std::string& text)
{
    return FindAll(text, R"((?:^|[^A-Za-z0-9-])(--?[a-z][a-z0-9-]*))");
}

/// Of a page: those that a .TP explains.
std::set<std::string>
OptionsExplained(const std::string& text)
{
    std::set<std::string> explained;
    for (const std::string& line : FindAll(text, R"(\.TP\n(\.BI?R? -.*)\n)"))
    {
        const auto here = OptionsIn(line);
        explained.insert(here.begin(), here.end());
    }
    return explained;
}

/// The commands that `lanpeer --help` lists.
std::set<std::string>
Commands()
{
    const std::string help = HelpOf(Program("lanpeer"));
    const std::size_t begin = help.find("Subcommands:");
    const std::size_t end = help.find("\n\n", begin);
    EXPECT_NE(begin, std::string::npos) << help;
    return FindAll(help.substr(begin, end - begin), R"(\n  ([a-z]+) )");
}

/// The part of lanpeer(1) that tells of a command.
std::string
SectionOf(const std::string& page, const std::string& command)
{
    const std::size_t begin = page.find(".SS " + command);
    EXPECT_NE(begin, std::string::npos) << command;
    return page.substr(begin, page.find("\n.S", begin + 1) - begin);
}

TEST(ManualPages, DaemonsOptionsAreThoseOfItsHelp)
{
    const auto inHelp = OptionsIn(HelpOf(Program("lanpeerd")));
    ASSERT_THAT(inHelp, IsSupersetOf({"--config", "--foreground", "-h"}));
    EXPECT_EQ(OptionsExplained(Page("lanpeerd.8")), inHelp);
    // Nor does it speak of others.
    EXPECT_EQ(FindAll(Page("lanpeerd.8"), "(--[a-z][a-z0-9-]*)").size(), inHelp.size() - 1);
}

TEST(ManualPages, CommandsAndTheirOptionsAreThoseOfTheHelp)
{
    const std::string page = Page("lanpeer.1");
    const auto commands = Commands();
    ASSERT_THAT(commands, IsSupersetOf({"get", "offer", "doctor"}));
    EXPECT_EQ(FindAll(page, R"(\n\.SS ([a-z]+))"), commands);

    // Of every command, and told once: --socket and --help.
    const auto common = OptionsExplained(page.substr(0, page.find(".SH COMMANDS")));
    EXPECT_EQ(common, (std::set<std::string>{"--socket", "--help", "-h"}));
    for (const std::string& command : commands)
    {
        auto inHelp = OptionsIn(HelpOf(Program("lanpeer") + " " + command));
        EXPECT_THAT(inHelp, Contains("--help")) << command;
        for (const std::string& option : common)
        {
            inHelp.erase(option);
        }
        EXPECT_EQ(OptionsExplained(SectionOf(page, command)), inHelp) << command;
    }
}

TEST(ManualPages, KeysAreThoseOfTheConfiguration)
{
    const auto inPage = FindAll(Page("lanpeerd.yaml.5"), R"(\.TP\n\.B ([a-z0-9_.]+)\n)");
    const auto keys = FindAll(OutputOf(Program("lanpeerd") + " --keys"), R"(([a-z0-9_.]+): .*\n )");
    ASSERT_THAT(keys, IsSupersetOf({"policy", "store.bytes", "protocol.upload_slots"}));
    EXPECT_EQ(inPage, keys);
}

TEST(ManualPages, FunctionsAreThoseOfTheHeader)
{
    const std::string header = ReadAll(LANPEER_SOURCE_DIR "/reference/library/lanpeer.h");
    const auto declared = FindAll(header, R"(\n    [a-z].*[ *](lanpeer_[a-z_]+)\()");
    ASSERT_THAT(declared, IsSupersetOf({"lanpeer_open", "lanpeer_status", "lanpeer_free"}));
    EXPECT_EQ(FindAll(Page("liblanpeer.3"), R"((lanpeer_[a-z_]+))"), declared);
}

TEST(ManualPages, AreFormattedWithoutAWarning)
{
    for (const char* page : {"lanpeer.1", "lanpeerd.8", "lanpeerd.yaml.5", "liblanpeer.3"})
    {
        const auto [code, said] = RunShell(fmt::format(
            "LC_ALL=C.UTF-8 man --warnings=w -l {}{}.gz 2>&1 >/dev/null", kPages, page));
        EXPECT_EQ(code, 0) << page;
        EXPECT_EQ(said, "") << page;
        EXPECT_THAT(OutputOf(fmt::format("LC_ALL=C.UTF-8 man -l {}{}.gz", kPages, page)),
                    testing::HasSubstr("SEE ALSO"));
    }
}

} // namespace
} // namespace lanpeer::reference
