#include "scenarios/output-file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kBufferBytes = 65536;

[[noreturn]] void
Throw(const std::string& path)
{
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
}

} // namespace

OutputFile::OutputFile(std::string path)
    : m_path(std::move(path))
    , m_place(m_path)
{
    struct stat status
    {
    };
    const bool exists = stat(m_path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
    {
        errno = EISDIR;
        Throw(m_path);
    }
    if (exists && !S_ISREG(status.st_mode))
    {
        if (access(m_path.c_str(), W_OK) != 0)
        {
            Throw(m_path);
        }
        return;
    }
    std::error_code ignored;
    const std::filesystem::path place = std::filesystem::weakly_canonical(m_path, ignored);
    if (!place.empty())
    {
        m_place = place.string();
    }
    m_temporary = m_place + ".XXXXXX";
    const int file = mkstemp(m_temporary.data());
    if (file < 0)
    {
        m_temporary.clear();
        Throw(m_path);
    }
    close(file);
}

OutputFile::~OutputFile()
{
    if (m_file >= 0)
    {
        close(m_file);
    }
    if (!m_temporary.empty())
    {
        unlink(m_temporary.c_str());
    }
}

void
OutputFile::Fail()
{
    m_failed = true;
    Throw(m_path);
}

void
OutputFile::Open()
{
    const std::string& file = m_temporary.empty() ? m_place : m_temporary;
    m_file = open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (m_file < 0)
    {
        Fail();
    }
}

void
OutputFile::WriteBuffered()
{
    if (m_file < 0)
    {
        Open();
    }
    std::string_view content = m_buffer;
    while (!content.empty())
    {
        const ssize_t written = write(m_file, content.data(), content.size());
        if (written < 0 && errno == EINTR)
        {
            continue;
        }
        if (written < 0)
        {
            Fail();
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    m_buffer.clear();
}

void
OutputFile::Write(std::string_view text)
{
    if (m_failed)
    {
        return;
    }
    m_buffer += text;
    if (m_buffer.size() >= kBufferBytes)
    {
        WriteBuffered();
    }
}

void
OutputFile::Finish()
{
    if (m_failed)
    {
        return;
    }
    WriteBuffered();
    if (close(std::exchange(m_file, -1)) != 0) // some file systems only now say that they are full
    {
        Fail();
    }
}

void
OutputFile::Commit()
{
    if (m_temporary.empty())
    {
        return;
    }
    constexpr mode_t kAsUsual = 0644; // mkstemp makes it private
    if (chmod(m_temporary.c_str(), kAsUsual) != 0 ||
        std::rename(m_temporary.c_str(), m_place.c_str()) != 0)
    {
        Throw(m_path);
    }
    m_temporary.clear();
}

} // namespace lanpeer::scenario
