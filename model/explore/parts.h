#pragma once

#include "model/explore/renaming.h"
#include "model/explore/rules.h"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lanpeer::explore
{

using PartId = std::uint32_t;
using FlightId = std::uint16_t;

/// The parts that make up a world, by host.
using PartIds = std::array<PartId, kMaxHosts>;

/// A step that one host's own state makes possible.
struct OwnStep
{
    Step step;
    Budget cost = nullptr;
    bool byItself = false;
    std::uint64_t leastMs = 0; ///< the least delay of a timer that fires; else 0
};

/// One host in one state, with what is known of it; and what follows from that alone.
struct Part
{
    harness::Host host;
    Watch watch;
    std::uint8_t number = 0; ///< of the host

    std::vector<OwnStep> steps;
    /// Bit i: application request i + 1 must be able to end. One that backs off without Internet
    /// access need not: it goes on asking until its deadline (R-CLI-12).
    std::uint32_t owed = 0;
    std::uint64_t soonestMs = 0;        ///< one of the timers that may fire has by then
    bool clientRests = false;           ///< it gets nothing, for nobody
    bool remembersEnded = false;        ///< its memory of ended requests is to age
    std::vector<std::uint32_t> pending; ///< numbers of the requests that it is to answer
    std::vector<std::uint32_t> ended;   ///< and of those that it remembers
    std::optional<Violation> atRest;    ///< what is wrong with it
};

/// A flight, and what of it is often asked for.
struct KnownFlight
{
    harness::Flight flight;
    std::uint32_t request = 0; ///< number of the "I need" that it is about
};

/// What a step comes to.
struct Outcome
{
    std::vector<std::pair<std::uint8_t, PartId>> changed; ///< which host is what afterwards
    std::vector<FlightId> sent;
    std::optional<Violation> violation;
    bool died = false; ///< nothing under way to the host arrives
    /// An "I have" that was sent said so, or not. Whether it is so is others' business: to be
    /// looked at in each world that the step is taken in.
    std::optional<bool> saidBusy;
};

/// The parts that worlds are made of, each kept once and numbered, and what each step does to them,
/// found out once and remembered.
///
/// A step at a host changes that host and puts flights under way; only a transfer that starts or
/// ends, and a death, touch another. So a lane has a few thousand different hosts and flights, and
/// its millions of worlds are combinations of their numbers. That makes a world small, exact (no
/// fingerprint that may clash) and quick to step: the core runs once for each host and event, and
/// the invariants are looked at as often.
class Parts
{
  public:
    /// \param rules outlive the parts
    explicit Parts(const Rules& rules);

    /// Of a number that a host's state has (Intern), not only a renamed one (NumberAs).
    const Part& At(PartId part) const
    {
        return *m_parts[part];
    }

    const KnownFlight& FlightAt(FlightId flight) const
    {
        return *m_flights[flight];
    }

    std::size_t Count() const
    {
        return m_parts.size();
    }

    std::size_t FlightCount() const
    {
        return m_flights.size();
    }

    /// The number of a host's state.
    PartId Intern(std::uint8_t number, const harness::Host& host, const Watch& watch);

    FlightId Intern(const harness::Flight& flight);

    /// The number that a host's state has, or would have, if the hosts had those numbers.
    PartId NumberAs(const Renaming& renaming, PartId part);

    FlightId NumberAs(const Renaming& renaming, FlightId flight);

    /// Takes a step in a world of these parts. The result is valid until the next call.
    const Outcome& Take(const Step& step, const PartIds& parts);

    /// Is no upload slot of a host free in a world of these parts?
    bool IsBusy(std::uint8_t host, const PartIds& parts) const;

  private:
    /// Sees which hosts a step makes handle something, for the monitor too.
    struct Involved;

    std::uint32_t AliveIn(const PartIds& parts) const;
    std::uint32_t& Remembered(const Step& step, const PartIds& parts);
    const Outcome& TakeTogether(const Step& step, const PartIds& parts);
    std::uint32_t FindOut(const Step& step, const PartIds& parts, bool& alone);
    void Complete(Part& part, std::uint8_t number);
    PartId PartNumber(std::string encoded);
    FlightId FlightNumber(std::string encoded);
    std::uint32_t RequestNumber(const NodeId& node, std::uint32_t id);

    const Rules& m_rules;
    std::size_t m_hosts;
    State m_scratch;
    std::vector<std::unique_ptr<Part>> m_parts; ///< none: known by a number only
    std::vector<std::unique_ptr<KnownFlight>> m_flights;
    std::deque<Outcome> m_outcomes;
    std::unordered_map<std::string, PartId> m_partIds; ///< by encoding
    std::unordered_map<std::string, FlightId> m_flightIds;
    std::unordered_map<std::string, std::uint32_t> m_requests; ///< numbers, by node and ID
    std::unordered_map<std::uint64_t, std::uint32_t> m_alone;  ///< outcome of a step at one part
    std::vector<std::vector<std::uint32_t>> m_arrivals;        ///< the same of flights
    std::unordered_map<std::string, std::uint32_t> m_together; ///< of one that involves others
};

} // namespace lanpeer::explore
