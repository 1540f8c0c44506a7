#include "fake-peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

// ATTACKS.md against the daemon: what lies on the disk, what stands on the terminal.

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

const std::string kUrl = "http://updates.example.org/update.cab";

using Attack = OfficeTest;

fs::path
OnlyFileIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        files.push_back(entry.path());
    }
    EXPECT_EQ(files.size(), 1U) << folder;
    return files.empty() ? fs::path() : files[0];
}

void
SwapForLink(const fs::path& file, const fs::path& target)
{
    ASSERT_TRUE(fs::remove(file)) << file;
    fs::create_symlink(target, file);
}

TEST_F(Attack, L21CopyThatWasSwappedForALinkIsNotServed)
{
    RecordProperty("attack", "L21");
    RecordProperty("requirement", "R-HTTP-1 R-HTTP-2");
    Office& office = Open({2, 8000});
    office.Start(1, {"--response-delay-ms", "0"});
    const fs::path secret = office.Folder() / "secret";
    // As long as the copy and of the same mode, so that neither tells.
    std::ofstream(secret) << "secret";
    fs::permissions(secret, fs::perms(0400));
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    SwapForLink(OnlyFileIn(office.StateOf(1) / "copies"), secret);

    RawPeer peer(office, 2);
    peer.Say(INeed(1, kUrl));
    const auto have = peer.Hear(Office::AddressOf(1), {"status=\"have\""});
    ASSERT_TRUE(have.has_value());
    const std::string location = RawPeer::ValueOf(have->text, "location");
    const std::string path = location.substr(location.rfind('/'));
    const FileDescriptor connection = office.ConnectTcp(2, Office::AddressOf(1), 6515);
    ASSERT_TRUE(connection.IsOpen());
    EXPECT_THAT(Exchange(connection, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                StartsWith("HTTP/1.1 404 "));
    EXPECT_EQ(holder.Status()["copies"], 0);
    // Nor is it what an application of this computer gets.
    const auto end = holder.AwaitEnd(holder.Call({{"call", "get"},
                                                  {"url", kUrl},
                                                  {"sha256", Sha256Of("secret")},
                                                  {"may_use_internet", false}}));
    EXPECT_EQ(end.value("event", ""), "failed") << end;
    EXPECT_EQ(TextOf(secret), "secret");
}

TEST_F(Attack, L21BeginningThatWasSwappedForALinkIsNotWrittenThrough)
{
    RecordProperty("attack", "L21");
    RecordProperty("requirement", "R-HTTP-2");
    Office& office = Open({2, 800});
    office.Start(1, {"--response-delay-ms", "50"});
    office.Start(2, {"--response-delay-ms", "50"});
    const fs::path victim = office.Folder() / "victim";
    std::ofstream(victim) << "as it was";
    const std::string bytes = MakeBytes(300'000); // 3 s
    const std::string url = office.Publish("update.cab", bytes);
    Caller caller = office.Connect(1);
    const auto id = caller.Get(url, Sha256Of(bytes));
    caller.AwaitEvent(id, {"progress"});
    SwapForLink(OnlyFileIn(office.StateOf(1) / "partial"), victim);
    const auto end = caller.AwaitEnd(id);
    EXPECT_EQ(TextOf(victim), "as it was");
    EXPECT_TRUE(caller.LastFile() == (end.value("event", "") == "found" ? bytes : "")) << end;
    // Whatever became of it here, the other gets what it asked for.
    Caller other = office.Connect(2);
    const auto got = other.AwaitEnd(other.Get(url, Sha256Of(bytes)));
    EXPECT_EQ(got.value("event", ""), "found") << got;
    EXPECT_TRUE(other.LastFile() == bytes);
    EXPECT_EQ(ReasonOf(other, "refused-from-peer"), 0U);
    for (const auto& entry : fs::directory_iterator(office.StateOf(1) / "copies"))
    {
        EXPECT_FALSE(entry.is_symlink()) << entry.path();
    }
}

TEST_F(Attack, L21ResultReplacesALinkAndIsNotWrittenThroughIt)
{
    RecordProperty("attack", "L21");
    RecordProperty("requirement", "R-API-1");
    Office& office = Open({1, 8000});
    office.Start(1, {"--response-delay-ms", "50"});
    Caller holder = office.Connect(1);
    Offer(holder, kUrl, "update");
    const fs::path victim = office.Folder() / "victim";
    std::ofstream(victim) << "as it was";
    for (const fs::path& target : {victim, office.Folder() / "nobody"})
    {
        const fs::path out = office.Folder() / "out.cab";
        fs::remove(out);
        fs::create_symlink(target, out);
        const CommandResult got =
            office.Lanpeer(1, {"get", kUrl, "--sha256", Sha256Of("update"), "-o", out});
        EXPECT_EQ(got.exitCode, 0) << got.output;
        EXPECT_FALSE(fs::is_symlink(out));
        EXPECT_EQ(TextOf(out), "update");
    }
    EXPECT_EQ(TextOf(victim), "as it was");
    EXPECT_FALSE(fs::exists(office.Folder() / "nobody"));
}

/// Nothing that a terminal takes for more than a letter.
void
ExpectPrintable(const std::string& text, const std::string& whose)
{
    const auto bad = std::find_if(text.begin(),
                                  text.end(),
                                  [](char c)
                                  {
                                      const auto byte = static_cast<unsigned char>(c);
                                      return (byte < 0x20 && c != '\n') || byte == 0x7f;
                                  });
    EXPECT_EQ(bad, text.end()) << whose << " at byte " << bad - text.begin();
}

TEST_F(Attack, L22ControlCharactersOfOthersReachNeitherLogNorTerminal)
{
    RecordProperty("attack", "L22");
    RecordProperty("requirement", "R-PKT-4");
    const std::string evil = "\x1b]0;owned\x07\x1b[2J\r\b\x7f";
    Office& office = Open({2, 8000});
    const std::string bytes = MakeBytes(20'000);
    const std::string url = office.Publish("update.cab", bytes);
    office.Start(1, {"--response-delay-ms", "100", "--set", "log_level=debug"});
    Caller caller = office.Connect(1);

    // A peer's server says it.
    {
        const FakePeer liar(office,
                            2,
                            Office::AddressOf(1),
                            FakePeer::Having(2, bytes.size()),
                            FakePeer::Saying("HTTP/1.1 500 " + evil + "\r\nContent-Type: " + evil +
                                             "\r\nConnection: close\r\n\r\n" + evil));
        const auto end = caller.AwaitEnd(caller.Get(url, Sha256Of(bytes)));
        EXPECT_EQ(end.value("source", ""), "internet") << end;
        EXPECT_GE(liar.Served(), 1);
    }
    // Packets say it, literally and by reference.
    RawPeer peer(office, 2);
    const std::uint64_t before = ReasonOf(caller, "control-character");
    peer.Say(INeed(1, url, "", "a\x1b[2J"));
    peer.Say(INeed(2, url, "", "a&#27;[2J"));
    peer.Say(INeed(3, url + "\x07"));
    peer.Say(INeed(4, url, "x=\"\x7f\""));
    EXPECT_TRUE(Await([&] { return ReasonOf(caller, "control-character") >= before + 3; }));

    ExpectPrintable(office.LogOf(1), "log");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"status"}, {"why", url}, {"list"}, {"status", "--prometheus"}})
    {
        const CommandResult said = office.Lanpeer(1, words);
        EXPECT_EQ(said.exitCode, 0) << words[0] << said.output;
        EXPECT_NE(said.output, "") << words[0];
        ExpectPrintable(said.output, words[0]);
    }
}

TEST_F(Attack, L22ControlCharactersOfAUrlReachNeitherLogNorTerminal)
{
    RecordProperty("attack", "L22");
    RecordProperty("requirement", "R-PKT-4");
    const std::string evil = "http://10.99.0.1/a\x1b]0;owned\x07\x1b[2J\r\b\x7f";
    Office& office = Open({1, 8000});
    office.Start(1,
                 {"--response-delay-ms",
                  "50",
                  "--set",
                  "log_level=debug",
                  "--set",
                  "protocol.internet_retries=0"});
    const fs::path file = office.Folder() / "file";
    std::ofstream(file) << "update";
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{
              "get", evil, "--sha256", Sha256Of("update"), "-o", office.Folder() / "out"},
          {"get", evil, "-o", office.Folder() / "out"},
          {"offer", evil, file},
          {"withdraw", evil}})
    {
        const CommandResult said = office.Lanpeer(1, words);
        EXPECT_EQ(said.exitCode, 1) << words[0] << said.output;
        EXPECT_THAT(said.output, StartsWith("lanpeer: ")) << words[0];
        ExpectPrintable(said.output, words[0]);
    }
    const CommandResult why = office.Lanpeer(1, {"why", evil});
    EXPECT_EQ(why.exitCode, 0) << why.output;
    ExpectPrintable(why.output, "why");
    // It is named, in other letters.
    const CommandResult unknown = office.Lanpeer(1, {"why", evil + "x"});
    EXPECT_EQ(unknown.exitCode, 1) << unknown.output;
    EXPECT_THAT(unknown.output, HasSubstr("\\x1b]0;owned\\x07"));
    ExpectPrintable(unknown.output, "why");
    ExpectPrintable(office.LogOf(1), "log");
}

} // namespace
} // namespace lanpeer::reference
