#pragma once

#include <functional>
#include <memory>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// Tells when links or addresses of this machine change (rtnetlink), some milliseconds after the
/// last of several changes: a cable that is plugged in makes a dozen.
class InterfaceWatch
{
  public:
    /// Throws std::system_error.
    InterfaceWatch(boost::asio::io_context& io, std::function<void()> changed);
    ~InterfaceWatch();

    InterfaceWatch(const InterfaceWatch&) = delete;
    InterfaceWatch& operator=(const InterfaceWatch&) = delete;

  private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace lanpeer::reference
