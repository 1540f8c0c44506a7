#include "reference/service/interface-watch.h"

#include "reference/files/file-descriptor.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr auto kSettles = std::chrono::milliseconds(200);

int
OpenNetlink()
{
    FileDescriptor opened(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
    sockaddr_nl address = {};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR;
    if (!opened.IsOpen() ||
        ::bind(opened.Get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "watching network interfaces");
    }
    return opened.Release();
}

} // namespace

class InterfaceWatch::Impl : public std::enable_shared_from_this<Impl>
{
  public:
    Impl(boost::asio::io_context& io, std::function<void()> changed)
        : m_netlink(io, OpenNetlink())
        , m_settle(io)
        , m_changed(std::move(changed))
    {
    }

    void Wait()
    {
        m_netlink.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                             [self = shared_from_this()](boost::system::error_code error)
                             {
                                 if (!error && self->m_changed)
                                 {
                                     self->Read();
                                     self->Wait();
                                 }
                             });
    }

    void Stop()
    {
        m_changed = nullptr;
        m_settle.cancel();
        m_netlink.close();
    }

  private:
    /// What has changed is asked anew; the messages only say that something did.
    void Read()
    {
        std::array<char, 8192> bytes{};
        while (::recv(m_netlink.native_handle(), bytes.data(), bytes.size(), 0) > 0)
        {
        }
        m_settle.expires_after(kSettles);
        m_settle.async_wait(
            [self = shared_from_this()](boost::system::error_code error)
            {
                if (!error && self->m_changed)
                {
                    self->m_changed();
                }
            });
    }

    boost::asio::posix::stream_descriptor m_netlink;
    boost::asio::steady_timer m_settle;
    std::function<void()> m_changed;
};

InterfaceWatch::InterfaceWatch(boost::asio::io_context& io, std::function<void()> changed)
    : m_impl(std::make_shared<Impl>(io, std::move(changed)))
{
    m_impl->Wait();
}

InterfaceWatch::~InterfaceWatch()
{
    m_impl->Stop();
}

} // namespace lanpeer::reference
