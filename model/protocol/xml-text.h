#pragma once

#include "model/protocol/reason.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer
{

// What of XML the codec checks on the raw bytes, before and beside pugixml, which takes much that
// is not XML: it neither checks UTF-8 nor names nor references.

/// Is it UTF-8? Overlong forms, surrogates and what is beyond U+10FFFF are not.
bool IsUtf8(std::string_view text);

/// \returns why these bytes cannot stand in a packet (R-PKT-4), nullopt if they can: NotUtf8 for
/// overlong forms, surrogates and what else is no UTF-8; ControlCharacter for Unicode's controls
/// (below U+0020, U+007F to U+009F; L22), but for tab, line feed and carriage return, which are
/// white space between attributes; NotXml for U+FFFE and U+FFFF, which XML has not.
std::optional<Reason> CheckCharacters(std::string_view text);

/// The same for the value of an attribute, where tab and line ends are refused as well: XML would
/// turn them into spaces.
std::optional<Reason> CheckValue(std::string_view text);

/// Looks at the reference that \p text begins with, "&amp;" or "&#38;" or "&#x26;", and sets
/// \p length to its bytes. \returns BadEntity for what is neither one of the five predefined
/// entities nor a reference to a character of XML, ControlCharacter for one to a control character,
/// white space included.
std::optional<Reason> CheckReference(std::string_view text, std::size_t& length);

/// Finds out, from the raw bytes, whether this can be one element without content, perhaps after an
/// XML declaration, and nothing else but white space around it. Names and attributes are left to
/// the parser. \returns the reason why not.
std::optional<Reason> CheckMarkup(std::string_view text);

/// Is it a Name of XML 1.0, fifth edition? Not what is no UTF-8.
bool IsXmlName(std::string_view text);

/// Appends a value as it stands between double quotes.
void AppendEscaped(std::string& out, std::string_view value);

} // namespace lanpeer
