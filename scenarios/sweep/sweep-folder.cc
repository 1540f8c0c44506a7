#include "scenarios/sweep/sweep-folder.h"

#include "analysis/results/run-key.h"
#include "scenarios/sweep/sweep-plan.h"

#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace lanpeer::scenario
{

namespace fs = std::filesystem;
using analysis::StoreError;

FolderLock::FolderLock(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
    {
        throw StoreError(fmt::format("{}: {}", folder.string(), error.message()));
    }
    m_folder = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (m_folder < 0)
    {
        throw StoreError(fmt::format("{}: {}", folder.string(), std::strerror(errno)));
    }
    if (flock(m_folder, LOCK_EX | LOCK_NB) != 0)
    {
        const bool taken = errno == EWOULDBLOCK;
        const std::string why = taken ? "another sweep is at work there" : std::strerror(errno);
        close(m_folder);
        throw StoreError(fmt::format("{}: {}", folder.string(), why));
    }
}

FolderLock::~FolderLock()
{
    close(m_folder);
}

SweepFolder::SweepFolder(const fs::path& folder, const Sweep& sweep, const analysis::MadeBy& by)
    : m_lock(folder)
{
    const fs::path file = folder / analysis::kStoreFile;
    m_store = std::make_unique<analysis::ResultStore>(file, analysis::ResultStore::Access::Write);
    CheckMaker(file, by);
    CheckScenario(file, ScenarioText(sweep));
    m_store->SetText("sweep", sweep.text);
    m_store->SetText("name", sweep.name);
}

void
SweepFolder::CheckMaker(const fs::path& file, const analysis::MadeBy& by) const
{
    for (const analysis::MadeBy& maker : m_store->Makers())
    {
        if (!IsSameProgram(maker, by))
        {
            throw StoreError(fmt::format("{}: its runs are of {}, this program is of {}; use "
                                         "another --out",
                                         file.string(),
                                         Describe(maker),
                                         Describe(by)));
        }
    }
}

void
SweepFolder::CheckScenario(const fs::path& file, const std::string& text)
{
    const auto stored = m_store->Text("scenario");
    if (stored && *stored != text && m_store->Count() > 0)
    {
        throw StoreError(fmt::format("{}: its runs are of a scenario that has changed since; use "
                                     "another --out",
                                     file.string()));
    }
    m_store->SetText("scenario", text);
}

fs::path
StoreFile(const fs::path& folderOrFile)
{
    std::error_code ignored;
    return fs::is_directory(folderOrFile, ignored) ? folderOrFile / analysis::kStoreFile
                                                   : folderOrFile;
}

fs::path
StoreFileToMake(const fs::path& folderOrFile)
{
    std::error_code ignored;
    return fs::is_regular_file(folderOrFile, ignored) ? folderOrFile
                                                      : folderOrFile / analysis::kStoreFile;
}

} // namespace lanpeer::scenario
