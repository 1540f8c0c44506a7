#pragma once

#include "reference/files/file-descriptor.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace lanpeer::reference
{

/// Never reached but by what hangs.
constexpr std::chrono::seconds kLongWhile{90};

/// Looks every few milliseconds. \returns false after a long while
bool Await(const std::function<bool()>& what);

/// Bytes that nothing compresses and no shift leaves as they are; others for another seed.
std::string MakeBytes(std::size_t count, std::uint32_t seed = 1);

std::string Sha256Of(std::string_view bytes);

/// The whole of a file; empty if there is none.
std::string TextOf(const std::filesystem::path& file);

/// What a command prints, both streams, and how it ended.
struct CommandResult
{
    int exitCode = -1; ///< 128 and the signal for one that was killed
    std::string output;
};

CommandResult RunCommand(const std::vector<std::string>& arguments);

/// A program that runs beside the test. It ends with its owner, and with the test.
class Program
{
  public:
    Program(const std::vector<std::string>& arguments, const std::filesystem::path& log);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void Signal(int signal) const;

    /// \returns its exit code, 128 and the signal for one that was killed; -1 if it goes on
    int AwaitEnd();
    int Kill();

    pid_t Pid() const
    {
        return m_pid;
    }

  private:
    std::optional<int> EndedWith();

    pid_t m_pid = -1;
    std::optional<int> m_ended;
};

/// An application: what it says to a daemon and hears of it, word for word
/// (reference/control/README.md).
class Caller
{
  public:
    explicit Caller(const std::filesystem::path& socket);

    /// \param file -1: none. \returns the id of the call
    std::int64_t Call(nlohmann::json call, int file = -1);

    /// Asks for a resource with its digest.
    std::int64_t Get(const std::string& url, const std::string& sha256);

    /// The next event of a call with one of these names; those before it are gone. Fails the test
    /// after a long while, and gives an empty one.
    nlohmann::json AwaitEvent(std::int64_t id, const std::vector<std::string>& names);

    /// The event that ends a call: found, failed, done, error.
    nlohmann::json AwaitEnd(std::int64_t id);

    /// Status of the daemon.
    nlohmann::json Status();

    /// The text of the file that came with the event that was heard last.
    std::string LastFile() const;

  private:
    struct Heard
    {
        nlohmann::json event;
        FileDescriptor file;
    };

    /// \returns false when the daemon has gone, or after a long while
    bool Receive(std::chrono::steady_clock::time_point until);

    FileDescriptor m_socket;
    std::int64_t m_last = 0;
    std::map<std::int64_t, std::deque<Heard>> m_heard;
    FileDescriptor m_file;
};

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

    /// A counter of the kernel, of the node's only interface: "tx_packets".
    std::uint64_t CounterOf(int node, const std::string& counter) const;

    /// A UDP socket of a node, bound to this port.
    FileDescriptor OpenUdp(int node, std::uint16_t port) const;

    /// A TCP socket of a node that listens at this port.
    FileDescriptor OpenListener(int node, std::uint16_t port) const;

    /// A TCP connection from a node; not open if it was refused.
    FileDescriptor ConnectTcp(int node, const std::string& address, std::uint16_t port) const;

    // ------------------------------------------------------------ origin

    /// Puts a file onto the origin. \returns its URL
    std::string Publish(const std::string& name, std::string_view bytes) const;

    void SetUplink(int kbitPerS) const;

    /// Body bytes that the origin sent, of requests that are over.
    std::uint64_t OriginBodyBytes() const;
    std::uint64_t OriginRequests() const;

    /// Bytes that the uplink carried downwards, heads of every layer included: counted by the
    /// kernel.
    std::uint64_t UplinkBytes() const;

  private:
    std::string NamespaceOf(int node) const;
    std::uint64_t Counter(const std::string& space, const std::string& counter) const;
    void Build(const Settings& settings);
    void StartOrigin();
    void Remove();

    std::string m_prefix;
    std::filesystem::path m_folder;
    std::vector<std::string> m_spaces;
    std::unique_ptr<Program> m_origin;
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

    /// The next packet from that address that has all these words; empty after the time.
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
