#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

/// What this room may include: it has no sockets, files, clocks or threads, and no host sees Boost.
namespace lanpeer::http
{
namespace
{

std::set<std::string>
IncludesOf(const std::filesystem::path& file)
{
    std::set<std::string> includes;
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);)
    {
        if (line.rfind("#include ", 0) == 0)
        {
            includes.insert(line.substr(10, line.size() - 11));
        }
    }
    return includes;
}

bool
StartsWith(const std::string& text, const std::string& prefix)
{
    return text.rfind(prefix, 0) == 0;
}

TEST(House, IncludesOnlyWhatItMay)
{
    RecordProperty("requirement", "R-HTTP-1");
    const std::set<std::string> standard = {"algorithm",
                                            "charconv",
                                            "cstddef",
                                            "cstdint",
                                            "iterator",
                                            "limits",
                                            "optional",
                                            "string",
                                            "string_view",
                                            "system_error",
                                            "tuple",
                                            "utility",
                                            "variant"};
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LANPEER_SOURCE_DIR "/model/http"))
    {
        const std::string name = entry.path().filename().string();
        const bool isPublic = entry.path().extension() == ".h" && name != "beast-text.h";
        for (const std::string& include : IncludesOf(entry.path()))
        {
            const bool ours = StartsWith(include, "model/http/") &&
                              !(isPublic && include == "model/http/beast-text.h");
            const bool beast = !isPublic && (StartsWith(include, "boost/beast/core/") ||
                                             StartsWith(include, "boost/beast/http/") ||
                                             include == "boost/asio/buffer.hpp");
            EXPECT_TRUE(ours || beast || standard.count(include) > 0)
                << name << " includes " << include;
        }
        ++files;
    }
    EXPECT_GT(files, 10);
}

} // namespace
} // namespace lanpeer::http
