// hear-packets: how many "I need" packets a second one core takes: budget, decoding, dispatching.
//
//   hear-packets [--packets 1000000] [--rounds 5] [--at-least 200000]
//
// Each datagram goes the way that a host's go (the contract in peering-node.h):
// PacketBudget::Admit, Decode, PeeringNode::Handle. Nodes that ask are many, so that tables are as
// full as they get. Two loads: for what the node does not hold, which is what a flood is made of,
// and for what it holds, where each request also arms a timer and is ended by an "I found". Beside
// them, as the ratio that a noisy machine leaves standing, what pugixml alone needs to parse the
// same bytes. Prints rates per second, medians of the rounds; exit 1 if one of the loads is below
// --at-least, 2 on wrong use.

#include "model/protocol/packet-budget.h"
#include "model/protocol/packet-codec.h"
#include "model/protocol/peering-node.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <pugixml.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace
{

using namespace lanpeer;

constexpr std::uint32_t kAskers = 250;
constexpr const char* kHeld = "http://updates.example.org/held.0104060900.cab";
constexpr const char* kOther = "http://updates.example.org/other.0104060900.cab";

struct Datagram
{
    PeerId peer{};
    std::string source;
    std::string bytes;
};

/// The lock is beside the point: every request here has the same.
Lock
OneLock(const Token& /*token*/)
{
    return {};
}

std::string
EncodedOrThrow(const ServicePacket& packet, const std::string& source)
{
    auto bytes = Encode(packet, source);
    if (!bytes)
    {
        throw std::logic_error("a packet of this program does not encode");
    }
    return std::move(*bytes);
}

/// As many "I need" as asked for, in turn from each asker; behind each of what is held its end.
std::vector<Datagram>
MakeLoad(std::size_t requests, bool held)
{
    std::vector<Datagram> load;
    for (std::uint32_t i = 0; i < requests; ++i)
    {
        const std::uint32_t asker = i % kAskers;
        const PeerId peer{0x0A000001U + asker};
        const std::string source = fmt::format("10.0.0.{}", 1 + asker);
        ServicePacket need;
        need.kind = PacketKind::INeed;
        need.node = *NodeId::Parse(fmt::format("asker-{}", asker));
        need.id = 1 + i / kAskers;
        need.href = held ? kHeld : kOther;
        need.lock = Lock{};
        need.delayMs = 2000;
        load.push_back({peer, source, EncodedOrThrow(need, source)});
        if (held)
        {
            ServicePacket found;
            found.kind = PacketKind::IFound;
            found.node = need.node;
            found.id = need.id;
            found.href = need.href;
            found.key = FoundKey{};
            load.push_back({peer, source, EncodedOrThrow(found, source)});
        }
    }
    return load;
}

/// A node that holds one resource, and its host's budget: as wide as a load is.
class Listener
{
  public:
    Listener()
        : m_config(std::make_shared<const PeeringConfig>(Wide()))
        , m_node(*NodeId::Parse("listener"), m_config)
        , m_budget(*m_config)
    {
        Tell(CopyOffered{kHeld, 910'000});
    }

    void Hear(const Datagram& datagram)
    {
        m_nowUs += 1;
        if (m_budget.Admit(datagram.peer, LooksLikeIFound(datagram.bytes), m_nowUs))
        {
            throw std::logic_error("a packet was dropped by its budget");
        }
        auto decoded = Decode(datagram.bytes, datagram.source, OneLock);
        Tell(PacketReceived{datagram.peer,
                            1967,
                            Shared<ServicePacket>(std::move(std::get<ServicePacket>(decoded)))});
    }

    /// What came of it all: timers armed, so that nothing can have been skipped.
    std::uint64_t Armed() const
    {
        return m_armed;
    }

  private:
    static PeeringConfig Wide()
    {
        PeeringConfig config = PeeringConfig::Defaults();
        config.sourceBurst = config.sourceRefillPerS = std::uint64_t{1} << 20;
        config.totalBurst = config.totalRefillPerS = std::uint64_t{1} << 24;
        return config;
    }

    void Tell(const Event& event)
    {
        m_actions.clear();
        m_node.Handle(event, m_actions);
        for (std::size_t i = 0; i < m_actions.size(); ++i)
        {
            m_armed += std::holds_alternative<ArmTimer>(m_actions[i]) ? 1 : 0;
            if (const auto* draw = std::get_if<DrawToken>(&m_actions[i]))
            {
                m_draws.push_back(draw->key);
            }
        }
        for (const TokenKey& key : std::exchange(m_draws, {}))
        {
            Token token{};
            token[0] = ++m_drawn;
            Tell(TokenDrawn{key, token, {}});
        }
    }

    std::shared_ptr<const PeeringConfig> m_config;
    PeeringNode m_node;
    PacketBudget m_budget;
    ActionList m_actions;
    std::vector<TokenKey> m_draws;
    std::uint8_t m_drawn = 0;
    std::uint64_t m_nowUs = 0;
    std::uint64_t m_armed = 0;
};

/// Datagrams per second.
double
RateOf(std::size_t datagrams, const std::function<void()>& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(datagrams) / took.count();
}

double
HearAll(const std::vector<Datagram>& load, std::uint64_t answersAtLeast)
{
    Listener listener;
    const double rate = RateOf(load.size(),
                               [&]
                               {
                                   for (const Datagram& datagram : load)
                                   {
                                       listener.Hear(datagram);
                                   }
                               });
    if (listener.Armed() < answersAtLeast)
    {
        throw std::logic_error("requests were not taken");
    }
    return rate;
}

double
ParseAll(const std::vector<Datagram>& load)
{
    std::size_t elements = 0;
    const double rate =
        RateOf(load.size(),
               [&]
               {
                   for (const Datagram& datagram : load)
                   {
                       pugi::xml_document document;
                       document.load_buffer(datagram.bytes.data(), datagram.bytes.size());
                       elements += document.first_child() ? 1 : 0;
                   }
               });
    if (elements != load.size())
    {
        throw std::logic_error("packets do not parse");
    }
    return rate;
}

double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Prints one load's figures. \returns its rate
double
Measure(const char* name, std::size_t packets, bool held, unsigned rounds)
{
    const auto load = MakeLoad(held ? packets / 2 : packets, held);
    std::vector<double> heard;
    std::vector<double> parsed;
    for (unsigned round = 0; round < rounds; ++round)
    {
        heard.push_back(HearAll(load, held ? packets / 2 : 0));
        parsed.push_back(ParseAll(load));
    }
    const double rate = Median(heard);
    fmt::print("{:<34}{:>12.0f}{:>12.0f}{:>12.0f}{:>14.2f}\n",
               name,
               rate,
               *std::min_element(heard.begin(), heard.end()),
               *std::max_element(heard.begin(), heard.end()),
               Median(parsed) / rate);
    return rate;
}

} // namespace

int
main(int argc, char** argv)
{
    std::size_t packets = 1'000'000;
    unsigned rounds = 5;
    double atLeast = 200'000;
    CLI::App app("How many \"I need\" packets a second one core decodes and dispatches");
    app.add_option("--packets", packets, "of each load")->check(CLI::Range(1000, 10'000'000));
    app.add_option("--rounds", rounds, "medians of these")->check(CLI::Range(1, 100));
    app.add_option("--at-least", atLeast, "a second; exit 1 below")->capture_default_str();
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& error)
    {
        return app.exit(error) == 0 ? 0 : 2;
    }
    fmt::print("{:<34}{:>12}{:>12}{:>12}{:>14}\n",
               "packets a second",
               "median",
               "min",
               "max",
               "x of parsing");
    const double other = Measure("\"I need\" of what is not held", packets, false, rounds);
    const double held = Measure("of what is held, and its \"I found\"", packets, true, rounds);
    return std::min(other, held) < atLeast ? 1 : 0;
}
