#include "install-scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using InstallTest = InstallScene;

TEST_F(InstallTest, ReleaseAfterRelease)
{
    RecordProperty("requirement", "R-UPD-5");
    const InstallFolder folder(Root());
    EXPECT_THAT(Told(folder.Installed()), IsEmpty());
    const InstalledRelease first = Install(folder, {"3-16", {{"engine", 1}, {"patterns", 1}}, {}});
    EXPECT_EQ(first.folder, fs::canonical(Current()));
    EXPECT_EQ(folder.CurrentOf("base"), Current());
    EXPECT_THAT(Told(folder.Installed()),
                ElementsAre("engine 1 of epoch 3", "patterns 1 of epoch 3"));
    Install(folder, {"3-17", {{"engine", 1}, {"patterns", 2}}, {"engine"}});
    EXPECT_EQ(FilesUnder(Current()), FilesOf({{"engine", 1}, {"patterns", 2}}));
    // Who is in the middle of reading the one before may end that.
    EXPECT_EQ(FilesUnder(first.folder), FilesOf({{"engine", 1}, {"patterns", 1}}));
    Install(folder, {"4-1", {{"engine", 2}, {"patterns", 2}}, {"patterns"}});
    EXPECT_THAT(NamesIn(Root() / "base" / "releases"), ElementsAre("3-17", "4-1"));
    EXPECT_THAT(Told(InstallFolder(Root()).Installed()),
                ElementsAre("engine 2 of epoch 4", "patterns 2 of epoch 3"));
}

TEST_F(InstallTest, WhatIsCarriedOverIsTheSameFile)
{
    RecordProperty("requirement", "R-UPD-5");
    const InstallFolder folder(Root());
    Install(folder, {"3-16", {{"engine", 1}}, {}});
    struct stat before = {};
    struct stat after = {};
    ASSERT_EQ(::stat((Current() / "engine/bin/run").c_str(), &before), 0);
    Install(folder, {"3-17", {{"engine", 1}, {"help", 1}}, {"engine"}});
    ASSERT_EQ(::stat((Current() / "engine/bin/run").c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino);
    EXPECT_EQ(after.st_mode & 07777, 0755U);
    // A catalog that puts it into another set.
    Install(folder, {"3-18", {{"engine", 1}, {"patterns", 1}}, {"engine"}, "other"});
    EXPECT_EQ(FilesUnder(Current("other")), FilesOf({{"engine", 1}, {"patterns", 1}}));
    EXPECT_THAT(Told(folder.Installed()),
                ElementsAre("engine 1 of epoch 3", "help 1 of epoch 3", "patterns 1 of epoch 3"));
    // What is not there cannot be carried over, and nothing else is then.
    EXPECT_THAT(ErrorOf(folder, {"3-19", {{"engine", 2}, {"help", 1}}, {"engine"}}),
                HasSubstr("set base: not installed: incomplete: engine "));
    EXPECT_EQ(FilesUnder(Current()), FilesOf({{"engine", 1}, {"help", 1}}));
}

TEST_F(InstallTest, EverybodyMayReadAndNobodyElseWrite)
{
    RecordProperty("attack", "L21");
    const mode_t before = ::umask(0);
    Install(InstallFolder(Root()), {"3-16", {{"engine", 1}}, {}});
    ::umask(077);
    Install(InstallFolder(Root()), {"3-17", {{"engine", 1}, {"help", 1}}, {"engine"}});
    ::umask(before);
    for (const auto& entry : fs::recursive_directory_iterator(Root()))
    {
        if (!entry.is_symlink())
        {
            const bool executable = entry.is_directory() || entry.path().filename() == "run";
            EXPECT_EQ(static_cast<unsigned>(entry.status().permissions()),
                      executable ? 0755U : 0644U)
                << entry.path();
        }
    }
}

TEST_F(InstallTest, TheSameReleaseTwiceIsNoError)
{
    RecordProperty("requirement", "R-UPD-5");
    const InstallFolder folder(Root());
    const Wanted wanted{"3-16", {{"engine", 1}}, {}};
    const auto first = Install(folder, wanted);
    EXPECT_EQ(Install(folder, wanted).folder, first.folder);
    EXPECT_THAT(NamesIn(Root() / "base" / "releases"), ElementsAre("3-16"));
    // Of the same name with more in it: another folder, for the current one is never touched.
    const auto more = Install(folder, {"3-16", {{"engine", 1}, {"help", 1}}, {"engine"}});
    EXPECT_EQ(fs::path(more.folder).filename(), "3-16.2");
    EXPECT_EQ(FilesUnder(Current()), FilesOf({{"engine", 1}, {"help", 1}}));
    EXPECT_THAT(Told(folder.Installed()), ElementsAre("engine 1 of epoch 3", "help 1 of epoch 3"));
}

TEST_F(InstallTest, OneAtATimeInASet)
{
    const InstallFolder folder(Root());
    Install(folder, {"3-16", {{"engine", 1}}, {}});
    const FileDescriptor other(::open((Root() / "base").c_str(), O_RDONLY | O_DIRECTORY));
    ASSERT_EQ(::flock(other.Get(), LOCK_EX), 0);
    EXPECT_THAT(ErrorOf(folder, {"3-17", {{"engine", 2}}, {}}),
                HasSubstr("it is being installed already"));
    Install(folder, {"3-17", {{"help", 1}}, {}, "other"});
    ASSERT_EQ(::flock(other.Get(), LOCK_UN), 0);
    Install(folder, {"3-17", {{"engine", 2}}, {}});
}

TEST_F(InstallTest, ADamagedSetIsNotInstalledAndIsMended)
{
    RecordProperty("requirement", "R-UPD-5");
    const InstallFolder folder(Root());
    const Wanted wanted{"3-16", {{"engine", 1}}, {}};
    const fs::path release = Root() / "base" / "releases" / "3-16";
    const auto damages = std::vector<std::pair<std::string, std::function<void()>>>{
        {"not JSON",
         [&]
         {
             std::ofstream(Current() / "manifest.json") << "{\"format\": 1";
         }},
        {"not the members",
         [&]
         {
             std::ofstream(Current() / "manifest.json") << "{}";
         }},
        {"No such file",
         [&]
         {
             fs::remove(Current() / "manifest.json");
         }},
        {"engine is missing",
         [&]
         {
             fs::remove_all(Current() / "engine");
         }},
        {"not lead to a release",
         [&]
         {
             fs::remove_all(release);
         }},
        {"too long",
         [&]
         {
             std::ofstream(Current() / "manifest.json") << std::string(1 << 21, ' ');
         }},
        {"of another set or release",
         [&]
         {
             Install(folder, {"3-16", {{"engine", 1}}, {}, "other"});
             fs::copy_file(Current("other") / "manifest.json",
                           Current() / "manifest.json",
                           fs::copy_options::overwrite_existing);
             fs::remove_all(Root() / "other");
         }}};
    for (const auto& [why, damage] : damages)
    {
        SCOPED_TRACE(why);
        fs::remove_all(Root() / "base");
        Install(folder, wanted);
        damage();
        const Installation installed = folder.Installed();
        EXPECT_THAT(installed.products, IsEmpty());
        ASSERT_EQ(installed.damaged.size(), 1U);
        EXPECT_EQ(installed.damaged[0].set, "base");
        EXPECT_THAT(installed.damaged[0].why, HasSubstr(why));
        Install(folder, wanted);
        EXPECT_EQ(FilesUnder(Current()), FilesOf(wanted.numbers));
        EXPECT_THAT(Told(folder.Installed()), ElementsAre("engine 1 of epoch 3"));
    }
}

/// A program that reads while releases come and go finds each time one of them, whole.
TEST_F(InstallTest, AReaderSeesWholeReleasesOnly)
{
    RecordProperty("requirement", "R-UPD-5");
    RecordProperty("attack", "T7");
    const InstallFolder folder(Root());
    const std::vector<std::map<std::string, unsigned>> releases{{{"engine", 1}, {"patterns", 1}},
                                                                {{"engine", 2}, {"patterns", 2}},
                                                                {{"engine", 3}, {"patterns", 3}}};
    for (const auto& numbers : releases)
    {
        FilesOf(numbers);
    }
    Install(folder, {"3-100", releases[0], {}});
    std::atomic<bool> ended{false};
    std::atomic<unsigned> seen{0};
    std::atomic<unsigned> mixed{0};
    std::thread reader(
        [&]
        {
            while (!ended)
            {
                // As programs do: where it leads to is found once.
                std::error_code gone;
                const fs::path release = fs::canonical(Current(), gone);
                std::map<std::string, std::string> files;
                try
                {
                    files = FilesUnder(release);
                }
                catch (const fs::filesystem_error&)
                {
                }
                // Two releases that came meanwhile have taken it away.
                if (gone || fs::canonical(Current(), gone) != release)
                {
                    continue;
                }
                const bool isWhole = std::any_of(releases.begin(),
                                                 releases.end(),
                                                 [&files](const auto& numbers)
                                                 { return files == FilesOf(numbers); });
                mixed += isWhole ? 0 : 1;
                ++seen;
            }
        });
    for (unsigned number = 1; number < 150 || seen < 50; ++number)
    {
        Install(folder, {"3-" + std::to_string(100 + number), releases[number % 3], {}});
    }
    ended = true;
    reader.join();
    EXPECT_EQ(mixed, 0U);
}

} // namespace
} // namespace lanpeer::reference
