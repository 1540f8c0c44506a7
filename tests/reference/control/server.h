#pragma once

#include "reference/control/control-server.h"
#include "reference/files/file-descriptor.h"
#include "reference/service/peering-service.h"
#include "tests/reference/library/scene.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>

namespace lanpeer::reference
{

/// The service's side of a control socket in the thread of the test, which runs it.
class Server : public testing::Test
{
  protected:
    /// \param before what is done with the state folder before the service starts
    explicit Server(const std::function<void(const std::string& stateFolder)>& before = {});

    /// \returns a socket that waits for nothing; not open if nobody is there to connect to
    FileDescriptor Connect() const;

    /// Runs the service until that is so; fails the test after a long while.
    void RunUntil(const std::function<bool()>& done);

    /// Says it. \returns false if that cannot be: the other side does not read, or has gone
    static bool Say(const FileDescriptor& application, const nlohmann::json& call);

    /// The next event that comes; null if the connection has ended.
    nlohmann::json Hear(const FileDescriptor& application);

    /// Of what comes, the event that ends the call.
    nlohmann::json HearEnd(const FileDescriptor& application);

    Scene m_scene;
    boost::asio::io_context m_io{1};
    std::unique_ptr<PeeringService> m_service;
    std::unique_ptr<ControlServer> m_server;
};

} // namespace lanpeer::reference
