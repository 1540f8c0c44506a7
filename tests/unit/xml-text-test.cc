#include "model/protocol/xml-text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Each bound of what XML 1.0 (fifth edition) and Unicode say of single characters, from both sides:
// R-PKT-4, L17, L22.

namespace lanpeer
{
namespace
{

/// In UTF-8, also what UTF-8 does not allow: surrogates, and beyond Unicode.
std::string
Encoded(std::uint32_t c)
{
    const auto byte = [c](unsigned lead, unsigned shift)
    {
        return static_cast<char>(lead | ((c >> shift) & (lead == 0x80 ? 0x3FU : 0xFFU)));
    };
    if (c < 0x80)
    {
        return {byte(0, 0)};
    }
    if (c < 0x800)
    {
        return {byte(0xC0, 6), byte(0x80, 0)};
    }
    if (c < 0x10000)
    {
        return {byte(0xE0, 12), byte(0x80, 6), byte(0x80, 0)};
    }
    return {byte(0xF0, 18), byte(0x80, 12), byte(0x80, 6), byte(0x80, 0)};
}

/// Every character of the first blocks, and those around each bound further on.
std::vector<std::uint32_t>
Characters()
{
    std::vector<std::uint32_t> characters;
    for (std::uint32_t c = 0; c <= 0x3100; ++c)
    {
        characters.push_back(c);
    }
    for (const std::uint32_t bound :
         {0xD800U, 0xE000U, 0xF900U, 0xFDD0U, 0xFDF0U, 0xFFFEU, 0x10000U, 0xF0000U, 0x110000U})
    {
        for (std::uint32_t c = bound - 4; c <= bound + 4; ++c)
        {
            characters.push_back(c);
        }
    }
    return characters;
}

bool
IsCharacter(std::uint32_t c)
{
    return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

bool
IsControlOfUnicode(std::uint32_t c)
{
    return c <= 0x1F || (c >= 0x7F && c <= 0x9F);
}

/// [4] NameStartChar, in the words of the standard.
bool
StartsAName(std::uint32_t c)
{
    return c == ':' || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0xD6) || (c >= 0xD8 && c <= 0xF6) || (c >= 0xF8 && c <= 0x2FF) ||
           (c >= 0x370 && c <= 0x37D) || (c >= 0x37F && c <= 0x1FFF) ||
           (c >= 0x200C && c <= 0x200D) || (c >= 0x2070 && c <= 0x218F) ||
           (c >= 0x2C00 && c <= 0x2FEF) || (c >= 0x3001 && c <= 0xD7FF) ||
           (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0xEFFFF);
}

/// [4a] NameChar.
bool
ContinuesAName(std::uint32_t c)
{
    return StartsAName(c) || c == '-' || c == '.' || (c >= '0' && c <= '9') || c == 0xB7 ||
           (c >= 0x0300 && c <= 0x036F) || (c >= 0x203F && c <= 0x2040);
}

std::optional<Reason>
WhyNotInAPacket(std::uint32_t c)
{
    const bool space = c == '\t' || c == '\n' || c == '\r';
    return !IsCharacter(c)                   ? std::optional(Reason::NotUtf8)
           : IsControlOfUnicode(c) && !space ? std::optional(Reason::ControlCharacter)
           : c == 0xFFFE || c == 0xFFFF      ? std::optional(Reason::NotXml)
                                             : std::nullopt;
}

TEST(XmlTextTest, CharactersOfAPacket)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L22");
    for (const std::uint32_t c : Characters())
    {
        const bool space = c == '\t' || c == '\n' || c == '\r';
        const auto reason = WhyNotInAPacket(c);
        EXPECT_EQ(CheckCharacters("a" + Encoded(c) + "b"), reason) << std::hex << c;
        EXPECT_EQ(CheckValue("a" + Encoded(c) + "b"),
                  space ? std::optional(Reason::ControlCharacter) : reason)
            << std::hex << c;
    }
}

TEST(XmlTextTest, FormsThatAreNoUtf8)
{
    RecordProperty("requirement", "R-PKT-4");
    for (const char* const bytes : {"\x80",                 // begins within a character
                                    "\xBF",                 //
                                    "\xC0\x80",             // overlong
                                    "\xC1\xBF",             //
                                    "\xE0\x9F\xBF",         //
                                    "\xF0\x8F\xBF\xBF",     //
                                    "\xF8\x88\x80\x80\x80", // five bytes
                                    "\xF8\x90\x80\x80",     // as if of four
                                    "\xFF",                 //
                                    "\xC3",                 // cut off
                                    "\xE2\x82",             //
                                    "\xF0\x9F\x92",         //
                                    "\xC3(",                // not gone on with
                                    "\xE2(\xAC",            //
                                    "\xE2\x82\xC0"})
    {
        EXPECT_EQ(CheckCharacters(bytes), Reason::NotUtf8) << bytes;
        EXPECT_FALSE(IsXmlName(std::string("a") + bytes)) << bytes;
    }
    for (const char* const bytes : {"\xC2\xA0", "\xE0\xA0\x80", "\xF0\x90\x80\x80", "\x7E"})
    {
        EXPECT_EQ(CheckCharacters(bytes), std::nullopt) << bytes;
    }
}

TEST(XmlTextTest, CharactersOfAName)
{
    RecordProperty("requirement", "R-PKT-4");
    for (const std::uint32_t c : Characters())
    {
        EXPECT_EQ(IsXmlName(Encoded(c)), StartsAName(c)) << std::hex << c;
        EXPECT_EQ(IsXmlName("a" + Encoded(c)), ContinuesAName(c)) << std::hex << c;
        EXPECT_EQ(IsXmlName("a" + Encoded(c) + "b"), ContinuesAName(c)) << std::hex << c;
    }
    EXPECT_FALSE(IsXmlName(""));
}

TEST(XmlTextTest, CharactersThatAreReferredTo)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L17 L22");
    for (const std::uint32_t c : Characters())
    {
        const bool none = !IsCharacter(c) || c == 0xFFFE || c == 0xFFFF;
        const auto reason = none                    ? std::optional(Reason::BadEntity)
                            : IsControlOfUnicode(c) ? std::optional(Reason::ControlCharacter)
                                                    : std::nullopt;
        for (const std::string& reference :
             {fmt::format("&#{};", c), fmt::format("&#x{:x};", c), fmt::format("&#x{:X};", c)})
        {
            std::size_t length = 0;
            EXPECT_EQ(CheckReference(reference + "x;", length), reason) << reference;
            EXPECT_EQ(length, reference.size()) << reference;
        }
    }
    std::size_t length = 0;
    for (const char* const text : {"&#;",
                                   "&#x;",
                                   "&#12a;",
                                   "&#xg;",
                                   "&#X41;",
                                   "&#-1;",
                                   "&#x/;",
                                   "&#x:;",
                                   "&#x@;",
                                   "&#x`;",
                                   "&;",
                                   "&ampx;",
                                   "&amp",
                                   "&#99999999999;"})
    {
        EXPECT_EQ(CheckReference(text, length), Reason::BadEntity) << text;
    }
}

} // namespace
} // namespace lanpeer
