#include "reference/files/file-descriptor.h"
#include "tests/reference/library/scene.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// What the daemon tells a service manager, which this test is.

namespace lanpeer::reference
{
namespace
{

class ServiceManager
{
  public:
    /// \param name a path, or "@" and a name that is no file
    explicit ServiceManager(const std::string& name)
        : m_name(name)
        , m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name[0] == '@')
        {
            address.sun_path[0] = '\0';
        }
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_name.size());
        EXPECT_EQ(::bind(m_socket.Get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
    }

    ~ServiceManager()
    {
        if (m_service > 0)
        {
            ::kill(m_service, SIGKILL);
            ::waitpid(m_service, nullptr, 0);
        }
    }

    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    void Start(const std::string& config)
    {
        const char* program = LANPEER_BINARY_DIR "/bin/lanpeerd";
        m_service = ::fork();
        if (m_service == 0)
        {
            ::setenv("NOTIFY_SOCKET", m_name.c_str(), 1);
            ::execl(program, program, "--foreground", "--config", config.c_str(), nullptr);
            ::_exit(127);
        }
    }

    void Signal(int signal) const
    {
        ::kill(m_service, signal);
    }

    /// The next word; "" after a long while.
    std::string Hear() const
    {
        constexpr int kLongWhileMs = 90'000;
        pollfd waiting = {m_socket.Get(), POLLIN, 0};
        std::array<char, 256> word{};
        if (::poll(&waiting, 1, kLongWhileMs) != 1)
        {
            return "";
        }
        const ssize_t got = ::recv(m_socket.Get(), word.data(), word.size(), 0);
        return {word.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
    }

    /// Its exit code.
    int End()
    {
        int status = 0;
        ::waitpid(std::exchange(m_service, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    std::string m_name;
    FileDescriptor m_socket;
    pid_t m_service = -1;
};

void
LiveUnder(ServiceManager& manager, const Scene& scene)
{
    manager.Start(scene.Config());
    EXPECT_EQ(manager.Hear(), "READY=1");
    // Then applications find it.
    const auto [code, said] = RunShell(
        fmt::format("{}/bin/lanpeer --socket {} status", LANPEER_BINARY_DIR, scene.In("socket")));
    EXPECT_EQ(code, 0) << said;
    manager.Signal(SIGHUP);
    EXPECT_EQ(manager.Hear(), "RELOADING=1");
    EXPECT_EQ(manager.Hear(), "READY=1");
    manager.Signal(SIGTERM);
    EXPECT_EQ(manager.Hear(), "STOPPING=1");
    EXPECT_EQ(manager.End(), 0);
}

TEST(ServiceManager, IsToldByASocketThatIsAFile)
{
    const Scene scene;
    ServiceManager manager(scene.In("notify"));
    LiveUnder(manager, scene);
}

TEST(ServiceManager, IsToldByASocketThatIsNoFile)
{
    const Scene scene;
    ServiceManager manager(fmt::format("@lanpeer-test-{}", ::getpid()));
    LiveUnder(manager, scene);
}

TEST(ServiceManager, HearsNothingOfADaemonThatCannotStart)
{
    const Scene scene;
    ServiceManager manager(scene.In("notify"));
    manager.Start(scene.Write("wrong.yaml", "policy: none-such\n"));
    EXPECT_EQ(manager.End(), 2);
    manager.Start(scene.Config());
    EXPECT_EQ(manager.Hear(), "READY=1"); // the first word of all
}

} // namespace
} // namespace lanpeer::reference
