#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lanpeer::reference
{

/// An open file, socket or pipe that is closed by its owner's end.
///
/// Everything throws std::system_error with the system's code and what was to be done.
class FileDescriptor
{
  public:
    FileDescriptor() = default;

    /// Takes it over; -1 is none.
    explicit FileDescriptor(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    ~FileDescriptor();

    FileDescriptor(FileDescriptor&& other) noexcept
        : m_descriptor(other.Release())
    {
    }

    FileDescriptor& operator=(FileDescriptor&& other) noexcept;

    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    int Get() const
    {
        return m_descriptor;
    }

    bool IsOpen() const
    {
        return m_descriptor >= 0;
    }

    /// Gives it away.
    int Release()
    {
        return std::exchange(m_descriptor, -1);
    }

    void Close();

    /// Bytes of a file.
    std::uint64_t Size() const;

    /// Writes all of it at a place of a file.
    void WriteAt(std::uint64_t offset, std::string_view bytes) const;

    /// \returns how many bytes were there, fewer than asked only at the file's end
    std::size_t ReadAt(std::uint64_t offset, char* bytes, std::size_t count) const;

    void Truncate(std::uint64_t size) const;

    /// What was written is on the disk when this returns.
    void Sync() const;

  private:
    int m_descriptor = -1;
};

} // namespace lanpeer::reference
