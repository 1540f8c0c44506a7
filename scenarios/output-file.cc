#include "scenarios/output-file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

[[noreturn]] void
Throw(const std::string& path)
{
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
}

} // namespace

OutputFile::OutputFile(std::string path)
    : m_path(std::move(path))
    , m_temporary(m_path + ".XXXXXX")
{
    struct stat status
    {
    };
    if (stat(m_path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    {
        errno = EISDIR;
        Throw(m_path);
    }
    m_file = mkstemp(m_temporary.data());
    if (m_file < 0)
    {
        Throw(m_path);
    }
}

OutputFile::~OutputFile()
{
    if (m_file >= 0)
    {
        close(m_file);
        unlink(m_temporary.c_str());
    }
}

void
OutputFile::Commit(std::string_view content)
{
    while (!content.empty())
    {
        const ssize_t written = write(m_file, content.data(), content.size());
        if (written < 0 && errno == EINTR)
        {
            continue;
        }
        if (written < 0)
        {
            Throw(m_path);
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    constexpr mode_t kAsUsual = 0644; // mkstemp makes it private
    if (fchmod(m_file, kAsUsual) != 0 || std::rename(m_temporary.c_str(), m_path.c_str()) != 0)
    {
        Throw(m_path);
    }
    close(std::exchange(m_file, -1));
}

} // namespace lanpeer::scenario
