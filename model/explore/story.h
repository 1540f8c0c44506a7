#pragma once

#include "model/explore/parts.h"

#include <string>
#include <vector>

namespace lanpeer::explore
{

/// A way from the start of a lane, in the command language of the golden scripts (script.h).
///
/// The language delivers whatever fits a selection. Where more than the one flight meant would fit,
/// its packet is written out instead (`send`) and the flight is left lying, as it is where it
/// arrives for the first of two times. One that is lost while others fit is left lying too.
std::vector<std::string> Tell(const Rules& rules,
                              const Parts& parts,
                              const std::vector<Step>& steps);

} // namespace lanpeer::explore
