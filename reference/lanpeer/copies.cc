#include "reference/files/digest.h"
#include "reference/lanpeer/commands.h"

#include <fmt/format.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>

// offer, withdraw, list, why.

namespace lanpeer::command
{

std::string
UtcText(std::int64_t seconds)
{
    const auto at = static_cast<std::time_t>(seconds);
    std::tm parts = {};
    ::gmtime_r(&at, &parts);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
                       parts.tm_year + 1900,
                       parts.tm_mon + 1,
                       parts.tm_mday,
                       parts.tm_hour,
                       parts.tm_min,
                       parts.tm_sec);
}

int
Offer(const std::string& socket, const OfferOptions& options)
{
    const reference::FileDescriptor file(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.IsOpen())
    {
        throw std::runtime_error(
            fmt::format("{}: {}", options.file, std::generic_category().message(errno)));
    }
    Client client(socket);
    client.Offer(options.url, file.Get(), options.sha256);
    fmt::print("{}: offered\n", options.url);
    return 0;
}

int
Withdraw(const std::string& socket, const std::string& url)
{
    Client client(socket);
    if (!client.Withdraw(url))
    {
        throw std::runtime_error(fmt::format("{}: there is no copy of it here", url));
    }
    fmt::print("{}: withdrawn\n", url);
    return 0;
}

int
List(const std::string& socket, bool json)
{
    Client client(socket);
    const std::vector<Copy> copies = client.List();
    if (json)
    {
        auto list = nlohmann::ordered_json::array();
        for (const Copy& copy : copies)
        {
            list.push_back({{"url", copy.url},
                            {"size", copy.size},
                            {"sha256", copy.sha256},
                            {"added", copy.added},
                            {"used", copy.used},
                            {"hits", copy.hits}});
        }
        fmt::print("{}\n", list.dump());
        return 0;
    }
    for (const Copy& copy : copies)
    {
        fmt::print("{:>14}  used {}  {}\n", copy.size, UtcText(copy.used), copy.url);
    }
    if (copies.empty())
    {
        fmt::print(stderr, "lanpeer: there is no copy here\n");
    }
    return 0;
}

int
Why(const std::string& socket, const std::string& url, bool json)
{
    Client client(socket);
    const std::vector<Step> steps = client.Why(url);
    if (steps.empty())
    {
        throw std::runtime_error(fmt::format("{}: nobody here has asked for it of late", url));
    }
    if (json)
    {
        auto list = nlohmann::ordered_json::array();
        for (const Step& step : steps)
        {
            list.push_back({{"at_ms", step.atMs}, {"text", step.text}});
        }
        fmt::print("{}\n", list.dump());
        return 0;
    }
    const std::int64_t begin = steps.front().atMs;
    fmt::print("{} UTC\n", UtcText(begin / 1000));
    for (const Step& step : steps)
    {
        fmt::print("{:>10.3f} s  {}\n", static_cast<double>(step.atMs - begin) / 1000, step.text);
    }
    return 0;
}

} // namespace lanpeer::command
