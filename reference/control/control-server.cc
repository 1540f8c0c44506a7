#include "reference/control/control-server.h"

#include "reference/control/application-user.h"
#include "reference/control/connection.h"
#include "reference/control/message.h"
#include "reference/control/places.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <set>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// Without descriptors there is nobody to accept for a while.
constexpr std::chrono::milliseconds kAcceptPause{100};

/// Whether accept() fails for want of descriptors or memory, and not for who would connect.
bool
IsExhaustion(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

sockaddr_un
AddressOfPath(const std::string& path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
    {
        throw std::system_error(ENAMETOOLONG, std::generic_category(), path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

FileDescriptor
NewSocket(const std::string& path)
{
    FileDescriptor made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made.IsOpen())
    {
        throw std::system_error(errno, std::generic_category(), path);
    }
    return made;
}

/// Removes what a service that is no more has left; throws if one is there.
void
ClearPlace(const std::string& path, const sockaddr_un& address)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
    {
        return;
    }
    const auto* place = reinterpret_cast<const sockaddr*>(&address);
    const FileDescriptor probe = NewSocket(path);
    if (!S_ISSOCK(status.st_mode) || ::connect(probe.Get(), place, sizeof(address)) == 0 ||
        errno != ECONNREFUSED)
    {
        throw std::system_error(EADDRINUSE, std::generic_category(), path);
    }
    ::unlink(path.c_str());
}

} // namespace

class ControlServer::Inside : public std::enable_shared_from_this<Inside>
{
  public:
    Inside(boost::asio::io_context& io, PeeringService& service)
        : m_io(io)
        , m_service(service)
        , m_listener(io)
        , m_acceptTimer(io)
        , m_places(::geteuid())
    {
    }

    void Listen(const std::string& path)
    {
        const sockaddr_un address = AddressOfPath(path);
        FileDescriptor made = NewSocket(path);
        ClearPlace(path, address);
        constexpr int kBacklog = 64;
        if (::bind(made.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
            ::chmod(path.c_str(), 0666) != 0 || ::listen(made.Get(), kBacklog) != 0)
        {
            throw std::system_error(errno, std::generic_category(), path);
        }
        m_path = path;
        m_listener.assign(made.Release());
        Wait();
    }

    void SetUpdater(std::weak_ptr<Updater> updater)
    {
        m_common->updater = std::move(updater);
    }

    void Adopt(FileDescriptor socket)
    {
        const bool owner = UserOf(socket.Get()).owner;
        Serve(std::move(socket), owner, [] {});
    }

    void Stop()
    {
        if (m_listener.is_open())
        {
            m_listener.close();
            m_acceptTimer.cancel();
            ::unlink(m_path.c_str());
        }
        const auto connections = std::exchange(m_connections, {});
        for (const auto& connection : connections)
        {
            connection->Close();
        }
    }

  private:
    /// \param left told when it has gone
    void Serve(FileDescriptor socket, bool owner, std::function<void()> left)
    {
        auto connection = std::make_shared<Connection>(
            m_io,
            m_service,
            std::move(socket),
            owner,
            m_common,
            [weak = weak_from_this(), left](const std::shared_ptr<Connection>& over)
            {
                if (const auto self = weak.lock())
                {
                    self->m_connections.erase(over);
                    left();
                }
            });
        m_connections.insert(connection);
        connection->Start();
    }

    void Wait()
    {
        m_listener.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                              [self = shared_from_this()](boost::system::error_code error)
                              {
                                  if (!error)
                                  {
                                      self->Accept();
                                  }
                              });
    }

    void Accept()
    {
        FileDescriptor socket(
            ::accept4(m_listener.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket.IsOpen() && IsExhaustion(errno))
        {
            Pause();
            return;
        }
        if (socket.IsOpen())
        {
            Admit(std::move(socket));
        }
        Wait();
    }

    void Admit(FileDescriptor socket)
    {
        const ApplicationUser user = UserOf(socket.Get());
        if (!m_places.Take(user.uid))
        {
            SendMessage(socket.Get(),
                        R"({"id":0,"event":"error","message":"too many applications connected"})",
                        -1);
            return;
        }
        Serve(std::move(socket), user.owner, [this, uid = user.uid] { m_places.Leave(uid); });
    }

    /// Who waits to be accepted would make the listener readable at once, again and again.
    void Pause()
    {
        m_acceptTimer.expires_after(kAcceptPause);
        m_acceptTimer.async_wait(
            [self = shared_from_this()](boost::system::error_code error)
            {
                if (!error && self->m_listener.is_open())
                {
                    self->Wait();
                }
            });
    }

    boost::asio::io_context& m_io;
    PeeringService& m_service;
    boost::asio::posix::stream_descriptor m_listener;
    boost::asio::steady_timer m_acceptTimer;
    std::string m_path;
    Places m_places;
    std::shared_ptr<Common> m_common = std::make_shared<Common>();
    std::set<std::shared_ptr<Connection>> m_connections;
};

ControlServer::ControlServer(boost::asio::io_context& io, PeeringService& service)
    : m_inside(std::make_shared<Inside>(io, service))
{
}

ControlServer::~ControlServer()
{
    m_inside->Stop();
}

void
ControlServer::SetUpdater(std::weak_ptr<Updater> updater)
{
    m_inside->SetUpdater(std::move(updater));
}

void
ControlServer::Listen(const std::string& path)
{
    m_inside->Listen(path);
}

void
ControlServer::Adopt(FileDescriptor socket)
{
    m_inside->Adopt(std::move(socket));
}

} // namespace lanpeer::reference
