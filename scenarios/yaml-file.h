#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::scenario
{

/// A file that somebody named, or meant by its name alone.
struct YamlFile
{
    std::string path; ///< as it can be opened, and as messages call it
    std::string name; ///< without folder and ".yaml"; only letters, digits, '.', '_' and '-'
    std::string text;
};

/// Whether a word can only mean a file: it has a '/' or ends in ".yaml" or ".yml".
bool LooksLikeFile(std::string_view word);

/// Names of the YAML files in a folder, without ".yaml", sorted; none if there is no such folder.
std::vector<std::string> YamlNames(const std::filesystem::path& folder);

/// Reads the file that is meant: a word without '/' that does not end in ".yaml" or ".yml" is first
/// looked for among those in the folder: `./office` is the file. Not more than a YAML file may have
/// is read, so that /dev/zero is refused too; a pipe will do.
///
/// \param kind "scenario": what messages say there is none of
/// Throws ScenarioError: one line that says what could have been named.
YamlFile FindYaml(const std::string& fileOrName,
                  const std::filesystem::path& folder,
                  std::string_view kind);

} // namespace lanpeer::scenario
