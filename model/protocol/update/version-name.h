#pragma once

#include "model/protocol/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer
{

// The names that carry a version (R-UPD-3): NAME.YYMMDDHHMM.cab [0058] and NAME.YYYYMMDDHHMM.CAB
// [0061]. Times are UTC, two digits of a year mean 2000 to 2099. Either form may end in .cab or
// .CAB.

/// The moment that a version stands for, in seconds since 1970: so versions are ordered by time,
/// not by text.
///
/// \returns nullopt for what is not 10 or 12 digits of a date of the calendar and a time of day
std::optional<std::uint64_t> VersionTimeS(std::string_view version);

/// A product's name: 1 to 64 of [A-Za-z0-9_-], the first a letter or digit. So it is the same in
/// file names, folders and URLs.
bool IsProductName(std::string_view text);

/// The parts of a file's name that carries a version.
struct VersionName
{
    std::string product; ///< "engine"
    std::string version; ///< "200101131511": as it stands in the name
    std::uint64_t timeS = 0;

    LANPEER_FIELDS(product, version, timeS)
};

/// \returns the parts of "engine.200101131511.cab", nullopt for any other name
std::optional<VersionName> ParseVersionName(std::string_view file);

/// What follows the last slash of a URL's path, query apart: "engine.200101131511.cab" of
/// "http://updates.example/a/engine.200101131511.cab?x=1". Empty where there is none.
std::string_view LastSegment(std::string_view url);

} // namespace lanpeer
