#pragma once

#include "reference/files/file-error.h"

namespace lanpeer::reference
{

/// What the store could not do: all of it is about its files.
using StoreError = FileError;

} // namespace lanpeer::reference
