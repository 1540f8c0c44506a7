#pragma once

#include <string>
#include <string_view>

namespace lanpeer::command
{

/// Puts a body where it was asked for: whole or not at all, by a temporary file beside it that is
/// renamed; "-" is standard output. Closes \p body. Throws std::runtime_error that names the file.
void SaveBody(int body, const std::string& name);

/// The same of bytes in memory; "-" is a file's name like any other.
void SaveBytes(std::string_view bytes, const std::string& name);

} // namespace lanpeer::command
