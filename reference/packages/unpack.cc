#include "reference/packages/unpack.h"

#include "reference/packages/cabinet.h"
#include "reference/packages/package-error.h"
#include "reference/packages/package.h"

#include <cerrno>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <system_error>

namespace lanpeer::reference
{

namespace
{

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;
constexpr mode_t kProgramMode = 0755;

[[noreturn]] void
Fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// Whatever the umask is.
void
SetMode(const FileDescriptor& file, mode_t mode, const std::string& name)
{
    if (::fchmod(file.Get(), mode) != 0)
    {
        Fail(name);
    }
}

/// A folder that is filled.
class Target
{
  public:
    Target(const FileDescriptor& folder, Durability durability)
        : m_folder(folder)
        , m_durability(durability)
    {
    }

    void Write(const CabinetEntry& entry, std::string_view bytes)
    {
        const std::size_t slash = entry.name.rfind('/');
        const bool inside = slash != std::string::npos;
        const FileDescriptor parent = OpenFolder(inside ? entry.name.substr(0, slash) : "");
        const std::string last = inside ? entry.name.substr(slash + 1) : entry.name;
        const FileDescriptor file(::openat(parent.Get(),
                                           last.c_str(),
                                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                           0600));
        if (!file.IsOpen())
        {
            Fail(entry.name);
        }
        file.WriteAt(0, bytes);
        SetMode(file, entry.executable ? kProgramMode : kFileMode, entry.name);
        if (m_durability == Durability::Synced)
        {
            file.Sync();
        }
    }

    /// The folders hold what was written into them.
    void Finish()
    {
        if (m_durability == Durability::Written)
        {
            return;
        }
        for (auto path = m_made.rbegin(); path != m_made.rend(); ++path)
        {
            OpenFolder(*path).Sync();
        }
        m_folder.Sync();
    }

  private:
    /// One that was made here, or is made now; "" is the target itself.
    FileDescriptor OpenFolder(const std::string& path)
    {
        FileDescriptor folder(::openat(m_folder.Get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder.IsOpen())
        {
            Fail("the folder to unpack into");
        }
        for (std::size_t begin = 0; begin < path.size();)
        {
            const std::size_t end = std::min(path.find('/', begin), path.size());
            const std::string part = path.substr(begin, end - begin);
            const bool isNew = m_made.insert(path.substr(0, end)).second;
            if (isNew && ::mkdirat(folder.Get(), part.c_str(), 0700) != 0)
            {
                Fail(path);
            }
            folder = FileDescriptor(::openat(
                folder.Get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (!folder.IsOpen())
            {
                Fail(path);
            }
            if (isNew)
            {
                SetMode(folder, kFolderMode, path);
            }
            begin = end + 1;
        }
        return folder;
    }

    const FileDescriptor& m_folder;
    Durability m_durability;
    std::set<std::string> m_made; ///< in an order that has folders before what is in them
};

} // namespace

std::vector<CabinetEntry>
UnpackPackage(const ByteSource& source,
              const PackageFacts& facts,
              const CabinetLimits& limits,
              const FileDescriptor& folder,
              Durability durability)
{
    if (facts.signature != SignatureState::Valid)
    {
        throw PackageError("its signature is not valid");
    }
    if (source.Size() != facts.sizeBytes || Sha256Of(source) != facts.sha256)
    {
        throw PackageError("it has changed since it was examined");
    }
    std::vector<CabinetEntry> entries = ReadCabinetLayout(source, limits);
    Target target(folder, durability);
    ExtractCabinet(
        source,
        limits,
        [](const CabinetEntry& /*entry*/) { return true; },
        [&target](const CabinetEntry& entry, std::string_view bytes)
        { target.Write(entry, bytes); });
    target.Finish();
    return entries;
}

} // namespace lanpeer::reference
