#pragma once

#include "reference/files/private-folder.h"
#include "reference/installation/manifest.h"

#include <optional>
#include <string>

namespace lanpeer::reference
{

// A set's folder:
//
//     releases/3-16/manifest.json, releases/3-16/PRODUCT/...    the one before, for who still reads
//     releases/3-17/manifest.json, releases/3-17/PRODUCT/...
//     current -> releases/3-17                                  what counts
//     .new/...                                                  one that is being built
//     .current -> releases/3-18                                 the link that is about to count

inline constexpr const char* kCurrentName = "current";
inline constexpr const char* kReleasesName = "releases";

/// What `current` leads to.
struct CurrentRelease
{
    std::string folder;               ///< in `releases`; "": none, or the link leads elsewhere
    std::optional<Manifest> manifest; ///< nullopt: it does not count as installed
    std::string why;                  ///< it does not; "" if there never was one
};

/// Reads it and its manifest, and sees that there is a folder for each product. What is wrong with
/// them is in the result; throws FileError for what the system refuses.
CurrentRelease ReadCurrent(const PrivateFolder& setFolder, const std::string& set);

/// Removes what a crash left, and the releases but the current one and the one before. With a
/// current one that is damaged no release is removed, as nobody knows which was before.
///
/// Throws FileError.
void CleanUp(const PrivateFolder& setFolder, const std::string& set);

/// A release that is being built: nobody sees it before SwitchTo() has returned.
class NewRelease
{
  public:
    /// \param setFolder of no leftovers, as CleanUp() leaves it; must outlive this
    explicit NewRelease(const PrivateFolder& setFolder);

    /// Where a product's files belong, empty.
    PrivateFolder FolderFor(const std::string& product) const;

    /// Writes the manifest, gives the release its name and lets `current` lead to it by one rename,
    /// each step on the disk before the next. If the last cannot be told to be on the disk,
    /// `current` leads to where it led before.
    ///
    /// \returns its folder in `releases`: the label's name, or one with a number if that is taken
    ///
    /// Throws FileError, std::system_error.
    std::string SwitchTo(const Manifest& manifest) const;

  private:
    const PrivateFolder& m_setFolder;
    PrivateFolder m_new;
};

} // namespace lanpeer::reference
