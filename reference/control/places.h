#pragma once

#include <cstddef>
#include <map>
#include <sys/types.h>

namespace lanpeer::reference
{

/// How many applications may be connected: no user may keep the others out, and all of them
/// together not root and the service's own user.
class Places
{
  public:
    static constexpr std::size_t kAll = 256;
    static constexpr std::size_t kOfOneUser = 64;
    /// For root and the service's own user alone, who may have as many as there are.
    static constexpr std::size_t kKept = 64;

    /// \param own the service's user
    explicit Places(uid_t own)
        : m_own(own)
    {
    }

    /// \returns whether there was one
    bool Take(uid_t user);

    /// Gives one back that the user took.
    void Leave(uid_t user);

  private:
    bool IsKeptFor(uid_t user) const
    {
        return user == 0 || user == m_own;
    }

    uid_t m_own;
    std::map<uid_t, std::size_t> m_taken;
    std::size_t m_all = 0;
    std::size_t m_ofOthers = 0; ///< of all but root and the service's own user
};

} // namespace lanpeer::reference
