#pragma once

#include "analysis/run-record.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer::lan
{

/// What came through to honest nodes of what others did to them, for the metrics (R-SIM-6). Looks
/// at the bodies themselves, by their descriptors (content.h), and not at what a verifier made of
/// them: one that lets altered data pass would not tell.
class AdversaryWatch
{
  public:
    /// \param firstHostile index of the first hostile node: all below are honest
    /// \param contents what each resource is, by its descriptor
    /// \param answersAreBroadcast then everybody hears answers to others, and none is reflected
    AdversaryWatch(std::uint32_t nodes,
                   std::uint32_t firstHostile,
                   std::vector<std::string> contents,
                   bool answersAreBroadcast = false);

    bool IsHostile(std::uint32_t node) const
    {
        return node >= m_firstHostile;
    }

    /// Bytes came from a hostile node.
    void Served(std::uint64_t bodyBytes)
    {
        m_record.servedBytes += bodyBytes;
    }

    /// A transfer to an honest node is over.
    /// \param whole the body's descriptor, if it came whole; else empty
    void TransferOver(std::uint32_t node,
                      std::uint32_t resource,
                      const std::string& whole,
                      bool accepted);

    /// A request of an honest node ended found.
    void Found(std::uint32_t node, std::uint32_t resource);

    /// An answer came to a node that had not asked (L3).
    void Reflected()
    {
        m_record.reflected += m_answersAreBroadcast ? 0 : 1;
    }

    /// All but what only the hostile nodes themselves know.
    const analysis::AdversaryRecord& Record() const
    {
        return m_record;
    }

  private:
    std::uint32_t m_firstHostile;
    std::vector<std::string> m_contents;
    bool m_answersAreBroadcast;
    /// By node, then by resource: what it accepted last. What it held at the start is not here, and
    /// is what it should be.
    std::vector<std::unordered_map<std::uint32_t, std::string>> m_accepted;
    analysis::AdversaryRecord m_record;
};

} // namespace lanpeer::lan
