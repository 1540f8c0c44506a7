#pragma once

#include "commands.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

inline constexpr const char* kNginx = "/usr/sbin/nginx";
inline constexpr const char* kTc = "/usr/sbin/tc";
inline constexpr const char* kOriginAddress = "10.99.0.1";

/// A web server behind a slow line.
class Origin
{
  public:
    /// Starts it and waits until it answers; throws if it does not.
    /// \param space the namespace that it runs in
    /// \param folder for its files
    Origin(std::string space, std::filesystem::path folder);

    /// \returns the URL
    std::string Publish(const std::string& name, std::string_view bytes) const;

    /// The rate of its line, towards the LAN.
    static void SetUplink(const std::string& space, int kbitPerS);

    /// Body bytes that it sent, of requests that are over.
    std::uint64_t BodyBytes() const;
    std::uint64_t Requests() const;

    /// The lines of its access log.
    std::string Log() const;

  private:
    std::string m_space;
    std::filesystem::path m_folder;
    std::unique_ptr<Program> m_program;
};

} // namespace lanpeer::reference
