#include "tests/analysis/regression-samples.h"

namespace lanpeer::regression
{

analysis::Metrics
SampleRun(std::uint64_t run)
{
    analysis::Metrics m;
    m.scenario = "office";
    m.policy = "robust";
    m.seed = 1;
    m.run = run;
    m.nodes = 10;
    m.resourceBytes = 1000;
    m.internetBytes = 2000;
    m.copies = 2.0;
    m.savedFraction = 0.8;
    m.served.maxBytes = 4000;
    m.served.jain = 0.5;
    m.packets.iHaveDuplicate = 3;
    m.responseDelayMs.mean = 100.0;
    m.findS.mean = 1.0;
    m.finishS.mean = 2.0;
    m.finishS.p95 = 3.0;
    m.finishS.last = 4.0;
    m.wallS = 0.5;
    return m;
}

RunSet
SampleFile(const std::string& path, const std::vector<analysis::Metrics>& runs)
{
    return {path, false, {{"", path, runs}}};
}

} // namespace lanpeer::regression
