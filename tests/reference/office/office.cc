#include "office.h"

#include "namespaces.h"

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

} // namespace

std::string
Office::Missing()
{
    if (::geteuid() != 0)
    {
        return "root, for network namespaces";
    }
    for (const auto& [program, package] :
         {std::pair{kIp, "iproute2"}, std::pair{kTc, "iproute2"}, std::pair{kNginx, "nginx-light"}})
    {
        if (::access(program, X_OK) != 0)
        {
            return std::string(program) + " (Debian package " + package + ")";
        }
    }
    const std::string probe = kPrefix + std::to_string(::getpid()) + "-probe";
    const CommandResult made = RunCommand({kIp, "netns", "add", probe});
    const CommandResult entered = RunCommand({kIp, "netns", "exec", probe, kIp, "link"});
    RunCommand({kIp, "netns", "delete", probe});
    if (made.exitCode != 0 || entered.exitCode != 0)
    {
        return "network namespaces: " + made.output + entered.output;
    }
    return "";
}

Office::Office(const Settings& settings)
{
    static int offices = 0;
    m_prefix = kPrefix + std::to_string(::getpid()) + "-" + std::to_string(++offices) + "-";
    RemoveForgotten();
    std::string name = (fs::temp_directory_path() / "lanpeer-office-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
    {
        throw std::system_error(errno, std::generic_category(), name);
    }
    m_folder = name;
    try
    {
        Build(settings);
        m_origin = std::make_unique<Origin>(m_prefix + "origin", m_folder / "origin");
    }
    catch (...)
    {
        Remove();
        throw;
    }
}

Office::~Office()
{
    Remove();
}

void
Office::Remove()
{
    m_daemons.clear();
    m_origin.reset();
    std::string lines;
    for (const std::string& space : m_spaces)
    {
        lines += "netns delete " + space + "\n"; // and all interfaces in it
    }
    RunCommand({"sh", "-c", Batch(lines)});
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
}

std::string
Office::NamespaceOf(int node) const
{
    return m_prefix + std::to_string(node);
}

void
Office::Build(const Settings& settings)
{
    const std::string gateway = m_prefix + "gateway";
    const std::string origin = m_prefix + "origin";
    m_spaces = {gateway, origin};
    for (int node = 1; node <= settings.nodes; ++node)
    {
        m_spaces.push_back(NamespaceOf(node));
    }
    // Few commands with many lines each: starting one takes long on a busy machine.
    std::string spaces;
    for (const std::string& space : m_spaces)
    {
        spaces += "netns add " + space + "\n";
    }
    Must({"sh", "-c", Batch(spaces)});
    const auto in = [](const std::string& space, const std::string& lines)
    {
        // Nothing speaks here but what the test starts.
        Must({kIp,
              "netns",
              "exec",
              space,
              "sh",
              "-c",
              "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6;"
              "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6;"
              "echo 1 >/proc/sys/net/ipv4/ip_forward;" +
                  Batch("link set lo up\n" + lines)});
    };
    std::string lines = "link add bridge type bridge\n"
                        "address add 10.77.0.254/24 dev bridge\n"
                        "link set bridge up\n"
                        "link add uplink type veth peer name eth0 netns " +
                        origin +
                        "\naddress add 10.99.0.254/24 dev uplink\n"
                        "link set uplink up\n";
    for (int node = 1; node <= settings.nodes; ++node)
    {
        const std::string port = "port" + std::to_string(node);
        lines += "link add " + port + " type veth peer name eth0 netns " + NamespaceOf(node) +
                 "\nlink set " + port + " master bridge up\n";
    }
    in(gateway, lines);
    // Packets as a wire carries them, each with its own heads.
    in(origin,
       "address add " + std::string(kOriginAddress) +
           "/24 dev eth0\n"
           "link set eth0 gso_max_segs 1\n"
           "link set eth0 up\n"
           "route add default via 10.99.0.254\n");
    for (int node = 1; node <= settings.nodes; ++node)
    {
        in(NamespaceOf(node),
           "address add " + AddressOf(node) +
               "/24 broadcast + dev eth0\n"
               "link set eth0 up\n"
               "route add default via 10.77.0.254\n");
    }
    SetUplink(settings.kbitPerS);
}

std::string
Office::AddressOf(int node)
{
    return "10.77.0." + std::to_string(node);
}

std::string
Office::BroadcastAddress()
{
    return "10.77.0.255";
}

fs::path
Office::StateOf(int node) const
{
    return m_folder / ("state" + std::to_string(node));
}

fs::path
Office::TapeOf(int node) const
{
    return m_folder / ("tape" + std::to_string(node));
}

fs::path
Office::SocketOf(int node) const
{
    return m_folder / ("socket" + std::to_string(node));
}

std::string
Office::LogOf(int node) const
{
    return TextOf(m_folder / ("log" + std::to_string(node)));
}

std::vector<std::string>
Office::DaemonCommand(int node, const std::vector<std::string>& flags) const
{
    const std::vector<std::string> enter{kIp, "netns", "exec", NamespaceOf(node)};
    const std::vector<std::string> daemon{LANPEER_BINARY_DIR "/bin/lanpeerd",
                                          "--foreground",
                                          "--state-dir",
                                          StateOf(node),
                                          "--socket",
                                          SocketOf(node)};
    return Joined(Joined(enter, m_wrapper), Joined(daemon, flags));
}

void
Office::Start(int node, const std::vector<std::string>& flags)
{
    m_daemons.erase(node);
    const std::string name = std::to_string(node);
    m_daemons[node] =
        std::make_unique<Program>(DaemonCommand(node, flags), m_folder / ("log" + name));
    const bool up = Await(
        [&]
        {
            try
            {
                Connect(node);
                return true;
            }
            catch (const std::system_error&)
            {
                return false;
            }
        });
    EXPECT_TRUE(up) << "node " << node << " does not start:\n" << LogOf(node);
}

void
Office::StartAll(int nodes, const std::vector<std::string>& flags)
{
    for (int node = 1; node <= nodes; ++node)
    {
        Start(node, Joined({"--tape", TapeOf(node)}, flags));
    }
}

Program&
Office::Daemon(int node)
{
    return *m_daemons.at(node);
}

void
Office::Kill(int node)
{
    Daemon(node).Kill();
}

Caller
Office::Connect(int node) const
{
    return Caller(SocketOf(node));
}

std::uint64_t
Office::CounterOf(int node, const std::string& counter) const
{
    return CounterIn(NamespaceOf(node), counter);
}

void
Office::RunIp(int node, const std::string& lines) const
{
    Must({kIp, "netns", "exec", NamespaceOf(node), "sh", "-c", Batch(lines)});
}

CommandResult
Office::Lanpeer(int node, const std::vector<std::string>& arguments) const
{
    return RunCommand(
        Joined({LANPEER_BINARY_DIR "/bin/lanpeer", "--socket", SocketOf(node)}, arguments));
}

void
Office::SetHearsBroadcasts(int node, bool hears) const
{
    Must({kIp,
          "-netns",
          m_prefix + "gateway",
          "link",
          "set",
          "port" + std::to_string(node),
          "type",
          "bridge_slave",
          "bcast_flood",
          hears ? "on" : "off"});
}

FileDescriptor
Office::OpenSocket(int node, int domain, int type, int protocol) const
{
    return MadeIn(NamespaceOf(node),
                  [=]
                  {
                      const int made = ::socket(domain, type | SOCK_CLOEXEC, protocol);
                      EXPECT_GE(made, 0);
                      return made;
                  });
}

FileDescriptor
Office::OpenUdp(int node, std::uint16_t port) const
{
    return OpenUdpIn(NamespaceOf(node), port);
}

FileDescriptor
Office::OpenListener(int node, std::uint16_t port) const
{
    return OpenListenerIn(NamespaceOf(node), port);
}

FileDescriptor
Office::ConnectTcp(int node,
                   const std::string& address,
                   std::uint16_t port,
                   const std::string& source) const
{
    return ConnectIn(NamespaceOf(node), address, port, source);
}

std::string
Office::Publish(const std::string& name, std::string_view bytes) const
{
    return m_origin->Publish(name, bytes);
}

void
Office::SetUplink(int kbitPerS) const
{
    Origin::SetUplink(m_prefix + "origin", kbitPerS);
}

std::uint64_t
Office::OriginBodyBytes() const
{
    return m_origin->BodyBytes();
}

std::uint64_t
Office::OriginRequests() const
{
    return m_origin->Requests();
}

std::string
Office::OriginLog() const
{
    return m_origin->Log();
}

std::uint64_t
Office::UplinkBytes() const
{
    return CounterIn(m_prefix + "origin", "tx_bytes");
}

// ---------------------------------------------------------------- OfficeTest

void
OfficeTest::SetUp()
{
    const std::string missing = Office::Missing();
    if (!missing.empty())
    {
        GTEST_SKIP() << "no office can be built here, what is missing is " << missing;
    }
}

void
OfficeTest::TearDown()
{
    if (HasFailure() && m_office)
    {
        for (int node = 1; node <= 8; ++node)
        {
            const std::string log = m_office->LogOf(node);
            if (!log.empty())
            {
                std::cerr << "---- node " << node << "\n" << log;
            }
        }
        std::cerr << "---- origin\n" << m_office->OriginLog();
    }
    m_office.reset();
}

Office&
OfficeTest::Open(const Office::Settings& settings)
{
    m_office = std::make_unique<Office>(settings);
    return *m_office;
}

} // namespace lanpeer::reference
