#pragma once

#include <string>

namespace lanpeer::command
{

/// Puts a body where it was asked for: whole or not at all, by a temporary file beside it that is
/// renamed; "-" is standard output. Closes \p body. Throws std::runtime_error that names the file.
void SaveBody(int body, const std::string& name);

} // namespace lanpeer::command
