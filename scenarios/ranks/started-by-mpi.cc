#include "scenarios/ranks/on-ranks.h"

#include <array>
#include <cstdlib>
#include <cstring>

namespace lanpeer::scenario
{

bool
StartedByMpi()
{
    // Open MPI and PRRTE; MPICH, Intel and Slurm's PMI-1 and PMI-2; PMIx of any of them. Slurm's
    // own variables stand in every batch script as well: they say nothing.
    constexpr std::array<const char*, 3> names{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"};
    for (const char* name : names)
    {
        if (std::getenv(name) != nullptr)
        {
            return true;
        }
    }
    return false;
}

bool
StartedAsOneOfMany()
{
    constexpr std::array<const char*, 3> sizes{
        "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};
    for (const char* name : sizes)
    {
        const char* size = StartedByMpi() ? std::getenv(name) : nullptr;
        if (size != nullptr)
        {
            return std::strcmp(size, "1") != 0;
        }
    }
    return StartedByMpi();
}

bool
IsFirstRank()
{
    constexpr std::array<const char*, 3> names{"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"};
    for (const char* name : names)
    {
        const char* rank = std::getenv(name);
        if (rank != nullptr)
        {
            return std::strcmp(rank, "0") == 0;
        }
    }
    return true;
}

} // namespace lanpeer::scenario
