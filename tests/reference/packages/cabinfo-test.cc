#include "reference/packages/cabinfo.h"
#include "reference/packages/package-error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

const EmbeddedName kName{"engine.200101131511.cab", "engine", "200101131511"};

std::string
Refusal(const std::string& text)
{
    try
    {
        ReadCabInfo(text);
        return "";
    }
    catch (const PackageError& error)
    {
        return error.what();
    }
}

TEST(CabInfo, IsReadAsItIsWritten)
{
    RecordProperty("requirement", "R-UPD-4 R-UPD-6");
    EXPECT_EQ(WriteCabInfo(kName),
              "[cabinfo]\nfile=engine.200101131511.cab\nproduct=engine\nversion=200101131511\n");
    EXPECT_EQ(ReadCabInfo(WriteCabInfo(kName)), kName);
}

TEST(CabInfo, TakesWhatEditorsMakeOfIt)
{
    EXPECT_EQ(ReadCabInfo("\r\n# made by hand\r\n[cabinfo]\r\n\r\nversion = "
                          "200101131511\r\nproduct=engine\r\nfile =engine.200101131511.cab"),
              kName);
}

TEST(CabInfo, RefusesWhatIsAbsentDoubleOrUnknown)
{
    RecordProperty("requirement", "R-UPD-4");
    const std::string good = WriteCabInfo(kName);
    EXPECT_THAT(Refusal(""), HasSubstr("0 groups"));
    EXPECT_THAT(Refusal("[cabinfo]\nfile=a\nproduct=b\n"), HasSubstr("2 keys"));
    EXPECT_THAT(Refusal("[cabinfo]\nfile=a\nproduct=b\nversoin=1\n"), HasSubstr("no version"));
    EXPECT_THAT(Refusal("[cabinfo]\nfile=a\nproduct=b\nproduct=c\n"), HasSubstr("no version"));
    EXPECT_THAT(Refusal(good + "version=200101131512\n"), HasSubstr("4 keys"));
    EXPECT_THAT(Refusal(good + "product[de]=Maschine\n"), HasSubstr("4 keys"));
    EXPECT_THAT(Refusal(good + "script=rm\n"), HasSubstr("4 keys"));
    EXPECT_THAT(Refusal(good + "[cabinfo]\n"), HasSubstr("2 groups"));
    EXPECT_THAT(Refusal(good + "; a word\n"), HasSubstr("4 keys"));
    EXPECT_THAT(Refusal(good + "[other]\n"), HasSubstr("2 groups"));
    EXPECT_THAT(Refusal("[CabInfo]\nfile=a\nproduct=b\nversion=1\n"), HasSubstr("no file"));
    EXPECT_NE(Refusal("file=a\n[cabinfo]\nproduct=b\nversion=1\n"), "");
    EXPECT_NE(Refusal("[cabinfo\nfile=a\nproduct=b\nversion=1\n"), "");
    EXPECT_NE(Refusal("[cabinfo]\nfile\nproduct=b\nversion=1\n"), "");
}

TEST(CabInfo, RefusesValuesThatAreNoNames)
{
    RecordProperty("requirement", "R-UPD-4");
    for (const std::string& value : {std::string(""),
                                     std::string("a b"),
                                     std::string("../a"),
                                     std::string("a\\nb"),
                                     std::string("a\x1b[2J"),
                                     std::string("\xc3\xa4"),
                                     std::string("\xff"),
                                     std::string(256, 'a')})
    {
        const std::string text = "[cabinfo]\nfile=" + value + "\nproduct=b\nversion=1\n";
        EXPECT_THAT(Refusal(text), HasSubstr("file has what no name has")) << value;
        EXPECT_THROW(WriteCabInfo({value, "b", "1"}), PackageError) << value;
    }
    EXPECT_THROW(WriteCabInfo({"a\nversion=2", "b", "1"}), PackageError);
    EXPECT_THAT(Refusal(WriteCabInfo(kName) + std::string(5000, '\n')), HasSubstr("4096"));
    EXPECT_NE(Refusal(WriteCabInfo(kName) + std::string(1, '\0')), "");
}

} // namespace
} // namespace lanpeer::reference
