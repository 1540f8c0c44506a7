#pragma once

#include "reference/files/file-descriptor.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lanpeer::reference
{

/// What one connection is answered, whatever it asks.
struct Script
{
    /// Sent once the request's head has come.
    std::string bytes;
    /// Sent again and again after that, until the client goes; nothing if empty.
    std::string repeated;
    std::chrono::milliseconds pause{0}; ///< before each repetition
    /// Keeps the connection open after the bytes until the client goes.
    bool stays = false;
};

/// A server on loopback that says exactly the given bytes, HTTP or not: connection by connection,
/// the last script again for all further ones.
class ScriptedServer
{
  public:
    explicit ScriptedServer(std::vector<Script> scripts);
    explicit ScriptedServer(const std::string& bytes);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::uint16_t Port() const
    {
        return m_port;
    }

    /// http://127.0.0.1:port/file
    std::string Url() const;

    /// The heads that came so far, in order.
    std::vector<std::string> Requests() const;

  private:
    void Serve();
    void Answer(int connection, const Script& script);
    bool Send(int connection, const std::string& bytes) const;
    bool Wait(int connection, std::chrono::milliseconds pause, bool forReading) const;

    std::vector<Script> m_scripts;
    FileDescriptor m_listener;
    FileDescriptor m_stopped; ///< readable once all is to stop
    FileDescriptor m_stop;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace lanpeer::reference
