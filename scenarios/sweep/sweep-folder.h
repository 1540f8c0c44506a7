#pragma once

#include "analysis/results/result-store.h"
#include "scenarios/sweep/sweep-file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace lanpeer::scenario
{

/// Makes a folder where it is not, and keeps every other lock away from it while this one is there,
/// and its process: the system lets go of it. Throws StoreError, one line that names the folder.
class FolderLock
{
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int m_folder = -1;
};

/// The folder that a sweep's results go to, while one sweep works at it and no other: its file of
/// results, which is made where it is not. Throws StoreError, one line that names the folder or
/// file: another sweep is at work there; its runs are of another version of the program, or of
/// another text of the scenario; it cannot be written.
class SweepFolder
{
  public:
    SweepFolder(const std::filesystem::path& folder,
                const Sweep& sweep,
                const analysis::MadeBy& by);

    analysis::ResultStore& Store()
    {
        return *m_store;
    }

  private:
    void CheckMaker(const std::filesystem::path& file, const analysis::MadeBy& by) const;
    void CheckScenario(const std::filesystem::path& file, const std::string& text);

    FolderLock m_lock;
    std::unique_ptr<analysis::ResultStore> m_store;
};

/// The file of results that is meant by a folder of a sweep, or by itself.
std::filesystem::path StoreFile(const std::filesystem::path& folderOrFile);

/// The same of one that may not be there yet: then it is a folder.
std::filesystem::path StoreFileToMake(const std::filesystem::path& folderOrFile);

} // namespace lanpeer::scenario
