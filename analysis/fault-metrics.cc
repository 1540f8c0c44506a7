#include "analysis/fault-metrics.h"

namespace lanpeer::analysis
{

FaultMetrics
ComputeFaultMetrics(const FaultRecord& record)
{
    constexpr double kUsPerS = 1e6;
    FaultMetrics metrics;
    metrics.duplicated = record.duplicated;
    metrics.reordered = record.reordered;
    metrics.corrupted = record.corrupted;
    metrics.corruptedDelivered = record.corruptedDelivered;
    metrics.unheard = record.unheard;
    metrics.stormDropped = record.stormDropped;
    metrics.uplinkDropped = record.uplinkDropped;
    metrics.uplinkDownS = static_cast<double>(record.uplinkDownUs) / kUsPerS;
    metrics.fullDisks = record.fullDisks;
    metrics.crashes = record.crashes;
    metrics.left = record.leaves;
    metrics.requestsLost = record.requestsLost;
    return metrics;
}

} // namespace lanpeer::analysis
