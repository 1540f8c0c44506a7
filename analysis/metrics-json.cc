#include "analysis/metrics-json.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <stdexcept>
#include <utility>

namespace lanpeer::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

/// The keys and their order, once for writing and reading. A visitor has Field(key, value) for each
/// type of value and Group(key, function of a visitor) for an object; GroupIfThere for one that
/// runs of earlier versions do not have.
template <typename M, typename Visitor>
void
VisitTraffic(M& metrics, Visitor& visitor)
{
    visitor.Field("resource_bytes", metrics.resourceBytes);
    visitor.Field("internet_bytes", metrics.internetBytes);
    visitor.Field("uplink_bytes", metrics.uplinkBytes);
    visitor.Field("catalog_bytes", metrics.catalogBytes);
    visitor.Field("copies", metrics.copies);
    visitor.Field("saved_fraction", metrics.savedFraction);
    visitor.Group("served",
                  [&metrics](auto& group)
                  {
                      group.Field("max_bytes", metrics.served.maxBytes);
                      group.Field("mean_bytes", metrics.served.meanBytes);
                      group.Field("max_copies", metrics.served.maxCopies);
                      group.Field("jain", metrics.served.jain);
                      group.Field("max_requests", metrics.served.maxRequests);
                  });
    visitor.Group("packets",
                  [&metrics](auto& group)
                  {
                      group.Field("i_need", metrics.packets.iNeed);
                      group.Field("i_have", metrics.packets.iHave);
                      group.Field("i_have_duplicate", metrics.packets.iHaveDuplicate);
                      group.Field("i_found", metrics.packets.iFound);
                      group.Field("i_am_downloading", metrics.packets.iAmDownloading);
                      group.Field("downloading", metrics.packets.downloading);
                      group.Field("other", metrics.packets.other);
                      group.Field("sent_bytes", metrics.packets.sentBytes);
                      group.Field("received", metrics.packets.received);
                  });
    visitor.GroupIfThere("lan",
                         [&metrics](auto& group)
                         {
                             group.Field("frames", metrics.lan.frames);
                             group.Field("lost", metrics.lan.lost);
                             group.Field("collisions", metrics.lan.collisions);
                             group.Field("backoffs", metrics.lan.backOffs);
                             group.Field("retries", metrics.lan.retries);
                             group.Field("given_up", metrics.lan.givenUp);
                             group.Field("queue_drops", metrics.lan.queueDrops);
                         });
}

template <typename M, typename Visitor>
void
VisitTimes(M& metrics, Visitor& visitor)
{
    visitor.Group("response_delay_ms",
                  [&metrics](auto& group)
                  {
                      group.Field("mean", metrics.responseDelayMs.mean);
                      group.Field("p50", metrics.responseDelayMs.p50);
                      group.Field("p95", metrics.responseDelayMs.p95);
                      group.Field("max", metrics.responseDelayMs.max);
                  });
    visitor.Group("find_s",
                  [&metrics](auto& group)
                  {
                      group.Field("mean", metrics.findS.mean);
                      group.Field("p95", metrics.findS.p95);
                      group.Field("max", metrics.findS.max);
                  });
    visitor.Group("finish_s",
                  [&metrics](auto& group)
                  {
                      group.Field("mean", metrics.finishS.mean);
                      group.Field("p50", metrics.finishS.p50);
                      group.Field("p95", metrics.finishS.p95);
                      group.Field("p99", metrics.finishS.p99);
                      group.Field("last", metrics.finishS.last);
                  });
}

/// \param updates UpdateMetrics
template <typename U, typename Visitor>
void
VisitUpdates(U& updates, Visitor& visitor)
{
    const auto figures = [](auto& outOfDate)
    {
        return [&outOfDate](auto& group)
        {
            group.Field("mean", outOfDate.mean);
            group.Field("p50", outOfDate.p50);
            group.Field("p95", outOfDate.p95);
            group.Field("max", outOfDate.max);
        };
    };
    visitor.Field("releases", updates.releases);
    visitor.Field("installations", updates.installations);
    visitor.Field("missing", updates.missing);
    visitor.Group("out_of_date_s", figures(updates.outOfDateS));
    visitor.Group("out_of_date_on_s", figures(updates.outOfDateOnS));
    visitor.Field("internet_bytes_by_week", updates.internetBytesByWeek);
    visitor.Field("catalog_bytes_by_week", updates.catalogBytesByWeek);
    visitor.Field("checks", updates.checks);
}

/// \param its AdversaryRecord
template <typename A, typename Visitor>
void
VisitAdversaries(A& its, Visitor& visitor)
{
    visitor.Field("nodes", its.nodes);
    visitor.Field("packets_sent", its.packetsSent);
    visitor.Field("sent_bytes", its.sentBytes);
    visitor.Field("served_bytes", its.servedBytes);
    visitor.Field("altered_offered", its.alteredOffered);
    visitor.Field("altered_received", its.alteredReceived);
    visitor.Field("altered_installed", its.alteredInstalled);
    visitor.Field("reflected", its.reflected);
}

/// \param faults FaultMetrics
template <typename F, typename Visitor>
void
VisitFaults(F& faults, Visitor& visitor)
{
    visitor.Field("duplicated", faults.duplicated);
    visitor.Field("reordered", faults.reordered);
    visitor.Field("corrupted", faults.corrupted);
    visitor.Field("corrupted_delivered", faults.corruptedDelivered);
    visitor.Field("unheard", faults.unheard);
    visitor.Field("storm_dropped", faults.stormDropped);
    visitor.Field("uplink_dropped", faults.uplinkDropped);
    visitor.Field("uplink_down_s", faults.uplinkDownS);
    visitor.Field("full_disks", faults.fullDisks);
    visitor.Field("crashes", faults.crashes);
    visitor.Field("left", faults.left);
    visitor.Field("requests_lost", faults.requestsLost);
}

template <typename M, typename Visitor>
void
Visit(M& metrics, Visitor& visitor)
{
    visitor.Field("scenario", metrics.scenario);
    visitor.Field("policy", metrics.policy);
    visitor.Field("seed", metrics.seed);
    visitor.Field("run", metrics.run);
    visitor.Field("nodes", metrics.nodes);
    VisitTraffic(metrics, visitor);
    VisitTimes(metrics, visitor);
    visitor.Group("sources",
                  [&metrics](auto& group)
                  {
                      group.Field("peer", metrics.sources.peer);
                      group.Field("internet", metrics.sources.internet);
                      group.Field("local", metrics.sources.local);
                  });
    visitor.Field("stalls", metrics.stalls);
    visitor.Field("failures", metrics.failures);
    visitor.Field("refusals", metrics.refusals);
    visitor.Field("dropped", metrics.dropped);
    visitor.GroupOrNull("adversaries",
                        metrics.adversaries,
                        [](auto& its, auto& group) { VisitAdversaries(its, group); });
    visitor.GroupOrNull("proxy",
                        metrics.proxy,
                        [](auto& proxy, auto& group)
                        {
                            group.Field("served_bytes", proxy.servedBytes);
                            group.Field("hits", proxy.hits);
                            group.Field("misses", proxy.misses);
                            group.Field("collapsed", proxy.collapsed);
                        });
    visitor.GroupOrNull("updates",
                        metrics.updates,
                        [](auto& updates, auto& group) { VisitUpdates(updates, group); });
    visitor.GroupOrNull(
        "faults", metrics.faults, [](auto& faults, auto& group) { VisitFaults(faults, group); });
    visitor.Field("simulated_s", metrics.simulatedS);
    visitor.Field("events", metrics.events);
    visitor.Field("wall_s", metrics.wallS);
}

class Writer
{
  public:
    explicit Writer(Json& object)
        : m_object(object)
    {
    }

    void Field(const char* key, const std::string& value)
    {
        m_object[key] = value;
    }

    void Field(const char* key, std::uint64_t value)
    {
        m_object[key] = value;
    }

    void Field(const char* key, double value)
    {
        m_object[key] = RoundedForJson(value);
    }

    void Field(const char* key, const std::optional<double>& value)
    {
        m_object[key] = value ? Json(RoundedForJson(*value)) : Json(nullptr);
    }

    void Field(const char* key, const ReasonCounts& counts)
    {
        Json object = Json::object();
        for (const auto& [reason, count] : counts)
        {
            object[reason] = count;
        }
        m_object[key] = std::move(object);
    }

    void Field(const char* key, const std::vector<std::uint64_t>& counts)
    {
        m_object[key] = counts;
    }

    template <typename Function>
    void Group(const char* key, Function function)
    {
        Json object = Json::object();
        Writer writer(object);
        function(writer);
        m_object[key] = std::move(object);
    }

    template <typename Function>
    void GroupIfThere(const char* key, Function function)
    {
        Group(key, function);
    }

    template <typename T, typename Function>
    void GroupOrNull(const char* key, const std::optional<T>& value, Function function)
    {
        m_object[key] = nullptr;
        if (value)
        {
            Group(key, [&value, &function](auto& group) { function(*value, group); });
        }
    }

  private:
    Json& m_object;
};

class Reader
{
  public:
    Reader(const Json& object, std::string prefix)
        : m_object(object)
        , m_prefix(std::move(prefix))
    {
    }

    void Field(const char* key, std::string& value) const
    {
        const Json& item = Item(key);
        Require(item.is_string(), key, "a string");
        value = item.get<std::string>();
    }

    void Field(const char* key, std::uint64_t& value) const
    {
        value = Count(Item(key), key);
    }

    void Field(const char* key, double& value) const
    {
        const Json& item = Item(key);
        Require(item.is_number(), key, "a number");
        value = item.get<double>();
    }

    void Field(const char* key, std::optional<double>& value) const
    {
        const Json& item = Item(key);
        Require(item.is_number() || item.is_null(), key, "a number or null");
        value = item.is_null() ? std::nullopt : std::optional<double>(item.get<double>());
    }

    void Field(const char* key, ReasonCounts& counts) const
    {
        const Json& item = Item(key);
        Require(item.is_object(), key, "an object");
        counts.clear();
        for (const auto& [reason, count] : item.items())
        {
            counts[reason] = Count(count, key);
        }
    }

    void Field(const char* key, std::vector<std::uint64_t>& counts) const
    {
        const Json& item = Item(key);
        Require(item.is_array(), key, "a list");
        counts.clear();
        for (const Json& count : item)
        {
            counts.push_back(Count(count, key));
        }
    }

    template <typename Function>
    void Group(const char* key, Function function) const
    {
        const Json& item = Item(key);
        Require(item.is_object(), key, "an object");
        Reader reader(item, m_prefix + key + ".");
        function(reader);
    }

    template <typename Function>
    void GroupIfThere(const char* key, Function function) const
    {
        if (m_object.find(key) != m_object.end())
        {
            Group(key, function);
        }
    }

    template <typename T, typename Function>
    void GroupOrNull(const char* key, std::optional<T>& value, Function function) const
    {
        value.reset();
        // What was written before there was such a group lacks it: nothing to say either.
        if (m_object.contains(key) && !m_object[key].is_null())
        {
            Group(key, [&value, &function](auto& group) { function(value.emplace(), group); });
        }
    }

  private:
    const Json& Item(const char* key) const
    {
        const auto item = m_object.find(key);
        Require(item != m_object.end(), key, "a value");
        return *item;
    }

    std::uint64_t Count(const Json& item, const char* key) const
    {
        // What was parsed from "7" is unsigned, what a program put in as int is signed.
        const bool isCount = item.is_number_unsigned() ||
                             (item.is_number_integer() && item.get<std::int64_t>() >= 0);
        Require(isCount, key, "a whole number of at least 0");
        return item.get<std::uint64_t>();
    }

    void Require(bool claim, const char* key, const char* what) const
    {
        if (!claim)
        {
            throw std::invalid_argument("metrics: " + m_prefix + key + ": needs " + what);
        }
    }

    const Json& m_object;
    std::string m_prefix;
};

} // namespace

double
RoundedForJson(double value)
{
    constexpr double kScale = 1e6; // 10 to the power of kJsonDecimals
    const double scaled = value * kScale;
    if (!std::isfinite(scaled))
    {
        throw std::invalid_argument("metrics: a figure that is not finite");
    }
    return std::round(scaled) / kScale + 0.0; // no "-0.0"
}

nlohmann::ordered_json
ToJson(const Metrics& metrics)
{
    Json object = Json::object();
    Writer writer(object);
    Visit(metrics, writer);
    return object;
}

std::string
ToJsonText(const std::vector<Metrics>& runs)
{
    Json document = Json::array();
    for (const Metrics& metrics : runs)
    {
        document.push_back(ToJson(metrics));
    }
    const Json& whole = runs.size() == 1 ? document.front() : document;
    // A scenario file's name may be any bytes: replaced where they are not UTF-8, not thrown at.
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Metrics
MetricsFromJson(const nlohmann::ordered_json& object)
{
    if (!object.is_object())
    {
        throw std::invalid_argument("metrics: not an object");
    }
    Metrics metrics;
    Reader reader(object, "");
    Visit(metrics, reader);
    return metrics;
}

std::vector<Metrics>
MetricsFromJsonText(std::string_view text)
{
    const Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded())
    {
        throw std::invalid_argument("metrics: not JSON");
    }
    std::vector<Metrics> runs;
    if (!document.is_array())
    {
        runs.push_back(MetricsFromJson(document));
        return runs;
    }
    for (const Json& object : document)
    {
        runs.push_back(MetricsFromJson(object));
    }
    return runs;
}

} // namespace lanpeer::analysis
