#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>

// The Debian packages, as `cpack` makes them of this build tree.

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::string
Good(const std::string& command)
{
    const auto [code, said] = RunShell(command);
    EXPECT_EQ(code, 0) << command << "\n" << said;
    return said;
}

class Packages : public testing::Test
{
  protected:
    void SetUp() override
    {
        Good(fmt::format(
            "cpack --config {}/CPackConfig.cmake -B {}", LANPEER_BINARY_DIR, m_scene.In("made")));
    }

    /// The file of a package.
    std::string FileOf(const std::string& package) const
    {
        const std::string found = Good(fmt::format("ls {}/{}_*.deb", m_scene.In("made"), package));
        return found.substr(0, found.find('\n'));
    }

    std::string Field(const std::string& package, const std::string& field) const
    {
        const std::string said = Good(fmt::format("dpkg-deb -f {} {}", FileOf(package), field));
        return said.substr(0, said.find('\n'));
    }

    /// The files of a package; of libraries without their version.
    std::set<std::string> ContentsOf(const std::string& package) const
    {
        std::istringstream lines(
            Good(fmt::format("dpkg-deb --fsys-tarfile {} | tar -t", FileOf(package))));
        std::set<std::string> contents;
        for (std::string line; std::getline(lines, line);)
        {
            if (line.back() != '/')
            {
                contents.insert(
                    std::regex_replace(line.substr(1), std::regex(R"(\.so\.0\..*)"), ".so.0.X"));
            }
        }
        return contents;
    }

    Scene m_scene;
};

TEST_F(Packages, HoldWhatIsForUsersAndNothingElse)
{
    EXPECT_THAT(ContentsOf("lanpeer"),
                ElementsAre("/etc/lanpeer/lanpeerd.yaml",
                            "/usr/bin/lanpeer",
                            "/usr/lib/liblanpeer.so.0",
                            "/usr/lib/liblanpeer.so.0.X",
                            "/usr/lib/systemd/system/lanpeerd.service",
                            "/usr/lib/sysusers.d/lanpeer.conf",
                            "/usr/sbin/lanpeerd",
                            "/usr/share/doc/lanpeer/copyright",
                            "/usr/share/man/man1/lanpeer.1.gz",
                            "/usr/share/man/man5/lanpeerd.yaml.5.gz",
                            "/usr/share/man/man8/lanpeerd.8.gz"));
    EXPECT_THAT(ContentsOf("liblanpeer-dev"),
                IsSupersetOf({"/usr/include/lanpeer.h",
                              "/usr/include/lanpeer.hpp",
                              "/usr/lib/cmake/lanpeer/lanpeer-config.cmake",
                              "/usr/lib/liblanpeer.so",
                              "/usr/lib/pkgconfig/lanpeer.pc",
                              "/usr/share/doc/liblanpeer-dev/copyright",
                              "/usr/share/man/man3/liblanpeer.3.gz"}));
}

TEST_F(Packages, SayWhatTheyAreAndNeed)
{
    EXPECT_EQ(Field("lanpeer", "Section"), "net");
    EXPECT_EQ(Field("lanpeer", "Architecture") + "\n", Good("dpkg --print-architecture"));
    const std::string version = Field("lanpeer", "Version");
    EXPECT_THAT(ReadAll(LANPEER_SOURCE_DIR "/CMakeLists.txt"),
                HasSubstr("project(LanPeer VERSION " + version + " "));
    const std::string depends = Field("lanpeer", "Depends");
    for (const char* needed : {"adduser", "libc6", "libcurl4", "libsqlite3-0"})
    {
        EXPECT_THAT(depends, HasSubstr(needed));
    }
    EXPECT_THAT(depends, Not(HasSubstr("-dev")));
    EXPECT_THAT(depends, Not(HasSubstr("libns3"))); // its licence: README
    EXPECT_EQ(Field("liblanpeer-dev", "Depends"), "lanpeer (= " + version + ")");
    EXPECT_EQ(Field("liblanpeer-dev", "Section"), "libdevel");

    const auto control = [this](const char* part)
    {
        return Good(fmt::format("dpkg-deb -I {} {}", FileOf("lanpeer"), part));
    };
    EXPECT_EQ(control("conffiles"), "/etc/lanpeer/lanpeerd.yaml\n");
    EXPECT_EQ(control("triggers"), "activate-noawait ldconfig\n");
    EXPECT_EQ(control("shlibs"), "liblanpeer 0 lanpeer (= " + version + ")\n");
}

TEST_F(Packages, KnowNothingOfTheBuildTree)
{
    const std::string root = m_scene.In("root");
    for (const char* package : {"lanpeer", "liblanpeer-dev"})
    {
        Good(fmt::format("dpkg-deb -x {} {}", FileOf(package), root));
    }
    const auto [code, said] = RunShell(
        fmt::format("grep -rlF -e '{}' -e '{}' {}", LANPEER_BINARY_DIR, m_scene.In("made"), root));
    EXPECT_EQ(code, 1) << said;
    EXPECT_THAT(Good(fmt::format("{0}/usr/bin/lanpeer --help && ldd {0}/usr/bin/lanpeer", root)),
                HasSubstr(root + "/usr/bin/../lib/liblanpeer.so.0"));
}

TEST_F(Packages, UnitIsThatOfTheDaemon)
{
    const std::string root = m_scene.In("root");
    Good(fmt::format("dpkg-deb -x {} {}", FileOf("lanpeer"), root));
    const std::string unit = ReadAll(root + "/usr/lib/systemd/system/lanpeerd.service");
    EXPECT_THAT(unit,
                HasSubstr("\nExecStart=/usr/sbin/lanpeerd --foreground --config "
                          "/etc/lanpeer/lanpeerd.yaml\n"));
    // A small system has no /bin/kill (procps).
    EXPECT_THAT(unit, HasSubstr("\nExecReload=/bin/sh -c 'kill -HUP \"$1\"' reload $MAINPID\n"));
    for (const char* line : {"Type=notify",
                             "User=lanpeer",
                             "StateDirectory=lanpeer lanpeer-updates",
                             "StateDirectoryMode=0755",
                             "RuntimeDirectory=lanpeer",
                             "CapabilityBoundingSet=",
                             "NoNewPrivileges=yes",
                             "ProtectSystem=strict",
                             "ProtectHome=yes",
                             "Restart=on-failure"})
    {
        EXPECT_THAT(unit, HasSubstr(fmt::format("\n{}\n", line)));
    }
    // sysusers.d and the script of the package make the same user.
    EXPECT_THAT(ReadAll(root + "/usr/lib/sysusers.d/lanpeer.conf"),
                HasSubstr("\nu     lanpeer -  \"LanPeer peering service\" /var/lib/lanpeer "
                          "/usr/sbin/nologin\n"));
}

/// This machine's own root with a layer over it that takes what is written, in namespaces that end
/// with the command.
const std::string kThrownAway = R"(unshare --mount --pid --net --fork --kill-child sh -euc '
    mount -t tmpfs tmpfs "$1"
    mkdir "$1/upper" "$1/work" "$1/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
    mount -t proc proc "$1/root/proc"
    mount --rbind /dev "$1/root/dev"
    mount -t tmpfs tmpfs "$1/root/run"
    mount -t tmpfs tmpfs "$1/root/tmp"
    cp "$2" "$1/root/tmp/lanpeer.deb"
    cp "$3" "$1/root/tmp/life"
    exec chroot "$1/root" /tmp/life dpkg --force-unsafe-io --install /tmp/lanpeer.deb
' sh )";

TEST_F(Packages, LiveAndGoWithoutATrace)
{
    if (::geteuid() != 0)
    {
        GTEST_SKIP() << "needs root, for a root that is thrown away";
    }
    const std::string said =
        Good(fmt::format("mkdir {0} && {1} {0} {2} {3}",
                         m_scene.In("thrown-away"),
                         kThrownAway,
                         FileOf("lanpeer"),
                         LANPEER_SOURCE_DIR "/tests/reference/packaging/life"));
    EXPECT_THAT(said, HasSubstr("life: lanpeerd runs as lanpeer\n"));
    EXPECT_THAT(said, HasSubstr("life: purged, nothing stays\n"));
}

} // namespace
} // namespace lanpeer::reference
