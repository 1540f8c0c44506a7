#pragma once

#include "model/protocol/fields.h"
#include "model/protocol/update/update-reason.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer
{

/// States of the update service (FIG. 8).
enum class UpdateState : std::uint8_t
{
    Off,          ///< not started, or stopped
    Resting,      ///< until a timer or somebody asks for a check [0056]
    AwaitCatalog, ///< the catalog is asked for
    Updating,     ///< resources are asked for, sets are installed
};

constexpr std::size_t kUpdateStates = static_cast<std::size_t>(UpdateState::Updating) + 1;

std::string_view ToString(UpdateState state);

/// Of one resource in a check.
enum class PackageState : std::uint8_t
{
    Asked,    ///< its request runs
    Accepted, ///< a body was accepted, and is being kept; a further one is judged in its place
    Found,    ///< may be installed
    Failed,
};

struct PackageRun
{
    std::string product;
    PackageState state = PackageState::Asked;
    UpdateReason refused = UpdateReason::None; ///< why the last body was, or why it failed

    LANPEER_FIELDS(product, state, refused)
};

/// Of one set in a check.
enum class SetState : std::uint8_t
{
    Retrieving,
    Installing,
    Installed,
    Failed,
};

struct SetRun
{
    std::string set;
    SetState state = SetState::Retrieving;
    UpdateReason reason = UpdateReason::None; ///< with Failed
    std::string subject;                      ///< with Failed: the product or set to blame
    std::vector<PackageRun> packages;         ///< those of the set that are newer

    LANPEER_FIELDS(set, state, reason, subject, packages)
};

/// One check, from the moment it was asked for.
struct CheckRun
{
    std::uint64_t asOfS = 0;                   ///< the time that it goes by, fixed once (T5)
    bool install = true;                       ///< false: only looks
    bool mayUsePeers = false;                  ///< of the catalog's request
    UpdateReason refused = UpdateReason::None; ///< why the last body of the catalog was
    std::vector<SetRun> sets;
    std::uint64_t clockS = 0; ///< what the clock itself said at the begin, right or wrong

    LANPEER_FIELDS(asOfS, install, mayUsePeers, refused, sets, clockS)
};

} // namespace lanpeer
