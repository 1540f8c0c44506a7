#pragma once

#include <cstdint>
#include <functional>
#include <ns3/node.h>
#include <ns3/nstime.h>
#include <ns3/socket.h>
#include <optional>
#include <string>

namespace lanpeer::lan
{

/// A stranger at the HTTP port: a bare TCP socket that says what it is told to, byte for byte, and
/// notes what comes back.
class RawClient
{
  public:
    /// Connects now. \p first is said as soon as that is done.
    RawClient(ns3::Ptr<ns3::Node> node,
              ns3::Ipv4Address server,
              std::uint16_t port,
              std::string first = {});
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void Say(const std::string& bytes);

    void SayAt(ns3::Time at, const std::string& bytes);

    /// Gives up by a reset.
    void Reset();

    bool Connected() const
    {
        return m_connected;
    }

    /// When the server closed or reset the connection.
    std::optional<ns3::Time> ClosedAt() const
    {
        return m_closedAt;
    }

    const std::string& Heard() const
    {
        return m_heard;
    }

    /// How many status lines came with that status.
    std::size_t Answers(unsigned status) const;

  private:
    void Readable(ns3::Ptr<ns3::Socket> socket);
    void Closed(ns3::Ptr<ns3::Socket> socket);

    ns3::Ptr<ns3::Node> m_node;
    ns3::Ptr<ns3::Socket> m_socket;
    std::string m_first;
    std::string m_heard;
    bool m_connected = false;
    std::optional<ns3::Time> m_closedAt;
};

} // namespace lanpeer::lan
