#include "analysis/shell-word.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

// A text as one word of a shell: what the shell makes of it is the text again.

namespace lanpeer::analysis
{
namespace
{

std::string
EchoOf(const std::string& word)
{
    FILE* const shell = popen(("printf %s " + word).c_str(), "r");
    std::string text;
    for (int byte = 0; shell != nullptr && (byte = std::fgetc(shell)) != EOF;)
    {
        text += static_cast<char>(byte);
    }
    EXPECT_EQ(shell == nullptr ? -1 : pclose(shell), 0) << word;
    return text;
}

TEST(ShellWord, QuotesWhatNeedsIt)
{
    EXPECT_EQ(ShellWord("lan.nodes=20"), "lan.nodes=20");
    EXPECT_EQ(ShellWord("a/b-c_d.e:1,2+3@4%"), "a/b-c_d.e:1,2+3@4%");
    EXPECT_EQ(ShellWord(""), "''");
    EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
    EXPECT_EQ(ShellPath("-x"), "./-x");
    EXPECT_EQ(ShellPath("-it's"), "'./-it'\\''s'");
    EXPECT_EQ(ShellPath("a b/-x"), "'a b/-x'");
    EXPECT_EQ(ShellPath(""), "''");
}

TEST(ShellWord, IsTheTextAgainForAShell)
{
    for (const std::string text : {"plain",
                                   "a b",
                                   "'",
                                   "''$(id)`id`\\",
                                   "~",
                                   "*?[a]{b,c}",
                                   "a;b&c|d<e>f",
                                   "!1 #2",
                                   "two\nlines\t",
                                   "\xc3\xa4"})
    {
        EXPECT_EQ(EchoOf(ShellWord(text)), text);
    }
}

} // namespace
} // namespace lanpeer::analysis
