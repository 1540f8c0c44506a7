#include "reference/control/places.h"

namespace lanpeer::reference
{

bool
Places::Take(uid_t user)
{
    const auto found = m_taken.find(user);
    const std::size_t has = found == m_taken.end() ? 0 : found->second;
    const bool kept = IsKeptFor(user);
    if (m_all >= kAll || (!kept && (has >= kOfOneUser || m_ofOthers >= kAll - kKept)))
    {
        return false;
    }
    m_taken[user] = has + 1;
    ++m_all;
    m_ofOthers += kept ? 0 : 1;
    return true;
}

void
Places::Leave(uid_t user)
{
    const auto found = m_taken.find(user);
    if (--found->second == 0)
    {
        m_taken.erase(found);
    }
    --m_all;
    m_ofOthers -= IsKeptFor(user) ? 0 : 1;
}

} // namespace lanpeer::reference
