#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <lanpeer.h>

#include <filesystem>

// An application outside the build tree, against what `cmake --install` puts in place.

namespace lanpeer::reference
{
namespace
{

// Both: SOCKET URL FILE. Offer the file, get it, print where it came from, and what it holds.

constexpr const char* kProgram = R"(
#include <fcntl.h>
#include <lanpeer.h>
#include <stdio.h>
#include <unistd.h>

static void ended(void *user, lanpeer_id id, const lanpeer_result *result)
{
    char bytes[100];
    ssize_t got = result->found ? read(result->fd, bytes, sizeof(bytes)) : 0;
    (void)id;
    ++*(int *)user;
    printf("%s %d %.*s\n", result->reason, (int)result->source, (int)got, bytes);
    if (result->found)
    {
        printf("%s\n", result->sha256);
        close(result->fd);
    }
}

int main(int argc, char **argv)
{
    int told = 0;
    lanpeer_request request;
    lanpeer_client *client = lanpeer_open(argc == 4 ? argv[1] : NULL);
    if (!lanpeer_ok(client))
    {
        printf("%s\n", lanpeer_error(client));
        return 1;
    }
    if (lanpeer_offer(client, argv[2], open(argv[3], O_RDONLY), NULL) != 0)
    {
        printf("%s\n", lanpeer_error(client));
        return 1;
    }
    lanpeer_request_init(&request);
    request.url = argv[2];
    request.sha256 = "@digest@";
    request.may_use_internet = 0;
    request.ended = &ended;
    request.user = &told;
    if (lanpeer_wait(client, lanpeer_get(client, &request)) != 0 || told != 1)
    {
        printf("%s\n", lanpeer_error(client));
        return 1;
    }
    lanpeer_close(client);
    return 0;
}
)";

constexpr const char* kProgramOfCpp = R"(
#include <fcntl.h>
#include <iostream>
#include <lanpeer.hpp>
#include <unistd.h>

int main(int, char** argv)
{
    try
    {
        lanpeer::Client client(argv[1]);
        client.Offer(argv[2], ::open(argv[3], O_RDONLY));
        const lanpeer::Result result = client.Get({argv[2], "@digest@"});
        char bytes[100];
        const ssize_t got = ::read(result.fd, bytes, sizeof(bytes));
        std::cout << result.reason << " " << result.source << " "
                  << std::string(bytes, static_cast<std::size_t>(got)) << "\n" << result.sha256 << "\n";
    }
    catch (const lanpeer::Error& error)
    {
        std::cout << error.what() << "\n";
        return 1;
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

std::string
WithDigest(std::string program, const std::string& digest)
{
    const std::string mark = "@digest@";
    return program.replace(program.find(mark), mark.size(), digest);
}

/// The installed daemon, in the background.
class InstalledDaemon
{
  public:
    InstalledDaemon(const Scene& scene, const std::string& prefix)
        : m_stop(fmt::format("kill $(cat {})", scene.In("pid")))
    {
        const auto [code, said] = RunShell(fmt::format(
            "cd {0} || exit; {1}/sbin/lanpeerd --foreground --config {2} >log 2>&1 & echo $! >pid; "
            "until [ -S socket ]; do kill -0 $(cat pid) || exit 1; sleep 0.05; done",
            scene.In(""),
            prefix,
            scene.Config()));
        EXPECT_EQ(code, 0) << said << ReadAll(scene.In("log"));
    }

    ~InstalledDaemon()
    {
        EXPECT_EQ(RunShell(m_stop).first, 0);
    }

    InstalledDaemon(const InstalledDaemon&) = delete;
    InstalledDaemon& operator=(const InstalledDaemon&) = delete;

  private:
    std::string m_stop;
};

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
    const std::string digest = Sha256("some bytes");
    scene.Write("file", "some bytes");
    scene.Write("application.c", WithDigest(kProgram, digest));
    scene.Write("application.cc", WithDigest(kProgramOfCpp, digest));
    scene.Write("CMakeLists.txt", kCMakeLists);
    good(fmt::format("cmake -S {0} -B {0}/build -DCMAKE_PREFIX_PATH={1} && cmake --build {0}/build",
                     scene.In(""),
                     prefix));
    const InstalledDaemon daemon(scene, prefix);
    const auto words = [&scene](const char* name)
    {
        return fmt::format(
            "{} http://origin.test/{} {}", scene.In("socket"), name, scene.In("file"));
    };
    const std::string got = fmt::format(" {} some bytes\n{}\n", LANPEER_LOCAL, digest);
    EXPECT_EQ(good(fmt::format("{} {}", scene.In("build/application"), words("of-cpp"))), got);

    const std::string library = good(fmt::format("dirname $(find {} -name liblanpeer.so)", prefix));
    const std::string folder = library.substr(0, library.find('\n'));
    good(fmt::format(
        "cc {0} -o {1} $(PKG_CONFIG_PATH={2}/pkgconfig pkg-config --cflags --libs lanpeer)",
        scene.In("application.c"),
        scene.In("application"),
        folder));
    const std::string inC = fmt::format("LD_LIBRARY_PATH={} {}", folder, scene.In("application"));
    EXPECT_EQ(good(fmt::format("{} {}", inC, words("of-c"))), got);
    EXPECT_EQ(
        RunShell(inC + " /nonexistent x y"),
        std::pair(1,
                  std::string("/nonexistent: No such file or directory (does lanpeerd run?)\n")));
    EXPECT_THAT(good(fmt::format("{}/bin/lanpeer --socket {} list", prefix, scene.In("socket"))),
                testing::AllOf(testing::HasSubstr("/of-cpp"), testing::HasSubstr("/of-c")));
    EXPECT_THAT(good(prefix + "/bin/lanpeer --help"), testing::HasSubstr("doctor"));
}

} // namespace
} // namespace lanpeer::reference
