#pragma once

#include "model/protocol/update/package-facts.h"
#include "model/protocol/update/update-action.h"
#include "reference/files/private-folder.h"
#include "reference/packages/byte-source.h"
#include "reference/packages/cabinet-layout.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A package that was accepted: its bytes, which must outlive the call, and what ExaminePackage()
/// said of them.
struct AcceptedPackage
{
    const ByteSource* bytes = nullptr;
    PackageFacts facts;
};

/// A set that is in place.
struct InstalledRelease
{
    std::string folder;   ///< its path, which stays until the second release after it
    std::string leftover; ///< what could not be cleaned up this time, for the log; "" mostly
};

/// A set that is not as it was put in place.
struct DamagedSet
{
    std::string set;
    std::string why; ///< in one line
};

/// What is in place.
struct Installation
{
    std::vector<InstalledProduct> products; ///< by name; for UpdateStarted
    std::vector<DamagedSet> damaged;        ///< by name; nothing of them counts as installed
};

/// The folder that products are installed in ([0067], R-UPD-5), a folder in it for each set
/// (set-folder.h). Programs find a product's files at SET/current/PRODUCT, which is of the old
/// release or of the new one at any instant, whatever crashes.
class InstallFolder
{
  public:
    /// Makes it if it is missing. Throws FileError, as PrivateFolder does, for one that others may
    /// write.
    explicit InstallFolder(const std::string& path);

    /// Puts a set in place, whole or not at all, and durably: fresh entries out of their packages,
    /// the others as they are installed. One that is in place already is no error. Older releases
    /// go but the one before. Sets may be installed at the same time, each by one at a time.
    ///
    /// \param packages by product: those of the fresh entries
    ///
    /// Throws InstallError; then what was there before is there.
    InstalledRelease Install(const InstallSet& wanted,
                             const std::map<std::string, AcceptedPackage>& packages,
                             const CabinetLimits& limits = {}) const;

    /// Throws FileError.
    Installation Installed() const;

    /// The release of a set that is current, "3-17"; none: it is not installed, or damaged. Throws
    /// FileError.
    std::optional<std::string> ReleaseOf(const std::string& set) const;

    /// Where programs find the set's newest files: SET/current.
    std::string CurrentOf(const std::string& set) const;

  private:
    /// A product as it is installed, wherever.
    struct Place
    {
        PrivateFolder folder;
        InstalledProduct installed;
    };

    InstalledRelease DoInstall(const InstallSet& wanted,
                               const std::map<std::string, AcceptedPackage>& packages,
                               const CabinetLimits& limits) const;

    Place PlaceOf(const std::string& set, const CatalogEntry& entry) const;
    std::optional<Place> PlaceIn(const std::string& set, const CatalogEntry& entry) const;
    std::vector<std::string> Sets() const;

    PrivateFolder m_folder;
};

} // namespace lanpeer::reference
