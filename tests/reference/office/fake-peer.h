#pragma once

#include "raw-peer.h"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace lanpeer::reference
{

/// 16 bytes of nothing, as base64url: an alias, or a key, that nobody drew.
extern const std::string kNobodysKey;

/// An "I need" as a plain peer sends it.
std::string INeed(int id,
                  const std::string& href,
                  const std::string& more = "",
                  const std::string& node = "stranger");

/// How packets about that request have it.
std::string Id(int id);

/// Gives a daemon a copy to hold.
void Offer(Caller& caller, const std::string& url, std::string_view bytes);

std::uint64_t ReasonOf(Caller& caller, const std::string& reason);

/// Packets that a daemon sent.
std::uint64_t SentBy(Caller& caller);

/// Resident memory of a daemon.
long ResidentKb(Office& office, int node);

/// Whether that tells of the daemon: AddressSanitizer keeps what is freed, to see it used.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kResidentTells = false;
#else
constexpr bool kResidentTells = true;
#endif

/// A whole answer of an HTTP server.
std::string HttpAnswer(std::string_view body, const std::string& more = "");

/// Waits until there is something to be read. \returns whether there is
bool IsReadable(const FileDescriptor& socket, std::chrono::milliseconds within);

/// One who answers the "I need" packets of a victim by packets of his own making, and HTTP requests
/// by words of his own making.
class FakePeer
{
  public:
    /// What he says to an "I need"; nothing if it is empty.
    using Answers = std::function<std::string(const std::string& need)>;
    /// What he does with a connection, after one request was read; it is closed thereafter. He is
    /// over when the flag is set.
    using Serves = std::function<void(const FileDescriptor& connection, const std::atomic<bool>&)>;

    /// \param victim his address; empty: everybody
    FakePeer(const Office& office, int node, std::string victim, Answers answers, Serves serves);
    ~FakePeer();
    FakePeer(const FakePeer&) = delete;
    FakePeer& operator=(const FakePeer&) = delete;

    /// "I have", with a copy of that size at this node.
    static Answers Having(int node, std::size_t size);

    /// "Download complete" of it.
    static Answers Completing(int node, std::size_t size);

    /// Says that and nothing more.
    static Serves Saying(std::string words);

    /// A whole answer with that body, whose bytes come one a second (U1).
    static Serves Dripping(std::string body);

    /// How many connections were served.
    int Served() const
    {
        return m_served;
    }

  private:
    void Talk();
    void Serve();

    RawPeer m_peer;
    FileDescriptor m_listener;
    std::string m_victim;
    Answers m_answers;
    Serves m_serves;
    std::atomic<bool> m_over{false};
    std::atomic<int> m_served{0};
    std::thread m_talking;
    std::thread m_serving;
};

} // namespace lanpeer::reference
