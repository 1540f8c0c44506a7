#pragma once

#include "analysis/run-record.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace lanpeer::analysis
{

/// What makes a run this run and no other: two with equal keys give equal results (R-SIM-9).
struct RunKey
{
    std::string scenario; ///< a name, or a file, as the sweep names it
    /// What was set in it, by path ("lan.nodes"), as text of YAML ("20", "isdn", "[1, 2]").
    std::map<std::string, std::string> parameters;
    std::string policy;
    std::uint64_t seed = 1;
    std::uint64_t run = 1; ///< replicates count from 1
};

inline auto
Fields(const RunKey& key)
{
    return std::tie(key.scenario, key.parameters, key.policy, key.seed, key.run);
}

inline bool
operator==(const RunKey& left, const RunKey& right)
{
    return Fields(left) == Fields(right);
}

inline bool
operator<(const RunKey& left, const RunKey& right)
{
    return Fields(left) < Fields(right);
}

/// By what a run was made.
struct MadeBy
{
    std::string sources;  ///< a digest of the texts that decide what a run gives
    std::string commit;   ///< of the checkout; "unknown" where there was none
    bool dirty = false;   ///< with changes that no commit has
    std::string ns3;      ///< version, "3.37"
    std::string compiler; ///< "GNU 12.2.0"
};

/// Whether runs of both are runs of one program: a commit that changes none of its sources makes no
/// other program of it.
inline bool
IsSameProgram(const MadeBy& left, const MadeBy& right)
{
    return std::tie(left.sources, left.ns3, left.compiler) ==
           std::tie(right.sources, right.ns3, right.compiler);
}

inline bool
operator==(const MadeBy& left, const MadeBy& right)
{
    return IsSameProgram(left, right) &&
           std::tie(left.commit, left.dirty) == std::tie(right.commit, right.dirty);
}

/// A run that is over: one row. Equal runs have equal rows, whatever machine, rank or number of
/// processes they ran on, but for `cpuS`, `wallS` and the metrics' `wall_s`.
struct StoredRun
{
    RunKey key;

    int exitCode = 0;      ///< 0: done; else as a shell tells it, 128 + the signal if one killed it
    std::string errorText; ///< what it said on standard error, its end if that was long
    std::string metrics;   ///< the object that `run --json` writes, on one line; empty if it failed
    std::string nodes;     ///< NodeFigures as JSON; empty if it failed
    std::string replay;    ///< Replay as JSON; empty if it failed or was not asked for

    MadeBy by;
    std::string command; ///< what to type to have the run once more
    double cpuS = 0;     ///< of its process, user and system
    double wallS = 0;
};

} // namespace lanpeer::analysis
