#include "model/protocol/limits.h"
#include "model/protocol/packet-codec.h"
#include "tests/unit/packet-samples.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lanpeer
{
namespace
{

using namespace samples;

ServicePacket
DecodedOrEmpty(std::string_view bytes)
{
    const auto decoded = Decoded(bytes);
    const auto* packet = std::get_if<ServicePacket>(&decoded);
    EXPECT_NE(packet, nullptr) << Outcome(bytes) << ": " << bytes;
    return packet != nullptr ? *packet : ServicePacket();
}

TEST(PacketCodecTest, ThePatentsExampleDecodes)
{
    RecordProperty("requirement", "R-PKT-1");
    ServicePacket expected;
    expected.kind = PacketKind::INeed;
    expected.id = 1111;
    expected.href = "http://domain.com/whatever";
    EXPECT_TRUE(DecodedOrEmpty(kPatent) == expected);
    // As the specification prints it.
    EXPECT_TRUE(DecodedOrEmpty(R"(<service type="request" version="1.0" ID="1111" method="get" )"
                               R"(href="http://domain.com/whatever" acceptprotocol="http"/>)") ==
                expected);
}

TEST(PacketCodecTest, EveryKindRoundTrips)
{
    RecordProperty("requirement", "R-PKT-2");
    const auto packets = OfEachKind();
    ASSERT_EQ(packets.size(), kPacketKinds);
    for (std::size_t i = 0; i < packets.size(); ++i)
    {
        EXPECT_EQ(packets[i].kind, static_cast<PacketKind>(i));
        const auto bytes = Encode(packets[i], kSource);
        ASSERT_TRUE(bytes) << ToString(packets[i].kind);
        EXPECT_TRUE(DecodedOrEmpty(*bytes) == packets[i]) << *bytes;
        EXPECT_EQ(LooksLikeIFound(*bytes), packets[i].kind == PacketKind::IFound) << *bytes;
        // About 200 bytes [0036]; the sizes are in the test's report.
        EXPECT_LE(bytes->size(), 320U) << *bytes;
        RecordProperty("bytes_" + std::string(ToString(packets[i].kind)),
                       static_cast<int>(bytes->size()));
    }
}

/// R-PKT-2 row by row: what is on the wire, in which order.
TEST(PacketCodecTest, WritesTheTableOfTheSpecification)
{
    RecordProperty("requirement", "R-PKT-2");
    const std::vector<std::string> expected{
        R"(<service type="request" version="1.0" ID="1234567890" node="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( method="get" href="http://update.example.com/VIRUSDEF.0112312359.cab")"
        R"( acceptprotocol="http" cached="only" lock="YjYytQkvAFVJKo4fd8Kl1A" delay="2000"/>)",
        R"(<service type="response" version="1.0" ID="1234567890" to="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( node="Zr9-QmW_8sUe5hVc1aTfKd" status="have")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab")"
        R"( location="http://192.168.1.23:6515/aGVsbG8gd29ybGQhISEhIQ" size="910000"/>)",
        R"(<service type="response" version="1.0" ID="1234567890" to="other-node")"
        R"( node="N4tJq0zv3yD7wXbRkLm2Pg" status="downloading")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab" received="455000")"
        R"( size="910000"/>)",
        R"(<service type="end-request" version="1.0" ID="1234567890")"
        R"( node="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab" key="ByxRdpvA5QovVHmew-gNMg"/>)",
        R"(<service type="downloading" version="1.0" node="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab" received="455000")"
        R"( size="910000"/>)",
        R"(<service type="download-complete" version="1.0" node="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab")"
        R"( location="http://192.168.1.23:6515/aGVsbG8gd29ybGQhISEhIQ" size="910000"/>)",
        R"(<service type="download-failed" version="1.0" node="N4tJq0zv3yD7wXbRkLm2Pg")"
        R"( href="http://update.example.com/VIRUSDEF.0112312359.cab"/>)",
        R"(<service type="inventory" version="1.0" node="N4tJq0zv3yD7wXbRkLm2Pg" app="scan")"
        "\x20note=\"a &lt; b &amp; &quot;c&quot; &gt; 'd' \u00e9\u2028\U0001F600\"/>",
    };
    const auto packets = OfEachKind();
    for (std::size_t i = 0; i < packets.size(); ++i)
    {
        EXPECT_EQ(Encode(packets[i], kSource), expected[i]);
    }
    ServicePacket last = INeed();
    last.onlyCached = false;
    EXPECT_NE(Encode(last, kSource)->find(R"( cached="no" )"), std::string::npos);
    ServicePacket waiting = IFound();
    waiting.wait = true;
    EXPECT_NE(Encode(waiting, kSource)->find(R"( wait="1"/>)"), std::string::npos);
    ServicePacket busy = IHave();
    busy.busyMs = 1000;
    EXPECT_NE(Encode(busy, kSource)->find(R"( busy="1000"/>)"), std::string::npos);
}

TEST(PacketCodecTest, OptionalMembersMayBeAbsent)
{
    RecordProperty("requirement", "R-PKT-2");
    for (ServicePacket packet : OfEachKind())
    {
        packet.node = NodeId();
        packet.to.reset();
        packet.lock.reset();
        packet.key.reset();
        packet.delayMs.reset();
        packet.size.reset();
        packet.received.reset();
        const auto bytes = Encode(packet, kSource);
        ASSERT_TRUE(bytes);
        EXPECT_TRUE(DecodedOrEmpty(*bytes) == packet) << *bytes;
    }
    const auto need =
        DecodedOrEmpty(R"(<service type="request" version="1.9" ID="0" href="a:b"/>)");
    EXPECT_TRUE(need.onlyCached) << "also when absent";
    EXPECT_FALSE(
        DecodedOrEmpty(R"(<service type="request" version="1.0" ID="0" href="a:b" cached="no"/>)")
            .onlyCached);
    const auto found =
        DecodedOrEmpty(R"(<service type="end-request" version="1.0" ID="0" href="a:b" wait="0"/>)");
    EXPECT_FALSE(found.wait);
    EXPECT_FALSE(found.key);
}

TEST(PacketCodecTest, NumbersReachTheirBounds)
{
    RecordProperty("requirement", "R-PKT-1");
    ServicePacket packet = IHave();
    packet.id = limits::kRequestIdAcceptedMax;
    packet.size = limits::kResourceBytesMax;
    packet.busyMs = 0xFFFFFFFF;
    packet.location->port = 65535;
    const auto bytes = Encode(packet, kSource);
    ASSERT_TRUE(bytes) << "an answer repeats the ID of its request, 2^31 too";
    EXPECT_TRUE(DecodedOrEmpty(*bytes) == packet);
    packet.id = 0;
    packet.size = 0;
    packet.busyMs = 0;
    packet.location->port = 1;
    EXPECT_TRUE(DecodedOrEmpty(*Encode(packet, kSource)) == packet);
    EXPECT_EQ(
        DecodedOrEmpty(R"(<service type="request" version="1.0" ID="00001111" href="a:b"/>)").id,
        1111U);
}

TEST(PacketCodecTest, UnknownAttributesAreKept)
{
    RecordProperty("requirement", "R-PKT-3");
    using Attributes = std::vector<std::pair<std::string, std::string>>;
    const auto packet = DecodedOrEmpty(
        R"(<service zeta="1" type="request" size="12" version="1.0" ID="5" status="x")"
        R"( href="http://a/b" id="6" alpha="" xml:lang="de" größe="&lt;&#x41;&#66;"/>)");
    EXPECT_EQ(packet.kind, PacketKind::INeed);
    EXPECT_FALSE(packet.size) << "belongs to another kind";
    EXPECT_EQ(packet.attributes,
              (Attributes{{"zeta", "1"},
                          {"size", "12"},
                          {"status", "x"},
                          {"id", "6"},
                          {"alpha", ""},
                          {"xml:lang", "de"},
                          {"größe", "<AB"}}));
    EXPECT_TRUE(DecodedOrEmpty(*Encode(packet, kSource)) == packet);
}

TEST(PacketCodecTest, UnknownTypesAreTheApplications)
{
    RecordProperty("requirement", "R-PKT-3");
    using Attributes = std::vector<std::pair<std::string, std::string>>;
    const auto packet = DecodedOrEmpty(
        R"(<service type="Request" version="1.0" ID="x" node="n" href="no uri" app="scan"/>)");
    EXPECT_EQ(packet.kind, PacketKind::ApplicationDefined);
    EXPECT_EQ(packet.type, "Request");
    EXPECT_EQ(packet.node.Text(), "n");
    EXPECT_EQ(packet.attributes, (Attributes{{"ID", "x"}, {"href", "no uri"}, {"app", "scan"}}));
    EXPECT_TRUE(DecodedOrEmpty(*Encode(packet, kSource)) == packet);
    EXPECT_EQ(Outcome("<service type=\"" + std::string(64, 'a') + "\" version=\"1.0\"/>"),
              "decoded");
    EXPECT_EQ(Outcome("<service type=\"" + std::string(65, 'a') + "\" version=\"1.0\"/>"),
              "bad-value");
}

TEST(PacketCodecTest, KeysOpenTheirLocks)
{
    RecordProperty("requirement", "R-PKT-6");
    for (int i = 0; i < 256; ++i)
    {
        const Token secret = TokenOf(static_cast<std::uint8_t>(i));
        ServicePacket need = INeed();
        need.lock = Digest(secret);
        ServicePacket found = IFound();
        found.key = FoundKey{secret, {}}; // what it opens is not sent
        const auto heardNeed = DecodedOrEmpty(*Encode(need, kSource));
        const auto heardFound = DecodedOrEmpty(*Encode(found, kSource));
        ASSERT_TRUE(heardFound.key && heardNeed.lock);
        EXPECT_EQ(heardFound.key->secret, secret);
        EXPECT_EQ(heardFound.key->opens, *heardNeed.lock);
    }
}

std::string
LocationIs(std::string_view location)
{
    return R"(<service type="response" version="1.0" ID="1" status="have" href="a:b" location=")" +
           std::string(location) + R"("/>)";
}

TEST(PacketCodecTest, SaysWhetherALocationIsOnItsSource)
{
    RecordProperty("requirement", "R-PKT-5");
    const auto location = [](std::string_view text, std::string_view source)
    {
        return std::get<ServicePacket>(Decode(LocationIs(text), source, Digest)).location.value();
    };
    EXPECT_TRUE(location("http://192.168.1.23:6515/a", kSource) == (Location{"a", 6515, true}));
    EXPECT_TRUE(location("http://192.168.1.23/a/b.c~-_", kSource) ==
                (Location{"a/b.c~-_", 80, true}));
    EXPECT_TRUE(location("http://192.168.1.2:6515/a", kSource) == (Location{"a", 6515, false}));
    EXPECT_TRUE(location("http://127.0.0.1:1/a", kSource) == (Location{"a", 1, false}));
    EXPECT_FALSE(location("http://192.168.1.23:6515/a", "").hostIsSource);
    EXPECT_FALSE(location("http://192.168.1.23:6515/a", "::ffff:192.168.1.23").hostIsSource);
    EXPECT_EQ(Outcome(LocationIs("http://1.2.3.4/" + std::string(256, 'a'))), "decoded");
    EXPECT_EQ(Outcome(LocationIs("http://1.2.3.4/" + std::string(257, 'a'))), "bad-location");
}

TEST(PacketCodecTest, RefusesOtherLocations)
{
    RecordProperty("requirement", "R-PKT-5");
    RecordProperty("attack", "L11");
    for (const char* location : {"",
                                 "a",
                                 "/a",
                                 "http://",
                                 "http://192.168.1.23",
                                 "http://192.168.1.23:6515",
                                 "http://192.168.1.23:6515/",
                                 "http:///a",
                                 "https://192.168.1.23/a",
                                 "HTTP://192.168.1.23/a",
                                 "ftp://192.168.1.23/a",
                                 "file:///etc/passwd",
                                 " http://192.168.1.23/a",
                                 "http://192.168.1.23/a ",
                                 "http://localhost/a",
                                 "http://host.example/a",
                                 "http://[::1]/a",
                                 "http://192.168.1.023/a",
                                 "http://192.168.1.0x17/a",
                                 "http://192.168.279/a",
                                 "http://3232235799/a",
                                 "http://192.168.1.256/a",
                                 "http://192.168.1.23.5/a",
                                 "http://u@192.168.1.23/a",
                                 "http://192.168.1.23:/a",
                                 "http://192.168.1.23:0/a",
                                 "http://192.168.1.23:65536/a",
                                 "http://192.168.1.23:+80/a",
                                 "http://192.168.1.23:80:80/a",
                                 "http://192.168.1.23:80//a",
                                 "http://192.168.1.23/..",
                                 "http://192.168.1.23/../a",
                                 "http://192.168.1.23/a/../b",
                                 "http://192.168.1.23/a/..",
                                 "http://192.168.1.23/./a",
                                 "http://192.168.1.23/%2e%2e/a",
                                 "http://192.168.1.23/a%00",
                                 "http://192.168.1.23/a\\b",
                                 "http://192.168.1.23/a?b",
                                 "http://192.168.1.23/a#b",
                                 "http://192.168.1.23/a;b",
                                 "http://192.168.1.23/a:b",
                                 "http://192.168.1.23/a@b",
                                 "http://192.168.1.23/C:/a",
                                 "http://192.168.1.23/\xc3\xa4"})
    {
        EXPECT_EQ(Outcome(LocationIs(location)), "bad-location") << location;
    }
    EXPECT_EQ(Outcome(LocationIs("http://192.168.1.23/a/..b/...")), "decoded");
}

TEST(PacketCodecTest, WritesNothingThatWouldNotDecode)
{
    RecordProperty("requirement", "R-PKT-4");
    const auto refused = [](ServicePacket packet, std::string_view source = kSource)
    {
        return !Encode(packet, source).has_value();
    };
    const auto with = [](ServicePacket packet, auto change)
    {
        change(packet);
        return packet;
    };
    EXPECT_TRUE(refused(with(INeed(), [](auto& p) { p.href = ""; })));
    EXPECT_TRUE(refused(with(INeed(), [](auto& p) { p.href = "http://u@a/"; })));
    EXPECT_TRUE(
        refused(with(INeed(), [](auto& p) { p.href = "http://a/" + std::string(992, 'a'); })));
    EXPECT_TRUE(refused(with(INeed(), [](auto& p) { p.id = 0x80000001; })));
    EXPECT_TRUE(refused(with(INeed(), [](auto& p) { p.node = NodeId::OfAddress(1); })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.to = NodeId::OfAddress(1); })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.location.reset(); })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.location->path = "../a"; })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.location->path = ""; })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.location->port = 0; })));
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.location->hostIsSource = false; })));
    EXPECT_TRUE(refused(IHave(), ""));
    EXPECT_TRUE(refused(IHave(), "host.example"));
    EXPECT_FALSE(refused(INeed(), "")) << "has no location";
    EXPECT_TRUE(refused(with(IHave(), [](auto& p) { p.size = limits::kResourceBytesMax + 1; })));
    EXPECT_TRUE(
        refused(with(Downloading(), [](auto& p) { p.received = limits::kResourceBytesMax + 1; })));
    for (const char* type : {"",
                             "request",
                             "response",
                             "end-request",
                             "downloading",
                             "download-complete",
                             "download-failed",
                             "a b",
                             "\xc3\xa4"})
    {
        EXPECT_TRUE(refused(with(Application(), [type](auto& p) { p.type = type; }))) << type;
    }
    for (const char* name :
         {"", "a b", "1", "-a", "a=", "\xc3", "\xc3\x97", "a\n", "type", "version", "node", "app"})
    {
        EXPECT_TRUE(
            refused(with(Application(), [name](auto& p) { p.attributes.emplace_back(name, "x"); })))
            << name;
    }
    for (const char* value : {"\x01", "\n", "\t", "\x7f", "\xc2\x9b", "\xff", "\xef\xbf\xbf"})
    {
        EXPECT_TRUE(
            refused(with(Application(), [value](auto& p) { p.attributes[0].second = value; })));
    }
    EXPECT_TRUE(refused(
        with(Application(), [](auto& p) { p.attributes[0].second = std::string(1400, 'a'); })));
}

/// A name that the kind itself uses would be read as the kind's own, whether it is set or not.
TEST(PacketCodecTest, AttributesCannotStandForMembers)
{
    RecordProperty("requirement", "R-PKT-3");
    std::size_t refused = 0;
    for (const ServicePacket& packet : OfEachKind())
    {
        for (const char* name : {"type",
                                 "version",
                                 "ID",
                                 "node",
                                 "method",
                                 "href",
                                 "acceptprotocol",
                                 "cached",
                                 "lock",
                                 "delay",
                                 "to",
                                 "status",
                                 "location",
                                 "size",
                                 "busy",
                                 "received",
                                 "key",
                                 "wait"})
        {
            ServicePacket changed = packet;
            changed.attributes.emplace_back(name, "1");
            const auto bytes = Encode(changed, kSource);
            refused += bytes ? 0 : 1;
            EXPECT_TRUE(!bytes || DecodedOrEmpty(*bytes) == changed) << name << ": " << *bytes;
        }
    }
    EXPECT_EQ(refused, 10U + 10 + 9 + 7 + 6 + 6 + 4 + 3);
}

ServicePacket
WithAttributes(std::size_t count)
{
    ServicePacket packet = Application();
    packet.attributes.clear();
    for (std::size_t i = 0; i < count; ++i)
    {
        packet.attributes.emplace_back("a" + std::to_string(i), "");
    }
    return packet;
}

TEST(PacketCodecTest, KeepsToItsBounds)
{
    RecordProperty("requirement", "R-PKT-4");
    const ServicePacket most = WithAttributes(limits::kPacketAttributes - 3); // type, version, node
    EXPECT_TRUE(DecodedOrEmpty(*Encode(most, kSource)) == most);
    EXPECT_FALSE(Encode(WithAttributes(limits::kPacketAttributes - 2), kSource));

    ServicePacket longest = Application();
    longest.attributes = {{"a", ""}};
    const std::size_t rest = limits::kPacketBytes - Encode(longest, kSource)->size();
    longest.attributes[0].second = std::string(rest, 'x');
    EXPECT_EQ(Encode(longest, kSource)->size(), limits::kPacketBytes);
    EXPECT_TRUE(DecodedOrEmpty(*Encode(longest, kSource)) == longest);
    longest.attributes[0].second.back() = '&';
    EXPECT_FALSE(Encode(longest, kSource)) << "escaping counts";
}

/// An href that may travel fits into every packet of ours, whatever the other values: a request
/// that can be asked can be answered.
TEST(PacketCodecTest, TheLongestOfEachKindFits)
{
    RecordProperty("requirement", "R-PKT-4");
    for (ServicePacket packet : OfEachKind())
    {
        const std::string name(NodeId::kMaxLength, 'n');
        packet.node = Node(name);
        packet.to = Node(name);
        packet.id = 0x80000000;
        packet.href = "http://host/" + std::string(197, '&') + "aaa";
        packet.size = packet.received = limits::kResourceBytesMax;
        packet.busyMs = packet.delayMs = 0xFFFFFFFF;
        packet.wait = true;
        packet.location = Location{"aGVsbG8gd29ybGQhISEhIQ", 65535, true};
        const auto bytes = Encode(packet, "255.255.255.255");
        ASSERT_TRUE(bytes) << ToString(packet.kind);
        RecordProperty("longest_" + std::string(ToString(packet.kind)),
                       static_cast<int>(bytes->size()));
    }
}

/// What a forged source makes holders send to a victim: one answer per request, not much longer.
TEST(PacketCodecTest, AnAnswerIsNotMuchLongerThanItsRequest)
{
    RecordProperty("attack", "L3");
    ServicePacket answer = IHave();
    answer.busyMs = 1000;
    answer.size = 99999999999;
    const double answered = static_cast<double>(Encode(answer, "255.255.255.255")->size());
    EXPECT_LE(answered, 1.5 * static_cast<double>(Encode(INeed(), kSource)->size()));

    // The shortest plain request for the same: it has no node, so the answer has no `to`.
    const std::string plain =
        R"(<service type="request" version="1.0" ID="1" href=")" + std::string(kHref) + R"("/>)";
    answer.id = DecodedOrEmpty(plain).id;
    answer.to.reset();
    const double toPlain = static_cast<double>(Encode(answer, "255.255.255.255")->size());
    EXPECT_LE(toPlain, 2.5 * static_cast<double>(plain.size()));
}

TEST(PacketCodecTest, SeesAnIFoundInTheRawBytes)
{
    RecordProperty("requirement", "R-SRV-7");
    EXPECT_TRUE(LooksLikeIFound("<service\n\ttype\r\n=  'end-request' version='1.0'/>"));
    EXPECT_TRUE(LooksLikeIFound("<service a='end-request' type='end-request'"));
    EXPECT_TRUE(LooksLikeIFound("<?xml version='1.0'?>\n<service version='1.0' type='end-request'/>"));
    for (const char* other : {"",
                              "end-request",
                              "\"end-request\"",
                              "type=end-request",
                              "type=\"end-request",
                              "type=end-request\"",
                              "type=\"end-request'",
                              "type=\"end-requests\"",
                              "type=\"an end-request\"",
                              "<service app=\"end-request\" type=\"request\"/>",
                              "type=\"request\"",
                              "<service mimetype=\"end-request\" type=\"request\"/>",
                              "<service a=' type=\"end-request\"' type='request'/>",
                              "<service type='request' a=' type=\"end-request\"'/>",
                              "<service type=\"end-request",
                              "<service type=end-request",
                              "<service type=\"end-request'",
                              "<service type",
                              "<service"})
    {
        EXPECT_FALSE(LooksLikeIFound(other)) << other;
    }
    EXPECT_FALSE(LooksLikeIFound(std::string(1400, ' ') + " type=\"end-request\""))
        << "no more is looked at than may be decoded";
}

} // namespace
} // namespace lanpeer
