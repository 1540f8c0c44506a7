#pragma once

#include "reference/control/message.h"
#include "reference/service/peering-service.h"
#include "reference/updating/updater.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace lanpeer::reference
{

/// What all applications of one service have in common.
struct Common
{
    std::set<std::string> takenTypes; ///< of packets, registered by one of them
    std::weak_ptr<Updater> updater;   ///< none: there are no updates
};

/// One application at the control socket. Its requests end with it; what it registered is taken
/// back.
class Connection : public std::enable_shared_from_this<Connection>
{
  public:
    /// \param owner whether it may make the calls of the service's own user and group
    /// \param common of all connections
    /// \param over told when the application has gone, with this
    Connection(boost::asio::io_context& io,
               PeeringService& service,
               FileDescriptor socket,
               bool owner,
               std::shared_ptr<Common> common,
               std::function<void(const std::shared_ptr<Connection>&)> over);

    void Start();

    /// Ends it; `over` is not told.
    void Close();

  private:
    struct Outgoing
    {
        std::string text;
        std::shared_ptr<const FileDescriptor> file;

        std::size_t Bytes() const
        {
            return sizeof(Outgoing) + text.size();
        }
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
    /// \param last the URL of the copy that was said last; none yet
    /// \returns whether there are more
    bool SayCopies(std::int64_t id, std::optional<std::string>& last);
    void Status(std::int64_t id);
    void Why(std::int64_t id, const std::string& url);
    void Register(std::int64_t id, const std::string& type);
    void Unregister(const std::string& type);
    void SendPacket(std::int64_t id, const nlohmann::json& json);
    void Update(std::int64_t id, bool install);
    nlohmann::ordered_json UpdatesJson() const;
    Application ApplicationOf(std::int64_t id);

    void Say(std::int64_t id,
             const char* event,
             nlohmann::ordered_json json,
             std::shared_ptr<const FileDescriptor> file = nullptr);
    /// An answer too long to be kept whole for who does not read it: the next part is made when
    /// there is room for it, and no call is taken before the last one.
    /// \param more says the next part; false: that was the last
    void SayBitByBit(std::function<bool()> more);
    void GoOn();
    void Flush();
    void End();

    PeeringService& m_service;
    boost::asio::posix::stream_descriptor m_socket;
    std::function<void(const std::shared_ptr<Connection>&)> m_over;
    bool m_owner = false;   ///< one of the service's own user and group, or root
    bool m_reading = false; ///< waiting for a call
    bool m_waiting = false; ///< for room to write
    std::deque<Outgoing> m_outgoing;
    std::size_t m_outgoingBytes = 0;
    std::function<bool()> m_more; ///< of a long answer; empty: none is going out
    std::map<std::int64_t, AppRequestId> m_requests;
    std::map<std::int64_t, Judge> m_judged; ///< not judged yet
    std::set<std::string> m_types;          ///< this one's of the taken ones
    std::shared_ptr<Common> m_common;
};

} // namespace lanpeer::reference
