#include "office.h"

#include "reference/control/message.h"
#include "reference/files/digest.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <poll.h>
#include <random>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

constexpr const char* kNginx = "/usr/sbin/nginx";
constexpr const char* kIp = "/usr/sbin/ip";
constexpr const char* kTc = "/usr/sbin/tc";
constexpr const char* kOriginAddress = "10.99.0.1";
constexpr const char* kPrefix = "lanpeer-";

[[noreturn]] void
Fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// In the child, behind fork().
[[noreturn]] void
Execute(const std::vector<std::string>& arguments, int output)
{
    std::vector<char*> words;
    for (const std::string& argument : arguments)
    {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

int
CodeOf(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs it and throws with what it printed unless it ends with 0.
void
Must(const std::vector<std::string>& arguments)
{
    const CommandResult result = RunCommand(arguments);
    if (result.exitCode != 0)
    {
        std::string line;
        for (const std::string& argument : arguments)
        {
            line += argument + " ";
        }
        throw std::runtime_error(line + "ends with " + std::to_string(result.exitCode) + ": " +
                                 result.output);
    }
}

std::vector<std::string>
WordsOf(const std::string& line)
{
    std::istringstream in(line);
    return {std::istream_iterator<std::string>(in), {}};
}

std::vector<std::string>
Joined(std::vector<std::string> first, const std::vector<std::string>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::vector<std::string>
Inside(const std::string& space, const std::string& line)
{
    return Joined({kIp, "netns", "exec", space}, WordsOf(line));
}

/// One command of the shell that carries out lines of ip, all of them, and fails if one fails.
std::string
Batch(const std::string& lines)
{
    return std::string(kIp) + " -force -batch - <<'END'\n" + lines + "END\n";
}

sockaddr_in
SocketAddress(const std::string& address, std::uint16_t port)
{
    sockaddr_in made = {};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &made.sin_addr);
    return made;
}

/// Runs it in a network namespace: a socket stays in the one that it was made in.
FileDescriptor
MadeIn(const std::string& space, const std::function<int()>& make)
{
    int made = -1;
    int error = 0;
    std::thread visitor(
        [&]
        {
            const FileDescriptor there(
                ::open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC));
            if (!there.IsOpen() || ::setns(there.Get(), CLONE_NEWNET) != 0)
            {
                error = errno;
                return;
            }
            made = make();
        });
    visitor.join();
    if (error != 0)
    {
        throw std::system_error(error, std::generic_category(), "entering " + space);
    }
    return FileDescriptor(made);
}

/// Namespaces of tests that were killed: their process is no more.
void
RemoveForgotten()
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/run/netns", ignored))
    {
        const std::string name = entry.path().filename();
        if (name.rfind(kPrefix, 0) != 0)
        {
            continue;
        }
        const std::string rest = name.substr(std::string(kPrefix).size());
        const int pid = std::atoi(rest.c_str());
        if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH)
        {
            RunCommand({kIp, "netns", "delete", name});
        }
    }
}

} // namespace

bool
Await(const std::function<bool()>& what)
{
    const auto until = Clock::now() + kLongWhile;
    while (!what())
    {
        if (Clock::now() > until)
        {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

std::string
MakeBytes(std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random() >> 24U); });
    return bytes;
}

std::string
Sha256Of(std::string_view bytes)
{
    return ToHex(DigestOf(bytes));
}

std::string
TextOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

CommandResult
RunCommand(const std::vector<std::string>& arguments)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    {
        Fail("pipe");
    }
    const pid_t child = ::fork();
    if (child == 0)
    {
        Execute(arguments, ends[1]);
    }
    const FileDescriptor reading(ends[0]);
    FileDescriptor(ends[1]).Close();
    CommandResult result;
    std::array<char, 4096> bytes{};
    ssize_t got = 0;
    while ((got = ::read(reading.Get(), bytes.data(), bytes.size())) > 0)
    {
        result.output.append(bytes.data(), static_cast<std::size_t>(got));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    result.exitCode = CodeOf(status);
    return result;
}

// ---------------------------------------------------------------- Program

Program::Program(const std::vector<std::string>& arguments, const fs::path& log)
{
    const FileDescriptor output(
        ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!output.IsOpen())
    {
        Fail(log);
    }
    const pid_t parent = ::getpid();
    m_pid = ::fork();
    if (m_pid == 0)
    {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
        {
            ::_exit(127);
        }
        Execute(arguments, output.Get());
    }
}

Program::~Program()
{
    Kill();
}

void
Program::Signal(int signal) const
{
    if (!m_ended)
    {
        ::kill(m_pid, signal);
    }
}

std::optional<int>
Program::EndedWith()
{
    int status = 0;
    if (!m_ended && ::waitpid(m_pid, &status, WNOHANG) == m_pid)
    {
        m_ended = CodeOf(status);
    }
    return m_ended;
}

int
Program::AwaitEnd()
{
    Await([this] { return EndedWith().has_value(); });
    return EndedWith().value_or(-1);
}

int
Program::Kill()
{
    if (!EndedWith())
    {
        ::kill(m_pid, SIGKILL);
    }
    return AwaitEnd();
}

// ---------------------------------------------------------------- Caller

Caller::Caller(const fs::path& socket)
    : m_socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0))
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (::connect(m_socket.Get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
    {
        Fail(socket);
    }
    ::fcntl(m_socket.Get(), F_SETFL, O_NONBLOCK);
}

std::int64_t
Caller::Call(nlohmann::json call, int file)
{
    call["id"] = ++m_last;
    EXPECT_EQ(SendMessage(m_socket.Get(), call.dump(), file), Sent::Whole);
    return m_last;
}

std::int64_t
Caller::Get(const std::string& url, const std::string& sha256)
{
    return Call({{"call", "get"}, {"url", url}, {"sha256", sha256}});
}

bool
Caller::Receive(Clock::time_point until)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd waiting = {m_socket.Get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
    {
        return false;
    }
    Incoming incoming = ReceiveMessage(m_socket.Get());
    if (incoming.message)
    {
        auto event = nlohmann::json::parse(incoming.message->text);
        const auto id = event["id"].get<std::int64_t>();
        m_heard[id].push_back({std::move(event), std::move(incoming.message->file)});
    }
    return !incoming.gone;
}

nlohmann::json
Caller::AwaitEvent(std::int64_t id, const std::vector<std::string>& names)
{
    const auto until = Clock::now() + kLongWhile;
    do
    {
        while (!m_heard[id].empty())
        {
            Heard heard = std::move(m_heard[id].front());
            m_heard[id].pop_front();
            if (std::find(names.begin(), names.end(), heard.event.value("event", "")) !=
                names.end())
            {
                m_file = std::move(heard.file);
                return heard.event;
            }
        }
    } while (Receive(until));
    ADD_FAILURE() << "call " << id << ": nothing more is heard of it";
    return nlohmann::json::object();
}

nlohmann::json
Caller::AwaitEnd(std::int64_t id)
{
    return AwaitEvent(id, {"found", "failed", "done", "error"});
}

nlohmann::json
Caller::Status()
{
    return AwaitEnd(Call({{"call", "status"}})).value("status", nlohmann::json::object());
}

std::string
Caller::LastFile() const
{
    if (!m_file.IsOpen())
    {
        return "";
    }
    std::string bytes(m_file.Size(), '\0');
    bytes.resize(m_file.ReadAt(0, bytes.data(), bytes.size()));
    return bytes;
}

// ---------------------------------------------------------------- Office

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
        Fail(name);
    }
    m_folder = name;
    try
    {
        Build(settings);
        StartOrigin();
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

void
Office::SetUplink(int kbitPerS) const
{
    Must(Inside(m_prefix + "origin",
                std::string(kTc) + " qdisc replace dev eth0 root tbf rate " +
                    std::to_string(kbitPerS) + "kbit burst 16kb latency 400ms"));
}

void
Office::StartOrigin()
{
    fs::create_directories(m_folder / "origin" / "files");
    std::ofstream(m_folder / "origin" / "nginx.conf")
        << "daemon off;\nmaster_process off;\nuser root;\nworker_processes 1;\n"
           "pid nginx.pid;\nerror_log error.log;\nevents {}\nhttp {\n"
           "  log_format bytes '$body_bytes_sent $request';\n  access_log access.log bytes;\n"
           "  client_body_temp_path t1;\n  proxy_temp_path t2;\n  fastcgi_temp_path t3;\n"
           "  uwsgi_temp_path t4;\n  scgi_temp_path t5;\n"
           "  server { listen 80; root files; }\n}\n";
    m_origin = std::make_unique<Program>(Inside(m_prefix + "origin",
                                                std::string(kNginx) + " -p " +
                                                    (m_folder / "origin").string() +
                                                    "/ -c nginx.conf -e error.log"),
                                         m_folder / "origin" / "log");
    const bool up = Await(
        [this]
        {
            return MadeIn(m_prefix + "origin",
                          []
                          {
                              const FileDescriptor probe(
                                  ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
                              const sockaddr_in to = SocketAddress("127.0.0.1", 80);
                              return ::connect(probe.Get(),
                                               reinterpret_cast<const sockaddr*>(&to),
                                               sizeof(to)) == 0
                                         ? ::dup(probe.Get())
                                         : -1;
                          })
                .IsOpen();
        });
    if (!up)
    {
        throw std::runtime_error("the origin does not start: " +
                                 TextOf(m_folder / "origin" / "log"));
    }
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
    return Joined({kIp,
                   "netns",
                   "exec",
                   NamespaceOf(node),
                   LANPEER_BINARY_DIR "/bin/lanpeerd",
                   "--foreground",
                   "--state-dir",
                   StateOf(node),
                   "--socket",
                   SocketOf(node)},
                  flags);
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
Office::Counter(const std::string& space, const std::string& counter) const
{
    const CommandResult read =
        RunCommand(Inside(space, "cat /sys/class/net/eth0/statistics/" + counter));
    return std::strtoull(read.output.c_str(), nullptr, 10);
}

std::uint64_t
Office::CounterOf(int node, const std::string& counter) const
{
    return Counter(NamespaceOf(node), counter);
}

FileDescriptor
Office::OpenUdp(int node, std::uint16_t port) const
{
    return MadeIn(NamespaceOf(node),
                  [port]
                  {
                      const int made = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
                      const int on = 1;
                      const sockaddr_in at = SocketAddress("0.0.0.0", port);
                      ::setsockopt(made, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
                      EXPECT_EQ(::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof(at)),
                                0);
                      return made;
                  });
}

FileDescriptor
Office::OpenListener(int node, std::uint16_t port) const
{
    return MadeIn(NamespaceOf(node),
                  [port]
                  {
                      const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                      const sockaddr_in at = SocketAddress("0.0.0.0", port);
                      EXPECT_EQ(::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof(at)),
                                0);
                      EXPECT_EQ(::listen(made, 16), 0);
                      return made;
                  });
}

FileDescriptor
Office::ConnectTcp(int node, const std::string& address, std::uint16_t port) const
{
    return MadeIn(
        NamespaceOf(node),
        [&]
        {
            FileDescriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            const sockaddr_in to = SocketAddress(address, port);
            return ::connect(made.Get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0
                       ? made.Release()
                       : -1;
        });
}

std::string
Office::Publish(const std::string& name, std::string_view bytes) const
{
    std::ofstream(m_folder / "origin" / "files" / name, std::ios::binary) << bytes;
    return "http://" + std::string(kOriginAddress) + "/" + name;
}

std::uint64_t
Office::OriginBodyBytes() const
{
    std::istringstream log(TextOf(m_folder / "origin" / "access.log"));
    std::uint64_t sum = 0;
    for (std::string line; std::getline(log, line);)
    {
        sum += std::strtoull(line.c_str(), nullptr, 10);
    }
    return sum;
}

std::uint64_t
Office::OriginRequests() const
{
    const std::string log = TextOf(m_folder / "origin" / "access.log");
    return static_cast<std::uint64_t>(std::count(log.begin(), log.end(), '\n'));
}

std::uint64_t
Office::UplinkBytes() const
{
    return Counter(m_prefix + "origin", "tx_bytes");
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
        std::cerr << "---- origin\n" << TextOf(m_office->Folder() / "origin" / "access.log");
    }
    m_office.reset();
}

Office&
OfficeTest::Open(const Office::Settings& settings)
{
    m_office = std::make_unique<Office>(settings);
    return *m_office;
}

// ---------------------------------------------------------------- RawPeer

RawPeer::RawPeer(const Office& office, int node, std::uint16_t port)
    : m_socket(office.OpenUdp(node, port))
{
}

void
RawPeer::Say(const std::string& packet, const std::string& to)
{
    const sockaddr_in address = SocketAddress(to, 1967);
    EXPECT_EQ(::sendto(m_socket.Get(),
                       packet.data(),
                       packet.size(),
                       0,
                       reinterpret_cast<const sockaddr*>(&address),
                       sizeof(address)),
              static_cast<ssize_t>(packet.size()));
}

std::optional<RawPeer::Packet>
RawPeer::Hear(const std::string& from,
              const std::vector<std::string>& words,
              std::chrono::milliseconds within)
{
    const auto until = Clock::now() + within;
    for (;;)
    {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        pollfd waiting = {m_socket.Get(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
        {
            return std::nullopt;
        }
        std::array<char, 2048> bytes{};
        sockaddr_in source = {};
        socklen_t length = sizeof(source);
        const ssize_t got = ::recvfrom(m_socket.Get(),
                                       bytes.data(),
                                       bytes.size(),
                                       0,
                                       reinterpret_cast<sockaddr*>(&source),
                                       &length);
        std::array<char, INET_ADDRSTRLEN> text{};
        ::inet_ntop(AF_INET, &source.sin_addr, text.data(), text.size());
        Packet packet{
            std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))),
            text.data()};
        if (packet.from == from &&
            std::all_of(words.begin(),
                        words.end(),
                        [&](const std::string& word)
                        { return packet.text.find(word) != std::string::npos; }))
        {
            return packet;
        }
    }
}

std::string
RawPeer::ValueOf(const std::string& packet, const std::string& attribute)
{
    const std::string start = " " + attribute + "=\"";
    const std::size_t at = packet.find(start);
    if (at == std::string::npos)
    {
        return "";
    }
    const std::size_t value = at + start.size();
    return packet.substr(value, packet.find('"', value) - value);
}

std::string
Exchange(const FileDescriptor& connection, const std::string& request)
{
    std::string answer;
    if (::send(connection.Get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    {
        return answer;
    }
    ::shutdown(connection.Get(), SHUT_WR);
    const auto until = Clock::now() + kLongWhile;
    std::array<char, 4096> bytes{};
    pollfd waiting = {connection.Get(), POLLIN, 0};
    while (Clock::now() < until && ::poll(&waiting, 1, 1000) >= 0)
    {
        const ssize_t got = ::recv(connection.Get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0)
        {
            answer.append(bytes.data(), static_cast<std::size_t>(got));
        }
        else if (got == 0 || errno != EAGAIN)
        {
            break;
        }
    }
    return answer;
}

} // namespace lanpeer::reference
