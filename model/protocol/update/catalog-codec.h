#pragma once

#include "model/protocol/update/catalog.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace lanpeer
{

/// Why a text is no catalog.
struct CatalogError
{
    std::size_t line = 0; ///< from 1; 0 where the text as a whole is meant
    std::string message;  ///< names the element and the attribute

    LANPEER_FIELDS(line, message)
};

/// "line 3: resource: url: ..."
std::string ToString(const CatalogError& error);

/// Reads a catalog's text (R-UPD-8):
///
///     <?xml version="1.0" encoding="UTF-8"?>
///     <catalog format="1" epoch="1" version="7" expires="1798761600">
///       <resource product="engine" version="200101131511" size="580000"
///                 sha256="..." url="http://updates.example/engine.200101131511.cab"/>
///     </catalog>
///
/// `product` of the catalog and `set` of a resource may be absent; a resource's set is then its
/// product. Strict: what is not known is refused, not ignored, since a signed text has one meaning
/// only. Total: any bytes give a catalog that CheckCatalog() finds sound, or an error.
std::variant<Catalog, CatalogError> ReadCatalog(std::string_view text);

/// Writes it so that ReadCatalog() gives the same. The same catalog, the same bytes.
///
/// \returns the error that CheckCatalog() found, for what is no sound one or would be too long
std::variant<std::string, CatalogError> WriteCatalog(const Catalog& catalog);

} // namespace lanpeer
