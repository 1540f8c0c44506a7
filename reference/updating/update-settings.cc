#include "reference/updating/update-settings.h"

#include "reference/files/file-descriptor.h"
#include "reference/packages/package-error.h"
#include "reference/updating/look.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <system_error>

namespace lanpeer::reference
{

namespace
{

/// When these sources were committed, as CMakeLists.txt finds it.
constexpr std::uint64_t kBuiltS = LANPEER_BUILT_S;

} // namespace

std::uint64_t
NowS(const UpdateSettings& settings)
{
    return settings.now ? settings.now()
                        : static_cast<std::uint64_t>(std::max<std::time_t>(std::time(nullptr), 0));
}

UpdateConfig
ConfigOf(const UpdateSettings& settings)
{
    UpdateConfig config = settings.config;
    if (config.timeFloorS == 0)
    {
        config.timeFloorS = kBuiltS;
    }
    return config;
}

std::string
DueFileOf(const UpdateSettings& settings)
{
    const std::filesystem::path memory(settings.memoryFile);
    return memory.parent_path() / "commands-due.json";
}

std::string
ReadRoots(const UpdateSettings& settings)
{
    const auto fail = [&settings](const std::string& why)
    {
        return UpdaterError(fmt::format("update.root_file: {}: {}", settings.rootFile, why));
    };
    const FileDescriptor opened(::open(settings.rootFile.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.IsOpen())
    {
        throw fail(std::generic_category().message(errno));
    }
    constexpr std::uint64_t kBytesMax = 1U << 20U;
    std::string roots(std::min(opened.Size(), kBytesMax), '\0');
    roots.resize(opened.ReadAt(0, roots.data(), roots.size()));
    try
    {
        MakeTrust(roots, settings.allowWeakKeys);
    }
    catch (const PackageError& error)
    {
        throw fail(error.what());
    }
    return roots;
}

} // namespace lanpeer::reference
