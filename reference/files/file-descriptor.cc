#include "reference/files/file-descriptor.h"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

[[noreturn]] void
Fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

FileDescriptor::~FileDescriptor()
{
    Close();
}

FileDescriptor&
FileDescriptor::operator=(FileDescriptor&& other) noexcept
{
    if (this != &other)
    {
        Close();
        m_descriptor = other.Release();
    }
    return *this;
}

void
FileDescriptor::Close()
{
    if (m_descriptor >= 0)
    {
        ::close(Release());
    }
}

std::uint64_t
FileDescriptor::Size() const
{
    struct stat status = {};
    if (::fstat(m_descriptor, &status) != 0)
    {
        Fail("fstat");
    }
    return static_cast<std::uint64_t>(status.st_size);
}

void
FileDescriptor::WriteAt(std::uint64_t offset, std::string_view bytes) const
{
    while (!bytes.empty())
    {
        const ssize_t written =
            ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
        {
            continue;
        }
        if (written < 0)
        {
            Fail("write");
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

std::size_t
FileDescriptor::ReadAt(std::uint64_t offset, char* bytes, std::size_t count) const
{
    std::size_t done = 0;
    while (done < count)
    {
        const ssize_t got =
            ::pread(m_descriptor, bytes + done, count - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
        {
            continue;
        }
        if (got < 0)
        {
            Fail("read");
        }
        if (got == 0)
        {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void
FileDescriptor::Truncate(std::uint64_t size) const
{
    while (::ftruncate(m_descriptor, static_cast<off_t>(size)) != 0)
    {
        if (errno != EINTR)
        {
            Fail("truncate");
        }
    }
}

void
FileDescriptor::Sync() const
{
    if (::fsync(m_descriptor) != 0)
    {
        Fail("fsync");
    }
}

} // namespace lanpeer::reference
