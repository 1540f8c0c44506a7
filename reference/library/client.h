#pragma once

#include "reference/control/message.h"
#include "reference/library/lanpeer.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lanpeer::reference
{
class EmbeddedService;
} // namespace lanpeer::reference

/// What is behind the handle of lanpeer.h: the application's side of the control socket
/// (reference/control/README.md).
struct lanpeer_client
{
  public:
    lanpeer_client();
    ~lanpeer_client();

    lanpeer_client(const lanpeer_client&) = delete;
    lanpeer_client& operator=(const lanpeer_client&) = delete;

    /// These throw std::exception.
    void Connect(const std::string& path);
    void Embed(const std::string& configFile);

    bool IsConnected() const
    {
        return m_socket.IsOpen() && !m_lost;
    }

    int Fd() const
    {
        return m_socket.Get();
    }

    int Process(int timeoutMs);
    lanpeer_id Get(const lanpeer_request& request);
    void Cancel(lanpeer_id id);
    void Judge(lanpeer_id id, bool accepted);
    void Wait(lanpeer_id id);

    /// Makes a call and takes what comes back up to its end, which it returns. Throws for an
    /// "error".
    /// \param item told of each event before the end; may be empty
    nlohmann::json Call(nlohmann::json call,
                        int file = -1,
                        const std::function<void(const nlohmann::json&)>& item = nullptr);

    void Register(const std::string& type,
                  void (*heard)(void* user, const lanpeer_packet* packet),
                  void* user);
    void Unregister(const std::string& type);

    std::string error; ///< what lanpeer_error() says

  private:
    struct Heard
    {
        void (*heard)(void* user, const lanpeer_packet* packet);
        void* user;
    };

    void Send(const nlohmann::json& call, int file);
    /// \returns whether there was one
    bool TakeOne();
    /// The service has gone: ends the requests.
    void Lose();
    void WaitFor(bool readable, int timeoutMs);
    void Dispatch(const nlohmann::json& json, lanpeer::reference::FileDescriptor file);
    void Judge(lanpeer_id id, const nlohmann::json& json, int file);
    void End(lanpeer_id id, const nlohmann::json& json, lanpeer::reference::FileDescriptor file);
    void TellPacket(const nlohmann::json& json) const;

    lanpeer::reference::FileDescriptor m_socket;
    bool m_lost = false; ///< nobody is at its other end any more
    std::unique_ptr<lanpeer::reference::EmbeddedService> m_embedded;
    lanpeer_id m_last = 0;
    std::map<lanpeer_id, lanpeer_request> m_requests;
    std::map<std::string, Heard> m_types;
    lanpeer_id m_called = 0; ///< the call that Call() waits for; 0: none
    std::function<void(const nlohmann::json&)> m_item;
    nlohmann::json m_answer; ///< to it; null until it is there
};
