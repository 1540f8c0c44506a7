#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

/// What this room may include: no ns-3 but in the program's own main, no yaml-cpp, CLI11 in one
/// file only, and none of the third parties in a header that others see.
namespace lanpeer::scenario
{
namespace
{

bool
StartsWith(const std::string& text, const std::string& prefix)
{
    return text.rfind(prefix, 0) == 0;
}

TEST(HouseTest, IncludesOnlyWhatItMay)
{
    const std::set<std::string> room = {"arrival",
                                        "command-line",
                                        "key-kinds",
                                        "key-table",
                                        "list-keys",
                                        "listings",
                                        "protocol-keys",
                                        "scenario",
                                        "scenario-file",
                                        "scenario-reader"};
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LANPEER_SOURCE_DIR "/scenarios"))
    {
        const std::string name = entry.path().stem().string();
        const std::string extension = entry.path().extension().string();
        if (room.count(name) == 0 || (extension != ".h" && extension != ".cc"))
        {
            continue;
        }
        ++files;
        std::ifstream lines(entry.path());
        for (std::string line; std::getline(lines, line);)
        {
            const std::string what = name + extension + ": " + line;
            EXPECT_FALSE(StartsWith(line, "#include <ns3/")) << what;
            EXPECT_FALSE(StartsWith(line, "#include \"model/lan/")) << what;
            EXPECT_FALSE(StartsWith(line, "#include <yaml-cpp/")) << what;
            EXPECT_TRUE(!StartsWith(line, "#include <CLI/") ||
                        name + extension == "command-line.cc")
                << what;
            // key-kinds.h is the table's own.
            EXPECT_FALSE(
                extension == ".h" && name != "key-kinds" &&
                (StartsWith(line, "#include <fmt/") || StartsWith(line, "#include <nlohmann/")))
                << what;
        }
    }
    EXPECT_EQ(files, 18);
}

} // namespace
} // namespace lanpeer::scenario
