#include "scenarios/built-from.h"

namespace lanpeer::scenario
{

namespace
{

#include "built-from.inc" // made by built-from.cmake

} // namespace

analysis::MadeBy
BuiltFrom()
{
    return {kSources, kCommit, kDirty, kNs3, kCompiler};
}

} // namespace lanpeer::scenario
