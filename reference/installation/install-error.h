#pragma once

#include <stdexcept>

namespace lanpeer::reference
{

/// Why a set is not installed: one line that names it.
class InstallError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace lanpeer::reference
