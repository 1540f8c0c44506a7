#include "store-folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::IsEmpty;

using Limits = StoreFolder;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST_F(Limits, Defaults)
{
    const StoreLimits limits;
    EXPECT_EQ(limits.bytes, 10'000'000'000U);
    EXPECT_EQ(limits.ageS, 7'776'000U);
    EXPECT_EQ(limits.freeDiskBytes, 1'000'000'000U);
}

TEST_F(Limits, SizeTheLeastRecentlyUsedGoesFirst)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    for (const char* href : {"a", "b", "c", "d"})
    {
        KeepBytes(*store, href, std::string(20, *href));
    }
    // All within one second: the order is that of the uses all the same.
    ReadCopy(*store, "a");
    EXPECT_THAT(store->Evict(20), IsEmpty());
    EXPECT_TRUE(store->HasRoomFor(20));
    EXPECT_FALSE(store->HasRoomFor(21));
    EXPECT_THAT(store->Evict(21), ElementsAre("b"));
    EXPECT_THAT(store->Evict(40), ElementsAre("b"));
    EXPECT_THAT(store->Evict(41), ElementsAre("b", "c"));
    EXPECT_THAT(store->Evict(100), ElementsAre("b", "c", "d", "a"));
    // It removes nothing by itself.
    EXPECT_EQ(store->TotalBytes(), 80U);
    for (const std::string& href : store->Evict(41))
    {
        store->Remove(href);
    }
    EXPECT_TRUE(store->HasRoomFor(41));
    EXPECT_THAT(HrefsOf(store->List()), ElementsAre("a", "d"));
}

TEST_F(Limits, WhatCannotFitCostsNoCopy)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    EXPECT_THAT(store->Evict(101), IsEmpty());
    EXPECT_THAT(store->Evict(kMost), IsEmpty());
    EXPECT_FALSE(store->HasRoomFor(101));
    EXPECT_FALSE(store->HasRoomFor(kMost));
    EXPECT_THAT(store->Evict(100), ElementsAre("a"));
}

TEST_F(Limits, TheOrderOfUseOutlivesARestart)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    {
        const auto store = Make();
        for (const char* href : {"a", "b", "c"})
        {
            KeepBytes(*store, href, std::string(20, *href));
            ++m_nowS;
        }
        ReadCopy(*store, "b");
        ++m_nowS;
        ReadCopy(*store, "a");
    }
    EXPECT_THAT(Make()->Evict(100), ElementsAre("c", "b", "a"));
}

TEST_F(Limits, ACopyInUseStays)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    m_limits.ageS = 1000;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(50, 'a'));
    KeepBytes(*store, "b", std::string(50, 'b'));
    OpenedCopy opened = store->Open("a");
    KeepBytes(*store, "b", std::string(50, 'c')); // so that "a" was used before it
    EXPECT_THAT(store->Evict(50), ElementsAre("b"));
    EXPECT_THAT(store->Evict(51), IsEmpty()); // "b" alone would not do
    m_nowS += 1001;
    EXPECT_THAT(store->Evict(0), ElementsAre("b"));
    opened.file.reset();
    EXPECT_THAT(store->Evict(0), ElementsAre("a", "b"));
    m_nowS -= 1001;
    EXPECT_THAT(store->Evict(50), ElementsAre("a"));
}

TEST_F(Limits, Age)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.ageS = 100;
    m_limits.bytes = 50;
    const auto store = Make();
    KeepBytes(*store, "old", std::string(20, 'o'));
    m_nowS += 60;
    KeepBytes(*store, "young", std::string(20, 'y'));
    m_nowS += 40;
    ReadCopy(*store, "old"); // its age is not since then
    EXPECT_THAT(store->Evict(0), IsEmpty());
    ++m_nowS;
    EXPECT_THAT(store->Evict(0), ElementsAre("old"));
    // What goes for its age makes room: the least recently used need not go as well.
    EXPECT_THAT(store->Evict(30), ElementsAre("old"));
    EXPECT_THAT(store->Evict(31), ElementsAre("old", "young"));
    // A clock that was set back makes nothing old.
    m_nowS = 5;
    EXPECT_THAT(store->Evict(0), IsEmpty());
    // Kept anew, it is new.
    m_nowS = 1'000'000'101;
    KeepBytes(*store, "old", std::string(20, 'n'));
    EXPECT_THAT(store->Evict(0), IsEmpty());
}

TEST_F(Limits, NoAge)
{
    m_limits.ageS = 0;
    const auto store = Make();
    KeepBytes(*store, "a", "a");
    m_nowS = std::numeric_limits<std::int64_t>::max();
    EXPECT_THAT(store->Evict(0), IsEmpty());
}

TEST_F(Limits, FreeDisk)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.freeDiskBytes = 1000;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(20, 'a'));
    KeepBytes(*store, "b", std::string(20, 'b'));
    m_freeDiskBytes = 1010;
    EXPECT_TRUE(store->HasRoomFor(10));
    EXPECT_FALSE(store->HasRoomFor(11));
    EXPECT_THAT(store->Evict(10), IsEmpty());
    EXPECT_THAT(store->Evict(11), ElementsAre("a"));
    EXPECT_THAT(store->Evict(50), ElementsAre("a", "b"));
    EXPECT_THAT(store->Evict(51), IsEmpty());
    // Others fill the disk: copies go, as many as it takes or there are.
    m_freeDiskBytes = 980;
    EXPECT_THAT(store->Evict(0), ElementsAre("a"));
    m_freeDiskBytes = 10;
    EXPECT_THAT(store->Evict(0), ElementsAre("a", "b"));
}

TEST_F(Limits, AsksTheFileSystem)
{
    m_limits.freeDiskBytes = std::uint64_t{1} << 62;
    StoreSettings settings = Settings();
    settings.freeDiskBytes = nullptr;
    {
        const Store store(settings);
        EXPECT_FALSE(store.HasRoomFor(0));
    }
    settings.limits.freeDiskBytes = 1;
    const Store store(settings);
    EXPECT_TRUE(store.HasRoomFor(0));
}

TEST_F(Limits, WhatArrivesCounts)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(20, 'a'));
    auto partial = store->StartPartial("b");
    EXPECT_TRUE(store->HasRoomFor(80));
    EXPECT_TRUE(partial->Expect(70));
    EXPECT_TRUE(store->HasRoomFor(10));
    EXPECT_FALSE(store->HasRoomFor(11));
    // What was announced costs no copy, what was written does.
    EXPECT_THAT(store->Evict(80), IsEmpty());
    EXPECT_THAT(store->Evict(81), ElementsAre("a"));
    // More than was promised: what is there counts.
    partial->File().WriteAt(0, std::string(75, 'b'));
    EXPECT_TRUE(store->HasRoomFor(5));
    EXPECT_FALSE(store->HasRoomFor(6));
    EXPECT_THAT(store->Evict(5), IsEmpty());
    EXPECT_THAT(store->Evict(6), ElementsAre("a"));
    // Once, also when it is kept while its writer still has it.
    store->Keep(*partial, partial->Seal(75));
    EXPECT_TRUE(store->HasRoomFor(5));
    EXPECT_FALSE(store->HasRoomFor(6));
    partial.reset();
    EXPECT_TRUE(store->HasRoomFor(5));
}

TEST_F(Limits, WhatArrivesNeedsTheDiskThatItHasNotTakenYet)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.freeDiskBytes = 0;
    const auto store = Make();
    const auto partial = store->StartPartial("b");
    m_freeDiskBytes = 1'000'010;
    EXPECT_TRUE(partial->Expect(1'000'000));
    EXPECT_TRUE(store->HasRoomFor(10));
    EXPECT_FALSE(store->HasRoomFor(11));
    partial->File().WriteAt(0, std::string(1'000'000, 'b'));
    partial->File().Sync(); // so that the file system says what it has taken
    EXPECT_TRUE(store->HasRoomFor(1'000'010));
}

TEST_F(Limits, AnAnnouncementThatCannotHoldIsRefusedAndCostsNoCopy)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    const auto partial = store->StartPartial("b");
    EXPECT_FALSE(partial->Expect(10'000'000'000));
    EXPECT_FALSE(partial->Expect(kMost));
    EXPECT_FALSE(partial->Expect(101));
    EXPECT_THAT(store->Evict(0), IsEmpty());
    EXPECT_TRUE(store->HasRoomFor(40)) << "what was refused counts for nothing";
    // As much as all copies would make room for; and they stay until it is there.
    EXPECT_TRUE(partial->Expect(100));
    EXPECT_THAT(store->Evict(0), IsEmpty());
    partial->File().WriteAt(0, std::string(41, 'b'));
    EXPECT_THAT(store->Evict(0), ElementsAre("a"));
    // What was granted to one is not granted to another.
    const auto other = store->StartPartial("c");
    EXPECT_FALSE(other->Expect(1));
    EXPECT_TRUE(other->Expect(0));
    EXPECT_TRUE(partial->Expect(99));
    EXPECT_TRUE(other->Expect(1));
}

TEST_F(Limits, ACopyInUseMakesNoRoom)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    OpenedCopy opened = store->Open("a");
    const auto partial = store->StartPartial("b");
    EXPECT_FALSE(partial->Expect(41));
    EXPECT_TRUE(partial->Expect(40));
    opened.file.reset();
    EXPECT_TRUE(partial->Expect(41));
}

TEST_F(Limits, WhatTheDiskCannotHoldIsRefused)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.freeDiskBytes = 1000;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    m_freeDiskBytes = 1500;
    const auto partial = store->StartPartial("b");
    EXPECT_FALSE(partial->Expect(561));
    EXPECT_TRUE(partial->Expect(560));
    m_freeDiskBytes = 500; // others fill the disk meanwhile
    EXPECT_FALSE(partial->Expect(560));
}

TEST_F(Limits, ABodyOfUnknownLengthThatGrewTooLongIsNotKeptAndCostsNoCopy)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    auto partial = store->StartPartial("b");
    partial->File().WriteAt(0, std::string(101, 'b'));
    EXPECT_FALSE(partial->Expect(101));
    EXPECT_THAT(store->Evict(0), IsEmpty());
    const Digest digest = partial->Seal(101);
    EXPECT_THROW(store->Keep(*partial, digest), StoreError);
    EXPECT_THAT(HrefsOf(store->List()), ElementsAre("a"));
    partial.reset();
    EXPECT_TRUE(store->HasRoomFor(40));
}

TEST_F(Limits, AnOfferThatCannotFitIsRefusedBeforeItIsCopied)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(60, 'a'));
    const FileDescriptor offered(
        ::open((m_top / "offered").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    offered.WriteAt(0, std::string(101, 'o'));
    const auto partial = store->StartPartial("b");
    EXPECT_THROW(partial->CopyFrom(offered), StoreError);
    EXPECT_EQ(partial->File().Size(), 0U);
    EXPECT_THAT(store->Evict(0), IsEmpty());
    offered.Truncate(100);
    EXPECT_EQ(partial->CopyFrom(offered), 100U);
    EXPECT_THAT(store->Evict(0), ElementsAre("a"));
}

TEST_F(Limits, OthersHoldFromNowOn)
{
    RecordProperty("requirement", "R-HTTP-4");
    m_limits.bytes = 100;
    const auto store = Make();
    KeepBytes(*store, "a", std::string(40, 'a'));
    KeepBytes(*store, "b", std::string(40, 'b'));
    const auto partial = store->StartPartial("c");
    EXPECT_TRUE(partial->Expect(100));
    StoreLimits limits = m_limits;
    limits.bytes = 50;
    store->SetLimits(limits);
    EXPECT_THAT(store->Evict(0), ElementsAre("a"));
    EXPECT_FALSE(partial->Expect(51));
    EXPECT_TRUE(partial->Expect(50));
    limits.bytes = 1000;
    limits.ageS = 10;
    store->SetLimits(limits);
    EXPECT_THAT(store->Evict(0), IsEmpty());
    EXPECT_TRUE(partial->Expect(1000));
    m_nowS += 11;
    EXPECT_THAT(store->Evict(0), ElementsAre("a", "b"));
    limits.ageS = 0;
    limits.freeDiskBytes = m_freeDiskBytes + 1;
    store->SetLimits(limits);
    EXPECT_THAT(store->Evict(0), ElementsAre("a"));
}

TEST_F(Limits, APartialThatOutlivesItsStoreAsksNobody)
{
    auto store = Make();
    const auto partial = store->StartPartial("b");
    store.reset();
    EXPECT_TRUE(partial->Expect(1));
}

} // namespace
} // namespace lanpeer::reference
