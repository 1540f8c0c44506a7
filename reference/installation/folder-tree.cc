#include "reference/installation/folder-tree.h"

#include "reference/files/file-error.h"

#include <algorithm>
#include <sys/stat.h>

namespace lanpeer::reference
{

namespace
{

/// Deeper than any package's folders are (CabinetLimits).
constexpr std::size_t kMaxDepth = 64;

void
CheckDepth(std::size_t depth, const PrivateFolder& folder)
{
    if (depth > kMaxDepth)
    {
        throw FileError(folder.Path(), "refused, for its folders are too deep");
    }
}

/// Sorted, so that the same folder means the same steps.
std::vector<std::string>
NamesIn(const PrivateFolder& folder)
{
    std::vector<std::string> names = folder.Names();
    std::sort(names.begin(), names.end());
    return names;
}

void
CarryOver(const PrivateFolder& from, const PrivateFolder& to, std::size_t depth)
{
    CheckDepth(depth, from);
    for (const std::string& name : NamesIn(from))
    {
        const auto status = from.Look(name);
        if (status && S_ISDIR(status->st_mode))
        {
            const auto inside = from.Inside(name);
            if (!inside)
            {
                throw FileError(from.PathOf(name), "gone while it was carried over");
            }
            CarryOver(*inside, PrivateFolder(to, name, Readers::All), depth + 1);
        }
        else if (status && S_ISREG(status->st_mode))
        {
            from.HardLink(name, to, name);
        }
        else
        {
            throw FileError(from.PathOf(name), "refused, for it is neither a file nor a folder");
        }
    }
    to.Sync();
}

void
RemoveTree(const PrivateFolder& folder, const std::string& name, std::size_t depth)
{
    CheckDepth(depth, folder);
    if (folder.Unlink(name))
    {
        return;
    }
    if (const auto inside = folder.Inside(name))
    {
        for (const std::string& entry : NamesIn(*inside))
        {
            RemoveTree(*inside, entry, depth + 1);
        }
    }
    if (!folder.RemoveFolder(name))
    {
        throw FileError(folder.PathOf(name), "cannot remove it: something was put into it");
    }
}

} // namespace

void
CarryOver(const PrivateFolder& from, const PrivateFolder& to)
{
    CarryOver(from, to, 0);
}

void
RemoveTree(const PrivateFolder& folder, const std::string& name)
{
    RemoveTree(folder, name, 0);
}

} // namespace lanpeer::reference
