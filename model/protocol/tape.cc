#include "model/protocol/tape.h"

#include "model/protocol/json-writer.h"

#include <fmt/format.h>

#include <utility>

namespace lanpeer
{

Tape::Tape(const PeeringNode& node, std::function<void(std::string_view)> write)
    : m_write(std::move(write))
{
    JsonWriter json(m_line, m_peers);
    json.Raw(fmt::format("{{\"tape\":{},\"self\":", kTapeVersion));
    json.Write(node.Self());
    json.Raw(",\"config\":");
    json.Write(node.Config());
    json.Raw("}");
    m_write(m_line);
}

void
Tape::Record(const PeeringNode& node, const Event& event, const ActionList& actions)
{
    ++m_lines;
    m_line.clear();
    JsonWriter json(m_line, m_peers);
    json.Raw(fmt::format("{{\"n\":{},\"event\":", m_lines));
    json.Write(event);
    json.Raw(",\"actions\":");
    json.Write(actions);
    // Of the JSON, not of the node: there peers have the tape's numbers, as they do in a replay.
    m_state.clear();
    JsonWriter(m_state, m_peers).Write(node);
    HashSink hash;
    hash.Bytes(m_state.data(), m_state.size());
    json.Raw(fmt::format(",\"hash\":\"{:016x}\"}}", hash.Value()));
    m_write(m_line);
    if (m_lines % kTapeStateEvery == 0)
    {
        m_write(fmt::format("{{\"n\":{},\"state\":{}}}", m_lines, m_state));
    }
}

} // namespace lanpeer
