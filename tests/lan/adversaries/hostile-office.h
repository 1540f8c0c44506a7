#pragma once

#include "model/lan/office-simulation.h"
#include "tests/lan/replicates.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// What is asked about a run with hostile nodes. Numbers only, so that a run may be in a process of
/// its own.
struct Outcome
{
    double notFound = 0; ///< requests that did not end found
    double copies = 0;
    double lastS = 0; ///< from the first ask until the last request ended
    double found = 0; ///< ... at a peer
    double packetsSent = 0;
    double servedBytes = 0;
    double offered = 0;
    double received = 0;
    double installed = 0;
    double reflected = 0;
    double refusals = 0;
    double stalls = 0;
    double overBudget = 0; ///< packets dropped by the budgets
    double simulatedS = 0;
    double events = 0;
};

/// An office whose honest nodes all ask at the same instant, 1 s, but for the holders.
struct HostileOffice
{
    std::uint32_t nodes = 10; ///< hostile ones included
    std::uint32_t holders = 0;
    std::uint32_t hostile = 1;
    std::vector<AdversaryKind> kinds = {AdversaryKind::Altered};
    std::vector<OfficeConfig::Resource> resources = SmallResource();
    double packetsPerS = 100;
    bool gateway = false;
    /// What else is to be set.
    std::function<void(OfficeConfig& office)> also{};
};

/// Policies by the words of the command line, as no enum of the core has all of them.
const std::vector<std::string>& PeeringPolicies(); ///< fig4a, fig4b, robust
const std::vector<std::string>& AllPolicies();     ///< direct, proxy and those

/// Runs it in a process of its own.
Outcome RunHostile(const HostileOffice& hostile, const std::string& policy, std::uint64_t run = 1);

/// The same with silent nodes in the place of the hostile ones.
Outcome RunPeaceful(HostileOffice hostile, const std::string& policy, std::uint64_t run = 1);

} // namespace lanpeer::lan
