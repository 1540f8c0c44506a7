#pragma once

#include "model/protocol/types.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lanpeer
{

/// Length of a token as text: 128 bits at 6 bits a character.
constexpr std::size_t kTokenTextLength = 22;

/// A token or a lock as packets and aliases carry it (R-PKT-6, R-HTTP-1): base64url of RFC 4648,
/// section 5, without padding; always kTokenTextLength characters of [A-Za-z0-9_-].
std::string ToBase64Url(const Token& token);

/// The opposite, strictly: each token has exactly one text. \returns nullopt for any other length
/// or character, padding included, and where the four bits beyond the token are not zero.
std::optional<Token> FromBase64Url(std::string_view text);

} // namespace lanpeer
