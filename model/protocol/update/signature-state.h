#pragma once

#include "model/protocol/update/package-facts.h"

#include <string_view>

namespace lanpeer
{

/// "valid", "not for signing"
std::string_view ToString(SignatureState state);

} // namespace lanpeer
