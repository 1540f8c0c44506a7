#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using StartCheckTest = StoreFolder;

/// What is done to the file of a copy, and what the store says of it then.
struct Harm
{
    std::function<void(const fs::path&)> harm;
    std::string atTheStart;
    std::string whenOpened;
};

const std::string kBytes = "the bytes of the copy";

std::vector<Harm>
Harms()
{
    const std::string changed = "changed since it was checked";
    return {
        {[](const fs::path& file) { fs::remove(file); }, "missing", "missing"},
        {[](const fs::path& file) { Overwrite(file, "the bytes of tha copy"); },
         "another digest",
         changed},
        {[](const fs::path& file) { Overwrite(file, "the bytes of the cop"); },
         "has 20 bytes, not 21",
         changed},
        {[](const fs::path& file) { Overwrite(file, kBytes + "!"); },
         "has 22 bytes, not 21",
         changed},
        {[](const fs::path& file) { Overwrite(file, ""); }, "has 0 bytes, not 21", changed},
        {[](const fs::path& file)
         {
             // To the very same bytes.
             fs::rename(file, file.parent_path().parent_path().parent_path() / "elsewhere");
             fs::create_symlink(file.parent_path().parent_path().parent_path() / "elsewhere", file);
         },
         "a link",
         "a link"},
        {[](const fs::path& file)
         { fs::create_hard_link(file, file.parent_path().parent_path().parent_path() / "hard"); },
         "under another name as well",
         "under another name as well"},
        {[](const fs::path& file) { ::chmod(file.c_str(), 0600); },
         "of mode 600, not 400",
         "of mode 600, not 400"},
        {[](const fs::path& file) { ::chmod(file.c_str(), 0444); },
         "of mode 444, not 400",
         "of mode 444, not 400"},
        {[](const fs::path& file)
         {
             fs::remove(file);
             ::mkfifo(file.c_str(), 0400);
         },
         "not a regular file",
         "not a regular file"},
        {[](const fs::path& file)
         {
             fs::remove(file);
             fs::create_directory(file);
         },
         "a folder",
         "a folder"},
    };
}

TEST_F(StartCheckTest, WhatIsNotWholeGoes)
{
    RecordProperty("requirement", "R-HTTP-2 R-HTTP-4");
    RecordProperty("attack", "L15 L20 L21");
    for (const Harm& harm : Harms())
    {
        SCOPED_TRACE(harm.atTheStart);
        {
            const auto store = Make();
            KeepBytes(*store, "u", kBytes);
            KeepBytes(*store, "v", "untouched");
        }
        harm.harm(CopyOf("u", kBytes));
        {
            const auto store = Make();
            ASSERT_THAT(store->Checked().dropped, testing::Not(IsEmpty()));
            EXPECT_EQ(store->Checked().dropped[0].href, "u");
            EXPECT_EQ(store->Checked().dropped[0].file, CopyOf("u", kBytes));
            EXPECT_EQ(store->Checked().dropped[0].why, harm.atTheStart);
            EXPECT_THAT(HrefsOf(store->Checked().kept), ElementsAre("v"));
            EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
            EXPECT_EQ(ReadCopy(*store, "v"), "untouched");
        }
        // All is well from then on; a folder is left, for what it holds may be somebody's.
        EXPECT_EQ(fs::exists(CopyOf("u", kBytes)), harm.atTheStart == "a folder");
        fs::remove_all(State());
        fs::remove(m_top / "elsewhere");
        fs::remove(m_top / "hard");
    }
}

TEST_F(StartCheckTest, L21WhatChangesLaterIsNotServedAndGoes)
{
    RecordProperty("requirement", "R-HTTP-2");
    RecordProperty("attack", "L20 L21");
    for (const bool alsoReadAtTheStart : {false, true})
    {
        for (const Harm& harm : Harms())
        {
            SCOPED_TRACE(harm.atTheStart);
            auto store = Make();
            KeepBytes(*store, "u", kBytes);
            if (alsoReadAtTheStart)
            {
                store.reset();
                store = Make();
            }
            OpenedCopy inUse = store->Open("u");
            ASSERT_TRUE(inUse.file);
            // Past the grain of the file system's clock.
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            harm.harm(CopyOf("u", kBytes));
            const OpenedCopy opened = store->Open("u");
            EXPECT_FALSE(opened.file);
            EXPECT_EQ(opened.damage, harm.whenOpened);
            EXPECT_EQ(opened.info.href, "u");
            EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
            EXPECT_THAT(store->List(), IsEmpty());
            EXPECT_EQ(store->TotalBytes(), 0U);
            store.reset();
            EXPECT_THAT(Make()->List(), IsEmpty());
            fs::remove_all(State());
            fs::remove(m_top / "elsewhere");
            fs::remove(m_top / "hard");
        }
    }
}

TEST_F(StartCheckTest, L21ALinkIsNeverFollowedNorWhatItLeadsToTouched)
{
    RecordProperty("attack", "L21");
    Make();
    std::ofstream(m_top / "precious") << "precious";
    ASSERT_EQ(::chmod((m_top / "precious").c_str(), 0400), 0);
    const std::string planted = CopyOf("u", "new").filename();
    for (const std::string& name : {std::string("copies/x"),
                                    std::string("partial/x"),
                                    "copies/" + planted,
                                    std::string("partial/dangling")})
    {
        fs::create_symlink(name == "partial/dangling" ? "/nowhere" : m_top / "precious",
                           State() / name);
    }
    auto store = Make();
    EXPECT_THAT(store->Checked().dropped, SizeIs(4));
    EXPECT_THAT(NamesIn(State() / "copies"), IsEmpty());
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
    // One planted while the store runs, where a copy is about to be.
    fs::create_symlink(m_top / "precious", State() / "copies" / planted);
    KeepBytes(*store, "u", "new");
    EXPECT_EQ(ReadCopy(*store, "u"), "new");
    EXPECT_EQ(BytesOf(m_top / "precious"), "precious");
}

TEST_F(StartCheckTest, WhatTheIndexDoesNotKnowAndWhatHadNotArrivedGoes)
{
    RecordProperty("requirement", "R-HTTP-2");
    {
        const auto store = Make();
        KeepBytes(*store, "u", "abc");
    }
    // As after a crash between the rename and the index, with bytes that are right.
    fs::copy_file(CopyOf("u", "abc"), CopyOf("v", "abc"));
    std::ofstream(State() / "partial" / "0123") << "ab";
    fs::create_directory(State() / "copies" / "folder");
    std::ofstream(State() / "copies" / "folder" / "in it") << "x";
    const auto store = Make();
    const auto& dropped = store->Checked().dropped;
    ASSERT_THAT(dropped, SizeIs(3));
    EXPECT_EQ(dropped[0].file, State() / "partial" / "0123");
    EXPECT_EQ(dropped[0].why, "had not arrived");
    for (std::size_t i : {1U, 2U})
    {
        const bool folder = dropped[i].file == State() / "copies" / "folder";
        EXPECT_EQ(dropped[i].why,
                  folder ? "not in the index, cannot be removed" : "not in the index");
    }
    EXPECT_THAT(HrefsOf(store->List()), ElementsAre("u"));
    EXPECT_FALSE(fs::exists(CopyOf("v", "abc")));
    EXPECT_TRUE(fs::exists(State() / "copies" / "folder" / "in it"));
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
}

TEST_F(StartCheckTest, TellsHowFarItIsAndMayBeGivenUp)
{
    {
        const auto store = Make();
        KeepBytes(*store, "u", "abc");
        KeepBytes(*store, "v", "abcd");
    }
    std::vector<std::string> told;
    {
        const Store store(Settings(),
                          [&](const CheckProgress& progress)
                          {
                              told.push_back(std::to_string(progress.copies) + "/" +
                                             std::to_string(progress.ofCopies) + " " +
                                             std::to_string(progress.bytes) + "/" +
                                             std::to_string(progress.ofBytes));
                          });
    }
    EXPECT_THAT(told, ElementsAre("0/2 0/7", "1/2 3/7", "2/2 7/7"));
    EXPECT_THROW(Store(Settings(),
                       [](const CheckProgress& progress)
                       {
                           if (progress.copies == 1)
                           {
                               throw std::runtime_error("enough");
                           }
                       }),
                 std::runtime_error);
    EXPECT_THAT(Make()->List(), SizeIs(2));
}

/// Runs SQL on the index, past the store.
void
Change(const fs::path& index, const std::string& sql)
{
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(index.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
}

TEST_F(StartCheckTest, ADamagedIndexIsSetAsideAndTheCopiesGo)
{
    RecordProperty("requirement", "R-HTTP-2");
    RecordProperty("attack", "L20");
    const fs::path index = State() / "index.sqlite";
    const std::vector<std::function<void()>> harms{
        [&] { Overwrite(index, "this is not a database, however long one looks at it"); },
        [&] { Overwrite(index, std::string(8192, '\xff')); },
        // Cut in two.
        [&] { fs::resize_file(index, 4096 + 2048); },
        // A page of it.
        [&]
        {
            std::string bytes = BytesOf(index);
            std::fill(bytes.begin() + 4096, bytes.begin() + 8192, '\xee');
            Overwrite(index, bytes);
        },
        // A number beyond what is allowed, which only SQLite's own check sees.
        [&] { Change(index, "PRAGMA ignore_check_constraints = 1; UPDATE copies SET size = -1;"); },
        [&] { Change(index, "PRAGMA user_version = 2"); },
        [&] { Change(index, "PRAGMA application_id = 7"); },
        // Somebody else's.
        [&]
        {
            fs::remove(index);
            Change(index, "CREATE TABLE theirs (x)");
        },
        [&]
        {
            fs::rename(index, m_top / "index");
            fs::create_symlink(m_top / "index", index);
        },
        [&] { fs::create_symlink(m_top / "wal", index.string() + "-wal"); },
    };
    for (std::size_t i = 0; i < harms.size(); ++i)
    {
        SCOPED_TRACE(i);
        {
            const auto store = Make();
            KeepBytes(*store, "u", "abc");
            KeepBytes(*store, "v", "abc");
        }
        harms[i]();
        {
            const auto store = Make();
            EXPECT_THAT(store->Checked().indexDamage, HasSubstr("index.sqlite"));
            EXPECT_THAT(store->List(), IsEmpty());
            EXPECT_THAT(store->Checked().dropped, SizeIs(2));
            EXPECT_THAT(NamesIn(State() / "copies"), IsEmpty());
            EXPECT_TRUE(fs::exists(fs::symlink_status(State() / "index.sqlite.damaged")));
            KeepBytes(*store, "u", "again");
        }
        const auto store = Make();
        EXPECT_EQ(store->Checked().indexDamage, "");
        EXPECT_EQ(ReadCopy(*store, "u"), "again");
        EXPECT_FALSE(fs::exists(m_top / "wal"));
        fs::remove_all(m_top / "state");
        fs::remove(m_top / "index");
    }
}

TEST_F(StartCheckTest, ARowThatIsWrongIsNoCopy)
{
    RecordProperty("attack", "L20");
    const std::vector<std::string> wrongs{
        "UPDATE copies SET href = 'w' WHERE href = 'u'",
        "UPDATE copies SET digest = randomblob(32) WHERE href = 'u'",
        "UPDATE copies SET size = 4 WHERE href = 'u'",
    };
    for (const std::string& wrong : wrongs)
    {
        SCOPED_TRACE(wrong);
        {
            const auto store = Make();
            KeepBytes(*store, "u", "abc");
            KeepBytes(*store, "v", "abc");
        }
        Change(State() / "index.sqlite", wrong);
        const auto store = Make();
        EXPECT_EQ(store->Checked().indexDamage, "");
        EXPECT_THAT(HrefsOf(store->List()), ElementsAre("v"));
        EXPECT_THAT(NamesIn(State() / "copies"), SizeIs(1));
    }
}

TEST_F(StartCheckTest, AnIndexThatIsGoneIsMadeAnew)
{
    {
        const auto store = Make();
        KeepBytes(*store, "u", "abc");
    }
    fs::remove(State() / "index.sqlite");
    const auto store = Make();
    EXPECT_EQ(store->Checked().indexDamage, "");
    EXPECT_THAT(store->List(), IsEmpty());
    EXPECT_THAT(NamesIn(State() / "copies"), IsEmpty());
}

} // namespace
} // namespace lanpeer::reference
