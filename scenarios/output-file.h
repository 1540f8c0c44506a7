#pragma once

#include <string>
#include <string_view>

namespace lanpeer::scenario
{

/// A file that is there whole or not at all: written beside its place and renamed into it. What is
/// no plain file (/dev/null, a pipe) can only be written in place, and is.
///
/// One process may write it and its parent commit it: what is buffered is written by Finish(), and
/// nothing is open before the first Write().
class OutputFile
{
  public:
    /// Checks that it can be written. Throws std::runtime_error, naming the file, if not.
    explicit OutputFile(std::string path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Adds to it. Throws std::runtime_error, naming the file, the first time that it fails; what
    /// comes after is ignored.
    void Write(std::string_view text);

    /// Nothing more will be written. Throws as Write() does.
    void Finish();

    /// Puts it in its place. Throws std::runtime_error, naming the file; then what was there before
    /// is there.
    void Commit();

  private:
    void Open();
    void WriteBuffered();
    [[noreturn]] void Fail();

    std::string m_path;      ///< as it was named
    std::string m_place;     ///< behind all links
    std::string m_temporary; ///< beside it; empty: written in place, or committed
    std::string m_buffer;
    int m_file = -1;
    bool m_failed = false;
};

} // namespace lanpeer::scenario
