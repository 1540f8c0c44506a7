#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// What the README says was measured is what results/ says. A table between fences must stand in a
// file of results/ as it is. Of running text and tables, each number must stand in the files that
// an invisible line behind it names:
//
//     <!-- from results/year.md -->
//
// In the sections about results, text with a number in it must have such a line. Numbers that are
// words ("six files") nobody looks at.

namespace
{

namespace fs = std::filesystem;

const fs::path kSource = LANPEER_SOURCE_DIR;

/// The sections of the README that tell results; elsewhere a line `from` is held to, not required.
const std::set<std::string> kSectionsOfResults = {"What peering saves"};

/// What stands between blank lines, or between fences.
struct Block
{
    std::string section;
    std::string text;
    bool isFenced = false;
    std::vector<std::string> from; ///< the files that the line behind it names
};

/// The files of `<!-- from A B -->`; none for any other line.
std::vector<std::string>
FilesOf(const std::string& line)
{
    std::smatch match;
    static const std::regex marker("<!-- from (.*) -->");
    if (!std::regex_match(line, match, marker))
    {
        return {};
    }
    std::istringstream words(match[1].str());
    return {std::istream_iterator<std::string>(words), {}};
}

std::vector<Block>
BlocksOf(std::istream& page)
{
    std::vector<Block> blocks;
    std::string section;
    bool isOpen = false; // the last one, for more lines
    bool isFenced = false;
    for (std::string line; std::getline(page, line);)
    {
        const std::vector<std::string> from = isFenced ? std::vector<std::string>() : FilesOf(line);
        if (line.rfind("```", 0) == 0)
        {
            isFenced = !isFenced;
            isOpen = isFenced;
            if (isFenced)
            {
                blocks.push_back({section, "", true, {}});
            }
        }
        else if (!from.empty() && !blocks.empty())
        {
            blocks.back().from = from;
            isOpen = false;
        }
        else if (!isFenced && line.rfind("## ", 0) == 0)
        {
            section = line.substr(3);
            isOpen = false;
        }
        else if (!isFenced && line.empty())
        {
            isOpen = false;
        }
        else
        {
            if (!isOpen)
            {
                blocks.push_back({section, "", false, {}});
                isOpen = true;
            }
            blocks.back().text += line + "\n";
        }
    }
    return blocks;
}

std::vector<Block>
BlocksOf(const fs::path& file)
{
    std::ifstream in(file);
    EXPECT_TRUE(in) << file;
    return BlocksOf(in);
}

/// Numbers that stand alone, as they are written: 2.77 and 50, not those of `fig4a`, FIG. 4A, of
/// the patent's paragraphs [0058] and of where links lead.
std::set<std::string>
NumbersOf(const std::string& text)
{
    static const std::regex notFigures(R"(\[\d{4}\]|\]\([^)]*\))");
    static const std::regex number(
        R"((^|[^A-Za-z0-9_.])(\d+(?:,\d{3})*(?:\.\d+)?)(?!\.?[A-Za-z0-9_]))");
    const std::string figures = std::regex_replace(text, notFigures, "]");
    std::set<std::string> numbers;
    for (std::sregex_iterator at(figures.begin(), figures.end(), number), end; at != end; ++at)
    {
        numbers.insert((*at)[2].str());
    }
    return numbers;
}

/// As `lanpeer-sim run` heads its table: "office: 50 nodes, ...".
bool
IsTableOfRuns(const Block& block)
{
    static const std::regex head("^[A-Za-z0-9._-]+: ([0-9]+ nodes[,;]|[a-z0-9_.]+; [0-9])");
    return block.isFenced && std::regex_search(block.text.substr(0, block.text.find('\n')), head);
}

std::set<std::string>
TablesOfResults()
{
    std::set<std::string> tables;
    for (const auto& entry : fs::recursive_directory_iterator(kSource / "results"))
    {
        if (entry.path().extension() == ".md")
        {
            for (const Block& block : BlocksOf(entry.path()))
            {
                if (block.isFenced)
                {
                    tables.insert(block.text);
                }
            }
        }
    }
    return tables;
}

std::string
TextOf(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What is said of a block that stands nowhere else.
std::string
Where(const Block& block)
{
    return "README.md, \"" + block.section + "\": " + block.text;
}

TEST(ReadmeFigures, TablesOfRunsAreThoseOfResults)
{
    const std::set<std::string> tables = TablesOfResults();
    std::size_t compared = 0;
    for (const Block& block : BlocksOf(kSource / "README.md"))
    {
        const bool isOfResults = kSectionsOfResults.count(block.section) != 0 && block.isFenced;
        if (isOfResults || IsTableOfRuns(block))
        {
            ++compared;
            EXPECT_EQ(tables.count(block.text), 1U)
                << Where(block) << "stands in no file of results/";
        }
    }
    EXPECT_GE(compared, 2U);
}

TEST(ReadmeFigures, NumbersStandInTheFilesThatTheyAreFrom)
{
    std::size_t compared = 0;
    for (const Block& block : BlocksOf(kSource / "README.md"))
    {
        const std::set<std::string> numbers = NumbersOf(block.text);
        const bool mustSay = kSectionsOfResults.count(block.section) != 0 && !block.isFenced;
        EXPECT_FALSE(mustSay && !numbers.empty() && block.from.empty())
            << Where(block) << "needs a line <!-- from results/... -->";
        EXPECT_TRUE(block.isFenced || !std::regex_search(block.text, std::regex("<!-- *from")))
            << Where(block) << "has a line <!-- from ... --> that is not written as it must be";
        std::set<std::string> known;
        for (const std::string& file : block.from)
        {
            EXPECT_TRUE(fs::exists(kSource / file))
                << Where(block) << "names " << file << ", which is not there";
            known.merge(NumbersOf(TextOf(kSource / file)));
        }
        for (const std::string& number : numbers)
        {
            compared += block.from.empty() ? 0 : 1;
            EXPECT_TRUE(block.from.empty() || known.count(number) != 0)
                << Where(block) << number << " stands in none of its files";
        }
    }
    EXPECT_GE(compared, 5U);
}

TEST(ReadmeFigures, WhatWasPrintedStandsThereAsItWas)
{
    std::size_t compared = 0;
    for (const Block& block : BlocksOf(kSource / "README.md"))
    {
        if (!block.isFenced || block.from.empty())
        {
            continue;
        }
        ++compared;
        EXPECT_TRUE(
            std::any_of(block.from.begin(),
                        block.from.end(),
                        [&block](const std::string& file)
                        { return TextOf(kSource / file).find(block.text) != std::string::npos; }))
            << Where(block) << "does not stand in its file as it is";
    }
    EXPECT_GE(compared, 1U);
}

TEST(ReadmeFigures, AreReadAsTheyAreMeant)
{
    EXPECT_EQ(NumbersOf("`fig4a` FIG. 4A [0054] ([a](x-7.md)) 58 MB, 2.77 ± 0.17 of 1,000; 12."),
              (std::set<std::string>{"58", "2.77", "0.17", "1,000", "12"}));
    EXPECT_EQ(NumbersOf("25 s, 1.25 s, 0.251"), (std::set<std::string>{"25", "1.25", "0.251"}));
    std::istringstream page("## A\n\none 1\ntwo\n<!-- from a.md b.md -->\n\n```yaml\nx\n\ny\n```\n"
                            "| 2 |\n\n<!-- from c.md -->\n## B\nthree\n");
    const std::vector<Block> blocks = BlocksOf(page);
    ASSERT_EQ(blocks.size(), 4U);
    EXPECT_EQ(blocks[0].text, "one 1\ntwo\n");
    EXPECT_EQ(blocks[0].from, (std::vector<std::string>{"a.md", "b.md"}));
    EXPECT_TRUE(blocks[1].isFenced);
    EXPECT_EQ(blocks[1].text, "x\n\ny\n");
    EXPECT_EQ(blocks[2].from, (std::vector<std::string>{"c.md"}));
    EXPECT_EQ(blocks[3].section, "B");
    EXPECT_TRUE(blocks[3].from.empty());
}

} // namespace
