#include "fake-peer.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <utility>

namespace lanpeer::reference
{

const std::string kNobodysKey(22, 'A');

std::string
INeed(int id, const std::string& href, const std::string& more, const std::string& node)
{
    return "<service type=\"request\" version=\"1.0\"" + Id(id) + " node=\"" + node +
           "\" method=\"get\" href=\"" + href + "\" acceptprotocol=\"http\" " + more + "/>";
}

std::string
Id(int id)
{
    return " ID=\"" + std::to_string(id) + "\"";
}

void
Offer(Caller& caller, const std::string& url, std::string_view bytes)
{
    const FileDescriptor file(::memfd_create("offer", MFD_CLOEXEC));
    file.WriteAt(0, bytes);
    const auto end = caller.AwaitEnd(
        caller.Call({{"call", "offer"}, {"url", url}, {"sha256", Sha256Of(bytes)}}, file.Get()));
    ASSERT_EQ(end.value("event", ""), "done") << end;
}

std::uint64_t
ReasonOf(Caller& caller, const std::string& reason)
{
    return caller.Status()["reasons"].value(reason, std::uint64_t{0});
}

std::uint64_t
SentBy(Caller& caller)
{
    return caller.Status()["packets"].value("sent", std::uint64_t{0});
}

long
ResidentKb(Office& office, int node)
{
    constexpr std::string_view kName = "VmRSS:";
    const std::string status =
        TextOf("/proc/" + std::to_string(office.Daemon(node).Pid()) + "/status");
    const std::size_t at = status.find(kName);
    EXPECT_NE(at, std::string::npos);
    return at == std::string::npos ? 0L
                                   : std::strtol(status.c_str() + at + kName.size(), nullptr, 10);
}

std::string
HttpAnswer(std::string_view body, const std::string& more)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
           "Connection: close\r\n\r\n" + std::string(body);
}

bool
IsReadable(const FileDescriptor& socket, std::chrono::milliseconds within)
{
    pollfd waiting = {socket.Get(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(within.count())) > 0;
}

FakePeer::FakePeer(
    const Office& office, int node, std::string victim, Answers answers, Serves serves)
    : m_peer(office, node)
    , m_listener(office.OpenListener(node, 6515))
    , m_victim(std::move(victim))
    , m_answers(std::move(answers))
    , m_serves(std::move(serves))
    , m_talking([this] { Talk(); })
    , m_serving([this] { Serve(); })
{
}

FakePeer::~FakePeer()
{
    m_over = true;
    m_talking.join();
    m_serving.join();
}

FakePeer::Answers
FakePeer::Having(int node, std::size_t size)
{
    return [=](const std::string& need)
    {
        const auto value = [&need](const char* name)
        {
            return RawPeer::ValueOf(need, name);
        };
        return "<service type=\"response\" version=\"1.0\" ID=\"" + value("ID") + "\" to=\"" +
               value("node") + "\" node=\"liar\" status=\"have\" href=\"" + value("href") +
               "\" location=\"http://" + Office::AddressOf(node) + ":6515/" + kNobodysKey +
               "\" size=\"" + std::to_string(size) + "\"/>";
    };
}

FakePeer::Answers
FakePeer::Completing(int node, std::size_t size)
{
    return [=](const std::string& need)
    {
        return "<service type=\"download-complete\" version=\"1.0\" node=\"liar\" href=\"" +
               RawPeer::ValueOf(need, "href") + "\" location=\"http://" + Office::AddressOf(node) +
               ":6515/" + kNobodysKey + "\" size=\"" + std::to_string(size) + "\"/>";
    };
}

FakePeer::Serves
FakePeer::Saying(std::string words)
{
    return [words = std::move(words)](const FileDescriptor& connection, const std::atomic<bool>&)
    {
        ::send(connection.Get(), words.data(), words.size(), MSG_NOSIGNAL);
    };
}

FakePeer::Serves
FakePeer::Dripping(std::string body)
{
    return [body = std::move(body)](const FileDescriptor& connection, const std::atomic<bool>& over)
    {
        const std::string answer = HttpAnswer(body);
        const std::size_t head = answer.size() - body.size();
        ::send(connection.Get(), answer.data(), head, MSG_NOSIGNAL);
        for (std::size_t at = head; at < answer.size() && !over; ++at)
        {
            // Gone? Then there is an end to be read.
            if (::send(connection.Get(), &answer[at], 1, MSG_NOSIGNAL) != 1 ||
                IsReadable(connection, std::chrono::seconds(1)))
            {
                return;
            }
        }
    };
}

void
FakePeer::Talk()
{
    while (!m_over)
    {
        const auto heard =
            m_peer.Hear(m_victim, {"type=\"request\""}, std::chrono::milliseconds(50));
        const std::string answer = heard ? m_answers(heard->text) : "";
        if (!answer.empty())
        {
            m_peer.Say(answer, heard->from);
        }
    }
}

void
FakePeer::Serve()
{
    while (!m_over)
    {
        if (!IsReadable(m_listener, std::chrono::milliseconds(50)))
        {
            continue;
        }
        const FileDescriptor one(::accept4(m_listener.Get(), nullptr, nullptr, SOCK_CLOEXEC));
        std::array<char, 4096> request{};
        ::recv(one.Get(), request.data(), request.size(), 0);
        ++m_served;
        m_serves(one, m_over);
    }
}

} // namespace lanpeer::reference
