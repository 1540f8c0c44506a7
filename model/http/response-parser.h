#pragma once

#include "model/http/response.h"

#include <string_view>
#include <variant>

namespace lanpeer::http
{

/// A 1xx other than 101: to be skipped.
struct InterimResponse
{
};

using ParsedResponse = std::variant<ResponseHead, InterimResponse, ResponseError>;

/// Judges one whole head, blank line included, as HeadBuffer collected it. ResponseReader's inside;
/// hosts use that.
ParsedResponse ParseResponseHead(std::string_view head, const ResponseExpectation& expectation);

} // namespace lanpeer::http
