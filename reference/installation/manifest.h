#pragma once

#include "model/protocol/update/update-memory.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::reference
{

/// A product of a release, and where its package came from.
struct ManifestProduct
{
    InstalledProduct installed;
    std::string url;
};

/// What `manifest.json` in a release says of it: the last that is written into it, so a release
/// without one was never whole.
struct Manifest
{
    std::string set;
    std::string release;  ///< "3-17": epoch and version of the catalog that asked for it
    std::string previous; ///< the folder of the release before it, which stays; "": none
    std::vector<ManifestProduct> products;
};

inline constexpr const char* kManifestName = "manifest.json";
inline constexpr std::size_t kMaxManifestBytes = 1U << 20U;

/// Epoch and version as the core writes them: "3-17".
bool IsReleaseLabel(std::string_view text);

/// A label, or a label and a number from 2 on for one that is built again: "3-17", "3-17.2".
bool IsReleaseFolder(std::string_view text);

std::string WriteManifest(const Manifest& manifest);

/// Strict: nothing missing, nothing unknown, each name of those that a catalog may have.
///
/// Throws std::runtime_error, which says what is wrong.
Manifest ReadManifest(std::string_view text);

} // namespace lanpeer::reference
