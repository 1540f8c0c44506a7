#include "model/lan/ns3-defaults.h"

#include "model/lan/uplink-rtt.h"

#include <algorithm>
#include <cmath>
#include <ns3/boolean.h>
#include <ns3/config.h>
#include <ns3/double.h>
#include <ns3/nstime.h>
#include <ns3/object-factory.h>
#include <ns3/simulator.h>
#include <ns3/string.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/type-id.h>
#include <ns3/uinteger.h>

namespace lanpeer::lan
{

void
ConfigureSimulator()
{
    ns3::Simulator::SetScheduler(ns3::ObjectFactory("ns3::PriorityQueueScheduler"));
}

namespace
{

constexpr double kSegmentOnUplink = 1500 + 2; // with PPP's header

struct Path
{
    double bytesPerSecond;
    double roundTripS; ///< without queues and transmission
};

Path
LanPath(const LanNetworkConfig& config)
{
    return {config.rateMbps * 1e6 / 8, 4 * config.latencyUs * 1e-6};
}

Path
UplinkPath(const LanNetworkConfig& config, double kbps)
{
    const Path lan = LanPath(config);
    return {std::min(lan.bytesPerSecond, kbps * 1e3 / 8),
            lan.roundTripS + 2 * config.uplink.latencyMs * 1e-3};
}

/// The longest that a segment from the origin and its acknowledgement may be on their way.
ns3::Time
LongestRoundTrip(const LanNetworkConfig& config)
{
    const Path path = UplinkPath(config, config.uplink.downKbps);
    const double full = (config.uplink.queuePackets + 1) * kSegmentOnUplink;
    return ns3::MicroSeconds(std::llround((path.roundTripS + full / path.bytesPerSecond) * 1e6));
}

} // namespace

void
ConfigureTcpDefaults(const LanNetworkConfig& config)
{
    using ns3::Config::SetDefault;
    const auto text = [](const char* value)
    {
        return ns3::StringValue(value);
    };
    const auto count = [](std::uint64_t value)
    {
        return ns3::UintegerValue(value);
    };
    const auto ms = [](std::uint64_t value)
    {
        return ns3::TimeValue(ns3::MilliSeconds(value));
    };
    const ns3::BooleanValue on(true);

    // Where the value is ns-3's own, the line is there so that another ns-3 changes nothing.
    SetDefault("ns3::TcpL4Protocol::SocketType", text("ns3::TcpCubic")); // tcp_congestion_control
    SetDefault("ns3::TcpCubic::HyStartDelayMax", ms(16));                // HYSTART_DELAY_MAX
    SetDefault("ns3::TcpL4Protocol::RecoveryType", text("ns3::TcpPrrRecovery"));
    SetDefault("ns3::TcpSocketBase::Sack", on);
    SetDefault("ns3::TcpSocketBase::Timestamp", on);
    SetDefault("ns3::TcpSocketBase::WindowScaling", on);
    SetDefault("ns3::TcpSocket::SegmentSize", count(1448)); // 1500 less IP, TCP and time stamps
    SetDefault("ns3::TcpSocket::InitialCwnd", count(10));   // TCP_INIT_CWND
    SetDefault("ns3::TcpSocket::SndBufSize", count(TcpSendBufferBytes(config)));
    SetDefault("ns3::TcpSocket::RcvBufSize", count(TcpReceiveBufferBytes(config)));
    SetDefault("ns3::TcpSocket::TcpNoDelay", on);         // as the hosts' HTTP has it
    SetDefault("ns3::TcpSocket::ConnTimeout", ms(1000));  // TCP_TIMEOUT_INIT
    SetDefault("ns3::TcpSocket::ConnCount", count(6));    // tcp_syn_retries
    SetDefault("ns3::TcpSocket::DataRetries", count(15)); // tcp_retries2
    SetDefault("ns3::TcpSocket::DelAckCount", count(2));
    SetDefault("ns3::TcpSocket::DelAckTimeout", ms(40));   // TCP_DELACK_MIN
    SetDefault("ns3::TcpSocket::PersistTimeout", ms(200)); // TCP_RTO_MIN
    SetDefault("ns3::TcpSocketBase::MinRto", ms(200));     // TCP_RTO_MIN
    // The time-out is the estimate and the greater of this and four variations: on Linux
    // TCP_RTO_MIN bounds the variations, so that the time-out is 200 ms more than the round trip.
    SetDefault("ns3::TcpSocketBase::ClockGranularity", ms(200));
    // TIME_WAIT lasts two of them: TCP_TIMEWAIT_LEN is 60 s.
    SetDefault("ns3::TcpSocketBase::MaxSegLifetime", ns3::DoubleValue(30));

    UplinkRtt::GetTypeId(); // Config knows only the types that something has asked for
    SetDefault("lanpeer::lan::UplinkRtt::LeastTimeout",
               ns3::TimeValue(LongestRoundTrip(config) + ns3::MilliSeconds(200)));
}

void
ConfigureOriginTcp(ns3::Ptr<ns3::Node> origin)
{
    origin->GetObject<ns3::TcpL4Protocol>()->SetAttribute("RttEstimatorType",
                                                          ns3::TypeIdValue(UplinkRtt::GetTypeId()));
}

std::uint32_t
TcpSendBufferBytes(const LanNetworkConfig& config)
{
    const auto underWay = [](const Path& path)
    {
        return path.bytesPerSecond * path.roundTripS;
    };
    const double queue = config.uplink.queuePackets * kSegmentOnUplink;
    const double kbps = std::max(config.uplink.downKbps, config.uplink.upKbps);
    const double bytes =
        std::max(2 * underWay(LanPath(config)), 2 * underWay(UplinkPath(config, kbps)) + queue);
    constexpr double kMin = 256 * 1024;
    constexpr double kMax = 4 * 1024 * 1024;
    return static_cast<std::uint32_t>(std::clamp(bytes, kMin, kMax));
}

std::uint32_t
TcpReceiveBufferBytes(const LanNetworkConfig& config)
{
    return 2 * TcpSendBufferBytes(config);
}

} // namespace lanpeer::lan
