#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::explore
{

/// A state from which a request that runs there can no longer end.
struct Trap
{
    std::uint32_t state = 0;
    std::uint32_t request = 0; ///< bit of the request
    bool dead = false;         ///< nothing at all happens there by itself
};

/// The graph of what happens by itself, and which requests run in which state: enough to say
/// whether every request can end from every state. An end is reached, whichever way it came.
class Liveness
{
  public:
    /// The next state, in order of their numbers, and the requests that run in it. The edges added
    /// after it are its own.
    void AddState(std::uint32_t owed);

    /// Something happens by itself in the latest state and leads to that one.
    void AddEdge(std::uint32_t to);

    /// \returns the lowest state that is a trap: none is reached by fewer steps.
    std::optional<Trap> FindTrap() const;

    std::size_t Edges() const
    {
        return m_edges.size();
    }

    std::size_t Bytes() const;

  private:
    std::vector<std::uint32_t> m_owed;
    std::vector<std::uint32_t> m_firstEdge;
    std::vector<std::uint32_t> m_edges;
};

} // namespace lanpeer::explore
