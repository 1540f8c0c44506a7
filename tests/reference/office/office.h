#pragma once

#include "caller.h"
#include "commands.h"
#include "origin.h"
#include "reference/files/file-descriptor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

/// Computers on a LAN and one origin behind an uplink: network namespaces joined by a bridge, whose
/// own namespace is the gateway.
///
///     node 1, 10.77.0.1 ──┐
///     node 2, 10.77.0.2 ──┼── bridge, gateway ── uplink (tbf) ── origin, 10.99.0.1
///     ...                 ┘
class Office
{
  public:
    struct Settings
    {
        int nodes = 2;
        int kbitPerS = 8000; ///< of the uplink, downwards
    };

    /// \returns what is missing for an office to be built here; empty if nothing is
    static std::string Missing();

    explicit Office(const Settings& settings);
    ~Office();
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    std::filesystem::path Folder() const
    {
        return m_folder;
    }

    // ------------------------------------------------------------ nodes, counted from 1

    static std::string AddressOf(int node);
    static std::string BroadcastAddress();

    /// Carries out lines of ip there; throws if one fails.
    void RunIp(int node, const std::string& lines) const;

    /// `lanpeer --socket ...` with these arguments, of an application of the node.
    CommandResult Lanpeer(int node, const std::vector<std::string>& arguments) const;

    /// Starts a daemon and waits until applications find it. Fails the test if it does not come up.
    void Start(int node, const std::vector<std::string>& flags = {});
    void StartAll(int nodes, const std::vector<std::string>& flags = {});

    Program& Daemon(int node);
    void Kill(int node);

    /// A new connection to the daemon.
    Caller Connect(int node) const;

    std::filesystem::path StateOf(int node) const;
    std::filesystem::path TapeOf(int node) const;
    std::filesystem::path SocketOf(int node) const;
    std::string LogOf(int node) const;

    /// The command line that starts a daemon.
    std::vector<std::string> DaemonCommand(int node, const std::vector<std::string>& flags) const;

    /// What goes before it, such as {"env", "A=b"}; for the daemons that are started from now on.
    void SetWrapper(std::vector<std::string> words)
    {
        m_wrapper = std::move(words);
    }

    /// A counter of the kernel, of the node's only interface: "tx_packets".
    std::uint64_t CounterOf(int node, const std::string& counter) const;

    /// Any socket of a node.
    FileDescriptor OpenSocket(int node, int domain, int type, int protocol) const;

    /// A UDP socket of a node, bound to this port.
    FileDescriptor OpenUdp(int node, std::uint16_t port) const;

    /// A TCP socket of a node that listens at this port.
    FileDescriptor OpenListener(int node, std::uint16_t port) const;

    /// A TCP connection from a node; not open if it was refused.
    ///
    /// \param source the address that it comes from; empty: the node's first
    FileDescriptor ConnectTcp(int node,
                              const std::string& address,
                              std::uint16_t port,
                              const std::string& source = "") const;

    /// Whether the switch hands broadcasts on to a node; it does unless told not to.
    void SetHearsBroadcasts(int node, bool hears) const;

    // ------------------------------------------------------------ origin

    /// Puts a file onto the origin. \returns its URL
    std::string Publish(const std::string& name, std::string_view bytes) const;

    void SetUplink(int kbitPerS) const;

    /// Body bytes that the origin sent, of requests that are over.
    std::uint64_t OriginBodyBytes() const;
    std::uint64_t OriginRequests() const;
    std::string OriginLog() const;

    /// Bytes that the uplink carried downwards, heads of every layer included: counted by the
    /// kernel.
    std::uint64_t UplinkBytes() const;

  private:
    std::string NamespaceOf(int node) const;
    void Build(const Settings& settings);
    void Remove();

    std::string m_prefix;
    std::filesystem::path m_folder;
    std::vector<std::string> m_spaces;
    std::vector<std::string> m_wrapper;
    std::unique_ptr<Origin> m_origin;
    std::map<int, std::unique_ptr<Program>> m_daemons;
};

/// A test that needs an office; skipped by name where none can be built.
class OfficeTest : public testing::Test
{
  protected:
    void SetUp() override;
    void TearDown() override;

    Office& Open(const Office::Settings& settings);

    std::unique_ptr<Office> m_office;
};

} // namespace lanpeer::reference
