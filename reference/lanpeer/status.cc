#include "reference/lanpeer/commands.h"

#include <fmt/format.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <map>
#include <utility>
#include <vector>

namespace lanpeer::command
{

namespace
{

using Json = nlohmann::ordered_json;

/// Bytes of bodies, by where they came from or went.
struct Traffic
{
    std::uint64_t fromPeers = 0;
    std::uint64_t fromInternet = 0;
    std::uint64_t served = 0;
};

Traffic
Sum(const Json& rows, const std::string& month)
{
    Traffic sum;
    for (const Json& row : rows)
    {
        if (!month.empty() && row.at("month") != month)
        {
            continue;
        }
        const auto bytes = row.at("bytes").get<std::uint64_t>();
        const auto kind = row.at("kind").get<std::string>();
        (kind == "from_peer"       ? sum.fromPeers
         : kind == "from_internet" ? sum.fromInternet
                                   : sum.served) += bytes;
    }
    return sum;
}

std::string
ThisMonth()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    ::gmtime_r(&now, &parts);
    return fmt::format("{:04}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1);
}

void
PrintTraffic(const std::string& title, const Traffic& traffic)
{
    const std::uint64_t whole = traffic.fromPeers + traffic.fromInternet;
    fmt::print("{}: {} bytes from peers, {} from the Internet, {} served",
               title,
               traffic.fromPeers,
               traffic.fromInternet,
               traffic.served);
    if (whole > 0)
    {
        fmt::print("; {:.1f} % from peers",
                   100.0 * static_cast<double>(traffic.fromPeers) / static_cast<double>(whole));
    }
    fmt::print("\n");
}

void
PrintPeers(const Json& rows)
{
    std::map<std::string, Traffic> peers;
    for (const Json& row : rows)
    {
        const auto peer = row.at("peer").get<std::string>();
        if (!peer.empty())
        {
            auto& its = peers[peer];
            const auto bytes = row.at("bytes").get<std::uint64_t>();
            (row.at("kind") == "served" ? its.served : its.fromPeers) += bytes;
        }
    }
    std::vector<std::pair<std::string, Traffic>> list(peers.begin(), peers.end());
    std::stable_sort(
        list.begin(),
        list.end(),
        [](const auto& a, const auto& b)
        { return a.second.fromPeers + a.second.served > b.second.fromPeers + b.second.served; });
    constexpr std::size_t kShown = 10;
    for (std::size_t i = 0; i < std::min(list.size(), kShown); ++i)
    {
        const auto& [peer, traffic] = list[i];
        fmt::print("  {:<15}  {:>14} bytes from it  {:>14} to it\n",
                   peer,
                   traffic.fromPeers,
                   traffic.served);
    }
    if (list.size() > kShown)
    {
        fmt::print("  and {} more; --json lists them\n", list.size() - kShown);
    }
}

} // namespace

int
Status(const std::string& socket, const StatusOptions& options)
{
    Client client(socket);
    if (options.prometheus)
    {
        fmt::print("{}", client.Prometheus());
        return 0;
    }
    Json status = Json::parse(client.Status());
    const Json& rows = status.at("traffic");
    const Traffic month = Sum(rows, ThisMonth());
    const Traffic all = Sum(rows, "");
    if (options.json)
    {
        const auto sum = [](const Traffic& of)
        {
            const std::uint64_t whole = of.fromPeers + of.fromInternet;
            Json json{{"from_peers", of.fromPeers},
                      {"from_internet", of.fromInternet},
                      {"served", of.served}};
            json["fraction_from_peers"] =
                whole == 0 ? Json()
                           : Json(static_cast<double>(of.fromPeers) / static_cast<double>(whole));
            return json;
        };
        status["this_month"] = sum(month);
        status["all_months"] = sum(all);
        fmt::print("{}\n", status.dump());
        return 0;
    }
    fmt::print("node {}\n", status.at("node").get<std::string>());
    for (const Json& interface : status.at("interfaces"))
    {
        fmt::print("peers on {} ({})\n",
                   interface.at("name").get<std::string>(),
                   interface.at("address").get<std::string>());
    }
    const Json& requests = status.at("requests");
    fmt::print("copies: {}, {} bytes\n",
               status.at("copies").get<std::uint64_t>(),
               status.at("copy_bytes").get<std::uint64_t>());
    fmt::print("requests: {} running, {} found here, {} at peers, {} on the Internet, {} failed\n",
               requests.at("running").get<std::uint64_t>(),
               requests.at("found").at("local").get<std::uint64_t>(),
               requests.at("found").at("peer").get<std::uint64_t>(),
               requests.at("found").at("internet").get<std::uint64_t>(),
               requests.at("failed").get<std::uint64_t>());
    PrintTraffic("this month", month);
    PrintTraffic("all months", all);
    PrintPeers(rows);
    PrintUpdates(status.at("updates"));
    return 0;
}

} // namespace lanpeer::command
