#include "authority.h"
#include "oracle.h"
#include "raw-cabinet.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/cabinfo.h"
#include "reference/packages/package-error.h"
#include "reference/packages/package.h"
#include "reference/packages/unpack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <string>

// Cabinets that are not what they say, or far more than they look (L15, L16). All but those that
// say otherwise are refused before anything is decompressed.

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::StartsWith;

/// What is said of one when its tables are read; empty if it is accepted.
std::string
Refusal(const std::string& bytes, const CabinetLimits& limits = {})
{
    try
    {
        ReadCabinetLayout(MemorySource(bytes), limits);
        return "";
    }
    catch (const PackageError& error)
    {
        return error.what();
    }
}

std::string
OneFile(const std::string& name)
{
    return RawCabinet({{name, "x"}}).Bytes();
}

TEST(CabinetAttacks, L16MoreOutputThanAllowed)
{
    RecordProperty("attack", "L16");
    const std::string bytes = MakeCabinet({{"a", std::string(500'000, 'a'), false}});
    CabinetLimits limits;
    EXPECT_EQ(Refusal(bytes, limits), "");
    limits.outputBytes = 500'000;
    EXPECT_EQ(Refusal(bytes, limits), "");
    limits.outputBytes = 499'999;
    EXPECT_THAT(Refusal(bytes, limits), StartsWith("decompression bomb: 500000 bytes"));
}

TEST(CabinetAttacks, L16MoreOutputThanInputCanMean)
{
    RecordProperty("attack", "L16");
    // 20 MB of nothing in some kB.
    CabinetLimits limits;
    limits.ratio = 1'000'000;
    const std::string bytes = MakeCabinet({{"a", std::string(20'000'000, '\0'), false}}, limits);
    EXPECT_LT(bytes.size(), 200'000U);
    EXPECT_EQ(Refusal(bytes, limits), "");
    EXPECT_THAT(Refusal(bytes), HasSubstr("more than 100 times as many"));
}

TEST(CabinetAttacks, L16ManyEntries)
{
    RecordProperty("attack", "L16");
    std::vector<CabinetFile> files;
    for (int i = 0; i < 1024; ++i)
    {
        files.push_back({std::to_string(i), "", false});
    }
    EXPECT_EQ(Refusal(MakeCabinet(files)), "");
    files.push_back({"one more", "", false});
    CabinetLimits more;
    more.entries = 2000;
    EXPECT_EQ(Refusal(MakeCabinet(files, more)), "1025 entries, not 1 to 1024");
}

TEST(CabinetAttacks, L16DeepFolders)
{
    RecordProperty("attack", "L16");
    EXPECT_EQ(Refusal(OneFile("1\\2\\3\\4\\5\\6\\7\\8")), "");
    EXPECT_THAT(Refusal(OneFile("1\\2\\3\\4\\5\\6\\7\\8\\9")), HasSubstr("too deep"));
}

TEST(CabinetAttacks, L16EntriesThatShareTheirData)
{
    RecordProperty("attack", "L16");
    // A thousand entries that all are the same block: no folder is filled twice.
    RawCabinet cabinet({{"a", std::string(30'000, 'a')}, {"b", ""}});
    cabinet.entries[1].sizeBytes = 30'000;
    cabinet.entries[1].offset = 0;
    EXPECT_THAT(Refusal(cabinet.Bytes()), HasSubstr("does not begin where the one before it ends"));
    cabinet.entries[1].offset = 30'000;
    EXPECT_THAT(Refusal(cabinet.Bytes()), HasSubstr("are not of one length"));
}

TEST(CabinetAttacks, L16BadOffsetsAndCounts)
{
    RecordProperty("attack", "L16");
    const std::string good = RawCabinet({{"a", "first"}, {"b", "second"}}).Bytes();
    ASSERT_EQ(Refusal(good), "");
    struct Field
    {
        const char* what;
        std::size_t offset;
        std::size_t count;
    };
    const std::size_t data = good.size() - 8 - 11;
    const std::vector<Field> fields{{"reserved 1", 4, 4},
                                    {"size", 8, 4},
                                    {"reserved 2", 12, 4},
                                    {"where the entries are", 16, 4},
                                    {"reserved 3", 20, 4},
                                    {"version", 24, 2},
                                    {"folders", 26, 2},
                                    {"entries", 28, 2},
                                    {"flags", 30, 2},
                                    {"number in the set", 34, 2},
                                    {"where the data are", 36, 4},
                                    {"blocks", 40, 2},
                                    {"an entry's size", 44, 4},
                                    {"an entry's offset", 48, 4},
                                    {"an entry's folder", 52, 2},
                                    {"a block's length here", data + 4, 2},
                                    {"a block's length when decompressed", data + 6, 2}};
    for (const Field& field : fields)
    {
        for (const std::uint32_t value : {0U,
                                          1U,
                                          2U,
                                          3U,
                                          43U,
                                          45U,
                                          0x7fffU,
                                          0x8001U,
                                          0xfffeU,
                                          0xffffU,
                                          0x7fffffffU,
                                          0x80000000U,
                                          0xffffffffU})
        {
            const std::string bad = WithField(good, field.offset, value, field.count);
            EXPECT_EQ(Refusal(bad).empty(), bad == good) << field.what << " " << value;
        }
    }
}

TEST(CabinetAttacks, L16OtherCompressions)
{
    RecordProperty("attack", "L16");
    RawCabinet cabinet({{"a", "x"}});
    for (const std::uint32_t compression : {2U, 3U, 0x1503U, 0x0f03U, 0xffffU, 0x0100U, 0x0101U})
    {
        cabinet.compression = compression;
        EXPECT_THAT(Refusal(cabinet.Bytes()), HasSubstr("compression")) << compression;
    }
}

TEST(CabinetAttacks, L16DataThatAreNotWhatTheTablesSay)
{
    RecordProperty("attack", "L16");
    // Only decompressing shows it: a block that is no MSZIP, and bytes whose sum is another.
    RawCabinet cabinet({{"a", "no such thing"}});
    cabinet.compression = 1;
    std::string wrongSum = RawCabinet({{"a", "something"}}).Bytes();
    wrongSum.back() = static_cast<char>(wrongSum.back() ^ 1);
    for (const std::string& bytes : {cabinet.Bytes(), wrongSum})
    {
        EXPECT_EQ(Refusal(bytes), "");
        std::size_t taken = 0;
        EXPECT_THROW(ExtractCabinet(
                         MemorySource(bytes),
                         {},
                         [](const CabinetEntry& /*entry*/) { return true; },
                         [&taken](const CabinetEntry& /*entry*/, std::string_view /*bytes*/)
                         { ++taken; }),
                     PackageError);
        EXPECT_EQ(taken, 0U);
    }
}

TEST(CabinetAttacks, L16NamesThatLeadElsewhere)
{
    RecordProperty("attack", "L11 L16 L22");
    for (const char* name :
         {"..",        ".",      "..\\a",       "a\\..\\b", "a\\.\\b", "\\a",   "\\\\host\\a",
          "a\\",       "a\\\\b", "/etc/passwd", "a/b",      "a/../b",  "C:\\a", "C:a",
          "a:stream",  "",       " a",          "a ",       "a.",      "a.\\b", "a\nb",
          "a\x1b[2Jb", "a\x7f",  "a\x80",       "\xc3\xa4", "\xff",    "a*",    "a?",
          "a|b",       "a<b",    "a\"b"})
    {
        const std::string said = Refusal(OneFile(name));
        EXPECT_THAT(said, StartsWith("an entry's name ")) << name;
        for (const char c : said)
        {
            EXPECT_TRUE(c >= ' ' && c <= '~') << "a control character in a message";
        }
    }
    for (const char* name : {"..", ".", "a\\..\\b", "a\\.\\b", "..\\a"})
    {
        EXPECT_THAT(Refusal(OneFile(name)), HasSubstr("leads elsewhere")) << name;
    }
    EXPECT_THAT(Refusal(OneFile(std::string(256, 'a'))), HasSubstr("no end"));
    EXPECT_EQ(Refusal(OneFile(std::string(255, 'a'))), "");
}

TEST(CabinetAttacks, L16NamesThatAreTheSame)
{
    RecordProperty("attack", "L16");
    EXPECT_THAT(Refusal(RawCabinet({{"a", "1"}, {"a", "2"}}).Bytes()), HasSubstr("twice"));
    EXPECT_THAT(Refusal(RawCabinet({{"a", "1"}, {"A", "2"}}).Bytes()), HasSubstr("twice"));
    EXPECT_THAT(Refusal(RawCabinet({{"a", "1"}, {"A\\b", "2"}}).Bytes()),
                HasSubstr("a folder that is a file"));
}

TEST(CabinetAttacks, L15TruncatedAnywhere)
{
    RecordProperty("attack", "L15");
    for (const std::string& good : {RawCabinet({{"a", "first"}, {"b", "second"}}).Bytes(),
                                    WithRoomForSignature(MakeCabinet({{"a", "first", false}}))})
    {
        ASSERT_EQ(Refusal(good), "");
        for (std::size_t size = 0; size < good.size(); ++size)
        {
            EXPECT_NE(Refusal(good.substr(0, size)), "") << size;
            // Also if its header says so.
            if (size > 12)
            {
                const auto said = static_cast<std::uint32_t>(size);
                EXPECT_NE(Refusal(WithField(good.substr(0, size), 8, said, 4)), "") << size;
            }
        }
    }
}

TEST(CabinetAttacks, L15BytesThatAreNoPartOfIt)
{
    RecordProperty("attack", "L15");
    const std::string good = RawCabinet({{"a", "first"}}).Bytes();
    EXPECT_EQ(Refusal(good + "x"), "bytes behind its end");
    const auto longer = static_cast<std::uint32_t>(good.size() + 1);
    EXPECT_EQ(Refusal(WithField(good + "x", 8, longer, 4)), "bytes behind its data");
    // A gap between the tables and the data.
    RawCabinet gap({{"a", "first"}});
    gap.dataMoved = 1;
    EXPECT_NE(Refusal(gap.Bytes()), "");
}

TEST(CabinetAttacks, L16NothingIsWrittenOfABombThatIsSigned)
{
    RecordProperty("attack", "L16");
    CabinetLimits generous;
    generous.ratio = 1'000'000;
    const EmbeddedName name{"engine.200101131511.cab", "engine", "200101131511"};
    const std::string bytes =
        MakePackage(name,
                    {{"a", "x", false}, {"b", std::string(20'000'000, '\0'), false}},
                    KeyFor(Publisher()),
                    generous);
    const MemorySource source(bytes);
    const Examination examination = ExaminePackage(source, TrustIn(Root()), kAsOfS);
    EXPECT_EQ(examination.facts.signature, SignatureState::Valid);
    EXPECT_EQ(examination.facts.embedded, std::nullopt);
    EXPECT_THAT(examination.message, StartsWith("decompression bomb"));
    const TemporaryFolder folder;
    const FileDescriptor target(::open(folder.Path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_THROW(UnpackPackage(source, examination.facts, {}, target), PackageError);
    EXPECT_TRUE(fs::is_empty(folder.Path()));
}

} // namespace
} // namespace lanpeer::reference
