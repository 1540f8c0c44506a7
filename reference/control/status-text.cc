#include "reference/control/status-text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <map>
#include <string_view>

namespace lanpeer::reference
{

namespace
{

std::string_view
NameOf(TrafficKind kind)
{
    switch (kind)
    {
    case TrafficKind::FromPeer:
        return "from_peer";
    case TrafficKind::FromInternet:
        return "from_internet";
    case TrafficKind::ServedToPeer:
        return "served";
    }
    return "";
}

std::int64_t
SecondsOf(std::chrono::system_clock::time_point at)
{
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

/// A family of one kind: HELP, TYPE and its samples.
class Family
{
  public:
    Family(std::string& text, std::string_view name, std::string_view type, std::string_view help)
        : m_text(text)
        , m_name(name)
    {
        m_text += fmt::format("# HELP lanpeer_{0} {1}\n# TYPE lanpeer_{0} {2}\n", name, help, type);
    }

    template <typename Number>
    Family& Add(Number value, const std::string& labels = "")
    {
        m_text += fmt::format("lanpeer_{}{} {}\n", m_name, labels, value);
        return *this;
    }

  private:
    std::string& m_text;
    std::string_view m_name;
};

/// What was moved this month: gauges, since a month ends.
void
AddMonth(std::string& text, const std::string& month, const std::vector<TrafficRow>& traffic)
{
    std::map<TrafficKind, std::uint64_t> bytes;
    Family peers(text, "month_body_bytes", "gauge", "Body bytes of this month, by kind and peer.");
    for (const TrafficRow& row : traffic)
    {
        if (row.month == month)
        {
            bytes[row.kind] += row.bytes;
            peers.Add(row.bytes,
                      fmt::format(R"({{month="{}",kind="{}",peer="{}"}})",
                                  row.month,
                                  NameOf(row.kind),
                                  row.peer));
        }
    }
    const std::uint64_t got = bytes[TrafficKind::FromPeer] + bytes[TrafficKind::FromInternet];
    Family share(text,
                 "month_from_peers_ratio",
                 "gauge",
                 "Share of what was got this month that peers gave; absent if nothing was.");
    if (got > 0)
    {
        share.Add(static_cast<double>(bytes[TrafficKind::FromPeer]) / static_cast<double>(got),
                  fmt::format(R"({{month="{}"}})", month));
    }
}

} // namespace

nlohmann::ordered_json
StatusJson(const ServiceStatus& status)
{
    nlohmann::ordered_json json;
    json["node"] = status.node;
    json["started"] = SecondsOf(status.startedAt);
    json["interfaces"] = nlohmann::ordered_json::array();
    for (const Interface& interface : status.interfaces)
    {
        json["interfaces"].push_back({{"name", interface.name},
                                      {"address", interface.address.to_string()},
                                      {"broadcast", interface.broadcast.to_string()}});
    }
    json["service_port"] = status.servicePort;
    json["http_port"] = status.httpPort;
    json["copies"] = status.copies;
    json["copy_bytes"] = status.copyBytes;
    json["free_disk_bytes"] = status.freeDiskBytes;
    json["free_disk_wanted_bytes"] = status.freeDiskWantedBytes;
    json["requests"] = {{"running", status.running},
                        {"found",
                         {{"local", status.foundHere},
                          {"peer", status.foundAtPeers},
                          {"internet", status.foundOnInternet}}},
                        {"failed", status.failed}};
    json["uploads"] = status.uploads;
    json["packets"] = {{"sent", status.packetsSent},
                       {"received", status.packetsReceived},
                       {"own_heard", status.ownHeard}};
    json["reasons"] = nlohmann::ordered_json::object();
    for (const ReasonRow& row : ReasonTable())
    {
        if (const std::uint64_t count = status.reasons[static_cast<std::size_t>(row.reason)])
        {
            json["reasons"][std::string(row.name)] = count;
        }
    }
    return json;
}

nlohmann::ordered_json
TrafficJson(const TrafficRow& row)
{
    return {{"month", row.month},
            {"kind", NameOf(row.kind)},
            {"peer", row.peer},
            {"transfers", row.transfers},
            {"bytes", row.bytes}};
}

std::string
StatusPrometheus(const ServiceStatus& status, const std::vector<TrafficRow>& traffic)
{
    std::string text;
    Family(text, "start_time_seconds", "gauge", "When the service started.")
        .Add(static_cast<std::uint64_t>(SecondsOf(status.startedAt)));
    Family(text, "copies", "gauge", "Local copies held.").Add(status.copies);
    Family(text, "copy_bytes", "gauge", "Bytes of local copies held.").Add(status.copyBytes);
    Family(text, "free_disk_bytes", "gauge", "Free on the file system of the copies.")
        .Add(status.freeDiskBytes);
    Family(text, "requests_running", "gauge", "Requests of applications that have not ended.")
        .Add(status.running);
    Family(text, "requests_found_total", "counter", "Requests that ended found, by source.")
        .Add(status.foundHere, R"({source="local"})")
        .Add(status.foundAtPeers, R"({source="peer"})")
        .Add(status.foundOnInternet, R"({source="internet"})");
    Family(text, "requests_failed_total", "counter", "Requests that failed.").Add(status.failed);
    Family(text, "uploads", "gauge", "Copies being served.").Add(status.uploads);
    Family(text, "packets_total", "counter", "Service packets.")
        .Add(status.packetsSent, R"({direction="sent"})")
        .Add(status.packetsReceived, R"({direction="received"})");
    Family reasons(text, "reasons_total", "counter", "Failures, refusals, drops and notes.");
    for (const ReasonRow& row : ReasonTable())
    {
        reasons.Add(status.reasons[static_cast<std::size_t>(row.reason)],
                    fmt::format(R"({{group="{}",reason="{}"}})", ToString(row.group), row.name));
    }
    Family(text, "body_bytes_total", "counter", "Body bytes since the start, by kind.")
        .Add(status.fromPeersBytes, R"({kind="from_peer"})")
        .Add(status.fromInternetBytes, R"({kind="from_internet"})")
        .Add(status.servedBytes, R"({kind="served"})");
    AddMonth(text, status.month, traffic);
    return text;
}

} // namespace lanpeer::reference
