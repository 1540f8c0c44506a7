#include "model/harness/replay.h"

#include "model/harness/json-reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <utility>

namespace lanpeer::harness
{

bool
JsonReader::ReadNodeId(const nlohmann::json& json, NodeId& node)
{
    if (!json.is_string())
    {
        return Fail("not a node ID");
    }
    const auto& text = json.get_ref<const std::string&>();
    if (const auto sent = NodeId::Parse(text))
    {
        node = *sent;
        return true;
    }
    std::uint64_t peer = 0;
    const char* last = text.data() + text.size();
    if (text.size() < 2 || text.front() != ':' ||
        std::from_chars(text.data() + 1, last, peer).ptr != last)
    {
        return Fail("not a node ID");
    }
    node = NodeId::OfAddress(peer);
    return true;
}

bool
JsonReader::ReadString(const nlohmann::json& json, std::string& text)
{
    if (json.is_string())
    {
        text = json.get_ref<const std::string&>();
        return true;
    }
    // {"hex": "ff"}: no UTF-8.
    const auto hex = json.is_object() && json.size() == 1 ? json.find("hex") : json.end();
    if (hex == json.end() || !hex->is_string())
    {
        return Fail("not a text");
    }
    const auto& digits = hex->get_ref<const std::string&>();
    text.clear();
    for (std::size_t i = 0; i < digits.size(); i += 2)
    {
        unsigned byte = 0;
        const char* first = digits.data() + i;
        const char* last = first + std::min<std::size_t>(2, digits.size() - i);
        if (last - first != 2 || std::from_chars(first, last, byte, 16).ptr != last)
        {
            return Fail("not bytes in hex");
        }
        text.push_back(static_cast<char>(byte));
    }
    return true;
}

namespace
{

using nlohmann::json;

/// A member by reference (a hostile line may be too deep to copy); null where there is none.
const json&
MemberOf(const json& line, std::string_view name)
{
    static const json null;
    const auto found = line.find(name);
    return found == line.end() ? null : *found;
}

/// What the codec promises of a packet that decodes (packet.h), and the core relies on.
bool
KeepsCodecsPromise(const ServicePacket& packet)
{
    switch (packet.kind)
    {
    case PacketKind::IHave:
    case PacketKind::DownloadComplete:
        return packet.location.has_value() && !packet.href.empty();
    case PacketKind::ApplicationDefined:
        return !packet.type.empty();
    case PacketKind::INeed:
    case PacketKind::IAmDownloading:
    case PacketKind::IFound:
    case PacketKind::Downloading:
    case PacketKind::DownloadFailed:
        return !packet.href.empty();
    }
    return false;
}

/// The first setting that no host would let in, or empty.
std::string
BadSetting(const PeeringConfig& config)
{
    for (const Parameter& parameter : ParameterTable())
    {
        const std::uint64_t value = GetParameter(config, parameter);
        if (value < parameter.min || value > parameter.max)
        {
            return fmt::format("{} is out of bounds", parameter.key);
        }
    }
    const auto error = CheckConfig(config);
    return error ? fmt::format("{} {}", error->key, error->message) : std::string();
}

/// One replay: a node made from the first line, and its own tape line by line.
class Replayer
{
  public:
    std::optional<TapeDifference> Line(std::string_view text);
    std::optional<TapeDifference> End() const;

  private:
    std::optional<TapeDifference> Start(const json& line);
    std::optional<TapeDifference> Go(const json& line);
    std::optional<TapeDifference> Compare();

    TapeDifference Difference(std::string what, std::string replayed = {}) const
    {
        return {m_line, std::move(what), std::string(m_recorded), std::move(replayed)};
    }

    std::size_t m_line = 0;
    std::string_view m_recorded;
    std::optional<PeeringNode> m_node;
    std::optional<Tape> m_tape;
    std::deque<std::string> m_due; ///< lines of our own tape, not compared yet
};

std::optional<TapeDifference>
Replayer::Line(std::string_view text)
{
    ++m_line;
    m_recorded = text;
    if (!m_due.empty())
    {
        return Compare(); // the whole state, which no event leads to
    }
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object())
    {
        return Difference("the line is no JSON object: is it cut off?");
    }
    return m_node ? Go(line) : Start(line);
}

std::optional<TapeDifference>
Replayer::Start(const json& line)
{
    const json& version = MemberOf(line, "tape");
    if (version.is_null())
    {
        return Difference("the first line is not that of a tape");
    }
    if (version != kTapeVersion)
    {
        return Difference(fmt::format("the tape is not of version {}", kTapeVersion));
    }
    JsonReader reader;
    NodeId self;
    PeeringConfig config;
    if (!reader.Read(MemberOf(line, "self"), self))
    {
        return Difference("self: " + reader.Error());
    }
    if (!reader.Read(MemberOf(line, "config"), config))
    {
        return Difference("config." + reader.Error());
    }
    if (const std::string bad = BadSetting(config); !bad.empty())
    {
        return Difference("config: " + bad);
    }
    m_node.emplace(self, std::make_shared<const PeeringConfig>(config));
    m_tape.emplace(*m_node, [this](std::string_view ours) { m_due.emplace_back(ours); });
    return Compare();
}

std::optional<TapeDifference>
Replayer::Go(const json& line)
{
    JsonReader reader;
    Event event;
    if (!reader.Read(MemberOf(line, "event"), event))
    {
        return Difference("event." + reader.Error());
    }
    const auto* received = std::get_if<PacketReceived>(&event);
    if (received != nullptr && !KeepsCodecsPromise(*received->packet))
    {
        return Difference("event.received: a packet that does not decode");
    }
    ActionList actions;
    m_node->Handle(event, actions);
    m_tape->Record(*m_node, event, actions);
    return Compare();
}

std::optional<TapeDifference>
Replayer::Compare()
{
    const std::string ours = std::move(m_due.front());
    m_due.pop_front();
    if (ours != m_recorded)
    {
        return Difference("the core does something else", ours);
    }
    return std::nullopt;
}

std::optional<TapeDifference>
Replayer::End() const
{
    if (!m_node)
    {
        return TapeDifference{1, "the tape is empty", {}, {}};
    }
    if (!m_due.empty())
    {
        return TapeDifference{m_line + 1, "the tape ends before the state", {}, m_due.front()};
    }
    return std::nullopt;
}

} // namespace

std::optional<TapeDifference>
Replay(std::string_view tape)
{
    Replayer replayer;
    while (!tape.empty())
    {
        const std::size_t end = tape.find('\n');
        if (auto difference = replayer.Line(tape.substr(0, end)))
        {
            return difference;
        }
        tape.remove_prefix(end == std::string_view::npos ? tape.size() : end + 1);
    }
    return replayer.End();
}

TapeRecorder::TapeRecorder(const World& world, Observer* next)
    : m_tapes(world.Size())
    , m_next(next)
{
    for (std::uint32_t host = 0; host < world.Size(); ++host)
    {
        m_recorders.emplace_back(world.At(host).node,
                                 [this, host](std::string_view line)
                                 { m_tapes[host].append(line).append("\n"); });
    }
}

void
TapeRecorder::Handled(const World& world,
                      std::uint32_t host,
                      const Event& event,
                      const ActionList& actions)
{
    m_recorders[host].Record(world.At(host).node, event, actions);
    if (m_next != nullptr)
    {
        m_next->Handled(world, host, event, actions);
    }
}

} // namespace lanpeer::harness
