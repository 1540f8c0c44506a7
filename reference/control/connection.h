#pragma once

#include "reference/control/message.h"
#include "reference/service/peering-service.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace lanpeer::reference
{

/// One application at the control socket. Its requests end with it; what it registered is taken
/// back.
class Connection : public std::enable_shared_from_this<Connection>
{
  public:
    /// \param over told when the application has gone, with this
    Connection(boost::asio::io_context& io,
               PeeringService& service,
               FileDescriptor socket,
               std::function<void(const std::shared_ptr<Connection>&)> over);

    void Start();

    /// Ends it; `over` is not told.
    void Close();

  private:
    struct Outgoing
    {
        std::string text;
        std::shared_ptr<const FileDescriptor> file;
    };

    using Judge = std::function<void(bool accepted)>;

    void WaitToRead();
    void Read();
    void Take(Message message);
    void Carry(const std::string& call,
               std::int64_t id,
               const nlohmann::json& json,
               Message& message);
    void Get(std::int64_t id, const nlohmann::json& json);
    void Offer(std::int64_t id, const nlohmann::json& json, Message& message);
    void List(std::int64_t id);
    void Status(std::int64_t id);
    void Why(std::int64_t id, const std::string& url);
    void Register(std::int64_t id, const std::string& type);
    void SendPacket(std::int64_t id, const nlohmann::json& json);
    Application ApplicationOf(std::int64_t id);

    void Say(std::int64_t id,
             const char* event,
             nlohmann::ordered_json json,
             std::shared_ptr<const FileDescriptor> file = nullptr);
    void Flush();
    void End();

    PeeringService& m_service;
    boost::asio::posix::stream_descriptor m_socket;
    std::function<void(const std::shared_ptr<Connection>&)> m_over;
    bool m_owner = false;   ///< root, the service's user or group
    bool m_waiting = false; ///< for room to write
    std::deque<Outgoing> m_outgoing;
    std::map<std::int64_t, AppRequestId> m_requests;
    std::map<std::int64_t, Judge> m_judged; ///< not judged yet
    std::set<std::string> m_types;
};

} // namespace lanpeer::reference
