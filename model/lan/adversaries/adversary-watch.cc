#include "model/lan/adversaries/adversary-watch.h"

#include <utility>

namespace lanpeer::lan
{

AdversaryWatch::AdversaryWatch(std::uint32_t nodes,
                               std::uint32_t firstHostile,
                               std::vector<std::string> contents,
                               bool answersAreBroadcast)
    : m_firstHostile(firstHostile)
    , m_contents(std::move(contents))
    , m_answersAreBroadcast(answersAreBroadcast)
    , m_accepted(nodes)
{
}

void
AdversaryWatch::TransferOver(std::uint32_t node,
                             std::uint32_t resource,
                             const std::string& whole,
                             bool accepted)
{
    if (!whole.empty() && whole != m_contents[resource])
    {
        ++m_record.alteredReceived;
    }
    if (accepted)
    {
        m_accepted[node][resource] = whole;
    }
}

void
AdversaryWatch::Found(std::uint32_t node, std::uint32_t resource)
{
    const auto accepted = m_accepted[node].find(resource);
    if (accepted != m_accepted[node].end() && accepted->second != m_contents[resource])
    {
        ++m_record.alteredInstalled;
    }
}

} // namespace lanpeer::lan
