#pragma once

#include "office.h"
#include "reference/files/file-descriptor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A UDP datagram as it is on the wire, without what lies below IP.
struct WireDatagram
{
    std::string source;
    std::string destination;
    std::uint16_t sourcePort = 1967;
    std::uint16_t destinationPort = 1967;
    std::string payload;
};

/// One who puts other computers' addresses onto his packets.
class Forger
{
  public:
    Forger(const Office& office, int node);

    void Say(const WireDatagram& datagram) const;

  private:
    FileDescriptor m_socket;
};

/// Writes down what a node's network interface sends and receives.
class Recorder
{
  public:
    Recorder(const Office& office, int node);

    /// The service packets since the last call, in their order.
    std::vector<WireDatagram> Take() const;

  private:
    FileDescriptor m_socket;
};

} // namespace lanpeer::reference
