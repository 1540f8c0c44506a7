#include "reference/installation/install-folder.h"

#include "model/protocol/update/version-name.h"
#include "reference/files/file-error.h"
#include "reference/installation/folder-tree.h"
#include "reference/installation/install-error.h"
#include "reference/installation/set-folder.h"
#include "reference/packages/unpack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

using Packages = std::map<std::string, AcceptedPackage>;

/// For messages: nothing that a terminal obeys (L22).
std::string
OneLine(std::string_view text)
{
    std::string line(text);
    for (char& c : line)
    {
        c = static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
    }
    return line;
}

std::string
Shown(std::string_view name)
{
    return OneLine(name.substr(0, 64));
}

/// The core has done so before; but what becomes a path is looked at where that happens (L11, L21).
void
CheckNames(const InstallSet& wanted)
{
    if (!IsProductName(wanted.set))
    {
        throw std::runtime_error("refused, for that is no set's name");
    }
    if (!IsReleaseLabel(wanted.release))
    {
        throw std::runtime_error(
            fmt::format("refused, for '{}' is no release's name", Shown(wanted.release)));
    }
    if (wanted.entries.empty())
    {
        throw std::runtime_error("refused, for there is nothing in it");
    }
    std::set<std::string> products;
    for (const InstallEntry& entry : wanted.entries)
    {
        const std::string& product = entry.entry.product;
        if (!IsProductName(product))
        {
            throw std::runtime_error(
                fmt::format("refused, for '{}' is no product's name", Shown(product)));
        }
        if (!products.insert(product).second)
        {
            throw std::runtime_error(fmt::format("refused, for {} is in it twice", product));
        }
    }
}

/// Each fresh entry has the very package that the catalog lists: one catalog, one snapshot (T7).
void
CheckPackages(const InstallSet& wanted, const Packages& packages)
{
    for (const InstallEntry& entry : wanted.entries)
    {
        const std::string& product = entry.entry.product;
        const auto found = packages.find(product);
        if (!entry.fresh)
        {
            continue;
        }
        if (found == packages.end() || found->second.bytes == nullptr)
        {
            throw std::runtime_error(
                fmt::format("incomplete: the package of {} is missing", product));
        }
        const PackageFacts& facts = found->second.facts;
        if (facts.sha256 != entry.entry.sha256 || facts.sizeBytes != entry.entry.sizeBytes)
        {
            throw std::runtime_error(
                fmt::format("mix-and-match: the package of {} is not the catalog's", product));
        }
    }
}

/// Nobody else builds in it until it is closed, in this process or another.
void
Lock(const PrivateFolder& setFolder)
{
    if (::flock(setFolder.Descriptor().Get(), LOCK_EX | LOCK_NB) == 0)
    {
        return;
    }
    if (errno == EWOULDBLOCK)
    {
        throw std::runtime_error("refused, for it is being installed already");
    }
    throw std::system_error(errno, std::generic_category(), setFolder.Path());
}

/// Of the same packages, whoever fetched them.
bool
IsInPlace(const CurrentRelease& current, const InstallSet& wanted)
{
    if (!current.manifest || current.manifest->release != wanted.release)
    {
        return false;
    }
    const auto& there = current.manifest->products;
    return there.size() == wanted.entries.size() &&
           std::all_of(wanted.entries.begin(),
                       wanted.entries.end(),
                       [&there](const InstallEntry& entry)
                       {
                           return std::any_of(
                               there.begin(),
                               there.end(),
                               [&entry](const ManifestProduct& product)
                               {
                                   return product.installed.product == entry.entry.product &&
                                          product.installed.version == entry.entry.version &&
                                          product.installed.sha256 == entry.entry.sha256;
                               });
                       });
}

/// \returns why it could not be done, which is no reason to say that nothing was installed
std::string
TryCleanUp(const PrivateFolder& setFolder, const std::string& set)
{
    try
    {
        CleanUp(setFolder, set);
        return "";
    }
    catch (const std::exception& error)
    {
        return OneLine(error.what());
    }
}

bool
IsNewer(const InstalledProduct& a, const InstalledProduct& b)
{
    return std::make_pair(a.epoch, VersionTimeS(a.version)) >
           std::make_pair(b.epoch, VersionTimeS(b.version));
}

} // namespace

InstallFolder::InstallFolder(const std::string& path)
    : m_folder(path, Readers::All)
{
}

InstalledRelease
InstallFolder::Install(const InstallSet& wanted,
                       const Packages& packages,
                       const CabinetLimits& limits) const
{
    try
    {
        CheckNames(wanted);
        CheckPackages(wanted, packages);
        return DoInstall(wanted, packages, limits);
    }
    catch (const std::exception& error)
    {
        throw InstallError(
            fmt::format("set {}: not installed: {}", Shown(wanted.set), OneLine(error.what())));
    }
}

InstalledRelease
InstallFolder::DoInstall(const InstallSet& wanted,
                         const Packages& packages,
                         const CabinetLimits& limits) const
{
    const PrivateFolder setFolder(m_folder, wanted.set, Readers::All);
    m_folder.Sync();
    Lock(setFolder);
    CleanUp(setFolder, wanted.set);
    const CurrentRelease current = ReadCurrent(setFolder, wanted.set);
    if (IsInPlace(current, wanted))
    {
        setFolder.Sync(); // the crash may have come before that
        return {setFolder.PathOf(kReleasesName) + "/" + current.folder, ""};
    }
    std::string folder;
    try
    {
        const NewRelease release(setFolder);
        Manifest manifest{wanted.set, wanted.release, current.folder, {}};
        // As the core writes it: "3-17" is of epoch 3.
        const std::uint64_t epoch = std::strtoull(wanted.release.c_str(), nullptr, 10);
        for (const InstallEntry& wantedEntry : wanted.entries)
        {
            const CatalogEntry& entry = wantedEntry.entry;
            const PrivateFolder target = release.FolderFor(entry.product);
            InstalledProduct installed{entry.product, entry.version, entry.sha256, epoch};
            if (wantedEntry.fresh)
            {
                const AcceptedPackage& package = packages.at(entry.product);
                UnpackPackage(
                    *package.bytes, package.facts, limits, target.Descriptor(), Durability::Synced);
            }
            else
            {
                const Place place = PlaceOf(wanted.set, entry);
                CarryOver(place.folder, target);
                installed.epoch = place.installed.epoch;
            }
            manifest.products.push_back({installed, entry.url});
        }
        folder = release.SwitchTo(manifest);
    }
    catch (const std::exception&)
    {
        TryCleanUp(setFolder, wanted.set); // a full disk gets its space back
        throw;
    }
    return {setFolder.PathOf(kReleasesName) + "/" + folder, TryCleanUp(setFolder, wanted.set)};
}

InstallFolder::Place
InstallFolder::PlaceOf(const std::string& set, const CatalogEntry& entry) const
{
    if (auto place = PlaceIn(set, entry))
    {
        return std::move(*place);
    }
    // A catalog may move a product from one set to another.
    for (const std::string& other : Sets())
    {
        if (auto place = PlaceIn(other, entry))
        {
            return std::move(*place);
        }
    }
    throw std::runtime_error(
        fmt::format("incomplete: {} {} is not installed", entry.product, Shown(entry.version)));
}

std::optional<InstallFolder::Place>
InstallFolder::PlaceIn(const std::string& set, const CatalogEntry& entry) const
{
    const auto setFolder = m_folder.Inside(set);
    if (!setFolder)
    {
        return std::nullopt;
    }
    const CurrentRelease current = ReadCurrent(*setFolder, set);
    if (!current.manifest)
    {
        return std::nullopt;
    }
    for (const ManifestProduct& product : current.manifest->products)
    {
        // The core goes by the digest too; a version may be written in two ways.
        if (product.installed.product == entry.product && product.installed.sha256 == entry.sha256)
        {
            const auto releases = setFolder->Inside(kReleasesName);
            const auto release = releases ? releases->Inside(current.folder) : std::nullopt;
            auto folder = release ? release->Inside(entry.product) : std::nullopt;
            if (folder)
            {
                return Place{std::move(*folder), product.installed};
            }
        }
    }
    return std::nullopt;
}

std::vector<std::string>
InstallFolder::Sets() const
{
    std::vector<std::string> sets;
    for (const std::string& name : m_folder.Names())
    {
        const auto status = IsProductName(name) ? m_folder.Look(name) : std::nullopt;
        if (status && S_ISDIR(status->st_mode))
        {
            sets.push_back(name);
        }
    }
    std::sort(sets.begin(), sets.end());
    return sets;
}

Installation
InstallFolder::Installed() const
{
    Installation installation;
    std::map<std::string, InstalledProduct> products;
    for (const std::string& set : Sets())
    {
        CurrentRelease current;
        try
        {
            const auto setFolder = m_folder.Inside(set);
            current = setFolder ? ReadCurrent(*setFolder, set) : current;
        }
        catch (const FileError& error)
        {
            current = {"", std::nullopt, error.what()};
        }
        if (!current.why.empty())
        {
            installation.damaged.push_back({set, OneLine(current.why)});
        }
        if (!current.manifest)
        {
            continue;
        }
        for (const ManifestProduct& product : current.manifest->products)
        {
            const auto [at, isNew] = products.emplace(product.installed.product, product.installed);
            // A catalog may have moved it from one set to another.
            if (!isNew && IsNewer(product.installed, at->second))
            {
                at->second = product.installed;
            }
        }
    }
    for (auto& [name, product] : products)
    {
        installation.products.push_back(std::move(product));
    }
    return installation;
}

std::optional<std::string>
InstallFolder::ReleaseOf(const std::string& set) const
{
    const auto setFolder = m_folder.Inside(set);
    const CurrentRelease current = setFolder ? ReadCurrent(*setFolder, set) : CurrentRelease{};
    return current.manifest ? std::optional(current.manifest->release) : std::nullopt;
}

std::string
InstallFolder::CurrentOf(const std::string& set) const
{
    return m_folder.PathOf(set) + "/" + kCurrentName;
}

} // namespace lanpeer::reference
