#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

class Program;

/// A publisher's web server, nginx, on loopback: any static one will do (R-UPD-6).
class Site
{
  public:
    explicit Site(const std::filesystem::path& folder);
    ~Site();

    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    std::uint16_t Port() const
    {
        return m_port;
    }

    /// In the place of what is called so, at once.
    void Put(const std::string& file, std::string_view bytes) const;

    void Remove(const std::string& file) const;

  private:
    std::filesystem::path m_folder;
    std::uint16_t m_port = 0;
    std::unique_ptr<Program> m_program;
};

} // namespace lanpeer::reference
