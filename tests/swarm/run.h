#pragma once

#include "model/explore/invariants.h"
#include "model/harness/tracer.h"
#include "model/harness/world.h"
#include "tests/swarm/ledger.h"
#include "tests/swarm/network.h"
#include "tests/swarm/random.h"
#include "tests/swarm/setting.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::swarm
{

/// What came of a run.
struct Outcome
{
    std::optional<Violation> violation;
    std::uint64_t violatedUs = 0; ///< when it was seen
    std::uint64_t events = 0;
    std::uint64_t requests = 0;
    std::uint64_t digest = 0; ///< of all that happened: two runs that differ have different ones
    /// How much of its bound the slowest request used, in thousandths: of those that ran when
    /// faults ended, and of those made afterwards.
    std::uint64_t slowest = 0;
    std::uint64_t slowestAfter = 0;
    std::string trace;
};

/// One run: faults for a while, then none, and every request ends; then everybody asks once more,
/// and finds; then all is quiet, and nothing is left.
class Run : private harness::Observer
{
  public:
    /// \param traced Outcome::trace tells all that happens
    Run(const Setting& setting, bool traced);

    Outcome Go();

  private:
    /// What is to happen at a time, from outside.
    struct Appointment
    {
        std::uint64_t atUs = 0;
        enum class Kind : std::uint8_t
        {
            End,   ///< of a mishap
            Begin, ///< of a mishap
            Want,
        } kind = Kind::Want;
        std::uint32_t index = 0;
        std::uint32_t number = 0; ///< of a stranger's packets
    };

    /// What a stranger has heard.
    struct Heard
    {
        ServicePacket packet;
        std::uint32_t from = 0; ///< a host
    };

    void Handled(const harness::World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override;

    void SetUp();
    void TellOfCatalog(std::uint32_t host);
    void MakeAppointments();
    void KeepAppointment(const Appointment& appointment);
    void Step(const harness::NextStep& step);
    bool Advance(std::uint64_t untilUs);
    void StepTransfer(std::uint32_t host, std::uint32_t slot);
    void EndTransfer(std::uint32_t host, std::uint32_t slot, bool altered);
    void LookAtTouched();
    void Violate(const Violation& violation);

    // Mishaps (run-mishaps.cc).
    void Begin(const Mishap& mishap, std::uint32_t number);
    void End(const Mishap& mishap);
    void Crash(std::uint32_t host);
    void Cancel(const Mishap& mishap);
    void Offer(const Mishap& mishap);
    void Forge(const Mishap& mishap, std::uint32_t number);
    ServicePacket ForgedPacket(const Mishap& mishap, std::uint32_t number, std::uint32_t stranger);

    // Phases.
    void Suffer();
    void Settle();
    void AskOnceMore();
    void BeQuiet();
    void Ask(std::uint32_t host, const std::string& href, const RequestOptions& options);
    std::uint64_t RequestsOf(std::uint32_t host) const;
    bool IsAwaited(std::uint32_t host) const;
    void AwaitEnds(const std::vector<std::uint64_t>& boundsUs,
                   bool helpersToo,
                   std::uint64_t& slowest);

    const Setting& m_setting;
    harness::World m_world;
    Network m_network;
    explore::Monitor m_monitor;
    Ledger m_ledger;
    std::optional<harness::Tracer> m_tracer;
    std::vector<Appointment> m_appointments; ///< in order of time
    std::size_t m_kept = 0;                  ///< of them
    std::vector<std::uint64_t> m_asked;      ///< requests made, by host
    std::map<std::string, Heard> m_heard;    ///< the latest "I need", by href
    std::uint32_t m_touched = 0; ///< hosts that an event came to since they were looked at
    Outcome m_outcome;
};

} // namespace lanpeer::swarm
