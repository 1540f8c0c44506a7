#pragma once

#include "analysis/results/result-store.h"
#include "scenarios/sweep/sweep-file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace lanpeer::scenario
{

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
    ~SweepFolder();
    SweepFolder(const SweepFolder&) = delete;
    SweepFolder& operator=(const SweepFolder&) = delete;

    analysis::ResultStore& Store()
    {
        return *m_store;
    }

  private:
    void Lock(const std::filesystem::path& folder);
    void CheckMaker(const std::filesystem::path& file, const analysis::MadeBy& by) const;
    void CheckScenario(const std::filesystem::path& file, const std::string& text);

    int m_lock = -1;
    std::unique_ptr<analysis::ResultStore> m_store;
};

/// The file of results that is meant by a folder of a sweep, or by itself.
std::filesystem::path StoreFile(const std::filesystem::path& folderOrFile);

} // namespace lanpeer::scenario
