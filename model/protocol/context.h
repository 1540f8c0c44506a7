#pragma once

#include "model/protocol/action.h"
#include "model/protocol/parameters.h"
#include "model/protocol/types.h"

#include <optional>
#include <string>
#include <utility>

namespace lanpeer
{

/// What the parts of a node have in common while one event is handled.
struct Context
{
    const PeeringConfig& config;
    const NodeId& self;
    ActionList& actions;

    void Do(Action action) const
    {
        actions.push_back(std::move(action));
    }

    /// Sends a packet of this node's to everyone.
    void Broadcast(ServicePacket packet) const
    {
        packet.node = self;
        Do(lanpeer::Broadcast{std::move(packet)});
    }

    /// Sends a packet of this node's to one peer.
    void SendTo(PeerId peer, std::uint16_t port, ServicePacket packet) const
    {
        packet.node = self;
        Do(lanpeer::SendTo{peer, port, std::move(packet)});
    }

    void Note(Reason reason, std::string href, std::optional<PeerId> peer = std::nullopt) const
    {
        Do(lanpeer::Note{reason, std::move(href), peer});
    }
};

} // namespace lanpeer
