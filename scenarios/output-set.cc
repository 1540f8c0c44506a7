#include "scenarios/output-set.h"

#include "scenarios/output-file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

namespace files = std::filesystem;

[[noreturn]] void
Throw(const std::string& path, const std::string& why)
{
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path, why));
}

/// A name in no other's way, which a full disk cannot hold.
void
RefuseFullDisk(const files::path& folder)
{
    constexpr std::size_t kBytes = 65536;
    OutputFile probe((folder / "room").string());
    probe.Write(std::string(kBytes, ' '));
    probe.Finish();
}

} // namespace

OutputSet::OutputSet(std::string prefix)
    : m_prefix(std::move(prefix))
{
    const files::path place(m_prefix);
    if (!place.has_filename())
    {
        Throw(m_prefix, "it names a folder, not what file names begin with");
    }
    m_folder = m_prefix + ".XXXXXX";
    if (mkdtemp(m_folder.data()) == nullptr)
    {
        const int error = errno;
        m_folder.clear();
        Throw(m_prefix, std::strerror(error));
    }
}

OutputSet::~OutputSet()
{
    if (!m_folder.empty())
    {
        std::error_code ignored;
        files::remove_all(m_folder, ignored);
    }
}

std::string
OutputSet::Prefix() const
{
    return (files::path(m_folder) / files::path(m_prefix).filename()).string();
}

void
OutputSet::Commit()
{
    try
    {
        RefuseFullDisk(m_folder);
    }
    catch (const std::runtime_error& full)
    {
        // Of the set, not of what it was tried with.
        const std::string said = full.what();
        Throw(m_prefix, said.substr(said.rfind(": ") + 2));
    }
    std::vector<files::path> written;
    for (const auto& entry : files::directory_iterator(m_folder))
    {
        written.push_back(entry.path());
    }
    std::sort(written.begin(), written.end());
    for (const files::path& file : written)
    {
        const files::path place = files::path(m_prefix).parent_path() / file.filename();
        std::error_code error;
        files::rename(file, place, error);
        if (error)
        {
            Throw(place.string(), error.message());
        }
    }
    std::error_code ignored;
    files::remove_all(m_folder, ignored);
    m_folder.clear();
}

} // namespace lanpeer::scenario
