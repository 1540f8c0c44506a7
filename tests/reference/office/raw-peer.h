#pragma once

#include "office.h"
#include "reference/files/file-descriptor.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// One who speaks service packets of his own making.
class RawPeer
{
  public:
    RawPeer(const Office& office, int node, std::uint16_t port = 1967);

    void Say(const std::string& packet, const std::string& to = Office::BroadcastAddress());

    struct Packet
    {
        std::string text;
        std::string from;
    };

    /// The next packet from that address, or from anybody if it is empty, that has all these words;
    /// empty after the time.
    std::optional<Packet> Hear(const std::string& from,
                               const std::vector<std::string>& words,
                               std::chrono::milliseconds within = kLongWhile);

    /// The value of an attribute of a packet, as it stands there.
    static std::string ValueOf(const std::string& packet, const std::string& attribute);

  private:
    FileDescriptor m_socket;
};

/// What a TCP server says to one request, word for word; empty if it closes at once.
std::string Exchange(const FileDescriptor& connection, const std::string& request);

} // namespace lanpeer::reference
