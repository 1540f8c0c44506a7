#include "install-scene.h"

#include "reference/files/file-error.h"
#include "reference/installation/install-error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Something is installed already, which no attack changes.
class InstallAttacks : public InstallScene
{
  protected:
    InstallAttacks()
        : m_folder(Root())
    {
        Install(m_folder, m_installed);
    }

    /// \returns the message of what is refused
    std::string Refused(const InstallSet& set,
                        const std::map<std::string, AcceptedPackage>& packages,
                        const CabinetLimits& limits = {})
    {
        std::string message;
        try
        {
            m_folder.Install(set, packages, limits);
            ADD_FAILURE() << "not refused";
        }
        catch (const InstallError& error)
        {
            message = error.what();
        }
        EXPECT_EQ(FilesUnder(Current()), FilesOf(m_installed.numbers));
        EXPECT_THAT(NamesIn(Root() / "base" / "releases"), ElementsAre("3-16"));
        EXPECT_THAT(NamesIn(Root() / "base"), ElementsAre("current", "releases"));
        EXPECT_THAT(NamesIn(m_top), ElementsAre("products"));
        EXPECT_EQ(message.find_first_of("\n\x1b"), std::string::npos);
        return message;
    }

    const Wanted m_installed{"3-16", {{"engine", 1}, {"patterns", 1}}, {}};
    InstallFolder m_folder;
};

TEST_F(InstallAttacks, T7AnOldPackageIsNotMixedIntoANewCatalog)
{
    RecordProperty("attack", "T7");
    const MemorySource engine(PackageOf("engine", 2).bytes);
    const MemorySource old(PackageOf("patterns", 1).bytes);
    const InstallSet set = SetOf({"3-17", {{"engine", 2}, {"patterns", 2}}, {}});
    const auto& oldFacts = PackageOf("patterns", 1).facts;
    EXPECT_THAT(Refused(set,
                        {{"engine", {&engine, PackageOf("engine", 2).facts}},
                         {"patterns", {&old, oldFacts}}}),
                HasSubstr("set base: not installed: mix-and-match: the package of patterns"));
    // And with what was found out about another.
    EXPECT_THAT(Refused(set,
                        {{"engine", {&engine, PackageOf("engine", 2).facts}},
                         {"patterns", {&old, PackageOf("patterns", 2).facts}}}),
                HasSubstr("changed since it was examined"));
    // One that is missing (U2).
    EXPECT_THAT(Refused(set, {{"engine", {&engine, PackageOf("engine", 2).facts}}}),
                HasSubstr("incomplete: the package of patterns is missing"));
    Install(m_folder, {"3-17", {{"engine", 2}, {"patterns", 2}}, {}});
    EXPECT_EQ(FilesUnder(Current()), FilesOf({{"engine", 2}, {"patterns", 2}}));
}

TEST_F(InstallAttacks, L16ABombLeavesNothing)
{
    RecordProperty("attack", "L16");
    const Published& published = PackageOf("engine", 2);
    const MemorySource bytes(published.bytes);
    const InstallSet set = SetOf({"3-17", {{"engine", 2}}, {}});
    CabinetLimits limits;
    limits.outputBytes = 1000;
    EXPECT_THAT(Refused(set, {{"engine", {&bytes, published.facts}}}, limits),
                HasSubstr("set base: not installed: "));
    // One whose signature is not valid is not even looked at.
    PackageFacts facts = published.facts;
    facts.signature = SignatureState::Altered;
    EXPECT_THAT(Refused(set, {{"engine", {&bytes, facts}}}), HasSubstr("signature is not valid"));
}

TEST_F(InstallAttacks, L11NoNameLeavesTheFolder)
{
    RecordProperty("attack", "L11 L21");
    const std::vector<std::string> names{"",
                                         ".",
                                         "..",
                                         "../base",
                                         "/etc",
                                         "a/b",
                                         "a\\b",
                                         ".new",
                                         ".current",
                                         "%2e%2e",
                                         std::string("a\0b", 3),
                                         "a\nb",
                                         "\x1b[2J",
                                         "-rf",
                                         std::string(300, 'a')};
    for (const std::string& name : names)
    {
        SCOPED_TRACE(testing::PrintToString(name));
        const Published& published = PackageOf("engine", 2);
        const MemorySource bytes(published.bytes);
        InstallSet set = SetOf({"3-17", {{"engine", 2}}, {}});
        set.set = name;
        EXPECT_THAT(Refused(set, {{"engine", {&bytes, published.facts}}}),
                    HasSubstr("no set's name"));
        set.set = "base";
        set.release = name;
        EXPECT_THAT(Refused(set, {{"engine", {&bytes, published.facts}}}),
                    HasSubstr("no release's name"));
        set.release = "3-17";
        set.entries[0].entry.product = name;
        EXPECT_THAT(Refused(set, {{name, {&bytes, published.facts}}}),
                    HasSubstr("no product's name"));
        set.entries[0].fresh = false;
        EXPECT_THAT(Refused(set, {}), HasSubstr("no product's name"));
    }
}

TEST_F(InstallAttacks, L21NoLinkIsFollowed)
{
    RecordProperty("attack", "L21");
    const fs::path outside = m_top / "outside";
    const Wanted next{"3-17", {{"engine", 2}, {"patterns", 1}}, {"patterns"}};
    const fs::path base = Root() / "base";
    // What a crash left is a link: it goes, what it leads to stays.
    fs::create_directories(outside / "kept");
    std::ofstream(outside / "kept" / "file") << "theirs";
    fs::create_directory_symlink(outside, base / ".new");
    fs::create_directory_symlink(outside, base / "releases" / "3-17");
    Install(m_folder, next);
    EXPECT_EQ(FilesUnder(Current()), FilesOf(next.numbers));
    EXPECT_FALSE(fs::is_symlink(base / "releases" / "3-17"));
    // `current` leads elsewhere: that counts for nothing, and a release replaces it.
    for (const char* target : {"../../outside", "releases/../../..", "/", "releases/", "releases"})
    {
        fs::remove(Current());
        fs::create_directory_symlink(target, Current());
        EXPECT_THAT(m_folder.Installed().products, IsEmpty()) << target;
        EXPECT_EQ(m_folder.Installed().damaged.size(), 1U) << target;
        EXPECT_THAT(ErrorOf(m_folder, next), HasSubstr("incomplete")) << target;
        EXPECT_EQ(fs::read_symlink(Current()), target);
        Install(m_folder, {"3-18", {{"engine", 2}, {"patterns", 1}}, {}});
        EXPECT_EQ(FilesUnder(Current()), FilesOf(next.numbers)) << target;
        EXPECT_THAT(m_folder.Installed().damaged, IsEmpty()) << target;
    }
    // A link among what is carried over.
    fs::create_symlink(outside / "kept" / "file", Current() / "engine" / "link");
    EXPECT_THAT(ErrorOf(m_folder, {"3-19", {{"engine", 2}}, {"engine"}}),
                HasSubstr("neither a file nor a folder"));
    // The set's folder itself is one.
    fs::create_directory_symlink(outside, Root() / "other");
    EXPECT_THAT(ErrorOf(m_folder, {"3-19", {{"engine", 2}}, {}, "other"}), HasSubstr("a link"));
    EXPECT_THAT(NamesIn(outside), ElementsAre("kept"));
    EXPECT_THAT(NamesIn(outside / "kept"), ElementsAre("file"));
}

TEST_F(InstallAttacks, L21OthersMayNotWriteWhereWeInstall)
{
    RecordProperty("attack", "L21");
    fs::permissions(Root(), fs::perms(0777));
    EXPECT_THROW(InstallFolder{Root()}, FileError);
    fs::permissions(Root(), fs::perms(0755));
    fs::create_directory_symlink(Root(), m_top / "link");
    EXPECT_THROW(InstallFolder{m_top / "link"}, FileError);
    fs::permissions(Root() / "base", fs::perms(0775));
    EXPECT_THAT(ErrorOf(m_folder, {"3-17", {{"engine", 2}}, {}}), HasSubstr("others may write"));
}

} // namespace
} // namespace lanpeer::reference
