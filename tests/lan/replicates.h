#pragma once

#include "model/lan/office-simulation.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lanpeer::lan
{

/// Figures of one run, as a test names them by position.
using Figures = std::vector<double>;

/// Runs 1 to \p runs of what \p one does, each in a process of its own; the figures in the order of
/// the runs.
std::vector<Figures> Replicates(std::uint64_t runs,
                                const std::function<Figures(std::uint64_t run)>& one);

/// One figure over all runs.
std::vector<double> Column(const std::vector<Figures>& runs, std::size_t figure);

/// An office whose nodes after the holders all ask at the same instant.
OfficeConfig FlashCrowd(Policy policy, std::uint32_t nodes, const std::string& preset = "dsl");

/// The same, with asking spread uniformly over a window.
OfficeConfig Spread(Policy policy,
                    std::uint32_t nodes,
                    double windowS,
                    const std::string& preset = "dsl");

std::vector<OfficeConfig::Resource> SmallResource(); ///< one of 16 kB
std::vector<OfficeConfig::Resource> LargeResource(); ///< one of 910 kB
std::vector<OfficeConfig::Resource> FullUpdate();    ///< the six .cab files [0058]

/// Copies that came from the Internet, by bytes.
double CopiesOf(const analysis::RunRecord& record);

/// Requests that did not end found.
double NotFound(const analysis::RunRecord& record);

} // namespace lanpeer::lan
