#pragma once

#include "reference/files/file-descriptor.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

/// Bytes that nothing compresses and no shift leaves as they are; others for another seed.
std::string MakeBytes(std::size_t count, std::uint32_t seed = 1);

std::string Sha256Of(std::string_view bytes);
/// An application: what it says to a daemon and hears of it, word for word
/// (reference/control/README.md).
class Caller
{
  public:
    explicit Caller(const std::filesystem::path& socket);

    /// \param call with an id of its own only if it is about an earlier call
    /// \param file -1: none. \returns the id of the call
    std::int64_t Call(nlohmann::json call, int file = -1);

    /// Asks for a resource with its digest.
    std::int64_t Get(const std::string& url, const std::string& sha256);

    /// The next event of a call with one of these names; those before it are gone. Fails the test
    /// after a long while, and gives an empty one.
    nlohmann::json AwaitEvent(std::int64_t id, const std::vector<std::string>& names);

    /// The event that ends a call: found, failed, done, error.
    nlohmann::json AwaitEnd(std::int64_t id);

    /// Status of the daemon.
    nlohmann::json Status();

    /// The text of the file that came with the event that was heard last.
    std::string LastFile() const;

    /// Whether it may be written to.
    bool LastFileIsWritable() const;

  private:
    struct Heard
    {
        nlohmann::json event;
        FileDescriptor file;
    };

    /// \returns false when the daemon has gone, or after a long while
    bool Receive(std::chrono::steady_clock::time_point until);

    FileDescriptor m_socket;
    std::int64_t m_last = 0;
    std::map<std::int64_t, std::deque<Heard>> m_heard;
    FileDescriptor m_file;
};

} // namespace lanpeer::reference
