#pragma once

#include "scenarios/sweep/runners.h"

#include <cstddef>
#include <string>

namespace lanpeer::scenario
{

/// What ranks say to each other.
struct RankMessage
{
    enum class Kind
    {
        Beat,     ///< both ways, once a second: I am here
        Hello,    ///< to rank 0, first: `text` is what must be the same everywhere
        Unfit,    ///< to rank 0: give me no runs; `text` is why
        Progress, ///< to rank 0: of its run
        Over,     ///< to rank 0: `outcome`, whose index is the run's number
        Do,       ///< from rank 0: the run `number`; `text` is its RunSpec as JSON
        Rest,     ///< from rank 0: no more runs, and what is under way is given up; then it may be
                  ///< silent for long
        End,      ///< from rank 0: all end MPI together
        Leave     ///< from rank 0: a rank is lost, MPI cannot end; each leaves it as it is
    };

    Kind kind = Kind::Beat;
    std::size_t number = 0;
    double progress = 0;
    std::string text{};
    std::string host{}; ///< of Hello and Unfit: the machine's name
    RunOutcome outcome{};
};

/// As bytes (CBOR: texts may hold any), and back. FromBytes throws std::invalid_argument.
std::string ToBytes(const RankMessage& message);
RankMessage RankMessageFromBytes(const std::string& bytes);

} // namespace lanpeer::scenario
