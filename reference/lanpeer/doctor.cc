#include "reference/files/file-descriptor.h"
#include "reference/lanpeer/commands.h"

#include <fmt/format.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <ctime>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace lanpeer::command
{

namespace
{

using reference::FileDescriptor;
using Json = nlohmann::ordered_json;

/// One thing that was looked at.
struct Finding
{
    std::string what;
    bool good = false;
    std::string detail;
};

std::string
Reason()
{
    return std::generic_category().message(errno);
}

sockaddr_in
AddressOf(const std::string& text, std::uint16_t port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, text.c_str(), &address.sin_addr);
    return address;
}

bool
Readable(int socket, int timeoutMs)
{
    pollfd wanted = {socket, POLLIN, 0};
    return ::poll(&wanted, 1, timeoutMs) == 1;
}

/// Does a broadcast by this interface reach another socket of this computer? On a port of its own,
/// so that no peer is troubled.
Finding
LookAtBroadcast(const Json& interface)
{
    const auto name = interface.at("name").get<std::string>();
    Finding finding{fmt::format("broadcast on {}", name), false, ""};
    const FileDescriptor hearing(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const FileDescriptor speaking(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    sockaddr_in any = AddressOf("0.0.0.0", 0);
    sockaddr_in own = AddressOf(interface.at("address").get<std::string>(), 0);
    socklen_t length = sizeof(any);
    if (::bind(hearing.Get(), reinterpret_cast<sockaddr*>(&any), sizeof(any)) != 0 ||
        ::getsockname(hearing.Get(), reinterpret_cast<sockaddr*>(&any), &length) != 0 ||
        ::setsockopt(speaking.Get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) != 0 ||
        ::bind(speaking.Get(), reinterpret_cast<sockaddr*>(&own), sizeof(own)) != 0)
    {
        finding.detail = Reason();
        return finding;
    }
    const auto broadcast = interface.at("broadcast").get<std::string>();
    const sockaddr_in to = AddressOf(broadcast, ntohs(any.sin_port));
    constexpr std::string_view kWord = "lanpeer doctor";
    if (::sendto(speaking.Get(),
                 kWord.data(),
                 kWord.size(),
                 0,
                 reinterpret_cast<const sockaddr*>(&to),
                 sizeof(to)) < 0)
    {
        finding.detail = fmt::format("{}: {}", broadcast, Reason());
        return finding;
    }
    constexpr int kLongMs = 1000;
    finding.good = Readable(hearing.Get(), kLongMs);
    finding.detail = finding.good ? fmt::format("{} is heard", broadcast)
                                  : fmt::format("{} is not heard: a firewall?", broadcast);
    return finding;
}

/// Does what the service broadcasts on its own port go out, as far as a computer can tell: does it
/// come back? Peers hear one packet of a type that nobody registers.
Finding
LookAtServicePort(Client& client, std::uint16_t port)
{
    Finding finding{fmt::format("service port {} (UDP)", port), false, ""};
    const auto heard = [&client]
    {
        return Json::parse(client.Status()).at("packets").at("own_heard").get<std::uint64_t>();
    };
    const std::uint64_t before = heard();
    try
    {
        client.Send({"", 0, "lanpeer-doctor", {}});
    }
    catch (const Error& error)
    {
        return {finding.what, true, fmt::format("not looked at: {}", error.what())};
    }
    constexpr int kLooks = 20;
    for (int look = 0; look < kLooks && !finding.good; ++look)
    {
        finding.good = heard() > before;
        if (!finding.good)
        {
            ::poll(nullptr, 0, 50);
        }
    }
    finding.detail = finding.good ? "what the service broadcasts is heard by itself"
                                  : "what the service broadcasts does not come back: a firewall?";
    return finding;
}

/// Does the HTTP server answer where peers would ask it?
Finding
LookAtHttp(const Json& interface, std::uint16_t port)
{
    const auto address = interface.at("address").get<std::string>();
    Finding finding{fmt::format("HTTP on {}:{}", address, port), false, ""};
    const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in to = AddressOf(address, port);
    constexpr std::string_view kAsk = "HEAD /none HTTP/1.1\r\nHost: doctor\r\n\r\n";
    if (::connect(socket.Get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0 ||
        ::send(socket.Get(), kAsk.data(), kAsk.size(), MSG_NOSIGNAL) < 0)
    {
        finding.detail = Reason();
        return finding;
    }
    std::array<char, 64> answer{};
    constexpr int kLongMs = 3000;
    const bool heard = Readable(socket.Get(), kLongMs);
    const ssize_t got = heard ? ::recv(socket.Get(), answer.data(), answer.size(), 0) : -1;
    const std::string_view said(answer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    finding.good = said.substr(0, 12) == "HTTP/1.1 404";
    finding.detail = finding.good ? "answers" : "does not answer as it should";
    return finding;
}

Finding
LookAtDisk(const Json& status)
{
    const auto free = status.at("free_disk_bytes").get<std::uint64_t>();
    const auto wanted = status.at("free_disk_wanted_bytes").get<std::uint64_t>();
    return {"disk",
            free > wanted,
            fmt::format("{} bytes free, {} are left free by copies", free, wanted)};
}

Finding
LookAtClock(Client& client)
{
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    for (const Copy& copy : client.List())
    {
        constexpr std::int64_t kMinute = 60;
        if (copy.used > now + kMinute)
        {
            return {"clock", false, fmt::format("{} was used in the future", copy.url)};
        }
    }
    constexpr std::int64_t kWritten = 1'767'225'600; // 2026-01-01
    return {"clock",
            now > kWritten,
            now > kWritten ? "not before what is known to have been" : "is before 2026"};
}

std::vector<Finding>
Look(const std::string& socket)
{
    std::vector<Finding> findings;
    std::optional<Client> client;
    try
    {
        client.emplace(socket);
    }
    catch (const Error& error)
    {
        findings.push_back({"service", false, error.what()});
        return findings;
    }
    const Json status = Json::parse(client->Status());
    findings.push_back({"service", true, fmt::format("node {}", std::string(status.at("node")))});
    const Json& interfaces = status.at("interfaces");
    if (interfaces.empty())
    {
        findings.push_back({"interfaces", false, "none is up that can broadcast"});
    }
    else
    {
        findings.push_back(LookAtServicePort(*client, status.at("service_port")));
    }
    for (const Json& interface : interfaces)
    {
        findings.push_back(LookAtBroadcast(interface));
        findings.push_back(LookAtHttp(interface, status.at("http_port")));
    }
    findings.push_back(LookAtDisk(status));
    findings.push_back(LookAtClock(*client));
    return findings;
}

} // namespace

int
Doctor(const std::string& socket, bool json)
{
    bool good = true;
    auto list = Json::array();
    for (const Finding& finding : Look(socket))
    {
        good = good && finding.good;
        if (json)
        {
            list.push_back(
                {{"what", finding.what}, {"good", finding.good}, {"detail", finding.detail}});
        }
        else
        {
            fmt::print("{} {}: {}\n", finding.good ? "ok  " : "BAD ", finding.what, finding.detail);
        }
    }
    if (json)
    {
        fmt::print("{}\n", list.dump());
    }
    return good ? 0 : 1;
}

} // namespace lanpeer::command
