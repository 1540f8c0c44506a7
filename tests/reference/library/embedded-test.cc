#include "reference/packages/package.h"
#include "tests/reference/library/scene.h"
#include "tests/reference/packages/authority.h"
#include "tests/reference/retrieval/scripted-server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <optional>

// The library with a service of its own inside: each of its functions (R-API-1).

namespace lanpeer::reference
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUrl = "http://origin.test/dat.cab";

class Embedded : public testing::Test
{
  protected:
    Embedded()
        : m_client(Client::Embedded(m_scene.Config()))
    {
    }

    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1");
    }

    void Offer(const std::string& url, const std::string& bytes)
    {
        const FileDescriptor file(
            ::open(m_scene.Write("offered", bytes).c_str(), O_RDONLY | O_CLOEXEC));
        m_client.Offer(url, file.Get(), Sha256(bytes));
    }

    Scene m_scene;
    Client m_client;
};

std::string
Answer(const std::string& body)
{
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

TEST_F(Embedded, WhatIsOfferedIsListedFoundAndWithdrawn)
{
    Offer(kUrl, "some bytes");
    const auto copies = m_client.List();
    ASSERT_EQ(copies.size(), 1U);
    EXPECT_EQ(copies[0].url, kUrl);
    EXPECT_EQ(copies[0].size, 10U);
    EXPECT_EQ(copies[0].sha256, Sha256("some bytes"));

    const Result found = m_client.Get({kUrl, Sha256("some bytes")});
    ASSERT_TRUE(found.found) << found.reason;
    EXPECT_EQ(found.source, LANPEER_LOCAL);
    EXPECT_EQ(ReadAndClose(found.fd), "some bytes");

    EXPECT_TRUE(m_client.Withdraw(kUrl));
    EXPECT_FALSE(m_client.Withdraw(kUrl));
    EXPECT_TRUE(m_client.List().empty());
}

TEST_F(Embedded, AnOfferIsHeldAgainstItsDigest)
{
    const FileDescriptor file(
        ::open(m_scene.Write("offered", "other").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_THROW(m_client.Offer(kUrl, file.Get(), Sha256("some bytes")), Error);
    EXPECT_TRUE(m_client.List().empty());
}

TEST_F(Embedded, OneWhoseDigestIsAnotherIsNotGivenTheCopyHere)
{
    Offer(kUrl, "some bytes");
    Request another{kUrl, Sha256("others")};
    another.mayUseInternet = false;
    const Result refused = m_client.Get(another);
    EXPECT_FALSE(refused.found);
    EXPECT_EQ(refused.reason, "no-holder") << "it was asked for elsewhere";
    EXPECT_EQ(m_client.List().size(), 1U) << "the copy is as good as before";
}

TEST_F(Embedded, ACallBackJudges)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2");
    Offer(kUrl, "some bytes");
    for (const bool accepted : {true, false})
    {
        Request request;
        request.url = kUrl;
        request.mayUseInternet = false;
        std::string seen;
        request.verify = [&](int fd, std::uint64_t size, const std::string& sha256)
        {
            EXPECT_EQ(size, 10U);
            EXPECT_EQ(sha256, Sha256("some bytes"));
            seen = ReadAndClose(::dup(fd));
            return accepted;
        };
        const Result result = m_client.Get(std::move(request));
        EXPECT_EQ(seen, "some bytes");
        EXPECT_EQ(result.found, accepted);
        if (result.found)
        {
            ReadAndClose(result.fd);
        }
        else
        {
            EXPECT_EQ(result.reason, "no-holder") << "it was asked for elsewhere";
        }
    }
}

TEST_F(Embedded, WithADigestItIsKeptAndOfferedL26)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2 L26");
    const ScriptedServer origin(Answer("from far away"));
    Request request;
    request.url = origin.Url();
    request.sha256 = Sha256("from far away");
    const Result found = m_client.Get(request);
    ASSERT_TRUE(found.found) << found.detail;
    EXPECT_EQ(found.source, LANPEER_INTERNET);
    EXPECT_EQ(found.sha256, request.sha256);
    EXPECT_EQ(ReadAndClose(found.fd), "from far away");
    ASSERT_EQ(m_client.List().size(), 1U);
    const auto status = nlohmann::json::parse(m_client.Status());
    EXPECT_EQ(status.at("requests").at("found").at("internet"), 1);
    EXPECT_GT(status.at("packets").at("sent"), 0) << "the LAN was asked first";
}

TEST_F(Embedded, WithoutAVerifierNoPacketIsSentAndNothingIsKeptL26)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2 L26");
    const ScriptedServer origin(Answer("from far away"));
    const Result found = m_client.Get({origin.Url()});
    ASSERT_TRUE(found.found) << found.detail;
    EXPECT_EQ(ReadAndClose(found.fd), "from far away");
    EXPECT_TRUE(m_client.List().empty());
    const auto status = nlohmann::json::parse(m_client.Status());
    EXPECT_EQ(status.at("packets").at("sent"), 0);
}

TEST_F(Embedded, WhatTheVerifierRefusesIsNotKept)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2");
    const ScriptedServer origin(Answer("from far away"));
    const Result refused = m_client.Get({origin.Url(), Sha256("something else")});
    EXPECT_FALSE(refused.found);
    EXPECT_EQ(refused.reason, "content-refused");
    EXPECT_TRUE(m_client.List().empty());
}

TEST_F(Embedded, TellsEachStep)
{
    Offer(kUrl, "some bytes");
    const Result found = m_client.Get({kUrl, Sha256("some bytes")});
    ReadAndClose(found.fd);
    std::vector<std::string> texts;
    for (const Step& step : m_client.Why(kUrl))
    {
        texts.push_back(step.text);
    }
    EXPECT_THAT(texts,
                ElementsAre(HasSubstr("offered by an application, 10 bytes"),
                            "asked for, verified by its SHA-256",
                            HasSubstr("found: local, 10 bytes")));
    EXPECT_TRUE(m_client.Why("http://origin.test/never-asked-for").empty());
}

TEST_F(Embedded, ACancelledRequestIsNotToldOf)
{
    bool ended = false;
    Request request;
    request.url = kUrl;
    request.sha256 = Sha256("x");
    request.mayUseInternet = false;
    const lanpeer_id id = m_client.Get(request, [&ended](const Result&) { ended = true; });
    m_client.Cancel(id);
    m_client.Status(); // whatever came of it has come by now
    m_client.Process(0);
    EXPECT_FALSE(ended);
    EXPECT_EQ(nlohmann::json::parse(m_client.Status()).at("requests").at("running"), 0);
}

TEST_F(Embedded, FailsInAWordAndASentence)
{
    Request request;
    request.url = kUrl;
    request.sha256 = Sha256("x");
    request.mayUseInternet = false;
    const Result failed = m_client.Get(request);
    EXPECT_FALSE(failed.found);
    EXPECT_EQ(failed.reason, "no-holder");
    EXPECT_NE(failed.detail, "");

    request.sha256 = "no digest";
    const Result wrong = m_client.Get(request);
    EXPECT_EQ(wrong.reason, "wrong-use");
    EXPECT_THAT(wrong.detail, HasSubstr("64 hexadecimal digits"));
}

TEST_F(Embedded, PacketsOfOnesOwn)
{
    RecordProperty("requirement", "R-API-1 R-PKT-3");
    m_client.Register("chat", [](const Packet&) {});
    m_client.Send({"", 0, "chat", {{"text", "hello"}}});
    const auto sent = [this]
    {
        return nlohmann::json::parse(m_client.Status()).at("packets").at("sent");
    };
    EXPECT_EQ(sent(), 1);
    m_client.Unregister("chat");
    EXPECT_THROW(m_client.Send({"no address", 1, "chat", {}}), Error);
    EXPECT_EQ(sent(), 1);
}

TEST_F(Embedded, PrometheusTextHasItsTypes)
{
    Offer(kUrl, "some bytes");
    const std::string text = m_client.Prometheus();
    EXPECT_THAT(text, HasSubstr("# TYPE lanpeer_copies gauge\nlanpeer_copies 1\n"));
    EXPECT_THAT(text, HasSubstr("\nlanpeer_copy_bytes 10\n"));
    EXPECT_THAT(text, HasSubstr("lanpeer_reasons_total{group=\"drop\",reason=\"not-utf8\"} 0\n"));
}

TEST_F(Embedded, PrometheusTextTellsThisMonthByPeerAndTheShareOfPeers)
{
    EXPECT_THAT(m_client.Prometheus(), Not(HasSubstr("\nlanpeer_month_body_bytes{")));
    const ScriptedServer origin(Answer("some bytes"));
    const Result found = m_client.Get({origin.Url(), Sha256("some bytes")});
    ASSERT_TRUE(found.found) << found.detail;
    ReadAndClose(found.fd);
    const std::string text = m_client.Prometheus();
    EXPECT_THAT(text, HasSubstr("\nlanpeer_body_bytes_total{kind=\"from_internet\"} 10\n"));
    EXPECT_THAT(text, HasSubstr("\nlanpeer_body_bytes_total{kind=\"from_peer\"} 0\n"));
    EXPECT_THAT(
        text,
        testing::ContainsRegex(
            "\nlanpeer_month_body_bytes.month=\"20..-..\",kind=\"from_internet\",peer=\"\". 10\n"));
    EXPECT_THAT(text,
                testing::ContainsRegex("\nlanpeer_month_from_peers_ratio.month=\"20..-..\". 0\n"));
}

TEST(EmbeddedService, ASignedPackageIsVerifiedByTheRootOfTheConfiguration)
{
    RecordProperty("requirement", "R-API-1 R-HTTP-2");
    RecordProperty("attack", "L14");
    const Scene scene;
    const std::string root = scene.Write("root.pem", Root().certificate);
    scene.Write("lanpeerd.yaml", ReadAll(scene.Config()) + "update: {root_file: " + root + "}\n");
    Client client = Client::Embedded(scene.Config());
    const std::string package = MakePackage({"dat.202611080000.cab", "dat", "202611080000"},
                                            {{"dat.txt", "patterns", false}},
                                            KeyFor(Publisher()));
    const FileDescriptor file(
        ::open(scene.Write("package", package).c_str(), O_RDONLY | O_CLOEXEC));
    Request request;
    request.signedPackage = true;
    request.mayUseInternet = false;
    for (const char* version : {"202611080000", "202611150000"})
    {
        request.url = fmt::format("http://origin.test/dat.{}.cab", version);
        client.Offer(request.url, file.Get());
        const Result result = client.Get(request);
        EXPECT_EQ(result.found, request.url.find("1108") != std::string::npos) << result.detail;
        if (result.found)
        {
            EXPECT_EQ(ReadAndClose(result.fd), package);
        }
        else
        {
            EXPECT_THAT(result.detail, HasSubstr("refused: renamed: "));
        }
    }
    request.sha256 = Sha256(package);
    const Result two = client.Get(request);
    EXPECT_EQ(two.reason, "wrong-use") << "one verifier";
    EXPECT_EQ(two.detail, "signed: there is a sha256 too");
}

TEST(EmbeddedService, WhatKeepsItFromStartingIsOneLine)
{
    RecordProperty("requirement", "R-API-1");
    const Scene scene;
    scene.Write("wrong.yaml", "state_dir: x\nprotocol: {upload_slot: 3}\n");
    try
    {
        Client::Embedded(scene.In("wrong.yaml"));
        FAIL();
    }
    catch (const Error& error)
    {
        EXPECT_EQ(error.what(),
                  scene.In("wrong.yaml") + ":2: protocol.upload_slot: unknown key; did you mean "
                                           "protocol.upload_slots?");
    }
    EXPECT_THROW(Client(scene.In("nobody-listens-here")), Error);
}

} // namespace
} // namespace lanpeer::reference
