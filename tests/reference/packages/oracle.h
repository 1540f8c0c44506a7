#pragma once

#include "authority.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// What osslsigncode and gcab make of a cabinet: programs that nobody here wrote.

namespace lanpeer::reference
{

/// A folder of its own, gone with its owner.
class TemporaryFolder
{
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& Path() const
    {
        return m_path;
    }

    /// \returns its path
    std::filesystem::path Put(const std::string& name, std::string_view bytes) const;
    std::string Get(const std::string& name) const;

  private:
    std::filesystem::path m_path;
};

/// How a program ended, and what it said.
struct Oracle
{
    bool accepted = false;
    std::string output;
};

/// `osslsigncode verify` against a root.
Oracle VerifyByOsslsigncode(const TemporaryFolder& folder,
                            std::string_view cabinet,
                            const Identity& root,
                            const std::vector<std::string>& options = {});

/// `osslsigncode sign`. \returns the signed cabinet
std::string SignByOsslsigncode(const TemporaryFolder& folder,
                               std::string_view cabinet,
                               const Identity& identity,
                               const std::vector<std::string>& options = {});

/// `gcab -c`, of files with these bytes; \p options as "-z". Folders are parted by slashes.
std::string MakeByGcab(const TemporaryFolder& folder,
                       const std::vector<std::pair<std::string, std::string>>& files,
                       const std::vector<std::string>& options = {"-z"});

/// The number of a test's own draws: the same for the same seed everywhere.
class Draw
{
  public:
    explicit Draw(std::uint64_t seed)
        : m_state(seed)
    {
    }

    /// From 0 to below \p bound.
    std::size_t Below(std::size_t bound);
    std::string Bytes(std::size_t count);

  private:
    std::uint64_t m_state;
};

} // namespace lanpeer::reference
