#include "model/settings/text.h"
#include "tests/program/typing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <sstream>
#include <string>
#include <vector>

// `lanpeer-sim run --pcap --anim`, and what Wireshark makes of it with analysis/wireshark.

namespace lanpeer
{
namespace
{

namespace fs = std::filesystem;
using nlohmann::json;
using program::Output;
using program::ReadAll;
using testing::HasSubstr;

const std::string kDissector =
    "-X lua_script:" LANPEER_SOURCE_DIR "/analysis/wireshark/lanpeer.lua ";
const std::string kSmall =
    " --set workload.resources='[{name: a.cab, bytes: 30000}]' --set workload.window_s=5";

class Captures : public program::Typing
{
  protected:
    /// Runs a scenario of so many nodes. \returns its measurements
    json Run(const std::string& arguments) const
    {
        const Output ran =
            Type("build/bin/lanpeer-sim run " + arguments + kSmall + " --json m.json");
        EXPECT_EQ(ran.exitCode, 0) << arguments << "\n" << ran.err;
        return ran.exitCode == 0 ? json::parse(ReadAll(m_folder / "m.json")) : json();
    }

    /// What it left, but for what the shell's output was put into.
    std::vector<std::string> Files() const
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(m_folder))
        {
            if (!entry.is_symlink() && entry.path().extension() != ".txt")
            {
                names.push_back(entry.path().filename().string());
            }
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    static bool IsTsharkThere()
    {
        return std::system("command -v tshark >/dev/null 2>&1") == 0;
    }

    /// A packet on the service port, as tshark has it.
    struct Packet
    {
        std::string source;
        std::string kind;
    };

    /// All of them; each has a name, and tshark finds nothing wrong with any frame of the file.
    std::vector<Packet> Packets(const std::string& file) const
    {
        // A radio hears a frame on its way to the access point and from there: bodies come twice,
        // which puts off who would join them to one.
        const Output shown =
            Type("tshark -o tcp.desegment_tcp_streams:FALSE " + kDissector + "-r " + file +
                 " -Y 'udp.port == 1967 or _ws.malformed' -T fields -E separator=,"
                 " -e ip.src -e lanpeer.kind -e _ws.malformed -e lanpeer.broken -e _ws.col.Info");
        EXPECT_EQ(shown.exitCode, 0) << shown.err;
        std::istringstream lines(shown.out);
        std::vector<Packet> packets;
        for (std::string line; std::getline(lines, line);)
        {
            const std::vector<std::string> fields = settings::Split(line, ',');
            EXPECT_GE(fields.size(), 5U) << line;
            if (fields.size() >= 5)
            {
                EXPECT_EQ(fields[2] + fields[3], "") << line;
                EXPECT_NE(fields[1], "") << line;
                EXPECT_EQ(fields[4].rfind(fields[1], 0), 0U) << line;
                packets.push_back({fields[0], fields[1]});
            }
        }
        return packets;
    }
};

std::string
AddressOf(int node)
{
    return "10.1.0." + std::to_string(node + 1);
}

TEST_F(Captures, TsharkCountsWhatTheMeasurementsCount)
{
    RecordProperty("requirement", "R-SIM-1 R-SIM-8 R-PKT-2");
    if (!IsTsharkThere())
    {
        GTEST_SKIP() << "no program tshark here";
    }
    constexpr int kNodes = 5;
    const json metrics = Run("fig1 --pcap fig1");
    std::map<std::string, std::uint64_t> sent;
    std::uint64_t received = 0;
    for (int node = 0; node < kNodes; ++node)
    {
        const std::string file = "fig1-" + std::to_string(node) + "-1.pcap";
        for (const Packet& packet : Packets(file))
        {
            const bool isOwn = packet.source == AddressOf(node);
            sent[packet.kind] += isOwn ? 1 : 0;
            received += isOwn ? 0 : 1;
        }
    }
    const json& packets = metrics.at("packets");
    EXPECT_GT(sent["I need"], 0U);
    EXPECT_EQ(sent["I need"], packets.at("i_need"));
    EXPECT_EQ(sent["I have"], packets.at("i_have"));
    EXPECT_EQ(sent["I found"], packets.at("i_found"));
    EXPECT_EQ(sent["I am downloading"], packets.at("i_am_downloading"));
    EXPECT_EQ(sent["downloading"], packets.at("downloading"));
    EXPECT_EQ(sent["download complete"] + sent["download failed"] + sent["application"],
              packets.at("other"));
    EXPECT_EQ(received, packets.at("received"));
}

/// A capture of datagrams to the service port, as raw IP.
void
WriteCapture(const fs::path& path, const std::vector<std::string>& payloads)
{
    std::ofstream file(path, std::ios::binary);
    const auto put = [&file](std::initializer_list<std::uint32_t> words)
    {
        for (const std::uint32_t word : words)
        {
            file.write(reinterpret_cast<const char*>(&word), sizeof(word));
        }
    };
    constexpr std::uint32_t kRawIp = 228;
    put({0xa1b2c3d4, 0x00040002, 0, 0, 65535, kRawIp});
    for (const std::string& payload : payloads)
    {
        const auto bytes = static_cast<std::uint32_t>(payload.size());
        const std::uint32_t whole = bytes + 28;
        put({0, 0, whole, whole});
        const auto high = [](std::uint32_t value)
        {
            return static_cast<char>(value >> 8 & 0xff);
        };
        const auto low = [](std::uint32_t value)
        {
            return static_cast<char>(value & 0xff);
        };
        // IPv4 of 10.1.0.1 to 10.1.255.255, UDP from 1967 to 1967.
        const std::string head{0x45,
                               0,
                               high(whole),
                               low(whole),
                               0,
                               0,
                               0,
                               0,
                               64,
                               17,
                               0,
                               0,
                               10,
                               1,
                               0,
                               1,
                               10,
                               1,
                               '\xff',
                               '\xff',
                               0x07,
                               '\xaf',
                               0x07,
                               '\xaf',
                               high(bytes + 8),
                               low(bytes + 8),
                               0,
                               0};
        file << head << payload;
    }
}

TEST_F(Captures, ADatagramThatIsNoPacketIsToldAsOneAndNothingReachesTheTerminal)
{
    RecordProperty("requirement", "R-PKT-2 R-PKT-4");
    RecordProperty("attack", "L22");
    if (!IsTsharkThere())
    {
        GTEST_SKIP() << "no program tshark here";
    }
    // The patent's own example is the first [0039].
    WriteCapture(m_folder / "some.pcap",
                 {R"(<service type="request" version="1.0" ID="1111" method="get" )"
                  R"(href="http://domain.com/whatever" acceptprotocol="http"/>)",
                  R"(<service type="inventory" version="1.0"/>)",
                  R"(<service type="request" version="1.0" ID="1"/>)",
                  R"(<service type="request" ID="1" href="http://a/b"/>)",
                  R"(<service type="response" version="1.0" ID="1" status="none"/>)",
                  R"(<service type="downloading" version="1.0" href="http://a/&#27;[2J"/>)",
                  R"(<service type="downloading" version="1.0" href="http://a/b">x</service>)",
                  R"(<service type="downloading" type="x" version="1.0" href="http://a/b"/>)",
                  "\x1b[2J"});
    const Output shown = Type("tshark " + kDissector + "-r some.pcap -T fields -e _ws.col.Info");
    EXPECT_EQ(shown.out,
              "I need #1111 whatever\n"
              "application inventory\n"
              "not a service packet: href is missing\n"
              "not a service packet: version is missing\n"
              "not a service packet: a status that is none\n"
              "not a service packet: a character that may not be in href\n"
              "not a service packet: the element does not end\n"
              "not a service packet: type stands twice\n"
              "not a service packet: no element service\n")
        << shown.err;
}

TEST_F(Captures, NameEveryPacketOnEveryMedium)
{
    RecordProperty("requirement", "R-SIM-2 R-PKT-2");
    if (!IsTsharkThere())
    {
        GTEST_SKIP() << "no program tshark here";
    }
    for (const std::string medium : {"hub", "wifi"})
    {
        Run("fig1 --set lan.medium=" + medium + " --pcap " + medium + " --pcap-nodes 0");
        EXPECT_GT(Packets(medium + "-0-1.pcap").size(), 5U) << medium;
    }
}

TEST_F(Captures, TheReadmeShowsWhatItsCommandsPrint)
{
    RecordProperty("requirement", "R-PKT-2");
    if (!IsTsharkThere())
    {
        GTEST_SKIP() << "no program tshark here";
    }
    const std::string readme = ReadAll(LANPEER_SOURCE_DIR "/README.md");
    std::istringstream section(readme.substr(readme.find("### Seen packet by packet")));
    std::vector<std::string> typed;
    std::string shown;
    std::string line;
    while (std::getline(section, line) && line != "```")
    {
        if (line.rfind("    ", 0) == 0)
        {
            typed.push_back(line.substr(4));
        }
    }
    while (std::getline(section, line) && line != "```")
    {
        shown += line + "\n";
    }
    ASSERT_EQ(typed.size(), 2U);
    for (std::string& command : typed)
    {
        for (std::size_t at = command.find("/tmp/"); at != std::string::npos;
             at = command.find("/tmp/"))
        {
            command.erase(at, 5); // here, as everything that tests write
        }
    }
    EXPECT_EQ(Type(typed[0]).exitCode, 0);
    fs::create_symlink(LANPEER_SOURCE_DIR "/analysis", m_folder / "analysis");
    EXPECT_EQ(Type("LC_ALL=C.UTF-8 " + typed[1]).out, shown);
}

TEST_F(Captures, AreOfTheNodesThatWereNamed)
{
    RecordProperty("requirement", "R-SIM-1");
    Run("fig1 --pcap seen --pcap-nodes 0,gateway --policy fig4b,robust");
    EXPECT_THAT(Files(),
                testing::ElementsAre("m.json",
                                     "seen.fig4b.1-0-1.pcap",
                                     "seen.fig4b.1-gateway-1.pcap",
                                     "seen.fig4b.1-gateway-2.pcap",
                                     "seen.robust.1-0-1.pcap",
                                     "seen.robust.1-gateway-1.pcap",
                                     "seen.robust.1-gateway-2.pcap"));
}

TEST_F(Captures, ChangeNothingOfWhatIsMeasured)
{
    RecordProperty("requirement", "R-SIM-9");
    json without = Run("fig1");
    json with = Run("fig1 --pcap seen --anim seen.xml");
    for (json* metrics : {&without, &with})
    {
        metrics->erase("wall_s");
    }
    // An animation takes an event or two for itself.
    EXPECT_GE(with.at("events"), without.at("events"));
    without.erase("events");
    with.erase("events");
    EXPECT_EQ(with, without);
}

TEST_F(Captures, AnAnimationHasEveryNodeAndEveryPacket)
{
    RecordProperty("requirement", "R-SIM-1");
    Run("fig1 --anim fig1.xml");
    const std::string xml = ReadAll(m_folder / "fig1.xml");
    EXPECT_THAT(xml, HasSubstr("<anim ver=\"netanim-"));
    EXPECT_THAT(xml, HasSubstr("descr=\"gateway\""));
    EXPECT_THAT(xml, HasSubstr("descr=\"4\""));
    EXPECT_THAT(xml, HasSubstr("</anim>"));
    std::size_t packets = 0;
    for (std::size_t at = xml.find("<p "); at != std::string::npos; at = xml.find("<p ", at + 1))
    {
        ++packets;
    }
    EXPECT_GT(packets, 100U) << "five copies of 30 kB alone";
    EXPECT_EQ(Files(), (std::vector<std::string>{"fig1.xml", "m.json"}));
}

TEST_F(Captures, WhatCannotBeWrittenIsSaidBeforehand)
{
    RecordProperty("requirement", "R-SIM-1");
    const auto refused = [this](const std::string& options, const std::string& said, int exitCode)
    {
        const Output ran = Type("build/bin/lanpeer-sim run fig1 " + options);
        EXPECT_EQ(ran.exitCode, exitCode) << options;
        EXPECT_THAT(ran.err, HasSubstr(said)) << options;
        EXPECT_EQ(ran.err.find('\n'), ran.err.size() - 1) << ran.err;
        EXPECT_EQ(Files().size(), 0U) << options;
    };
    refused("--pcap nowhere/seen", "nowhere/seen: cannot be written: No such file", 1);
    refused("--pcap ./", "it names a folder", 1);
    refused("--anim nowhere/a.xml", "nowhere/a.xml: cannot be written", 1);
    refused("--pcap seen --pcap-nodes 0,5",
            "--pcap-nodes '5': no such node; expected 0 to 4, gateway or origin",
            2);
    refused("--pcap-nodes 0", "--pcap-nodes needs --pcap", 2);
}

} // namespace
} // namespace lanpeer
