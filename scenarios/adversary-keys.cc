#include "scenarios/key-kinds.h"

namespace lanpeer::scenario
{

std::vector<Key>
AdversaryKeys()
{
    return {LaterKey("adversaries", "none", true, "nodes that lie, flood, ... (R-SIM-6)")};
}

} // namespace lanpeer::scenario
