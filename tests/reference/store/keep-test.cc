#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::ThrowsMessage;

using Keep = StoreFolder;

TEST_F(Keep, WhatWasKeptIsThereAndAfterARestartToo)
{
    RecordProperty("requirement", "R-HTTP-2 R-HTTP-4");
    {
        const auto store = Make();
        EXPECT_EQ(ReadCopy(*store, "http://h/a"), "(none)");
        const CopyInfo kept = KeepBytes(*store, "http://h/a", "some bytes");
        EXPECT_EQ(kept.sizeBytes, 10U);
        EXPECT_EQ(kept.digest, DigestOf("some bytes"));
        EXPECT_EQ(kept.addedS, m_nowS);
        EXPECT_EQ(kept.hits, 0U);
        KeepBytes(*store, "http://h/empty", "");
        m_nowS += 5;
        EXPECT_EQ(ReadCopy(*store, "http://h/a"), "some bytes");
    }
    m_nowS += 5;
    const auto store = Make();
    EXPECT_THAT(store->Checked().dropped, IsEmpty());
    EXPECT_EQ(store->Checked().indexDamage, "");
    EXPECT_THAT(HrefsOf(store->Checked().kept), ElementsAre("http://h/a", "http://h/empty"));
    const auto found = store->Find("http://h/a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->addedS, m_nowS - 10);
    EXPECT_EQ(found->lastUsedS, m_nowS - 5);
    EXPECT_EQ(found->hits, 1U);
    EXPECT_EQ(store->TotalBytes(), 10U);
    EXPECT_EQ(ReadCopy(*store, "http://h/a"), "some bytes");
    EXPECT_EQ(ReadCopy(*store, "http://h/empty"), "");
    EXPECT_FALSE(store->Find("http://h/b"));
}

TEST_F(Keep, NothingIsThereBeforeItIsKept)
{
    RecordProperty("requirement", "R-HTTP-2");
    const auto store = Make();
    const auto partial = store->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
    const Digest digest = partial->Seal(3);
    EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
    store->Keep(*partial, digest);
    EXPECT_EQ(ReadCopy(*store, "u"), "abc");
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
}

TEST_F(Keep, OneWriterPerUrl)
{
    RecordProperty("requirement", "R-HTTP-2");
    const auto store = Make();
    auto first = store->StartPartial("u");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->Href(), "u");
    EXPECT_FALSE(store->StartPartial("u"));
    EXPECT_TRUE(store->StartPartial("v"));
    first.reset();
    EXPECT_TRUE(store->StartPartial("u"));
}

TEST_F(Keep, APartialFileGoesWithItsObject)
{
    const auto store = Make();
    auto partial = store->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    EXPECT_THAT(NamesIn(State() / "partial"), SizeIs(1));
    struct stat status = {};
    ASSERT_EQ(::fstat(partial->File().Get(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
    partial.reset();
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
}

TEST_F(Keep, APartialFileMayOutliveTheStore)
{
    auto store = Make();
    auto partial = store->StartPartial("u");
    store.reset();
    partial->File().WriteAt(0, "abc");
    EXPECT_EQ(partial->Seal(3), DigestOf("abc"));
    partial.reset();
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
}

TEST_F(Keep, SealsReadOnlyAndOnlyOfTheExpectedLength)
{
    RecordProperty("requirement", "R-HTTP-2");
    RecordProperty("attack", "L15");
    const auto store = Make();
    for (const std::uint64_t expected : {2U, 4U, 0U})
    {
        const auto partial = store->StartPartial("u");
        partial->File().WriteAt(0, "abc");
        EXPECT_THAT([&] { partial->Seal(expected); },
                    ThrowsMessage<StoreError>(
                        HasSubstr("has 3 bytes, not the " + std::to_string(expected))));
        // And not when asked again, nor as it is.
        EXPECT_THAT([&] { partial->Seal(3); },
                    ThrowsMessage<StoreError>(HasSubstr("was found unfit before")));
        EXPECT_THAT([&] { store->Keep(*partial, DigestOf("abc")); },
                    ThrowsMessage<StoreError>(HasSubstr("is not sealed")));
    }
    EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
    KeepBytes(*store, "u", "abc");
    struct stat status = {};
    ASSERT_EQ(::stat(CopyOf("u", "abc").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0400U);
    EXPECT_THAT(NamesIn(State() / "partial"), IsEmpty());
}

TEST_F(Keep, RefusesWhatIsNotSealedNotAcceptedOrNotTheSameAnyMore)
{
    RecordProperty("requirement", "R-HTTP-2");
    RecordProperty("attack", "L20");
    const auto store = Make();
    KeepBytes(*store, "u", "old");
    auto partial = store->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    EXPECT_THAT([&] { store->Keep(*partial, DigestOf("abc")); },
                ThrowsMessage<StoreError>(HasSubstr("is not sealed")));
    const Digest digest = partial->Seal(3);
    EXPECT_THAT([&] { store->Keep(*partial, DigestOf("abd")); },
                ThrowsMessage<StoreError>(HasSubstr("is not the file that was accepted")));
    // Past the grain of the file system's clock.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    partial->File().WriteAt(0, "abd");
    EXPECT_THAT([&] { store->Keep(*partial, digest); },
                ThrowsMessage<StoreError>(HasSubstr("changed after it was sealed")));
    partial.reset();

    // Another file in its place, through no fault of ours.
    partial = store->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    partial->Seal(3);
    const auto names = NamesIn(State() / "partial");
    ASSERT_THAT(names, SizeIs(1));
    std::filesystem::remove(State() / "partial" / names[0]);
    EXPECT_THAT([&] { store->Keep(*partial, digest); },
                ThrowsMessage<StoreError>(HasSubstr("changed after it was sealed")));
    std::ofstream(State() / "partial" / names[0]) << "abc";
    EXPECT_THAT([&] { store->Keep(*partial, digest); },
                ThrowsMessage<StoreError>(HasSubstr("changed after it was sealed")));
    EXPECT_EQ(ReadCopy(*store, "u"), "old");
}

TEST_F(Keep, WritingAfterItWasKeptIsDamage)
{
    RecordProperty("attack", "L20");
    const auto store = Make();
    const auto partial = store->StartPartial("u");
    partial->File().WriteAt(0, "abc");
    store->Keep(*partial, partial->Seal(3));
    EXPECT_THAT([&] { store->Keep(*partial, DigestOf("abc")); },
                ThrowsMessage<StoreError>(HasSubstr("is a copy already")));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    partial->File().WriteAt(0, "x");
    EXPECT_EQ(ReadCopy(*store, "u"), "(damaged: changed since it was checked)");
}

TEST_F(Keep, ReplacesAndWhoReadsTheOldOneReadsOn)
{
    RecordProperty("requirement", "R-HTTP-2");
    const auto store = Make();
    KeepBytes(*store, "u", "old bytes");
    const OpenedCopy old = store->Open("u");
    m_nowS += 7;
    KeepBytes(*store, "u", "new");
    EXPECT_EQ(ReadCopy(*store, "u"), "new");
    EXPECT_EQ(store->Find("u")->addedS, m_nowS);
    EXPECT_EQ(store->TotalBytes(), 3U);
    EXPECT_EQ(DigestOf(*old.file), DigestOf("old bytes"));
    EXPECT_THAT(NamesIn(State() / "copies"), SizeIs(1));
    // The same bytes again.
    KeepBytes(*store, "u", "new");
    EXPECT_EQ(ReadCopy(*store, "u"), "new");
    EXPECT_EQ(store->TotalBytes(), 3U);
    EXPECT_THAT(NamesIn(State() / "copies"), SizeIs(1));
}

TEST_F(Keep, RemovesAndWhoReadsItReadsOn)
{
    const auto store = Make();
    KeepBytes(*store, "u", "abc");
    KeepBytes(*store, "v", "abc");
    const OpenedCopy opened = store->Open("u");
    store->Remove("u");
    store->Remove("never there");
    EXPECT_EQ(ReadCopy(*store, "u"), "(none)");
    EXPECT_EQ(ReadCopy(*store, "v"), "abc");
    EXPECT_EQ(store->TotalBytes(), 3U);
    EXPECT_EQ(DigestOf(*opened.file), DigestOf("abc"));
    EXPECT_THAT(NamesIn(State() / "copies"), SizeIs(1));
}

TEST_F(Keep, OneDescriptorForAllWhoReadACopy)
{
    const auto store = Make();
    KeepBytes(*store, "u", "abc");
    const OpenedCopy one = store->Open("u");
    const OpenedCopy two = store->Open("u");
    EXPECT_EQ(one.file.get(), two.file.get());
    EXPECT_EQ(two.info.hits, 2U);
}

TEST_F(Keep, AnyHrefIsANameThatAFolderTakes)
{
    const auto store = Make();
    const std::vector<std::string> hrefs{"../../etc/passwd",
                                         "/",
                                         "..",
                                         "",
                                         std::string("a\0b", 3),
                                         "a",
                                         "\xff\xfe",
                                         std::string(2000, 'x'),
                                         "it's; DROP TABLE copies"};
    for (const std::string& href : hrefs)
    {
        KeepBytes(*store, href, "of " + href);
    }
    for (const std::string& href : hrefs)
    {
        EXPECT_EQ(ReadCopy(*store, href), "of " + href);
    }
    EXPECT_THAT(NamesIn(State() / "copies"), SizeIs(hrefs.size()));
}

TEST_F(Keep, AllHrefsAreFoundAgain)
{
    const std::vector<std::string> hrefs{"", std::string("a\0b", 3), "a", "\xff\xfe"};
    {
        const auto store = Make();
        for (const std::string& href : hrefs)
        {
            KeepBytes(*store, href, "of " + href);
        }
    }
    const auto store = Make();
    EXPECT_THAT(store->Checked().dropped, IsEmpty());
    EXPECT_THAT(HrefsOf(store->List()), testing::UnorderedElementsAreArray(hrefs));
}

TEST_F(Keep, CopiesAFileThatAnApplicationOffers)
{
    std::string bytes(700'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        bytes[i] = static_cast<char>(i * 7 + i / 256);
    }
    std::ofstream(m_top / "offered", std::ios::binary) << bytes;
    const FileDescriptor source(::open((m_top / "offered").c_str(), O_RDONLY));
    const auto store = Make();
    auto partial = store->StartPartial("u");
    partial->File().WriteAt(0, std::string(800'000, 'x')); // of a try before
    EXPECT_EQ(partial->CopyFrom(source), bytes.size());
    store->Keep(*partial, partial->Seal(bytes.size()));
    EXPECT_EQ(ReadCopy(*store, "u"), bytes);
    EXPECT_EQ(BytesOf(m_top / "offered"), bytes);
}

TEST_F(Keep, CopiesFromWhereTheSystemCannot)
{
    // A file that says it has no bytes: the system's copying gives none, and none are there.
    const FileDescriptor source(::open("/proc/self/status", O_RDONLY));
    const auto store = Make();
    EXPECT_EQ(store->StartPartial("u")->CopyFrom(source), 0U);
    // One that may be read, but to which the system will not copy: opened to append.
    std::ofstream(m_top / "offered") << "abc";
    const FileDescriptor offered(::open((m_top / "offered").c_str(), O_RDONLY));
    const auto partial = store->StartPartial("v");
    ASSERT_EQ(::fcntl(partial->File().Get(), F_SETFL, O_APPEND), 0);
    EXPECT_EQ(partial->CopyFrom(offered), 3U);
    EXPECT_EQ(partial->Seal(3), DigestOf("abc"));
}

TEST_F(Keep, L21OffersOnlyRegularFiles)
{
    RecordProperty("attack", "L21");
    const auto store = Make();
    const auto partial = store->StartPartial("u");
    const FileDescriptor folder(::open("/", O_RDONLY));
    const FileDescriptor zeros(::open("/dev/zero", O_RDONLY));
    for (const FileDescriptor* source : {&folder, &zeros})
    {
        EXPECT_THAT([&] { partial->CopyFrom(*source); },
                    ThrowsMessage<StoreError>(HasSubstr("not a regular file")));
    }
}

} // namespace
} // namespace lanpeer::reference
