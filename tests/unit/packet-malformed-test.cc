#include "model/protocol/limits.h"
#include "model/protocol/xml-text.h"
#include "tests/unit/packet-samples.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lanpeer
{
namespace
{

using namespace samples;
using namespace std::string_literals;

/// The patent's packet, from which each of the following is one step away.
const std::string kGood = R"(<service type="request" version="1.0" ID="1111" method="get")"
                          R"( href="http://domain.com/whatever" acceptprotocol="http"/>)";

/// With something put in before the end of the element.
std::string
Plus(const std::string& text)
{
    return kGood.substr(0, kGood.size() - 2) + " " + text + "/>";
}

/// With \p from, which stands in it once, replaced.
std::string
With(const std::string& from, const std::string& to, std::string bytes = kGood)
{
    EXPECT_NE(bytes.find(from), std::string::npos) << from;
    EXPECT_EQ(bytes.find(from), bytes.rfind(from)) << from;
    return bytes.replace(bytes.find(from), from.size(), to);
}

struct Case
{
    std::string bytes;
    std::string outcome;
};

void
Expect(const std::vector<Case>& cases)
{
    for (const Case& one : cases)
    {
        EXPECT_EQ(Outcome(one.bytes), one.outcome) << one.bytes;
    }
}

/// The same text as UTF-16.
std::string
Wide(const std::string& text, bool bigEndian)
{
    std::string wide;
    for (const char c : text)
    {
        wide += bigEndian ? std::string{'\0', c} : std::string{c, '\0'};
    }
    return wide;
}

TEST(MalformedPacketTest, EntitiesAndDocumentTypes)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L17");
    std::string laughs = R"(<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">)";
    for (int i = 1; i < 10; ++i)
    {
        laughs += "<!ENTITY lol" + std::to_string(i) + " \"&lol" + std::to_string(i - 1) + ";&lol" +
                  std::to_string(i - 1) + ";\">";
    }
    Expect({
        {laughs + "]>" + Plus("a=\"&lol9;\""), "doctype"},
        {"<!DOCTYPE service>" + kGood, "doctype"},
        {R"(<!DOCTYPE service SYSTEM "file:///etc/passwd">)" + kGood, "doctype"},
        {kGood + "<!DOCTYPE service>", "doctype"},
        {"<!ENTITY a 'b'>" + kGood, "not-one-service"},
        {Plus("a=\"&lol9;\""), "bad-entity"},
        {Plus("a=\"&\""), "bad-entity"},
        {Plus("a=\"a & b\""), "bad-entity"},
        {Plus("a=\"&amp\""), "bad-entity"},
        {Plus("a=\"&;\""), "bad-entity"},
        {Plus("a=\"&AMP;\""), "bad-entity"},
        {Plus("a=\"& amp;\""), "bad-entity"},
        {Plus("a=\"&nbsp;\""), "bad-entity"},
        {Plus("a=\"&#;\""), "bad-entity"},
        {Plus("a=\"&#x;\""), "bad-entity"},
        {Plus("a=\"&#X41;\""), "bad-entity"},
        {Plus("a=\"&#4g;\""), "bad-entity"},
        {Plus("a=\"&#x4g;\""), "bad-entity"},
        {Plus("a=\"&#a;\""), "bad-entity"},
        {Plus("a=\"&#-65;\""), "bad-entity"},
        {Plus("a=\"&#xD800;\""), "bad-entity"},
        {Plus("a=\"&#57343;\""), "bad-entity"},
        {Plus("a=\"&#xFFFE;\""), "bad-entity"},
        {Plus("a=\"&#xFFFF;\""), "bad-entity"},
        {Plus("a=\"&#x110000;\""), "bad-entity"},
        {Plus("a=\"&#4294967361;\""), "bad-entity"},
        {Plus("a=\"&#x100000041;\""), "bad-entity"},
        {Plus("a=\"&amp;&lt;&gt;&quot;&apos;&#65;&#x41;&#x10FFFF;&#000000000065;\""), "decoded"},
    });
}

TEST(MalformedPacketTest, Markup)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L17");
    std::string nested;
    for (int i = 0; i < 150; ++i)
    {
        nested += "<a>";
    }
    Expect({
        {"", "not-xml"},
        {" \r\n\t", "not-xml"},
        {"hello", "not-xml"},
        {"<", "not-xml"},
        {"<>", "not-xml"},
        {"</>", "not-xml"},
        {"</service>", "not-xml"},
        {"<service", "not-xml"},
        {kGood.substr(0, kGood.size() - 1), "not-xml"},
        {kGood.substr(0, kGood.size() - 2), "not-xml"},
        {kGood.substr(0, kGood.size() - 2) + ">", "not-xml"},
        {kGood.substr(0, kGood.size() - 3), "not-xml"},
        {kGood.substr(0, kGood.size() - 2) + "></servicf>", "not-xml"},
        {kGood.substr(0, kGood.size() - 2) + "></service x=\"\">", "not-xml"},
        {kGood + "</service>", "not-xml"},
        {kGood + "<", "not-one-service"},
        {kGood + ">", "not-one-service"},
        {kGood + kGood, "not-one-service"},
        {kGood + "\n<a/>", "not-one-service"},
        {"text" + kGood, "not-one-service"},
        {kGood + "text", "not-one-service"},
        {kGood + "&amp;", "not-one-service"},
        {"\xEF\xBB\xBF" + kGood, "not-one-service"},
        {"\u00A0" + kGood, "not-one-service"},
        {kGood.substr(0, kGood.size() - 2) + "><a/></service>", "not-one-service"},
        {kGood.substr(0, kGood.size() - 2) + ">text</service>", "not-one-service"},
        {kGood.substr(0, kGood.size() - 2) + "> </service>", "not-one-service"},
        {kGood.substr(0, kGood.size() - 2) + "><![CDATA[]]></service>", "not-one-service"},
        {"<a>" + kGood + "</a>", "not-one-service"},
        {nested, "not-one-service"},
        {"<!-- a -->" + kGood, "not-one-service"},
        {kGood + "<!-- a -->", "not-one-service"},
        {"<?php x?>" + kGood, "not-one-service"},
        {kGood + "<?a?>", "not-one-service"},
        {"<![CDATA[a]]>" + kGood, "not-one-service"},
        {"<Service type=\"request\"/>", "not-one-service"},
        {"<services type=\"request\"/>", "not-one-service"},
        {"<a:service type=\"request\"/>", "not-one-service"},
        {"<request/>", "not-one-service"},
        {kGood.substr(0, kGood.size() - 2) + "></service>", "decoded"},
        {kGood.substr(0, kGood.size() - 2) + "></service \n>", "decoded"},
        {" \r\n\t" + kGood + " \r\n\t", "decoded"},
        {With(" ID", "\n\t\r ID"), "decoded"},
        {With("\"1111\"", "'1111'"), "decoded"},
    });
}

TEST(MalformedPacketTest, Attributes)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L17");
    std::string many;
    for (int i = 0; i < 26; ++i)
    {
        many += " a" + std::to_string(i) + "=''";
    }
    Expect({
        {Plus(many), "decoded"},
        {Plus(many + " b=''"), "too-many-attributes"},
        {Plus(many + many), "too-many-attributes"},
        {Plus("ID=\"1111\""), "duplicate-attribute"},
        {Plus("a=\"\" a=\"\""), "duplicate-attribute"},
        {Plus("A=\"\" a=\"\""), "decoded"},
        {Plus("a"), "not-xml"},
        {Plus("a="), "not-xml"},
        {Plus("a=b"), "not-xml"},
        {Plus("=\"b\""), "not-xml"},
        {Plus("a=\"b"), "not-xml"},
        {Plus("a=\"b'"), "not-xml"},
        {Plus("a=\"b\"c=\"d\""), "not-xml"},
        {Plus("a=\"<\""), "not-xml"},
        {Plus("a=\"<b/>\""), "not-xml"},
        {Plus("a=\"b\" <"), "not-xml"},
        {Plus("a=\"b\" &amp;"), "not-xml"},
        {Plus("1a=\"b\""), "not-xml"},
        {Plus("-a=\"b\""), "not-xml"},
        {Plus("a\u00D7=\"b\""), "not-xml"},
        {Plus("\u00B7a=\"b\""), "not-xml"},
        {Plus("a\u037E=\"b\""), "not-xml"},
        {Plus("a\u00B7\u00E9=\"b\""), "decoded"},
        {Plus("a=\">\""), "decoded"},
        {Plus("a=\"'\" b='\"'"), "decoded"},
        {Plus("/"), "not-xml"},
    });
}

TEST(MalformedPacketTest, CharactersAndEncodings)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L22");
    Expect({
        {"\xFF\xFE" + Wide(kGood, false), "not-utf8"},
        {"\xFE\xFF" + Wide(kGood, true), "not-utf8"},
        {Wide(kGood, false), "control-character"},
        {Wide(kGood, true), "control-character"},
        {Plus("a=\"\x80\""), "not-utf8"},
        {Plus("a=\"\xC3\""), "not-utf8"},
        {Plus("a=\"\xC3(\""), "not-utf8"},
        {Plus("a=\"\xC0\xAF\""), "not-utf8"},             // "/", overlong
        {Plus("a=\"\xC1\xBF\""), "not-utf8"},             // overlong
        {Plus("a=\"\xE0\x9F\xBF\""), "not-utf8"},         // overlong
        {Plus("a=\"\xF0\x8F\xBF\xBF\""), "not-utf8"},     // overlong
        {Plus("a=\"\xED\xA0\x80\""), "not-utf8"},         // a surrogate
        {Plus("a=\"\xED\xBF\xBF\""), "not-utf8"},         // a surrogate
        {Plus("a=\"\xF4\x90\x80\x80\""), "not-utf8"},     // above U+10FFFF
        {Plus("a=\"\xF8\x88\x80\x80\x80\""), "not-utf8"}, // five bytes
        {Plus("a=\"\xFF\""), "not-utf8"},
        {kGood + "\xE2\x82", "not-utf8"}, // cut off
        {Plus("a=\"\xEF\xBF\xBE\""), "not-xml"},
        {Plus("a=\"\xEF\xBF\xBF\""), "not-xml"},
        {Plus("a=\"\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""), "decoded"},
        {kGood + "\0"s, "control-character"},
        {kGood + "\0<a/>"s, "control-character"},
        {Plus("a=\"\0\""s), "control-character"},
        {Plus("a=\"\x1B[2J\""), "control-character"},
        {Plus("a=\"\x7F\""), "control-character"},
        {Plus("a=\"\xC2\x80\""), "control-character"},
        {Plus("a=\"\xC2\x9B\""), "control-character"},
        {Plus("a=\"\xC2\x9F\""), "control-character"},
        {Plus("a=\"\xC2\xA0\""), "decoded"},
        {Plus("a=\"\t\""), "control-character"},
        {Plus("a=\"\n\""), "control-character"},
        {Plus("a=\"\r\""), "control-character"},
        {Plus("a=\"&#0;\""), "control-character"},
        {Plus("a=\"&#1;\""), "control-character"},
        {Plus("a=\"&#x1;\""), "control-character"},
        {Plus("a=\"&#9;\""), "control-character"},
        {Plus("a=\"&#10;\""), "control-character"},
        {Plus("a=\"&#xD;\""), "control-character"},
        {Plus("a=\"&#x1b;\""), "control-character"},
        {Plus("a=\"&#127;\""), "control-character"},
        {Plus("a=\"&#x9b;\""), "control-character"},
        {Plus("a=\"&#xA0;\""), "decoded"},
        {With("<service ", "<service\x0B"), "control-character"},
    });
}

/// What stands behind the bytes is not looked at.
TEST(MalformedPacketTest, CutOffCharacter)
{
    RecordProperty("requirement", "R-PKT-4");
    const std::string euro = kGood + "\xE2\x82\xAC";
    EXPECT_EQ(Outcome(euro), "not-one-service");
    EXPECT_EQ(Outcome(std::string_view(euro).substr(0, euro.size() - 1)), "not-utf8");
    EXPECT_EQ(Outcome(std::string_view(euro).substr(0, euro.size() - 2)), "not-utf8");
}

/// The raw look refuses by itself what the parser would refuse as well.
TEST(MalformedPacketTest, TheRawLookStandsAlone)
{
    RecordProperty("attack", "L17");
    for (const char* text : {"<a <b/>", "<a <b/></a>", "<a &amp;/>", "<a b='<'/>", "<a b='", "<a"})
    {
        EXPECT_EQ(CheckMarkup(text), Reason::NotXml) << text;
    }
    EXPECT_EQ(CheckMarkup("<a b='&c;'/>"), Reason::BadEntity);
    EXPECT_EQ(CheckMarkup("<a><b/></a>"), Reason::NotOneService);
    EXPECT_EQ(CheckMarkup("<a b='>/'/>"), std::nullopt);
}

TEST(MalformedPacketTest, Declarations)
{
    RecordProperty("requirement", "R-PKT-4");
    Expect({
        {R"(<?xml version="1.0"?>)" + kGood, "decoded"},
        {"<?xml version='1.0' encoding='UTF-8'?>\r\n" + kGood, "decoded"},
        {R"(<?xml version="1.0" encoding="utf-8" standalone="yes" ?>)" + kGood, "decoded"},
        {R"(<?xml version="1.0" standalone='no'?>)" + kGood, "decoded"},
        {R"(<?xml version="1.0" encoding="ISO-8859-1"?>)" + kGood, "not-utf8"},
        {R"(<?xml version="1.0" encoding="UTF-16"?>)" + kGood, "not-utf8"},
        {R"(<?xml version="1.0" encoding=""?>)" + kGood, "not-utf8"},
        {R"(<?xml version="1.1"?>)" + kGood, "not-xml"},
        {R"(<?xml ?>)" + kGood, "not-xml"},
        {R"(<?xml encoding="UTF-8"?>)" + kGood, "not-xml"},
        {R"(<?xml encoding="UTF-8" version="1.0"?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0" standalone="maybe"?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0" a="b"?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0" version="1.0"?>)" + kGood, "not-xml"},
        {R"(<?xml version=1.0?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0" <?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0"/?>)" + kGood, "not-xml"},
        {R"(<?xml version="1.0"?>)", "not-xml"},
        {"<?xml?>" + kGood, "not-one-service"},
        {R"(<?XML version="1.0"?>)" + kGood, "not-one-service"},
        {R"(<?xml version="1.0")" + kGood, "not-one-service"},
        {R"( <?xml version="1.0"?>)" + kGood, "not-one-service"},
        {kGood + R"(<?xml version="1.0"?>)", "not-one-service"},
        {R"(<?xml version="1.0"?><?xml version="1.0"?>)" + kGood, "not-one-service"},
        {R"(<?xml version="1.0"?>text)" + kGood, "not-one-service"},
    });
}

TEST(MalformedPacketTest, Lengths)
{
    RecordProperty("requirement", "R-PKT-4");
    const std::string filling(limits::kPacketBytes - Plus("a=\"\"").size(), 'x');
    Expect({
        {Plus("a=\"" + filling + "\""), "decoded"},
        {Plus("a=\"" + filling + "x\""), "too-long"},
        {kGood + std::string(limits::kPacketBytes - kGood.size(), ' '), "decoded"},
        {kGood + std::string(limits::kPacketBytes - kGood.size() + 1, ' '), "too-long"},
        {std::string(65507, '\xFF'), "too-long"},
        {std::string(1400, '<'), "not-xml"},
        {std::string(1400, '&'), "not-xml"},
        {"<" + std::string(1399, '&'), "not-xml"},
        {"<a b=\"" + std::string(1394, '&'), "bad-entity"},
        {std::string(1400, '"'), "not-xml"},
    });
}

TEST(MalformedPacketTest, KindsAndIdentities)
{
    RecordProperty("requirement", "R-PKT-1");
    const std::string longName(41, 'n');
    Expect({
        {With("type=\"request\"", ""), "missing-attribute"},
        {With("version=\"1.0\"", ""), "missing-attribute"},
        {With("ID=\"1111\"", ""), "missing-attribute"},
        {With("href=\"http://domain.com/whatever\"", ""), "missing-attribute"},
        {With("\"request\"", "\"\""), "bad-value"},
        {With("\"request\"", "\"a b\""), "bad-value"},
        {With("\"request\"", "\"response\""), "missing-attribute"},
        {With("\"request\"", "\"response\" status=\"maybe\""), "unknown-status"},
        {With("\"request\"", "\"response\" status=\"\""), "unknown-status"},
        {With("\"request\"", "\"response\" status=\"have\""), "missing-attribute"},
        {With("\"request\"", "\"response\" status=\"downloading\""), "decoded"},
        {With("\"request\"", "\"download-complete\""), "missing-attribute"},
        {With("\"request\"", "\"download-failed\""), "decoded"},
        {With("\"request\"", "\"downloading\""), "decoded"},
        {With("\"request\"", "\"end-request\""), "decoded"},
        {With("1.0", "2.0"), "bad-version"},
        {With("1.0", ""), "bad-version"},
        {With("1.0", "1"), "bad-version"},
        {With("1.0", "1."), "bad-version"},
        {With("1.0", "1.0a"), "bad-version"},
        {With("1.0", "01.0"), "bad-version"},
        {With("1.0", "1.0.0"), "bad-version"},
        {With("1.0", "1.17"), "decoded"},
        {With("1111", ""), "bad-id"},
        {With("1111", "-1"), "bad-id"},
        {With("1111", "+1"), "bad-id"},
        {With("1111", " 1"), "bad-id"},
        {With("1111", "1 "), "bad-id"},
        {With("1111", "1e3"), "bad-id"},
        {With("1111", "0x1"), "bad-id"},
        {With("1111", "1.0"), "bad-id"},
        {With("1111", "2147483649"), "bad-id"},
        {With("1111", "4294967296"), "bad-id"},
        {With("1111", "18446744073709551616"), "bad-id"},
        {With("1111", "18446744073709552727"), "bad-id"},
        {With("1111", "99999999999999999999999999"), "bad-id"},
        {With("1111", "000000000000000000001"), "bad-id"},
        {With("1111", "\u0661"), "bad-id"},
        {With("1111", "2147483648"), "decoded"},
        {With("1111", "0"), "decoded"},
        {Plus("node=\"\""), "bad-node"},
        {Plus("node=\":1\""), "bad-node"},
        {Plus("node=\"a b\""), "bad-node"},
        {Plus("node=\"\u00E9\""), "bad-node"},
        {Plus("node=\"" + longName + "\""), "bad-node"},
        {Plus("node=\"" + longName.substr(1) + "\""), "decoded"},
    });
}

TEST(MalformedPacketTest, Hrefs)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L26");
    const std::string good = "http://domain.com/whatever";
    const auto withHref = [&good](const std::string& href)
    {
        return With(good, href);
    };
    std::string ampersands;
    for (int i = 0; i < 200; ++i)
    {
        ampersands += "&amp;";
    }
    // The shortest way to write an ampersand by number is longer than what counts: the entity.
    std::string references;
    for (int i = 0; i < 197; ++i)
    {
        references += "&#38;";
    }
    Expect({
        {withHref(""), "bad-href"},
        {withHref("whatever"), "bad-href"},
        {withHref("/whatever"), "bad-href"},
        {withHref("//domain.com/whatever"), "bad-href"},
        {withHref("http://"), "bad-href"},
        {withHref(good + "#part"), "bad-href"},
        {withHref(good + "#"), "bad-href"},
        {withHref("http://user@domain.com/"), "bad-href"},
        {withHref("http://user:pass@domain.com/"), "bad-href"},
        {withHref("http://domain.com/a b"), "bad-href"},
        {withHref("http://domain.com/%4"), "bad-href"},
        {withHref("http://domain.com/\u00E9"), "bad-href"},
        {withHref("http://domain.com/&quot;"), "bad-href"},
        {withHref("http://h/" + std::string(991, 'a')), "decoded"},
        {withHref("http://h/" + std::string(992, 'a')), "bad-href"},
        {withHref("http://h/" + ampersands), "bad-href"},
        {withHref("http://h/aaaaaa" + references), "decoded"},
        {withHref("http://h/aaaaaaa" + references), "bad-href"},
        {withHref(good + "?a=b&amp;c=d"), "decoded"},
        {withHref("urn:a:b"), "decoded"},
    });
}

TEST(MalformedPacketTest, Values)
{
    RecordProperty("requirement", "R-PKT-4");
    const std::string have =
        R"(<service type="response" version="1.0" ID="1" status="have" href="a:b" to="t")"
        R"( location="http://1.2.3.4/a" size="10" busy="20"/>)";
    const std::string found = R"(<service type="end-request" version="1.0" ID="1" href="a:b")"
                              R"( key="AAAAAAAAAAAAAAAAAAAAAA" wait="1"/>)";
    const std::string downloading =
        R"(<service type="downloading" version="1.0" href="a:b" received="10"/>)";
    Expect({
        {With("\"get\"", "\"put\""), "bad-value"},
        {With("\"get\"", "\"GET\""), "bad-value"},
        {With("\"get\"", "\"\""), "bad-value"},
        {With("\"http\"", "\"ftp\""), "bad-value"},
        {With("\"http\"", "\"https\""), "bad-value"},
        {With("\"http\"", "\"\""), "bad-value"},
        {With("\"http\"", "\"ftp, http\""), "decoded"},
        {With("\"http\"", "\"https;http\""), "decoded"},
        {With("method=\"get\"", ""), "decoded"},
        {With("acceptprotocol=\"http\"", ""), "decoded"},
        {Plus("cached=\"yes\""), "bad-value"},
        {Plus("cached=\"\""), "bad-value"},
        {Plus("cached=\"only\""), "decoded"},
        {Plus("lock=\"\""), "bad-value"},
        {Plus("lock=\"AAAAAAAAAAAAAAAAAAAAA\""), "bad-value"},
        {Plus("lock=\"AAAAAAAAAAAAAAAAAAAAAB\""), "bad-value"},
        {Plus("lock=\"AAAAAAAAAAAAAAAAAAAAAA==\""), "bad-value"},
        {Plus("lock=\"AAAAAAAAAAAAAAAAAAAAAA\""), "decoded"},
        {Plus("delay=\"-1\""), "bad-value"},
        {Plus("delay=\"4294967296\""), "bad-value"},
        {Plus("delay=\"4294967295\""), "decoded"},
        {have, "decoded"},
        {With("\"10\"", "\"9007199254740992\"", have), "decoded"},
        {With("\"10\"", "\"9007199254740993\"", have), "bad-value"},
        {With("\"10\"", "\"18446744073709551626\"", have), "bad-value"},
        {With("\"10\"", "\"1e3\"", have), "bad-value"},
        {With("\"10\"", "\"\"", have), "bad-value"},
        {With("\"20\"", "\"4294967296\"", have), "bad-value"},
        {With("\"20\"", "\"1.5\"", have), "bad-value"},
        {With("\"t\"", "\"\"", have), "bad-node"},
        {With("location=\"http://1.2.3.4/a\"", "", have), "missing-attribute"},
        {found, "decoded"},
        {With("AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA+", found), "bad-value"},
        {With("wait=\"1\"", "wait=\"2\"", found), "bad-value"},
        {With("wait=\"1\"", "wait=\"true\"", found), "bad-value"},
        {downloading, "decoded"},
        {With("\"10\"", "\"-10\"", downloading), "bad-value"},
        {With("\"10\"", "\"9007199254740993\"", downloading), "bad-value"},
    });
}

} // namespace
} // namespace lanpeer
