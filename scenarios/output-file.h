#pragma once

#include <string>
#include <string_view>

namespace lanpeer::scenario
{

/// A file that is there whole or not at all: written beside its place and renamed into it.
class OutputFile
{
  public:
    /// Checks that it can be written. Throws std::runtime_error, naming the file, if not.
    explicit OutputFile(std::string path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Writes it. Throws std::runtime_error, naming the file; then what was there before is there.
    void Commit(std::string_view content);

  private:
    std::string m_path;
    std::string m_temporary;
    int m_file = -1;
};

} // namespace lanpeer::scenario
