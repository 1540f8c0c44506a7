#include "caller.h"

#include "commands.h"
#include "reference/control/message.h"
#include "reference/files/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

} // namespace

std::string
MakeBytes(std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random() >> 24U); });
    return bytes;
}

std::string
Sha256Of(std::string_view bytes)
{
    return ToHex(DigestOf(bytes));
}

Caller::Caller(const fs::path& socket)
    : m_socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0))
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (::connect(m_socket.Get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
    {
        throw std::system_error(errno, std::generic_category(), socket);
    }
    ::fcntl(m_socket.Get(), F_SETFL, O_NONBLOCK);
}

std::int64_t
Caller::Call(nlohmann::json call, int file)
{
    if (!call.contains("id"))
    {
        call["id"] = ++m_last;
    }
    EXPECT_EQ(SendMessage(m_socket.Get(), call.dump(), file), Sent::Whole);
    return call["id"];
}

std::int64_t
Caller::Get(const std::string& url, const std::string& sha256)
{
    return Call({{"call", "get"}, {"url", url}, {"sha256", sha256}});
}

bool
Caller::Receive(Clock::time_point until)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd waiting = {m_socket.Get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
    {
        return false;
    }
    Incoming incoming = ReceiveMessage(m_socket.Get());
    if (incoming.message)
    {
        auto event = nlohmann::json::parse(incoming.message->text);
        const auto id = event["id"].get<std::int64_t>();
        m_heard[id].push_back({std::move(event), std::move(incoming.message->file)});
    }
    return !incoming.gone;
}

nlohmann::json
Caller::AwaitEvent(std::int64_t id, const std::vector<std::string>& names)
{
    const auto until = Clock::now() + kLongWhile;
    do
    {
        while (!m_heard[id].empty())
        {
            Heard heard = std::move(m_heard[id].front());
            m_heard[id].pop_front();
            if (std::find(names.begin(), names.end(), heard.event.value("event", "")) !=
                names.end())
            {
                m_file = std::move(heard.file);
                return heard.event;
            }
        }
    } while (Receive(until));
    ADD_FAILURE() << "call " << id << ": nothing more is heard of it";
    return nlohmann::json::object();
}

nlohmann::json
Caller::AwaitEnd(std::int64_t id)
{
    return AwaitEvent(id, {"found", "failed", "done", "error"});
}

nlohmann::json
Caller::Status()
{
    return AwaitEnd(Call({{"call", "status"}})).value("status", nlohmann::json::object());
}

bool
Caller::LastFileIsWritable() const
{
    return (::fcntl(m_file.Get(), F_GETFL) & O_ACCMODE) != O_RDONLY;
}

std::string
Caller::LastFile() const
{
    if (!m_file.IsOpen())
    {
        return "";
    }
    std::string bytes(m_file.Size(), '\0');
    bytes.resize(m_file.ReadAt(0, bytes.data(), bytes.size()));
    return bytes;
}

} // namespace lanpeer::reference
