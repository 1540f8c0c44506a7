#include "scenarios/ranks/on-ranks.h"

#include <stdexcept>

namespace lanpeer::scenario
{

int
DoOnRanks(const RankWork& /*work*/)
{
    if (!IsFirstRank())
    {
        return 0; // once is enough
    }
    throw std::runtime_error("started by mpirun, but built without MPI (LANPEER_WITH_MPI=OFF)");
}

} // namespace lanpeer::scenario
