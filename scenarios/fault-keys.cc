#include "scenarios/key-kinds.h"

namespace lanpeer::scenario
{

std::vector<Key>
FaultKeys()
{
    return {LaterKey("faults", "none", true, "nodes that die, links that fail, ... (R-SIM-5)")};
}

} // namespace lanpeer::scenario
