#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace lanpeer::program
{

/// What a command did.
struct Output
{
    int exitCode = -1;
    std::string out;
    std::string err;
};

std::string ReadAll(const std::filesystem::path& path);

/// A folder of its own where what is typed at the repository's root can be typed, and writes
/// nothing there: it has links to `build` and `results`.
class Typing : public testing::Test
{
  protected:
    Typing();
    ~Typing() override;

    /// \param line for a shell
    Output Type(const std::string& line) const;

    std::filesystem::path m_folder;
};

} // namespace lanpeer::program
