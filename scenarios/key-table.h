#pragma once

#include "model/settings/value-reader.h"
#include "model/settings/value.h"
#include "scenarios/scenario.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::scenario
{

using namespace settings;

/// One key of a scenario. Files, `--set`, `lanpeer-sim keys` and the messages are all made from
/// these rows and from nothing else.
struct Key
{
    std::string path;               ///< "lan.nodes"
    std::string type;               ///< "whole number", "number", "flag", "word", "text", "list"
    std::string unit;               ///< "ms"; empty for plain figures
    std::string allowed;            ///< bounds or words: "1 to 65533", "static or cold"
    std::vector<std::string> later; ///< words that are refused: not in this version
    std::string meaning;            ///< one line
    bool built = true; ///< false: it has its place, takes its default and refuses all else by name
    bool subtree = false; ///< everything below the path is the key's too
    bool isFile = false;  ///< a path: relative to the folder of the file that it stands in

    /// Sets it from a value of YAML. Throws ValueError and then leaves the scenario as it was.
    std::function<void(const Key& key, const Value& value, Scenario& scenario)> read;
    /// Its value as one line of YAML that `read` takes back.
    std::function<std::string(const Scenario& scenario)> print;

    void Set(Scenario& scenario, const Value& value) const;
    std::string Print(const Scenario& scenario) const;
    std::string Default() const;
    Expected Expectation() const;
};

/// Every key: those of INTERFACES.md, all of ParameterTable() below `protocol.` and all of
/// UpdateParameterTable() below `update.`.
const std::vector<Key>& KeyTable();

/// \returns the row of that path, or of the subtree that it lies in; nullptr if there is none
const Key* FindKey(std::string_view path);

/// Whether rows lie below this path: "lan", "protocol.rules".
bool IsGroup(std::string_view path);

/// Paths of all rows and groups, for suggestions.
std::vector<std::string> AllPaths();

/// Every key that is not at its default, a line each, `path: value`: a scenario file that loads to
/// a scenario of the same effect.
std::string PrintScenario(const Scenario& scenario);

} // namespace lanpeer::scenario
