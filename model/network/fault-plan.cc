#include "model/network/fault-plan.h"

namespace lanpeer::lan
{

bool
HasLinkFaults(const FaultPlan& plan)
{
    return plan.links.duplication > 0 || plan.links.reordering > 0 || plan.links.corruption > 0 ||
           !plan.deaf.empty() || !plan.mute.empty();
}

void
Postpone(FaultPlan& plan, std::int64_t byUs)
{
    for (FaultPlan::Crash& crash : plan.crashes)
    {
        crash.atUs += byUs;
        if (crash.backAtUs)
        {
            *crash.backAtUs += byUs;
        }
    }
    for (FaultPlan::Outage& outage : plan.uplinkDown)
    {
        outage.fromUs += byUs;
        outage.toUs += byUs;
    }
}

} // namespace lanpeer::lan
