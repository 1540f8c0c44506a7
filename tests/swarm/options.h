#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::swarm
{

/// What the command line asks for.
struct Options
{
    std::optional<std::uint64_t> seed; ///< this one; else `first` to `last`
    std::uint64_t first = 1;
    std::uint64_t last = 2000;
    unsigned processes = 1;
    std::vector<std::string> without;
    bool trace = false;
    bool shrink = true;
    std::string help; ///< not empty: only that is asked for
};

/// A command line that asks for nothing that can be done; what() says what was expected.
class WrongUse : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

Options ReadOptions(int argc, const char* const* argv);

} // namespace lanpeer::swarm
