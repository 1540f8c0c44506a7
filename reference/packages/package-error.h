#pragma once

#include <stdexcept>

namespace lanpeer::reference
{

/// What is wrong with a package, a certificate or a key, in one line without control characters and
/// without the name of the file.
class PackageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace lanpeer::reference
