#pragma once

#include "reference/files/digest.h"
#include "reference/service/application.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

/// A call that cannot be carried out; what() goes back to the application.
class CallError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

// What a call has (README.md). All of these throw CallError for what is no such thing.

/// One that must be there.
std::string TextOf(const nlohmann::json& json, const char* key);

bool FlagOf(const nlohmann::json& json, const char* key, bool otherwise);

std::optional<Digest> DigestIn(const nlohmann::json& json);

Verifier VerifierIn(const nlohmann::json& json);

std::vector<std::pair<std::string, std::string>> AttributesIn(const nlohmann::json& json);

} // namespace lanpeer::reference
