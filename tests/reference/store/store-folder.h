#pragma once

#include "reference/store/store.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

/// A state folder of its own, gone with the test, and a clock and a disk that the test sets.
class StoreFolder : public testing::Test
{
  protected:
    /// \param where ends with a slash
    explicit StoreFolder(const std::string& where = testing::TempDir());
    ~StoreFolder() override;

    StoreSettings Settings();

    /// Limits of nothing that matters here.
    std::unique_ptr<Store> Make();

    std::filesystem::path State() const
    {
        return m_top / "state";
    }

    /// Where the copy of these bytes stands.
    std::filesystem::path CopyOf(const std::string& href, std::string_view bytes) const;

    std::filesystem::path m_top;
    std::int64_t m_nowS = 1'000'000'000;
    std::uint64_t m_freeDiskBytes = 1'000'000'000'000;
    StoreLimits m_limits;
};

/// Starts, writes, seals and keeps.
CopyInfo KeepBytes(Store& store, const std::string& href, std::string_view bytes);

/// What Open() gives, in full; "(none)" or "(damaged: ...)".
std::string ReadCopy(Store& store, const std::string& href);

std::vector<std::string> HrefsOf(const std::vector<CopyInfo>& copies);

std::vector<std::string> NamesIn(const std::filesystem::path& folder);

std::string BytesOf(const std::filesystem::path& file);

/// In the place of what the file has, whatever its permissions.
void Overwrite(const std::filesystem::path& file, std::string_view bytes);

/// What the store says when it does not start; empty if it does.
std::string ErrorOf(const StoreSettings& settings);

} // namespace lanpeer::reference
