#pragma once

#include "tests/swarm/run.h"
#include "tests/swarm/setting.h"

#include <cstddef>
#include <functional>

namespace lanpeer::swarm
{

/// Leaves out of a setting that fails what it can while it still fails for the same requirement:
/// faults, nodes, wants one by one, until none can be left out any more.
///
/// \param told called now and then with how much is left and how many runs that took
Setting Shrink(const Setting& failing,
               const Violation& violation,
               const std::function<void(std::size_t, std::size_t)>& told);

} // namespace lanpeer::swarm
