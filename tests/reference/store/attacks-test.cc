#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

using StoreAttacks = StoreFolder;

unsigned
ModeOf(const fs::path& path)
{
    struct stat status = {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

TEST_F(StoreAttacks, L21NobodyElseSeesWhatIsInside)
{
    RecordProperty("attack", "L20 L21");
    const mode_t before = ::umask(0);
    {
        const auto store = Make();
        KeepBytes(*store, "u", "abc");
        EXPECT_EQ(ModeOf(State()), 0700U);
        EXPECT_EQ(ModeOf(State() / "copies"), 0700U);
        EXPECT_EQ(ModeOf(State() / "partial"), 0700U);
        EXPECT_EQ(ModeOf(State() / "lock"), 0600U);
        EXPECT_EQ(ModeOf(State() / "index.sqlite"), 0600U);
        EXPECT_EQ(ModeOf(State() / "index.sqlite-wal"), 0600U);
        EXPECT_EQ(ModeOf(CopyOf("u", "abc")), 0400U);
    }
    ::umask(before);
    // And again if somebody opened them.
    fs::permissions(State() / "copies", fs::perms(0755));
    Make();
    EXPECT_EQ(ModeOf(State() / "copies"), 0700U);
}

TEST_F(StoreAttacks, L21RefusesAFolderThatOthersMayWrite)
{
    RecordProperty("attack", "L21");
    Make();
    for (const char* name : {".", "copies", "partial"})
    {
        for (const unsigned mode : {0770U, 0707U, 0702U, 0720U, 01777U})
        {
            fs::permissions(State() / name, fs::perms(mode));
            EXPECT_THAT(ErrorOf(Settings()), HasSubstr("refused, for others may write it (mode"))
                << name;
        }
        fs::permissions(State() / name, fs::perms(0700));
    }
}

TEST_F(StoreAttacks, L21RefusesAFolderThatOthersMayReplace)
{
    RecordProperty("attack", "L21");
    fs::permissions(m_top, fs::perms(0777));
    EXPECT_THAT(ErrorOf(Settings()),
                AllOf(StartsWith(State().string() + ": refused, for others may write "),
                      HasSubstr(m_top.string()),
                      EndsWith("(mode 777)")));
    // As /tmp is.
    fs::permissions(m_top, fs::perms(01777));
    EXPECT_EQ(ErrorOf(Settings()), "");
    fs::permissions(m_top, fs::perms(0755));
    EXPECT_EQ(ErrorOf(Settings()), "");
}

TEST_F(StoreAttacks, L21RefusesAFolderOfAnother)
{
    RecordProperty("attack", "L21");
    if (::geteuid() != 0)
    {
        StoreSettings settings = Settings();
        settings.folder = "/usr";
        EXPECT_THAT(ErrorOf(settings), HasSubstr("/usr: refused, for it belongs to user 0"));
        return;
    }
    constexpr uid_t kNobody = 65534;
    Make();
    for (const char* name : {".", "copies", "partial"})
    {
        ASSERT_EQ(::chown((State() / name).c_str(), kNobody, kNobody), 0);
        EXPECT_THAT(ErrorOf(Settings()),
                    HasSubstr("refused, for it belongs to user 65534 and not to us, user 0"))
            << name;
        ASSERT_EQ(::chown((State() / name).c_str(), 0, 0), 0);
    }
    ASSERT_EQ(::chown(m_top.c_str(), kNobody, kNobody), 0);
    EXPECT_THAT(ErrorOf(Settings()), HasSubstr("refused, for user 65534 owns " + m_top.string()));
    ASSERT_EQ(::chown(m_top.c_str(), 0, 0), 0);
    // A copy of another's, who may change it back.
    KeepBytes(*Make(), "u", "abc");
    ASSERT_EQ(::chown(CopyOf("u", "abc").c_str(), kNobody, kNobody), 0);
    EXPECT_EQ(Make()->Checked().dropped.at(0).why, "of another user");
}

TEST_F(StoreAttacks, L21RefusesALinkInThePlaceOfAFolder)
{
    RecordProperty("attack", "L21");
    fs::create_directory(m_top / "elsewhere");
    fs::permissions(m_top / "elsewhere", fs::perms(0700));
    fs::create_symlink(m_top / "elsewhere", State());
    for (const char* end : {"", "/", "//"})
    {
        StoreSettings settings = Settings();
        settings.folder += end;
        EXPECT_EQ(ErrorOf(settings),
                  State().string() + ": refused, for it is a link: name the folder itself");
    }
    fs::remove(State());
    for (const char* name : {"copies", "partial"})
    {
        Make();
        fs::remove(State() / name);
        fs::create_symlink(m_top / "elsewhere", State() / name);
        EXPECT_THAT(ErrorOf(Settings()), HasSubstr("refused, for it is a link"));
        fs::remove(State() / name);
    }
    EXPECT_TRUE(NamesIn(m_top / "elsewhere").empty());
}

TEST_F(StoreAttacks, L21RefusesALinkInThePlaceOfTheLock)
{
    RecordProperty("attack", "L21");
    Make();
    fs::remove(State() / "lock");
    fs::create_symlink(m_top / "target", State() / "lock");
    EXPECT_THAT(ErrorOf(Settings()), StartsWith((State() / "lock").string() + ": cannot open it"));
    EXPECT_FALSE(fs::exists(m_top / "target"));
    fs::remove(State() / "lock");
    ASSERT_EQ(::mkfifo((State() / "lock").c_str(), 0600), 0);
    EXPECT_EQ(ErrorOf(Settings()), (State() / "lock").string() + ": not a regular file");
}

TEST_F(StoreAttacks, SaysPlainlyWhichFolderItCannotHave)
{
    StoreSettings settings = Settings();
    settings.folder = (m_top / "a" / "b").string();
    EXPECT_EQ(ErrorOf(settings),
              settings.folder + ": cannot make the folder: No such file or directory");
    std::ofstream(m_top / "file") << "x";
    settings.folder = (m_top / "file").string();
    EXPECT_EQ(ErrorOf(settings), settings.folder + ": cannot open the folder: Not a directory");
    settings.folder = "";
    EXPECT_THAT(ErrorOf(settings), HasSubstr("cannot make the folder"));
}

TEST_F(StoreAttacks, OneStorePerFolder)
{
    const auto first = Make();
    KeepBytes(*first, "u", "abc");
    const std::string expected = (State() / "lock").string() + ": another lanpeerd has this folder";
    EXPECT_EQ(ErrorOf(Settings()), expected);
    const pid_t child = ::fork();
    if (child == 0)
    {
        ::_exit(ErrorOf(Settings()) == expected ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    // It did no harm, to what arrives neither.
    EXPECT_EQ(ReadCopy(*first, "u"), "abc");
}

TEST_F(StoreAttacks, ASecondStoreDoesNotClearWhatArrivesInTheFirst)
{
    auto first = Make();
    const auto partial = first->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    EXPECT_NE(ErrorOf(Settings()), "");
    first->Keep(*partial, partial->Seal(3));
    EXPECT_EQ(ReadCopy(*first, "u"), "abc");
    first.reset();
    EXPECT_EQ(ReadCopy(*Make(), "u"), "abc");
}

} // namespace
} // namespace lanpeer::reference
