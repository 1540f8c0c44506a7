#pragma once

#include "model/explore/invariants.h"

// For the files of the monitor only.

namespace lanpeer::explore
{

/// Hosts are counted from 1 where a reader sees it.
inline std::uint32_t
Number(std::uint32_t host)
{
    return host + 1;
}

inline std::uint32_t
BitOf(AppRequestId request)
{
    return 1U << (static_cast<std::uint64_t>(request) - 1);
}

template <typename T>
const T*
As(const Action& action)
{
    return std::get_if<T>(&action);
}

/// One event with what it led to.
struct Monitor::Seeing
{
    const harness::World& world;
    std::uint32_t host;
    const Event& event;
    const ActionList& actions;

    const harness::Host& Host() const
    {
        return world.At(host);
    }

    // What holds when the i-th action is carried out: the world is still as it was before the
    // first.

    bool ArmedBefore(std::size_t i, const TimerKey& timer) const
    {
        bool armed = Host().timers.count(timer) != 0;
        for (std::size_t earlier = 0; earlier < i; ++earlier)
        {
            const auto* arm = As<ArmTimer>(actions[earlier]);
            const auto* cancel = As<CancelTimer>(actions[earlier]);
            armed = (armed || (arm != nullptr && arm->timer == timer)) &&
                    !(cancel != nullptr && cancel->timer == timer);
        }
        return armed;
    }

    bool TransfersBefore(std::size_t i, TransferId transfer) const
    {
        bool runs = Host().transfers.count(static_cast<std::uint32_t>(transfer)) != 0;
        for (std::size_t earlier = 0; earlier < i; ++earlier)
        {
            const auto* start = As<StartTransfer>(actions[earlier]);
            const auto* stop = As<StopTransfer>(actions[earlier]);
            runs = (runs || (start != nullptr && start->transfer == transfer)) &&
                   !(stop != nullptr && stop->transfer == transfer);
        }
        return runs;
    }

    bool OfferedBefore(std::size_t i, const std::string& href) const
    {
        bool offered = Host().offered.count(href) != 0;
        for (std::size_t earlier = 0; earlier < i; ++earlier)
        {
            const auto* offer = As<OfferCopy>(actions[earlier]);
            const auto* withdraw = As<WithdrawCopy>(actions[earlier]);
            offered = (offered || (offer != nullptr && offer->href == href)) &&
                      !(withdraw != nullptr && withdraw->href == href);
        }
        return offered;
    }
};

} // namespace lanpeer::explore
