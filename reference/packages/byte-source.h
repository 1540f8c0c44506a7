#pragma once

#include "reference/files/file-descriptor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace lanpeer::reference
{

/// Bytes that may be read at any place, of a length that stays.
class ByteSource
{
  public:
    virtual ~ByteSource() = default;

    virtual std::uint64_t Size() const = 0;

    /// All of them, or throws: PackageError if so many are not there, std::system_error.
    void ReadAt(std::uint64_t offset, char* bytes, std::size_t count) const;

    /// The same as a string, for what is short.
    std::string TextAt(std::uint64_t offset, std::size_t count) const;

    /// From \p begin to before \p end in pieces, each given to \p take.
    void ReadInPieces(std::uint64_t begin,
                      std::uint64_t end,
                      const std::function<void(std::string_view)>& take) const;

  private:
    /// \returns how many were read, fewer than asked only at the end
    virtual std::size_t DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const = 0;
};

/// An open file, which must outlive this. Not to be changed meanwhile: a file that has become
/// shorter is an error, one that has other bytes is read as it is.
class FileSource : public ByteSource
{
  public:
    FileSource(const FileDescriptor& file, std::uint64_t sizeBytes)
        : m_file(file)
        , m_sizeBytes(sizeBytes)
    {
    }

    std::uint64_t Size() const override
    {
        return m_sizeBytes;
    }

  private:
    std::size_t DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const override;

    const FileDescriptor& m_file;
    std::uint64_t m_sizeBytes;
};

/// Bytes in memory, which must outlive this.
class MemorySource : public ByteSource
{
  public:
    explicit MemorySource(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    std::uint64_t Size() const override
    {
        return m_bytes.size();
    }

  private:
    std::size_t DoReadAt(std::uint64_t offset, char* bytes, std::size_t count) const override;

    std::string_view m_bytes;
};

} // namespace lanpeer::reference
