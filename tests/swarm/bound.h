#pragma once

#include "model/harness/world.h"
#include "tests/swarm/setting.h"

#include <cstdint>

namespace lanpeer::swarm
{

/// By when every request of a host must have ended, in microseconds from now, if nothing goes wrong
/// any more: the sum of what it may still have to wait for, from the parameters.
///
/// \param requests how many of them there are
std::uint64_t BoundUs(const Setting& setting,
                      const harness::World& world,
                      std::uint32_t host,
                      std::uint64_t requests);

/// Must a host that asks now for a resource with all options find it within its bound? Else it may
/// fail, or go on asking until its deadline.
bool MustFind(const Setting& setting,
              const harness::World& world,
              std::uint32_t host,
              const std::string& href);

} // namespace lanpeer::swarm
