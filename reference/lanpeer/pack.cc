#include "model/protocol/update/version-name.h"
#include "model/settings/text.h"
#include "reference/lanpeer/commands.h"
#include "reference/lanpeer/publishing.h"
#include "reference/packages/package-error.h"
#include "reference/packages/package.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <system_error>

// pack: files into a signed package (R-UPD-6).

namespace lanpeer::command
{

namespace
{

namespace fs = std::filesystem;

using reference::CabinetFile;

/// A file that is to go in, not read yet.
struct Listed
{
    std::string path;
    std::string name; ///< in the package
};

[[noreturn]] void
Fail(const std::string& path, std::error_code error)
{
    throw std::runtime_error(fmt::format("{}: {}", path, error.message()));
}

/// All files of a folder and of those in it. A cabinet has no links, and what one leads to may be
/// anything: they are refused, not followed.
void
ListFolder(const fs::path& folder, const std::string& prefix, std::vector<Listed>& files)
{
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    {
        entries.push_back(at->path());
    }
    if (error)
    {
        Fail(folder.string(), error);
    }
    std::sort(entries.begin(), entries.end()); // the same files, the same bytes
    for (const fs::path& entry : entries)
    {
        const fs::file_status status = fs::symlink_status(entry, error);
        const std::string name = prefix + entry.filename().string();
        if (fs::is_directory(status))
        {
            ListFolder(entry, name + "/", files);
        }
        else if (fs::is_regular_file(status))
        {
            files.push_back({entry.string(), name});
        }
        else
        {
            throw WrongUse(fmt::format("{}: neither a file nor a folder", entry.string()));
        }
    }
}

/// What was named goes in by its own name; of "." and "folder/." what is in them.
void
List(const std::string& given, std::vector<Listed>& files)
{
    std::error_code error;
    const fs::file_status status = fs::status(given, error);
    if (!fs::exists(status))
    {
        Fail(given, error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    }
    fs::path path(given);
    if (!path.has_filename())
    {
        path = path.parent_path(); // "folder/"
    }
    const std::string name = path.filename().string();
    if (fs::is_regular_file(status))
    {
        files.push_back({given, name});
    }
    else if (!fs::is_directory(status))
    {
        throw WrongUse(fmt::format("{}: neither a file nor a folder", given));
    }
    else
    {
        ListFolder(path, name.empty() || name == "." || name == ".." ? "" : name + "/", files);
    }
}

std::vector<CabinetFile>
ReadAll(const std::vector<Listed>& listed)
{
    // Before anything is read: one folder too many is easily named.
    const reference::CabinetLimits limits;
    if (listed.size() >= limits.entries)
    {
        throw WrongUse(fmt::format(
            "{} files, more than the {} of a package", listed.size(), limits.entries - 1));
    }
    std::vector<CabinetFile> files;
    std::uint64_t left = limits.outputBytes;
    for (const Listed& file : listed)
    {
        std::error_code error;
        const std::uint64_t size = fs::file_size(file.path, error);
        const fs::perms permissions = fs::status(file.path, error).permissions();
        if (error)
        {
            Fail(file.path, error);
        }
        if (size > left)
        {
            throw WrongUse(fmt::format("{}: with it there are more than the {} bytes of a package",
                                       file.path,
                                       limits.outputBytes));
        }
        constexpr fs::perms kAnyExecutes =
            fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
        files.push_back({file.name,
                         ReadFile(file.path, left),
                         (permissions & kAnyExecutes) != fs::perms::none});
        left -= files.back().bytes.size();
    }
    return files;
}

} // namespace

int
Pack(const PackOptions& options)
{
    const auto name = ParseVersionName(options.name);
    if (!name)
    {
        throw WrongUse(fmt::format("--name: {} is not PRODUCT.YYYYMMDDHHMM.cab (or YYMMDDHHMM)",
                                   settings::Quote(options.name)));
    }
    RequireOfThisTime(options.name, name->version);
    std::vector<Listed> listed;
    for (const std::string& file : options.files)
    {
        List(file, listed);
    }
    if (listed.empty())
    {
        throw WrongUse("FILE: no file is in what was given");
    }
    const reference::SigningKey key = ReadSigningKey(options.certificate, options.key);
    const std::vector<CabinetFile> files = ReadAll(listed);
    std::string package;
    try
    {
        package = reference::MakePackage({options.name, name->product, name->version}, files, key);
    }
    catch (const reference::PackageError& error)
    {
        throw WrongUse(fmt::format("{}: {}", options.name, error.what()));
    }
    Publish(package,
            options.output.empty() ? options.name : options.output,
            {{"name", options.name},
             {"product", name->product},
             {"version", name->version},
             {"files", files.size()}},
            options.json);
    return 0;
}

} // namespace lanpeer::command
