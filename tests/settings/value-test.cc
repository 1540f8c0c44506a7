#include "model/settings/text.h"
#include "model/settings/value.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace lanpeer::settings
{

namespace
{

/// "LINE: message" of what is refused.
std::string
YamlErrorOf(const std::string& text)
{
    try
    {
        ParseYaml(text);
    }
    catch (const YamlError& error)
    {
        return std::to_string(error.Line()) + ": " + error.what();
    }
    return "";
}

std::string
Repeat(const std::string& text, std::size_t times)
{
    std::string repeated;
    for (std::size_t i = 0; i < times; ++i)
    {
        repeated += text;
    }
    return repeated;
}

TEST(ValueTest, EveryValueKnowsItsLine)
{
    const Value root = ParseYaml("a: 1\n\nb:\n  - x\n  - {c: 'y'}\n");
    ASSERT_EQ(root.kind, Value::Kind::Map);
    ASSERT_EQ(root.keys.size(), 2U);
    EXPECT_EQ(root.keys[0].text, "a");
    EXPECT_EQ(root.items[0].line, 1U);
    EXPECT_EQ(root.keys[1].line, 3U);
    const Value& list = root.items[1];
    ASSERT_EQ(list.kind, Value::Kind::List);
    EXPECT_EQ(list.items[0].text, "x");
    EXPECT_EQ(list.items[0].line, 4U);
    EXPECT_EQ(list.items[1].items[0].line, 5U);
    EXPECT_TRUE(list.items[1].items[0].quoted);
    EXPECT_FALSE(list.items[0].quoted);
}

TEST(ValueTest, LinesOfOtherSystemsCountTheSame)
{
    EXPECT_EQ(ParseYaml("a: 1\r\nb: 2\r\n").keys[1].line, 2U);
    EXPECT_EQ(ParseYaml("\xef\xbb\xbf"
                        "a: 1\nb: 2\n")
                  .keys[1]
                  .line,
              2U);
}

TEST(ValueTest, NullIsNull)
{
    for (const char* const text : {"", "~", "null", "Null", "NULL", "# only", "---\n"})
    {
        EXPECT_EQ(ParseYaml(text).kind, Value::Kind::Null) << text;
    }
    EXPECT_EQ(ParseYaml("'null'").text, "null");
    EXPECT_EQ(ParseYaml("!!str null").text, "null");
    EXPECT_TRUE(ParseYaml("!!str 5").quoted);
    EXPECT_FALSE(ParseYaml("!!int 5").quoted);
    EXPECT_EQ(ParseYaml("''").kind, Value::Kind::Scalar);
}

TEST(ValueTest, DoublesAreKept)
{
    const Value root = ParseYaml("{a: 1, a: 2}");
    EXPECT_EQ(root.keys.size(), 2U);
    EXPECT_EQ(root.items[1].text, "2");
}

TEST(ValueTest, AliasesAreCopiesWithTheirOwnLine)
{
    const Value root = ParseYaml("a: &x [1, {b: 2}]\nc: *x\nd: *x\n");
    EXPECT_EQ(root.items[1].items[1].items[0].text, "2");
    EXPECT_EQ(root.items[1].line, 2U);
    EXPECT_EQ(root.items[2].line, 3U);
    // A later anchor of the same name takes over.
    EXPECT_EQ(ParseYaml("[&a 1, *a, &a 2, *a]").items[3].text, "2");
}

TEST(ValueTest, AnAliasInsideOfItselfIsRefused)
{
    EXPECT_EQ(YamlErrorOf("a: 1\nb: &x [1, *x]\n"), "2: an alias inside of what it stands for");
    EXPECT_EQ(YamlErrorOf("&x {*x : 1}"), "1: an alias inside of what it stands for");
}

TEST(ValueTest, DepthIsBounded)
{
    EXPECT_EQ(YamlErrorOf(Repeat("[", 16) + Repeat("]", 16)), "");
    EXPECT_EQ(YamlErrorOf(Repeat("[", 17) + Repeat("]", 17)), "1: nested deeper than 16 levels");
    EXPECT_EQ(YamlErrorOf(Repeat("{a: ", 17) + Repeat("}", 17)), "1: nested deeper than 16 levels");
    EXPECT_EQ(YamlErrorOf(Repeat("- ", 17) + "x"), "1: nested deeper than 16 levels");
    // Aliases cannot build what may not be written.
    EXPECT_EQ(YamlErrorOf("- &a [[[[[[[[x]]]]]]]]\n- &b [[[[[[*a]]]]]]\n- [[*b]]\n"),
              "3: nested deeper than 16 levels");
    EXPECT_EQ(YamlErrorOf("- &a [[[[[[[[x]]]]]]]]\n- &b [[[[[[*a]]]]]]\n- [*b]\n"), "");
}

TEST(ValueTest, CostIsBounded)
{
    // A billion laughs.
    std::string laughs = "- &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int i = 1; i < 9; ++i)
    {
        const std::string alias = "*a" + std::to_string(i - 1);
        laughs += "- &a" + std::to_string(i) + " [" + alias + Repeat(", " + alias, 9) + "]\n";
    }
    const std::string error = YamlErrorOf(laughs);
    EXPECT_NE(error.find("too large with its aliases expanded"), std::string::npos) << error;
    const std::string big = "- &a " + std::string(500000, 'x') + "\n" + Repeat("- *a\n", 100);
    EXPECT_NE(YamlErrorOf(big), "");
}

TEST(ValueTest, OneDocument)
{
    EXPECT_EQ(YamlErrorOf("---\na: 1\n"), "");
    EXPECT_EQ(YamlErrorOf("%YAML 1.2\n---\na: 1\n...\n"), "");
    EXPECT_EQ(YamlErrorOf("a: 1\n---\nb: 1\n"), "3: a second document");
}

/// What yaml-cpp hung on, or took all memory for, in some version; and what costs it most.
TEST(ValueTest, BrokenTextsEnd)
{
    const std::vector<std::string> texts = {"[:",
                                            "[[:",
                                            "{:",
                                            "[:]",
                                            "{:]",
                                            "{!\xc3\x9b:",
                                            "{# ke\ny{:",
                                            "!2",
                                            "{\"access\"",
                                            "? ? ? ?",
                                            "- - - -",
                                            "&a",
                                            "*",
                                            "&a &b x",
                                            "!<",
                                            "!!",
                                            "%",
                                            "%YAML",
                                            "%TAG ! !",
                                            "|",
                                            ">9",
                                            "\"\\",
                                            "\"\\ud800\"",
                                            "\"\\x",
                                            "a: b: c",
                                            "]",
                                            "}",
                                            ":",
                                            "? :",
                                            "\t",
                                            "...",
                                            "--- ---",
                                            Repeat("[", 100000),
                                            Repeat("{", 100000),
                                            Repeat("{a: ", 100000),
                                            Repeat("- ", 100000),
                                            Repeat("? ", 100000),
                                            Repeat("&a ", 100000),
                                            Repeat("!a ", 100000),
                                            Repeat("a: ", 100000),
                                            Repeat("---\n", 100000),
                                            Repeat("\n", 1000000),
                                            Repeat("#", 1000000),
                                            Repeat("a ", 500000),
                                            "\"" + Repeat("\\n", 400000) + "\"",
                                            Repeat("[],", 300000),
                                            "[" + Repeat(",", 300000) + "]"};
    for (const std::string& text : texts)
    {
        const auto begin = std::chrono::steady_clock::now();
        const std::string error = YamlErrorOf(text); // either a value or an error
        EXPECT_TRUE(error.empty() || IsPlainText(error)) << Quote(text);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        EXPECT_LT(took.count(), 20.0) << Quote(text);
    }
}

/// Equal but for the lines.
bool
IsSame(const Value& left, const Value& right)
{
    const auto same = [](const std::vector<Value>& mine, const std::vector<Value>& theirs)
    {
        return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(), IsSame);
    };
    return left.kind == right.kind && left.text == right.text && left.quoted == right.quoted &&
           same(left.keys, right.keys) && same(left.items, right.items);
}

TEST(FlowText, ReadsBackAsTheSame)
{
    for (const char* const text : {"5",
                                   "-5",
                                   "isdn",
                                   "[1, 2.5, [], {}]",
                                   "{name: a.cab, bytes: 16000}",
                                   "- {name: \"5\", bytes: 1}\n- 'it''s'\n- ~\n- \"a\\tb\\\\\"",
                                   "a: |\n  two\n  lines\nb: \"[x]\"",
                                   "\"null\"",
                                   "\"\"",
                                   "~"})
    {
        const Value value = ParseYaml(text);
        const std::string flow = value.FlowText();
        EXPECT_EQ(flow.find('\n'), std::string::npos) << flow;
        EXPECT_TRUE(IsSame(ParseYaml(flow), value)) << flow;
    }
}

} // namespace
} // namespace lanpeer::settings
