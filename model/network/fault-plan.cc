#include "model/network/fault-plan.h"

namespace lanpeer::lan
{

bool
HasLinkFaults(const FaultPlan& plan)
{
    return plan.links.duplication > 0 || plan.links.reordering > 0 || plan.links.corruption > 0 ||
           !plan.deaf.empty() || !plan.mute.empty();
}

} // namespace lanpeer::lan
