#pragma once

#include "model/protocol/action.h"
#include "model/protocol/event.h"
#include "model/protocol/peering-node.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lanpeer
{

/// The version of the tape's format, in its first line.
constexpr unsigned kTapeVersion = 1;

/// How many lines pass between two that carry the whole state.
constexpr std::uint64_t kTapeStateEvery = 1000;

/// Writes down what one node was told and what it did, as JSON lines; every host writes the same.
///
///     {"tape":1,"self":"n1","config":{...}}
///     {"n":1,"event":{"wanted":{...}},"actions":[{"draw":{...}},...],"hash":"89abcdef01234567"}
///     ...
///     {"n":1000,"state":{...}}                    after every 1,000th event
///
/// `hash` is that of the node's state after the event, in its JSON form. Peers are numbered by
/// first sight. A tape that is replayed through the core gives the same lines, byte for byte
/// (model/harness/replay.h).
class Tape
{
  public:
    /// \param write takes one line at a time, without its end of line
    Tape(const PeeringNode& node, std::function<void(std::string_view)> write);

    /// To be called after Handle(), before the actions are carried out.
    void Record(const PeeringNode& node, const Event& event, const ActionList& actions);

  private:
    std::function<void(std::string_view)> m_write;
    std::unordered_map<PeerId, std::uint64_t> m_peers;
    std::uint64_t m_lines = 0;
    std::string m_line;
    std::string m_state;
};

} // namespace lanpeer
