#pragma once

#include "model/harness/world.h"
#include "tests/swarm/random.h"
#include "tests/swarm/setting.h"

#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace lanpeer::swarm
{

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

/// Peers that are no nodes; the first kLeadNowhere lead nowhere, the others to altered bytes.
constexpr std::uint32_t kStrangers = 4;
constexpr std::uint32_t kLeadNowhere = 2;

/// How a transfer goes on, as it was drawn when it started.
struct Course
{
    bool altered = false;
    bool stalls = false;            ///< at `turnsAt`, else it ends there
    std::uint64_t turnsAt = kNever; ///< bytes at which it goes wrong
    std::uint64_t bytesPerStep = 0;
    bool toldWhole = false; ///< its verdict comes later than its last byte
    bool silent = false;    ///< if its server dies, nothing is heard of that
};

/// The network between the nodes, and their uplinks: what fails is drawn per link and per node, so
/// that a draw more in one place changes nothing in the others.
class Network : public harness::Conditions
{
  public:
    explicit Network(const Setting& setting);

    std::vector<std::uint64_t> ArrivalsUs(const harness::World& world,
                                          const harness::Flight& flight) override;
    bool Connects(const harness::World& world, std::uint32_t from, std::uint32_t server) override;
    void Started(const harness::World& world,
                 std::uint32_t host,
                 std::uint32_t slot,
                 harness::RunningTransfer& transfer) override;

    /// From now on nothing goes wrong. What has begun to go wrong goes on.
    void Calm();

    /// The nodes of a mask and the others do not reach each other, or do again.
    void Cut(std::uint32_t mask, bool cut);

    /// A node reaches nobody, or does again.
    void TakeAway(std::uint32_t host, bool away);

    /// A node's store is full, or no longer.
    void FillStore(std::uint32_t host, bool full);

    bool Reaches(std::uint32_t from, std::uint32_t to) const;

    /// Of a transfer that runs.
    const Course& CourseOf(std::uint32_t host, std::uint32_t slot) const
    {
        return m_courses.at({host, slot});
    }

    static constexpr std::uint64_t kStepUs = 250'000; ///< the longest that a host waits to report
    static constexpr std::uint64_t kPacketUs = 200;
    static constexpr std::uint64_t kConnectUs = 2'000;
    static constexpr std::uint64_t kVerdictUs = 300'000;          ///< at most
    static constexpr std::uint64_t kPeerBytesPerStep = 2'500'000; ///< 10 MB/s
    static constexpr std::uint64_t kUplinkBytesPerStep = 500'000; ///< 2 MB/s

    /// How much later a packet may be than one that is not late, at most.
    static constexpr std::uint64_t kLateUs = 3'000'000;

  private:
    struct Link
    {
        Random random;
        bool dead = false; ///< while faults are on
    };

    Link& LinkOf(std::uint32_t from, std::uint32_t to)
    {
        return m_links[from * m_setting.nodes.size() + to];
    }

    void Spoil(std::uint32_t host,
               std::uint64_t size,
               harness::RunningTransfer& transfer,
               Course& course);

    const Setting& m_setting;
    std::vector<Link> m_links;
    std::vector<Random> m_transfers; ///< by node
    std::map<std::pair<std::uint32_t, std::uint32_t>, Course> m_courses;
    std::vector<std::uint32_t> m_cuts;
    std::uint32_t m_away = 0; ///< a mask of hosts
    std::uint32_t m_full = 0;
    bool m_calm = false;
};

} // namespace lanpeer::swarm
