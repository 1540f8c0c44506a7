#include "model/http/reply.h"
#include "model/http/request-reader.h"
#include "reference/serving/http-server.h"
#include "tests/fuzz/fuzzing.h"

#include <arpa/inet.h>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>
#include <variant>
#include <vector>

// Clients that do what the bytes say to the real server, over loopback: connect, send anything in
// any pieces, read or not, end, leave, while the owner answers at once, late or never. What each of
// them receives is held against what its bytes ask for (L10, L11, L18, R-HTTP-1).

namespace lanpeer::fuzz
{

namespace
{

using namespace lanpeer::reference;
using Address = HttpServer::Address;

constexpr std::size_t kClients = 4;
constexpr std::size_t kStepsMax = 40;
/// Never reached but by what hangs.
constexpr std::chrono::seconds kLongWhile{20};

/// What the owner has: under its alias, with the size that it says and the bytes that there are.
struct Copy
{
    http::ServedCopy served;
    std::string bytes;
    std::shared_ptr<const FileDescriptor> file;

    Copy(std::string tag, std::size_t size, std::size_t announced)
        : served{announced, std::move(tag)}
    {
        for (std::size_t i = 0; i < size; ++i)
        {
            bytes.push_back(static_cast<char>('!' + (i * i + i / 7) % 90));
        }
        FileDescriptor made(::memfd_create("copy", MFD_CLOEXEC));
        made.WriteAt(0, bytes);
        file = std::make_shared<const FileDescriptor>(std::move(made));
    }
};

const std::map<std::string, Copy>&
Copies()
{
    static const std::map<std::string, Copy> copies{
        {"a", Copy("tag-a", 300, 300)},
        {"b", Copy("tag-b", 200'000, 200'000)}, // more than the buffers take
        {"c", Copy("tag-c", 10, 20)},           // shorter than it says: the connection must break
        {"e", Copy("tag-e", 0, 0)},
    };
    return copies;
}

http::Reply
ReplyTo(const http::Request& request)
{
    const auto copy = Copies().find(request.alias);
    return copy == Copies().end()
               ? http::AnswerError(http::ErrorStatus::NotFound, std::nullopt, request.keepAlive)
               : http::Answer(request, copy->second.served);
}

std::shared_ptr<const FileDescriptor>
FileOf(const http::Request& request)
{
    const auto copy = Copies().find(request.alias);
    return copy == Copies().end() ? nullptr : copy->second.file;
}

/// What a client must receive for what it sent, if all of it is answered.
struct Expected
{
    std::string bytes;
    bool breaks = false; ///< before its announced end, so that not even all of these must arrive
    bool closes = false; ///< the server, behind these
};

Expected
ExpectedFor(std::string_view sent)
{
    http::RequestReader reader;
    Expected expected;
    while (!sent.empty() && !expected.breaks)
    {
        const http::RequestFeed feed = reader.Feed(sent);
        sent.remove_prefix(feed.consumed);
        if (const auto* error = std::get_if<http::RequestError>(&feed.outcome))
        {
            expected.bytes += http::Answer(*error).head;
            expected.closes = true;
        }
        else if (const auto* request = std::get_if<http::Request>(&feed.outcome))
        {
            const http::Reply reply = ReplyTo(*request);
            expected.bytes += reply.head;
            if (reply.bodyBytes > 0)
            {
                const std::string& whole = Copies().at(request->alias).bytes;
                const std::string part =
                    whole.substr(std::min(reply.bodyOffset, whole.size()), reply.bodyBytes);
                expected.bytes += part;
                expected.breaks = part.size() < reply.bodyBytes;
            }
            expected.closes = reply.close;
        }
    }
    return expected;
}

/// One end of a connection, never blocking.
struct Client
{
    FileDescriptor socket;
    std::string sent;
    std::string received;
    bool ended = false;  ///< it sends no more
    bool closed = false; ///< by the server, in whatever way

    explicit Client(std::uint32_t number, std::uint16_t port)
        : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        const int later = 1; // when it is known where to, or ports would soon be used up
        ::setsockopt(socket.Get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
        const int few = 16 * 1024;
        ::setsockopt(socket.Get(), SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
        // An address for each, by which the owner knows them apart.
        const sockaddr_in own = AddressOf(INADDR_LOOPBACK + 1 + number, 0);
        const sockaddr_in its = AddressOf(INADDR_LOOPBACK, port);
        Require(::bind(socket.Get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0 &&
                    ::connect(socket.Get(), reinterpret_cast<const sockaddr*>(&its), sizeof its) ==
                        0,
                "loopback lets connect");
    }

    static sockaddr_in AddressOf(std::uint32_t address, std::uint16_t port)
    {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_addr.s_addr = htonl(address);
        made.sin_port = htons(port);
        return made;
    }

    void Send(std::string_view bytes)
    {
        if (ended || closed || bytes.empty())
        {
            return;
        }
        const ssize_t taken =
            ::send(socket.Get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken > 0)
        {
            sent += bytes.substr(0, static_cast<std::size_t>(taken));
        }
    }

    void End()
    {
        ended = true;
        ::shutdown(socket.Get(), SHUT_WR);
    }

    /// Without the end that TCP waits for.
    void ResetWhenItLeaves() const
    {
        const linger now{1, 0};
        ::setsockopt(socket.Get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

    /// \returns whether there was anything
    bool Receive(std::size_t most)
    {
        static std::array<char, 65536> room;
        const ssize_t got = ::recv(
            socket.Get(), room.data(), std::min(most, room.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (got > 0)
        {
            received.append(room.data(), static_cast<std::size_t>(got));
            return true;
        }
        closed = closed || got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        return false;
    }
};

class Scene
{
  public:
    explicit Scene(Choices& choices)
        : m_choices(choices)
        , m_answersAtOnce(choices.Flag())
    {
        HttpServer::Limits limits;
        limits.headerMs = limits.idleMs = limits.stallMs = 600'000; // time is not looked at here
        limits.uploadBytesPerS = choices.Flag() ? 2'000'000'000 : 0;
        limits.connections = limits.connectionsPerPeer = 1000; // nobody is to be turned away
        m_server = std::make_unique<HttpServer>(m_context, limits);
        m_server->Start([](const Address&) { return true; },
                        [this](std::uint64_t number, const Address& peer, const http::Request& what)
                        { Asked(number, peer, what); },
                        [this](std::uint64_t number, std::uint64_t bytes)
                        { Ended(number, bytes); });
        m_port = m_server->Listen(Address::loopback(), 0);
    }

    void Run()
    {
        for (std::size_t step = 0; step < kStepsMax && !m_choices.Empty(); ++step)
        {
            Step();
        }
        Drain();
        for (const auto& [number, client] : m_clients)
        {
            client->ResetWhenItLeaves();
        }
        m_clients.clear();
        Await(
            [this]
            {
                AnswerOldest();
                return m_server->Connections() == 0;
            },
            "who left is forgotten");
        for (const auto& [number, asked] : m_asked)
        {
            Require(asked.ends == 1, "the end of a request is told, once");
        }
    }

  private:
    struct OneAsked
    {
        http::Request what;
        int ends = 0;
    };

    void Asked(std::uint64_t number, const Address& peer, const http::Request& what)
    {
        Require(m_asked.emplace(number, OneAsked{what}).second, "a request has its own number");
        const std::uint32_t client = peer.to_uint() - INADDR_LOOPBACK - 1;
        Require(m_clients.count(client) > 0 || m_left.count(client) > 0, "who asks is there");
        m_answersAtOnce ? Answer(number) : m_waiting.push_back(number);
    }

    void Ended(std::uint64_t number, std::uint64_t bytes)
    {
        Require(m_asked.count(number) > 0, "what ends was asked");
        OneAsked& asked = m_asked.at(number);
        ++asked.ends;
        Require(bytes <= ReplyTo(asked.what).bodyBytes, "no more of a body than was answered");
    }

    void Answer(std::uint64_t number)
    {
        const http::Request& what = m_asked.at(number).what;
        m_server->Answer(number, ReplyTo(what), FileOf(what));
    }

    void AnswerOldest()
    {
        if (!m_waiting.empty())
        {
            const std::uint64_t number = m_waiting.front();
            m_waiting.pop_front();
            Answer(number);
        }
    }

    /// One whose turn it is: the one that the choice names, or a new one in its place.
    Client& Chosen()
    {
        const auto number = static_cast<std::uint32_t>(m_choices.Below(kClients));
        auto found = m_clients.find(number);
        if (found == m_clients.end())
        {
            found = m_clients.emplace(number, std::make_unique<Client>(number, m_port)).first;
        }
        return *found->second;
    }

    void Leave(bool reset)
    {
        const auto number = static_cast<std::uint32_t>(m_choices.Below(kClients));
        const auto found = m_clients.find(number);
        if (found == m_clients.end())
        {
            return;
        }
        if (reset)
        {
            found->second->ResetWhenItLeaves();
        }
        CheckReceived(*found->second);
        m_left.insert(number);
        m_clients.erase(found);
    }

    void Step()
    {
        static const std::vector<std::string> usual{
            "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /b HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /b HTTP/1.1\r\nHost: x\r\nRange: bytes=199000-\r\n\r\n",
            "HEAD /b HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /c HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /e HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /a HTTP/1.0\r\n\r\n",
        };
        switch (m_choices.Below(9))
        {
        case 0:
        {
            const std::size_t bytes = m_choices.Byte();
            Client& client = Chosen();
            client.Send(m_choices.Text(bytes));
            break;
        }
        case 1:
        {
            Client& client = Chosen();
            client.Send(m_choices.OneOf(usual));
            break;
        }
        case 2:
            Chosen().End();
            break;
        case 3:
            Leave(false);
            break;
        case 4:
            Leave(true);
            break;
        case 5:
            Chosen().Receive(std::size_t{1} << m_choices.Below(17));
            break;
        case 6:
            AnswerOldest();
            break;
        case 7:
            m_context.poll();
            break;
        case 8:
            m_context.poll_one();
            break;
        }
    }

    /// Everybody reads and the owner answers all; then everybody has all that was asked for.
    void Drain()
    {
        std::map<std::uint32_t, Expected> expected;
        for (const auto& [number, client] : m_clients)
        {
            expected.emplace(number, ExpectedFor(client->sent));
        }
        Await(
            [&]
            {
                AnswerOldest();
                bool all = m_waiting.empty();
                for (const auto& [number, client] : m_clients)
                {
                    while (client->Receive(65536))
                    {
                    }
                    all = all && HasAll(*client, expected.at(number));
                }
                return all;
            },
            "all that was asked for is answered");
        for (const auto& [number, client] : m_clients)
        {
            CheckReceived(*client);
        }
    }

    static bool HasAll(const Client& client, const Expected& expected)
    {
        if (expected.breaks)
        {
            return client.closed;
        }
        const bool mustClose = expected.closes || client.ended;
        Require(mustClose || !client.closed, "who may ask again is not cut off");
        return client.received.size() >= expected.bytes.size() && (client.closed || !mustClose);
    }

    /// What came is what was to come, or its beginning.
    static void CheckReceived(const Client& client)
    {
        Require(
            ExpectedFor(client.sent).bytes.compare(0, client.received.size(), client.received) == 0,
            "a client receives what it asked for, in order, and nothing else");
    }

    template <typename Condition>
    void Await(Condition condition, std::string_view what)
    {
        const auto end = std::chrono::steady_clock::now() + kLongWhile;
        while (!condition())
        {
            Require(std::chrono::steady_clock::now() < end, what);
            if (m_context.poll() == 0)
            {
                std::this_thread::sleep_for(std::chrono::microseconds(20));
            }
        }
    }

    Choices& m_choices;
    bool m_answersAtOnce;
    boost::asio::io_context m_context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work{
        m_context.get_executor()};
    std::unique_ptr<HttpServer> m_server;
    std::uint16_t m_port = 0;
    std::map<std::uint32_t, std::unique_ptr<Client>> m_clients;
    std::set<std::uint32_t> m_left;
    std::map<std::uint64_t, OneAsked> m_asked;
    std::deque<std::uint64_t> m_waiting;
};

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    std::signal(SIGPIPE, SIG_IGN); // who uses an HttpServer does that
    Choices choices(TextOf(data, size));
    Scene(choices).Run();
    return 0;
}
