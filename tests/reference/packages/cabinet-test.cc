#include "oracle.h"
#include "raw-cabinet.h"
#include "reference/files/digest.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/package-error.h"
#include "tests/reference/office/commands.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::reference
{
namespace
{

using Files = std::vector<std::pair<std::string, std::string>>;

/// Name, length and digest of each, which a failure may print.
using Digests = std::map<std::string, std::pair<std::size_t, std::string>>;

Digests
DigestsOf(const Files& files)
{
    Digests digests;
    for (const auto& [name, bytes] : files)
    {
        digests[name] = {bytes.size(), ToHex(DigestOf(bytes))};
    }
    return digests;
}

/// Everything in it.
Digests
Contents(const std::string& cabinet)
{
    Files files;
    ExtractCabinet(
        MemorySource(cabinet),
        {},
        [](const CabinetEntry& /*entry*/) { return true; },
        [&files](const CabinetEntry& entry, std::string_view bytes)
        { files.emplace_back(entry.name, bytes); });
    EXPECT_EQ(files.size(), DigestsOf(files).size());
    return DigestsOf(files);
}

std::string
Make(const Files& files)
{
    std::vector<CabinetFile> made;
    for (const auto& [name, bytes] : files)
    {
        made.push_back({name, bytes, false});
    }
    return MakeCabinet(made);
}

/// Lengths about those of a block, of what can be made shorter and what cannot.
Files
ManyFiles()
{
    Draw draw(1);
    Files files{{"empty", ""}};
    for (const std::size_t size : {1U, 2U, 32767U, 32768U, 32769U, 65536U, 100'000U})
    {
        files.emplace_back("drawn/" + std::to_string(size), draw.Bytes(size));
        files.emplace_back("alike/of/" + std::to_string(size), std::string(size, 'a'));
    }
    return files;
}

TEST(Cabinet, ComesOutAsItWentIn)
{
    RecordProperty("requirement", "R-UPD-6");
    EXPECT_EQ(Contents(Make(ManyFiles())), DigestsOf(ManyFiles()));
    EXPECT_EQ(Contents(Make({{"empty", ""}})), DigestsOf({{"empty", ""}}));
}

TEST(Cabinet, TheSameFilesMakeTheSameBytes)
{
    RecordProperty("requirement", "R-UPD-6");
    EXPECT_TRUE(Make(ManyFiles()) == Make(ManyFiles()));
}

TEST(Cabinet, SaysWhichFilesArePrograms)
{
    const std::string bytes = MakeCabinet({{"a", "1", false}, {"b", "2", true}});
    const auto entries = ReadCabinetLayout(MemorySource(bytes), {});
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_FALSE(entries[0].executable);
    EXPECT_TRUE(entries[1].executable);
}

TEST(Cabinet, RoomForASignatureChangesNothingElse)
{
    const std::string with = WithRoomForSignature(Make(ManyFiles()));
    EXPECT_EQ(with.size(), Make(ManyFiles()).size() + 24);
    EXPECT_TRUE(ReadCabinetHeader(MemorySource(with)).hasReserve);
    EXPECT_EQ(Contents(with), DigestsOf(ManyFiles()));
    EXPECT_TRUE(WithRoomForSignature(with) == with);
}

TEST(Cabinet, WhatWeMakeGcabReads)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    for (const std::string& bytes : {Make(ManyFiles()), WithRoomForSignature(Make(ManyFiles()))})
    {
        const std::string out = folder.Path() / "out";
        const CommandResult result =
            RunCommand({"gcab", "-x", "-C", out, folder.Put("ours.cab", bytes)});
        ASSERT_EQ(result.exitCode, 0) << result.output;
        for (const auto& [name, expected] : ManyFiles())
        {
            EXPECT_TRUE(folder.Get("out/" + name) == expected) << name;
        }
    }
}

TEST(Cabinet, WhatGcabMakesWeRead)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    EXPECT_EQ(Contents(MakeByGcab(folder, ManyFiles(), {"-z"})), DigestsOf(ManyFiles()));
    EXPECT_EQ(Contents(MakeByGcab(folder, ManyFiles(), {})), DigestsOf(ManyFiles()));
}

TEST(Cabinet, ReadsOnlyWhatIsWanted)
{
    Files files;
    ExtractCabinet(
        MemorySource(Make(ManyFiles())),
        {},
        [](const CabinetEntry& entry) { return entry.name == "drawn/32769"; },
        [&files](const CabinetEntry& entry, std::string_view bytes)
        { files.emplace_back(entry.name, bytes); });
    ASSERT_EQ(files.size(), 1U);
    EXPECT_TRUE(files == Files{ManyFiles()[9]}) << files.front().first;
}

TEST(Cabinet, TheFirstFailureOfWhoTakesEndsIt)
{
    std::size_t taken = 0;
    EXPECT_THROW(ExtractCabinet(
                     MemorySource(Make(ManyFiles())),
                     {},
                     [](const CabinetEntry& /*entry*/) { return true; },
                     [&taken](const CabinetEntry& /*entry*/, std::string_view /*bytes*/)
                     {
                         ++taken;
                         throw std::runtime_error("disk full");
                     }),
                 std::runtime_error);
    EXPECT_EQ(taken, 1U);
}

TEST(Cabinet, OneMadeByHandIsReadToo)
{
    const std::string bytes = RawCabinet({{"a", "first"}, {"b\\c", "second"}}).Bytes();
    EXPECT_EQ(Contents(bytes), DigestsOf({{"a", "first"}, {"b/c", "second"}}));
}

TEST(Cabinet, RefusesToMakeWhatItWouldNotRead)
{
    RecordProperty("requirement", "R-UPD-6");
    EXPECT_THROW(Make({}), PackageError);
    EXPECT_THROW(Make({{"../a", "x"}}), PackageError);
    EXPECT_THROW(Make({{"a\\b", "x"}}), PackageError);
    EXPECT_THROW(Make({{"a", "x"}, {"A", "y"}}), PackageError);
    EXPECT_THROW(Make({{"a", "x"}, {"a/b", "y"}}), PackageError);
    CabinetLimits limits;
    limits.outputBytes = 10;
    EXPECT_THROW(MakeCabinet({{"a", std::string(11, 'a'), false}}, limits), PackageError);
}

} // namespace
} // namespace lanpeer::reference
