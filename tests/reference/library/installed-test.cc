#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

// An application outside the build tree, against what `cmake --install` puts in place.

namespace lanpeer::reference
{
namespace
{

constexpr const char* kProgram = R"(
#include <lanpeer.h>
#include <stdio.h>

int main(void)
{
    lanpeer_client *client = lanpeer_open("/nonexistent");
    printf("%d %s\n", lanpeer_ok(client), lanpeer_error(client));
    lanpeer_close(client);
    return 0;
}
)";

constexpr const char* kProgramOfCpp = R"(
#include <lanpeer.hpp>
#include <iostream>

int main()
{
    try
    {
        lanpeer::Client client("/nonexistent");
    }
    catch (const lanpeer::Error& error)
    {
        std::cout << error.what() << "\n";
    }
}
)";

constexpr const char* kCMakeLists = R"(
cmake_minimum_required(VERSION 3.25)
project(Application LANGUAGES C CXX)
find_package(lanpeer 0.1 REQUIRED)
add_executable(application application.cc)
target_link_libraries(application PRIVATE lanpeer::lanpeer)
)";

TEST(Installed, AnApplicationIsBuiltByCMakeAndByPkgConfig)
{
    RecordProperty("requirement", "R-API-1");
    const Scene scene;
    const auto good = [](const std::string& command)
    {
        const auto [code, said] = RunShell(command);
        EXPECT_EQ(code, 0) << command << "\n" << said;
        return said;
    };
    const std::string prefix = scene.In("prefix");
    for (const char* part : {"reference/library", "reference/lanpeer", "reference/lanpeerd"})
    {
        good(fmt::format("cmake --install {}/{} --prefix {}", LANPEER_BINARY_DIR, part, prefix));
    }
    scene.Write("application.c", kProgram);
    scene.Write("application.cc", kProgramOfCpp);
    scene.Write("CMakeLists.txt", kCMakeLists);
    good(fmt::format("cmake -S {0} -B {0}/build -DCMAKE_PREFIX_PATH={1} && cmake --build {0}/build",
                     scene.In(""),
                     prefix));
    EXPECT_THAT(good(scene.In("build/application")),
                testing::HasSubstr("/nonexistent: No such file or directory"));

    const std::string library = good(fmt::format("dirname $(find {} -name liblanpeer.so)", prefix));
    const std::string folder = library.substr(0, library.find('\n'));
    good(fmt::format(
        "cc {0} -o {1} $(PKG_CONFIG_PATH={2}/pkgconfig pkg-config --cflags --libs lanpeer)",
        scene.In("application.c"),
        scene.In("application"),
        folder));
    EXPECT_THAT(good(fmt::format("LD_LIBRARY_PATH={} {}", folder, scene.In("application"))),
                testing::StartsWith("0 /nonexistent: No such file or directory"));
    EXPECT_THAT(good(prefix + "/bin/lanpeer --help"), testing::HasSubstr("doctor"));
}

} // namespace
} // namespace lanpeer::reference
