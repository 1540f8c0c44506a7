#pragma once

#include <stdexcept>
#include <string>
#include <system_error>

namespace lanpeer::reference
{

/// What could not be done with a file or folder: one line that starts with the file it is about.
class FileError : public std::runtime_error
{
  public:
    FileError(const std::string& file, const std::string& what, std::error_code code = {})
        : std::runtime_error(file + ": " + what)
        , m_code(code)
    {
    }

    /// The system's code where it was the system that refused: std::errc::no_space_on_device is
    /// a full disk. Otherwise none.
    std::error_code Code() const
    {
        return m_code;
    }

  private:
    std::error_code m_code;
};

} // namespace lanpeer::reference
