#pragma once

#include "reference/files/file-descriptor.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// What came back.
struct Received
{
    unsigned status = 0; ///< 0: nothing, or nothing whole
    std::string head;
    std::string body;

    /// The value of a field, by its name as it is written; "" without it.
    std::string Field(const std::string& name) const;
};

/// A client that sends whatever bytes it is told to. Blocks; what lasts too long is an end as well.
class RawClient
{
  public:
    /// \param from an address of loopback; each is another peer
    explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1");

    /// \returns false if the server has closed
    bool Send(std::string_view bytes);

    /// One response, of exactly as many bytes as it announces.
    ///
    /// \param hasBody false for one to HEAD
    Received Receive(bool hasBody = true);

    /// Some bytes; none at the end.
    std::string ReceiveSome(std::size_t most);

    /// Everything up to the end.
    std::string ReceiveAll();

    /// Waits for the server's end of the connection and throws away what comes before.
    /// \returns false if it does not come for a long while
    bool IsClosed();

    /// No more will be sent.
    void EndSending();

    /// Closes without a farewell: RST.
    void Reset();

    void Close()
    {
        m_socket.Close();
    }

    /// Bytes that the system keeps for it unread; before anything is asked.
    void SetReceiveBuffer(int bytes);

    /// How long Send() tries when the server does not read.
    void SetSendDeadline(int seconds);

  private:
    FileDescriptor m_socket;
    std::string m_unread;
};

/// A request for the alias: HTTP/1.1 with a Host, and the fields, each with its line's end.
std::string RequestText(const std::string& target,
                        const std::string& fields = "",
                        const std::string& method = "GET");

} // namespace lanpeer::reference
