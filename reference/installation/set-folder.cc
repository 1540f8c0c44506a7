#include "reference/installation/set-folder.h"

#include "reference/files/file-error.h"
#include "reference/installation/folder-tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>

namespace lanpeer::reference
{

namespace
{

constexpr const char* kNewName = ".new";
constexpr const char* kNewLinkName = ".current";
constexpr mode_t kManifestMode = 0644;

std::string
TargetOf(const std::string& release)
{
    return std::string(kReleasesName) + "/" + release;
}

/// \returns "3-17" of "releases/3-17", "" of what leads anywhere else (L21)
std::string
ReleaseOf(const std::string& target)
{
    const std::string start = TargetOf("");
    if (target.compare(0, start.size(), start) != 0 ||
        !IsReleaseFolder(target.substr(start.size())))
    {
        return "";
    }
    return target.substr(start.size());
}

std::string
ReadManifestText(const PrivateFolder& release)
{
    const FileDescriptor file = release.TryOpen(kManifestName, O_RDONLY);
    if (!file.IsOpen())
    {
        throw std::runtime_error(std::generic_category().message(errno));
    }
    if (!S_ISREG(StatusOf(file, release.PathOf(kManifestName)).st_mode))
    {
        throw std::runtime_error("not a regular file");
    }
    std::string text(kMaxManifestBytes + 1, '\0');
    text.resize(file.ReadAt(0, text.data(), text.size()));
    if (text.size() > kMaxManifestBytes)
    {
        throw std::runtime_error("too long");
    }
    return text;
}

void
CheckRelease(const PrivateFolder& release,
             const std::string& folder,
             const std::string& set,
             const Manifest& manifest)
{
    if (manifest.set != set || manifest.release != folder.substr(0, folder.find('.')))
    {
        throw std::runtime_error("of another set or release");
    }
    for (const ManifestProduct& product : manifest.products)
    {
        const auto status = release.Look(product.installed.product);
        if (!status || !S_ISDIR(status->st_mode))
        {
            throw std::runtime_error(
                fmt::format("the folder of {} is missing", product.installed.product));
        }
    }
}

void
WriteFile(const PrivateFolder& folder, const std::string& name, const std::string& text)
{
    const FileDescriptor file = folder.Open(name, O_WRONLY | O_CREAT | O_EXCL);
    file.WriteAt(0, text);
    if (::fchmod(file.Get(), kManifestMode) != 0)
    {
        throw std::system_error(errno, std::generic_category(), folder.PathOf(name));
    }
    file.Sync();
}

/// Lets `current` lead to a target, "" for none, over whatever stands there.
void
PutLink(const PrivateFolder& setFolder, const std::string& target)
{
    if (target.empty())
    {
        setFolder.Unlink(kCurrentName);
        return;
    }
    setFolder.Unlink(kNewLinkName);
    setFolder.MakeLink(target, kNewLinkName);
    setFolder.Rename(kNewLinkName, setFolder, kCurrentName);
}

/// The caller reports what went wrong, not that this did too: what is current then is whole still.
void
SwitchBack(const PrivateFolder& setFolder, const std::string& target)
{
    try
    {
        PutLink(setFolder, target);
        setFolder.Sync();
    }
    catch (const FileError&)
    {
    }
}

} // namespace

CurrentRelease
ReadCurrent(const PrivateFolder& setFolder, const std::string& set)
{
    CurrentRelease current;
    const auto status = setFolder.Look(kCurrentName);
    if (!status)
    {
        return current;
    }
    if (!S_ISLNK(status->st_mode))
    {
        current.why = "current is not a link";
        return current;
    }
    const std::string target = setFolder.ReadLink(kCurrentName).value_or("");
    current.folder = ReleaseOf(target);
    const auto releases = setFolder.Inside(kReleasesName);
    const auto release =
        releases && !current.folder.empty() ? releases->Inside(current.folder) : std::nullopt;
    if (!release)
    {
        current.why = "current does not lead to a release";
        return current;
    }
    try
    {
        Manifest manifest = ReadManifest(ReadManifestText(*release));
        CheckRelease(*release, current.folder, set, manifest);
        current.manifest = std::move(manifest);
    }
    catch (const std::runtime_error& error)
    {
        current.why =
            fmt::format("{}/{}: {}", TargetOf(current.folder), kManifestName, error.what());
    }
    return current;
}

void
CleanUp(const PrivateFolder& setFolder, const std::string& set)
{
    RemoveTree(setFolder, kNewName);
    RemoveTree(setFolder, kNewLinkName);
    const CurrentRelease current = ReadCurrent(setFolder, set);
    const auto releases = setFolder.Inside(kReleasesName);
    if (!releases || (!current.manifest && !current.why.empty()))
    {
        return;
    }
    const std::string previous = current.manifest ? current.manifest->previous : "";
    for (const std::string& name : releases->Names())
    {
        if (name != current.folder && name != previous)
        {
            RemoveTree(*releases, name);
        }
    }
}

NewRelease::NewRelease(const PrivateFolder& setFolder)
    : m_setFolder(setFolder)
    , m_new(setFolder, kNewName, Readers::All)
{
}

PrivateFolder
NewRelease::FolderFor(const std::string& product) const
{
    return PrivateFolder(m_new, product, Readers::All);
}

std::string
NewRelease::SwitchTo(const Manifest& manifest) const
{
    WriteFile(m_new, kManifestName, WriteManifest(manifest));
    m_new.Sync();
    const PrivateFolder releases(m_setFolder, kReleasesName, Readers::All);
    std::string folder = manifest.release;
    for (unsigned number = 2; releases.Look(folder); ++number)
    {
        folder = fmt::format("{}.{}", manifest.release, number);
    }
    m_setFolder.Rename(kNewName, releases, folder);
    releases.Sync();
    // The link's target is there from here on, whenever the power goes.
    m_setFolder.Sync();
    const auto status = m_setFolder.Look(kCurrentName);
    const std::string before =
        status && S_ISLNK(status->st_mode) ? m_setFolder.ReadLink(kCurrentName).value_or("") : "";
    PutLink(m_setFolder, TargetOf(folder));
    try
    {
        m_setFolder.Sync();
    }
    catch (const FileError&)
    {
        SwitchBack(m_setFolder, before);
        throw;
    }
    return folder;
}

} // namespace lanpeer::reference
