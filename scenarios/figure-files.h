#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

/// Draws figures (explore::FigureOf) as the running code has them into a folder, which is made if
/// need be: NAME.dot, NAME.svg where Graphviz's `dot` is there, and additions.md, which
/// lists what the code adds and why.
///
/// \param say is told of what is being explored
/// \returns where the code differs from the figures, a line each; empty if it does not
/// Throws std::runtime_error where a file cannot be written.
std::string WriteFigures(const std::string& folder,
                         const std::vector<std::string>& names,
                         const std::function<void(const std::string& what)>& say);

} // namespace lanpeer::scenario
