#pragma once

#include "reference/files/file-descriptor.h"

#include <cstdint>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <vector>

// Network namespaces: what is made, run and opened in them.

namespace lanpeer::reference
{

inline constexpr const char* kIp = "/usr/sbin/ip";

/// Names of namespaces begin with it, then the number of the process that made them.
inline constexpr const char* kPrefix = "lanpeer-";

/// Runs it and throws with what it printed unless it ends with 0.
void Must(const std::vector<std::string>& arguments);

std::vector<std::string> Joined(std::vector<std::string> first,
                                const std::vector<std::string>& second);

/// The command that runs this line, words parted by blanks, in a namespace.
std::vector<std::string> Inside(const std::string& space, const std::string& line);

/// One command of the shell that carries out lines of ip, all of them, and fails if one fails.
std::string Batch(const std::string& lines);

sockaddr_in SocketAddress(const std::string& address, std::uint16_t port);

/// Runs it in a network namespace: a socket stays in the one that it was made in.
FileDescriptor MadeIn(const std::string& space, const std::function<int()>& make);

/// Removes namespaces of tests that were killed: their process is no more.
void RemoveForgotten();

/// A counter of the kernel, of the interface eth0 there: "tx_packets".
std::uint64_t CounterIn(const std::string& space, const std::string& counter);

/// A UDP socket bound to this port.
FileDescriptor OpenUdpIn(const std::string& space, std::uint16_t port);

/// A TCP socket that listens at this port.
FileDescriptor OpenListenerIn(const std::string& space, std::uint16_t port);

/// A TCP connection; not open if it was refused.
///
/// \param source the address that it comes from; empty: as the kernel chooses
FileDescriptor ConnectIn(const std::string& space,
                         const std::string& address,
                         std::uint16_t port,
                         const std::string& source = "");

} // namespace lanpeer::reference
