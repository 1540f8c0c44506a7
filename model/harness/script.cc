#include "model/harness/script.h"

#include "model/harness/arguments.h"
#include "model/harness/packet-words.h"
#include "model/harness/peers-line.h"
#include "model/harness/trace-text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace lanpeer::harness
{

struct Script::Command
{
    std::string_view name;
    void (Script::*run)(Arguments&);
};

const std::vector<Script::Command>&
Script::Commands()
{
    static const std::vector<Command> commands{
        {"peers", &Script::Peers},
        {"want", &Script::Want},
        {"cancel", &Script::Cancel},
        {"deliver", &Script::Deliver},
        {"lose", &Script::Lose},
        {"duplicate", &Script::Duplicate},
        {"under-way", &Script::UnderWay},
        {"fire", &Script::Fire},
        {"timers", &Script::Timers},
        {"progress", &Script::Progress},
        {"whole", &Script::Whole},
        {"finish", &Script::Finish},
        {"kill", &Script::Kill},
        {"restart", &Script::Restart},
        {"liar", &Script::Liar},
        {"access", &Script::Access},
        {"uplink", &Script::Uplink},
        {"lan", &Script::Lan},
        {"offer", &Script::Offer},
        {"withdraw", &Script::Withdraw},
        {"catalog", &Script::Catalog},
        {"upload", &Script::Upload},
        {"upload-end", &Script::UploadEnd},
        {"send", &Script::Send},
        {"register", &Script::Register},
        {"unregister", &Script::Unregister},
        {"app", &Script::App},
        {"run", &Script::RunFor},
        {"stabilize", &Script::Stabilize},
        {"show", &Script::Show},
    };
    return commands;
}

Script::Script() = default;
Script::~Script() = default;

ScriptResult
Script::Run(std::string_view line)
{
    ScriptResult result;
    try
    {
        Arguments words(line);
        const std::string name = words.Word("a command");
        const auto& commands = Commands();
        const auto its =
            std::find_if(commands.begin(),
                         commands.end(),
                         [&name](const Command& command) { return command.name == name; });
        if (its == commands.end())
        {
            throw ScriptError(fmt::format("\"{}\" is no command", name));
        }
        (this->*its->run)(words);
    }
    catch (const ScriptError& error)
    {
        result.error = error.what();
    }
    result.trace = m_tracer.Take();
    return result;
}

std::vector<std::string>
Script::Tapes() const
{
    std::vector<std::string> tapes = m_earlierTapes;
    if (m_tapes != nullptr)
    {
        tapes.insert(tapes.end(), m_tapes->Tapes().begin(), m_tapes->Tapes().end());
    }
    return tapes;
}

// ---------------------------------------------------------------- what the commands share

World&
Script::TheWorld()
{
    if (m_world == nullptr)
    {
        throw ScriptError("there are no peers yet");
    }
    return *m_world;
}

std::uint32_t
Script::HostOf(std::uint64_t number, bool alive)
{
    if (number < 1 || number > TheWorld().Size())
    {
        throw ScriptError(fmt::format("there is no n{}", number));
    }
    const auto host = static_cast<std::uint32_t>(number - 1);
    if (TheWorld().At(host).alive != alive)
    {
        throw ScriptError(fmt::format("n{} is {}", number, alive ? "dead" : "alive"));
    }
    return host;
}

std::uint32_t
Script::NextHost(Arguments& words, bool alive)
{
    return HostOf(words.Number("the node"), alive);
}

PeerId
Script::PeerFrom(std::string_view text)
{
    const bool stranger = text.substr(0, 1) == "p";
    const std::uint64_t number = NumberFrom("the peer", text.substr(stranger ? 1 : 0));
    if (stranger && number <= TheWorld().Size())
    {
        throw ScriptError(fmt::format("{} is a node's number", text));
    }
    return stranger ? static_cast<PeerId>(number) : World::PeerOf(HostOf(number, true));
}

std::uint32_t
Script::TransferSlot(Arguments& words, std::uint32_t host)
{
    const auto& transfers = TheWorld().At(host).transfers;
    const auto slot = words.TakeNumber();
    words.End();
    if (!slot && transfers.size() != 1)
    {
        throw ScriptError(fmt::format("{} transfers run: which?", transfers.size()));
    }
    const std::uint64_t number = slot.value_or(transfers.empty() ? 0 : transfers.begin()->first);
    if (transfers.count(static_cast<std::uint32_t>(number)) == 0)
    {
        throw ScriptError(fmt::format("no transfer {} runs", number));
    }
    return static_cast<std::uint32_t>(number);
}

std::vector<Flight>
Script::Selected(Arguments& words)
{
    auto to = words.TakeNumber();
    std::optional<std::uint64_t> from;
    if (words.Take("from"))
    {
        from = words.Number("the sender");
        to = words.Take("to") ? words.Number("the receiver") : to;
    }
    std::optional<std::string> kind;
    if (!words.Empty())
    {
        kind = words.Word("the kind of packet");
    }
    words.End();
    std::vector<Flight> selected;
    const auto& flights = TheWorld().Flights();
    std::copy_if(flights.begin(),
                 flights.end(),
                 std::back_inserter(selected),
                 [&](const Flight& flight)
                 {
                     return (!to || flight.to + 1 == *to) && (!from || flight.from + 1 == *from) &&
                            (!kind || ToString(flight.packet->kind) == *kind);
                 });
    if (selected.empty())
    {
        throw ScriptError("nothing of that is under way");
    }
    return selected;
}

/// Of equal flights the first: which of them arrives makes no difference.
std::size_t
Script::IndexOf(const Flight& flight)
{
    const auto& flights = TheWorld().Flights();
    const auto its = std::find_if(
        flights.begin(), flights.end(), [&flight](const Flight& other) { return other == flight; });
    return static_cast<std::size_t>(its - flights.begin());
}

void
Script::FlightLine(std::string_view what, const Flight& flight)
{
    m_tracer.Line(fmt::format(
        "{} {} n{} -> n{}", what, ToString(flight.packet->kind), flight.from + 1, flight.to + 1));
}

// ---------------------------------------------------------------- the world and its packets

void
Script::Peers(Arguments& words)
{
    const PeersLine line = ReadPeersLine(words);
    m_earlierTapes = Tapes();
    m_world = std::make_unique<World>(line.configs);
    m_tapes = std::make_unique<TapeRecorder>(*m_world, &m_tracer);
    m_world->SetObserver(m_tapes.get());
    for (std::uint32_t host = 0; host < line.holding; ++host)
    {
        m_world->At(host).whole.insert(HrefOf("dat"));
        m_world->Handle(host, CopyOffered{HrefOf("dat"), m_world->ResourceBytes()});
    }
    m_tracer.Take(); // one line each says enough
    for (std::uint32_t host = 0; host < line.holding; ++host)
    {
        const LocalCopy* copy = m_world->At(host).node.Copies().FindOffered(HrefOf("dat"));
        std::string text = fmt::format("n{} holds dat", host + 1);
        if (copy != nullptr)
        {
            text += " as ";
            TraceText(text, *m_world).Write(copy->alias);
        }
        m_tracer.Line(text);
    }
}

void
Script::Deliver(Arguments& words)
{
    World& world = TheWorld();
    if (words.Take("all"))
    {
        words.End();
        for (std::size_t step = 0; !world.Flights().empty() && step < kMostSteps; ++step)
        {
            world.Deliver(0);
        }
        return;
    }
    for (const Flight& flight : Selected(words))
    {
        world.Deliver(IndexOf(flight));
    }
}

void
Script::Lose(Arguments& words)
{
    words.Take("all");
    for (const Flight& flight : Selected(words))
    {
        TheWorld().Lose(IndexOf(flight));
        FlightLine("lost", flight);
    }
}

void
Script::Duplicate(Arguments& words)
{
    words.Take("all");
    for (const Flight& flight : Selected(words))
    {
        TheWorld().Duplicate(IndexOf(flight));
        FlightLine("twice", flight);
    }
}

void
Script::UnderWay(Arguments& words)
{
    words.End();
    for (const Flight& flight : TheWorld().Flights())
    {
        FlightLine("under way", flight);
    }
    if (TheWorld().Flights().empty())
    {
        m_tracer.Line("nothing under way");
    }
}

void
Script::Send(Arguments& words)
{
    World& world = TheWorld();
    const PeerId from = PeerFrom(words.Word("the sender"));
    const auto number = static_cast<std::uint64_t>(from);
    std::vector<std::uint32_t> receivers;
    if (words.Take("all"))
    {
        for (std::uint32_t host = 0; host < world.Size(); ++host)
        {
            if (world.At(host).alive && host + 1 != number)
            {
                receivers.push_back(host);
            }
        }
    }
    else
    {
        receivers.push_back(NextHost(words));
    }
    ServicePacket packet = PacketFrom(words);
    words.End();
    if (packet.node.Empty() && number <= world.Size())
    {
        packet.node = world.At(static_cast<std::uint32_t>(number - 1)).node.Self();
    }
    for (const std::uint32_t host : receivers)
    {
        world.Handle(host, PacketReceived{from, 1967, packet});
    }
}

} // namespace lanpeer::harness
