#include "namespaces.h"

#include "commands.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

std::vector<std::string>
WordsOf(const std::string& line)
{
    std::istringstream in(line);
    return {std::istream_iterator<std::string>(in), {}};
}

} // namespace

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

std::uint64_t
CounterIn(const std::string& space, const std::string& counter)
{
    const CommandResult read =
        RunCommand(Inside(space, "cat /sys/class/net/eth0/statistics/" + counter));
    return std::strtoull(read.output.c_str(), nullptr, 10);
}

FileDescriptor
OpenUdpIn(const std::string& space, std::uint16_t port)
{
    return MadeIn(space,
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
OpenListenerIn(const std::string& space, std::uint16_t port)
{
    return MadeIn(space,
                  [port]
                  {
                      const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                      const int on = 1; // connections of one before may still be ending
                      ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
                      const sockaddr_in at = SocketAddress("0.0.0.0", port);
                      EXPECT_EQ(::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof(at)),
                                0);
                      EXPECT_EQ(::listen(made, 16), 0);
                      return made;
                  });
}

FileDescriptor
ConnectIn(const std::string& space,
          const std::string& address,
          std::uint16_t port,
          const std::string& source)
{
    return MadeIn(
        space,
        [&]
        {
            FileDescriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            if (!source.empty())
            {
                const sockaddr_in from = SocketAddress(source, 0);
                EXPECT_EQ(
                    ::bind(made.Get(), reinterpret_cast<const sockaddr*>(&from), sizeof(from)), 0);
            }
            const sockaddr_in to = SocketAddress(address, port);
            return ::connect(made.Get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0
                       ? made.Release()
                       : -1;
        });
}

} // namespace lanpeer::reference
