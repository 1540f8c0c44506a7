#include "model/protocol/base64url.h"
#include "model/protocol/limits.h"
#include "model/protocol/packet-codec.h"
#include "model/protocol/packet-format.h"
#include "model/protocol/uri.h"
#include "model/protocol/xml-text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace lanpeer
{

namespace
{

/// Writes one element. The first thing that cannot be written makes it none.
class PacketWriter
{
  public:
    PacketWriter(const ServicePacket& packet, std::string_view sourceHost)
        : m_packet(packet)
        , m_sourceHost(sourceHost)
    {
        m_out.reserve(400);
    }

    std::optional<std::string> Write()
    {
        const bool application = m_packet.kind == PacketKind::ApplicationDefined;
        m_out.push_back('<');
        m_out += format::kRoot;
        Put("type", application ? m_packet.type : format::TypeOf(m_packet.kind));
        Put("version", format::kVersion);
        PutMembers();
        if (application)
        {
            Expect(format::IsType(m_packet.type) && !format::IsOwnType(m_packet.type));
        }
        PutOthers();
        m_out += "/>";
        Expect(m_count <= limits::kPacketAttributes && m_out.size() <= limits::kPacketBytes);
        return m_possible ? std::optional(std::move(m_out)) : std::nullopt;
    }

  private:
    void Expect(bool claim)
    {
        m_possible = m_possible && claim;
    }

    void Put(std::string_view name, std::string_view value)
    {
        ++m_count;
        m_out.push_back(' ');
        m_out += name;
        m_out += "=\"";
        AppendEscaped(m_out, value);
        m_out.push_back('"');
    }

    void PutMembers()
    {
        switch (m_packet.kind)
        {
        case PacketKind::INeed:
            PutINeed();
            break;
        case PacketKind::IHave:
            PutResponse("have");
            PutLocation();
            PutNumber("size", m_packet.size, limits::kResourceBytesMax);
            PutMilliseconds("busy", m_packet.busyMs);
            break;
        case PacketKind::IAmDownloading:
            PutResponse("downloading");
            PutProgress();
            break;
        case PacketKind::IFound:
            PutIFound();
            break;
        case PacketKind::Downloading:
            PutNode("node", m_packet.node);
            PutHref();
            PutProgress();
            break;
        case PacketKind::DownloadComplete:
            PutNode("node", m_packet.node);
            PutHref();
            PutLocation();
            PutNumber("size", m_packet.size, limits::kResourceBytesMax);
            break;
        case PacketKind::DownloadFailed:
            PutNode("node", m_packet.node);
            PutHref();
            break;
        case PacketKind::ApplicationDefined:
            PutNode("node", m_packet.node);
            break;
        }
    }

    void PutINeed()
    {
        PutId();
        PutNode("node", m_packet.node);
        Put("method", "get");
        PutHref();
        Put("acceptprotocol", "http");
        Put("cached", m_packet.onlyCached ? "only" : "no");
        if (m_packet.lock)
        {
            Put("lock", ToBase64Url(*m_packet.lock));
        }
        PutMilliseconds("delay", m_packet.delayMs);
    }

    void PutIFound()
    {
        PutId();
        PutNode("node", m_packet.node);
        PutHref();
        if (m_packet.key)
        {
            Put("key", ToBase64Url(m_packet.key->secret));
        }
        if (m_packet.wait)
        {
            Put("wait", "1");
        }
    }

    void PutResponse(std::string_view status)
    {
        PutId();
        PutNode("to", m_packet.to.value_or(NodeId()));
        PutNode("node", m_packet.node);
        Put("status", status);
        PutHref();
    }

    void PutProgress()
    {
        PutNumber("received", m_packet.received, limits::kResourceBytesMax);
        PutNumber("size", m_packet.size, limits::kResourceBytesMax);
    }

    /// Up to the bound of receipt: an answer repeats the ID of its request.
    void PutId()
    {
        PutNumber("ID", m_packet.id, limits::kRequestIdAcceptedMax);
    }

    void PutNode(std::string_view name, const NodeId& node)
    {
        if (!node.Empty())
        {
            Expect(node.MayTravel());
            Put(name, node.Text());
        }
    }

    void PutHref()
    {
        Expect(MayTravel(m_packet.href, true));
        Put("href", m_packet.href);
    }

    void PutLocation()
    {
        const Location location = m_packet.location.value_or(Location());
        Expect(location.hostIsSource && location.port != 0 &&
               format::IsLocationPath(location.path) && IsIpv4Address(m_sourceHost));
        Put("location",
            fmt::format(
                "{}{}:{}/{}", format::kLocationScheme, m_sourceHost, location.port, location.path));
    }

    void PutNumber(std::string_view name, std::optional<std::uint64_t> number, std::uint64_t max)
    {
        if (number)
        {
            Expect(*number <= max);
            Put(name, fmt::format_int(*number).c_str());
        }
    }

    void PutMilliseconds(std::string_view name, std::optional<std::uint32_t> number)
    {
        PutNumber(name, number, std::numeric_limits<std::uint32_t>::max());
    }

    void PutOthers()
    {
        const auto& others = m_packet.attributes;
        for (auto other = others.begin(); other != others.end() && m_possible; ++other)
        {
            const std::string_view name = other->first;
            const auto sameName = [name](const auto& earlier)
            {
                return earlier.first == name;
            };
            Expect(m_count < limits::kPacketAttributes && IsXmlName(name) &&
                   !format::IsOwnName(m_packet.kind, name) &&
                   std::none_of(others.begin(), other, sameName) &&
                   other->second.size() < limits::kPacketBytes && !CheckValue(other->second));
            if (m_possible)
            {
                Put(name, other->second);
            }
        }
    }

    const ServicePacket& m_packet;
    std::string_view m_sourceHost;
    std::string m_out;
    std::size_t m_count = 0;
    bool m_possible = true;
};

} // namespace

std::optional<std::string>
Encode(const ServicePacket& packet, std::string_view sourceHost)
{
    return PacketWriter(packet, sourceHost).Write();
}

} // namespace lanpeer
