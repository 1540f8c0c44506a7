#pragma once

#include "tests/swarm/ledger.h"

// For the files of the ledger only.

namespace lanpeer::swarm
{

/// One event with what it led to; the world is still as it was before the first action.
struct Ledger::Seeing
{
    const harness::World& world;
    std::uint32_t number;
    const Event& event;
    const ActionList& actions;
    const PeeringConfig& config;
    Book& book;

    const harness::Host& Host() const
    {
        return world.At(number);
    }

    template <typename T>
    const T* EventAs() const
    {
        return std::get_if<T>(&event);
    }
};

} // namespace lanpeer::swarm
