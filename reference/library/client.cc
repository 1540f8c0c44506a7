#include "reference/library/client.h"

#include "reference/library/embedded-service.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <utility>

using lanpeer::reference::EmbeddedService;
using lanpeer::reference::FileDescriptor;
using lanpeer::reference::Incoming;
using lanpeer::reference::ReceiveMessage;
using lanpeer::reference::SendMessage;
using lanpeer::reference::Sent;
using nlohmann::json;

namespace
{

constexpr const char* kGone = "the service has gone";

std::string
TextOf(const json& from, const char* key)
{
    return from.value(key, std::string());
}

lanpeer_source
SourceOf(const std::string& name)
{
    return name == "local" ? LANPEER_LOCAL : name == "peer" ? LANPEER_PEER : LANPEER_INTERNET;
}

} // namespace

lanpeer_client::lanpeer_client() = default;

lanpeer_client::~lanpeer_client()
{
    m_socket.Close();
}

void
lanpeer_client::Connect(const std::string& path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
    {
        throw std::runtime_error(fmt::format("{}: no path for a socket", path));
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    FileDescriptor made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const auto* place = reinterpret_cast<const sockaddr*>(&address);
    if (!made.IsOpen() || ::connect(made.Get(), place, sizeof(address)) != 0)
    {
        throw std::runtime_error(fmt::format(
            "{}: {} (does lanpeerd run?)", path, std::generic_category().message(errno)));
    }
    m_socket = std::move(made);
}

void
lanpeer_client::Embed(const std::string& configFile)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    m_socket = FileDescriptor(ends[0]);
    FileDescriptor theirs(ends[1]);
    try
    {
        m_embedded = std::make_unique<EmbeddedService>(configFile, std::move(theirs));
    }
    catch (...)
    {
        m_socket.Close();
        throw;
    }
}

// ---------------------------------------------------------------- messages

void
lanpeer_client::WaitFor(bool readable, int timeoutMs)
{
    pollfd wanted = {m_socket.Get(), static_cast<short>(readable ? POLLIN : POLLOUT), 0};
    if (::poll(&wanted, 1, timeoutMs) < 0 && errno != EINTR)
    {
        throw std::system_error(errno, std::generic_category(), "poll");
    }
}

void
lanpeer_client::Send(const json& call, int file)
{
    if (!IsConnected())
    {
        throw std::runtime_error(kGone);
    }
    // A text that is no UTF-8 is refused there, not here.
    const std::string text = call.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > lanpeer::reference::kMessageBytesMax)
    {
        throw std::runtime_error("the call is too long");
    }
    while (true)
    {
        switch (SendMessage(m_socket.Get(), text, file))
        {
        case Sent::Whole:
            return;
        case Sent::Full:
            WaitFor(false, -1);
            break;
        case Sent::Gone:
            // What it said before can be read still, and the end of it: TakeOne() finds it.
            m_lost = true;
            throw std::runtime_error(kGone);
        }
    }
}

bool
lanpeer_client::TakeOne()
{
    if (!m_socket.IsOpen())
    {
        throw std::runtime_error(kGone);
    }
    pollfd wanted = {m_socket.Get(), POLLIN, 0};
    if (::poll(&wanted, 1, 0) <= 0)
    {
        return false;
    }
    Incoming incoming = ReceiveMessage(m_socket.Get());
    const json said =
        incoming.message ? json::parse(incoming.message->text, nullptr, false) : json();
    if (incoming.gone || (incoming.message && !said.is_object()))
    {
        Lose();
        throw std::runtime_error(kGone);
    }
    if (!incoming.message)
    {
        return false;
    }
    Dispatch(said, std::move(incoming.message->file));
    return true;
}

void
lanpeer_client::Lose()
{
    m_lost = true;
    m_socket.Close();
    // One by one: who is told may cancel others.
    while (!m_requests.empty())
    {
        End(m_requests.begin()->first,
            {{"event", "failed"}, {"reason", "service-gone"}, {"meaning", kGone}},
            FileDescriptor());
    }
}

int
lanpeer_client::Process(int timeoutMs)
{
    if (m_socket.IsOpen() && timeoutMs != 0)
    {
        WaitFor(true, timeoutMs);
    }
    constexpr int kMost = 1000; // and then the caller's turn
    int taken = 0;
    while (taken < kMost && TakeOne())
    {
        ++taken;
    }
    return taken;
}

void
lanpeer_client::Dispatch(const json& said, FileDescriptor file)
{
    const auto id = said.value("id", lanpeer_id{0});
    const std::string event = TextOf(said, "event");
    if (event == "packet")
    {
        TellPacket(said);
        return;
    }
    if (id == m_called && id != 0)
    {
        if (event == "done" || event == "error")
        {
            m_answer = said;
        }
        else if (m_item)
        {
            m_item(said);
        }
        return;
    }
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
    {
        return; // cancelled
    }
    if (event == "progress")
    {
        const lanpeer_request request = found->second;
        if (request.progress != nullptr)
        {
            lanpeer_progress progress = {};
            progress.own = said.value("own", true) ? 1 : 0;
            progress.received = said.value("received", std::uint64_t{0});
            progress.size = said.value("size", std::int64_t{-1});
            request.progress(request.user, id, &progress);
        }
    }
    else if (event == "judge")
    {
        Judge(id, said, file.Get());
    }
    else
    {
        End(id, said, std::move(file));
    }
}

nlohmann::json
lanpeer_client::Call(json call, int file, const std::function<void(const json&)>& item)
{
    if (m_called != 0)
    {
        throw std::runtime_error("a call from within a call-back of another one");
    }
    const lanpeer_id id = ++m_last;
    call["id"] = id;
    Send(call, file);
    m_called = id;
    m_item = item;
    m_answer = nullptr;
    try
    {
        while (m_answer.is_null())
        {
            WaitFor(true, -1);
            TakeOne();
        }
    }
    catch (...)
    {
        m_called = 0;
        m_item = nullptr;
        throw;
    }
    m_called = 0;
    m_item = nullptr;
    if (TextOf(m_answer, "event") == "error")
    {
        throw std::runtime_error(TextOf(m_answer, "message"));
    }
    return std::move(m_answer);
}

// ---------------------------------------------------------------- requests

lanpeer_id
lanpeer_client::Get(const lanpeer_request& request)
{
    if (request.url == nullptr || request.ended == nullptr)
    {
        throw std::runtime_error("a request without url or ended");
    }
    const lanpeer_id id = ++m_last;
    json call{{"call", "get"},
              {"id", id},
              {"url", request.url},
              {"may_wait", request.may_wait != 0},
              {"may_use_internet", request.may_use_internet != 0},
              {"cacheable", request.cacheable != 0},
              {"allow_query", request.allow_query != 0}};
    if (request.sha256 != nullptr)
    {
        call["sha256"] = request.sha256;
    }
    if (request.verify != nullptr)
    {
        call["callback"] = true;
    }
    if (request.signed_package != 0)
    {
        call["signed"] = true;
    }
    Send(call, -1);
    lanpeer_request kept = request;
    kept.url = nullptr; // the caller's, not to be read again
    kept.sha256 = nullptr;
    m_requests.emplace(id, kept);
    return id;
}

void
lanpeer_client::Cancel(lanpeer_id id)
{
    if (m_requests.erase(id) != 0 && IsConnected())
    {
        Send({{"call", "cancel"}, {"id", id}}, -1);
    }
}

void
lanpeer_client::Judge(lanpeer_id id, bool accepted)
{
    Send({{"call", "judged"}, {"id", id}, {"accepted", accepted}}, -1);
}

void
lanpeer_client::Judge(lanpeer_id id, const json& said, int file)
{
    const lanpeer_request request = m_requests.at(id);
    const std::string sha256 = TextOf(said, "sha256");
    const int verdict =
        request.verify == nullptr
            ? 0
            : request.verify(
                  request.user, id, file, said.value("size", std::uint64_t{0}), sha256.c_str());
    if (verdict >= 0)
    {
        Judge(id, verdict != 0);
    }
}

void
lanpeer_client::End(lanpeer_id id, const json& said, FileDescriptor file)
{
    const lanpeer_request request = m_requests.at(id);
    m_requests.erase(id);
    const bool isError = TextOf(said, "event") == "error";
    const std::string peer = TextOf(said, "peer");
    const std::string sha256 = TextOf(said, "sha256");
    const std::string reason = isError ? "wrong-use" : TextOf(said, "reason");
    const std::string meaning = TextOf(said, isError ? "message" : "meaning");
    const std::string more = TextOf(said, "detail");
    const std::string detail = more.empty() ? meaning : fmt::format("{}: {}", meaning, more);
    lanpeer_result result = {};
    result.found = TextOf(said, "event") == "found" ? 1 : 0;
    result.source = SourceOf(TextOf(said, "source"));
    result.peer = peer.c_str();
    result.size = said.value("size", std::uint64_t{0});
    result.sha256 = sha256.c_str();
    result.fd = result.found != 0 ? file.Release() : -1;
    result.reason = reason.c_str();
    result.detail = detail.c_str();
    request.ended(request.user, id, &result);
}

void
lanpeer_client::Wait(lanpeer_id id)
{
    while (m_requests.count(id) != 0)
    {
        WaitFor(true, -1);
        TakeOne();
    }
}

// ---------------------------------------------------------------- packets

void
lanpeer_client::Register(const std::string& type,
                         void (*heard)(void* user, const lanpeer_packet* packet),
                         void* user)
{
    const auto known = m_types.find(type);
    const Heard before = known == m_types.end() ? Heard{nullptr, nullptr} : known->second;
    m_types[type] = {heard, user}; // first, as packets may come before the answer is read
    try
    {
        Call({{"call", "register"}, {"type", type}});
    }
    catch (...)
    {
        if (before.heard == nullptr)
        {
            m_types.erase(type);
        }
        else
        {
            m_types[type] = before;
        }
        throw;
    }
}

void
lanpeer_client::Unregister(const std::string& type)
{
    m_types.erase(type);
    Call({{"call", "unregister"}, {"type", type}});
}

void
lanpeer_client::TellPacket(const json& said) const
{
    const std::string type = TextOf(said, "type");
    const auto found = m_types.find(type);
    if (found == m_types.end())
    {
        return;
    }
    const std::string peer = TextOf(said, "peer");
    const auto attributes =
        said.value("attributes", std::vector<std::pair<std::string, std::string>>());
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : attributes)
    {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    lanpeer_packet packet = {};
    packet.peer = peer.c_str();
    packet.port = said.value("port", std::uint16_t{0});
    packet.type = type.c_str();
    packet.names = names.data();
    packet.values = values.data();
    packet.count = static_cast<int>(names.size());
    found->second.heard(found->second.user, &packet);
}
