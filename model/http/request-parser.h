#pragma once

#include "model/http/limits.h"
#include "model/http/request.h"

#include <string_view>
#include <variant>

namespace lanpeer::http
{

using ParsedRequest = std::variant<Request, RequestError>;

/// Judges one whole head, blank line included, as HeadBuffer collected it. RequestReader's inside;
/// hosts use that.
ParsedRequest ParseRequestHead(std::string_view head, const HeadLimits& limits);

} // namespace lanpeer::http
