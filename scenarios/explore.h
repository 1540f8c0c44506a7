#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::scenario
{

/// How often something may happen, by the option that says so: "--drops".
struct Faults
{
    std::string option;
    std::uint8_t count = 0;
};

/// A lane made of options, where none is named.
struct OwnLane
{
    std::uint32_t nodes = 2;             ///< 2 to 8
    std::uint32_t holders = 0;           ///< those of the lowest indices have a copy
    std::optional<std::uint32_t> askers; ///< those of the highest ask; unset: who holds none
    std::uint32_t withoutAccess = 0;     ///< those of the highest have no Internet access
    std::string policy = "robust";       ///< fig4a, fig4b or robust
    std::vector<std::string> sets;       ///< "protocol.KEY=VALUE"; a later one wins
    std::vector<Faults> faults;
    bool delayOrdered = false; ///< no timer overtakes what is faster
};

/// `lanpeer-sim explore [LANE...] ...`
struct ExploreCommand
{
    std::vector<std::string> lanes;     ///< by name
    OwnLane own;                        ///< what is explored without lanes and without `all`
    bool all = false;                   ///< every named lane
    bool list = false;                  ///< only lists them
    std::optional<std::size_t> limit;   ///< of states
    std::optional<std::string> table;   ///< a file: the counts, Markdown
    std::optional<std::string> story;   ///< a file: the first violation, a golden script
    std::optional<std::string> json;    ///< a file, or "-" for standard output
    std::optional<std::string> figures; ///< a folder: only draws FIG. 3, 4A and 4B
};

/// A kind of fault that a lane can allow.
struct FaultOption
{
    std::string_view option; ///< "--drops"
    std::string_view meaning;
};

/// All of them, in the order of --help.
const std::vector<FaultOption>& FaultOptions();

/// The named lanes, a line each: name, where it is explored, what it is about.
std::string LanesText();

/// Explores. What was found goes to standard output, how far it is to standard error where that is
/// a terminal. Throws UsageError or ScenarioError for lanes that make no sense, before anything is
/// written, and std::runtime_error where a file cannot be written.
/// \returns 0: nothing is wrong; 1: something is, or there are more states than the limit
int Explore(const ExploreCommand& command);

} // namespace lanpeer::scenario
