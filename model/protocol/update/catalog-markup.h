#pragma once

#include "model/protocol/update/catalog-codec.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace lanpeer
{

/// \returns the line, from 1, in which that byte stands
std::size_t LineAt(std::string_view text, std::size_t at);

/// Finds out from the raw bytes what pugixml would let pass: what is not UTF-8, control characters,
/// document types, comments, CDATA, processing instructions, text between elements, a `<` or a line
/// end in a value, references beyond the predefined entities and characters, and elements deeper
/// than a resource.
std::optional<CatalogError> CheckCatalogMarkup(std::string_view text);

} // namespace lanpeer
