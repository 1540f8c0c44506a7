#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace lanpeer::reference
{

/// A folder of its own that goes with it, and a configuration of a service on loopback with ports
/// of its own.
class Scene
{
  public:
    Scene();
    ~Scene();

    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    /// A path in the folder.
    std::string In(const std::string& name) const;

    /// Writes a file there; \returns its path
    std::string Write(const std::string& name, const std::string& text) const;

    /// The configuration file.
    std::string Config() const
    {
        return In("lanpeerd.yaml");
    }

    std::uint16_t HttpPort() const
    {
        return m_httpPort;
    }

    std::uint16_t ServicePort() const
    {
        return m_httpPort + 1;
    }

  private:
    std::string m_folder;
    std::uint16_t m_httpPort = 0;
};

std::string ReadAll(const std::string& path);

/// What a file descriptor holds from its beginning on; closes it.
std::string ReadAndClose(int fd);

/// 64 hexadecimal digits.
std::string Sha256(const std::string& bytes);

/// Runs a command. \returns its exit code and what it wrote, standard error included
std::pair<int, std::string> RunShell(const std::string& command);

} // namespace lanpeer::reference
