#include "model/protocol/limits.h"
#include "model/protocol/packet-codec.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/fuzz/watched-node.h"
#include "tests/unit/packet-samples.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

// The first bytes configure a node, the others are what happens to it: all events of event.h, as
// far as the contract (peering-node.h) lets a host report them, and any packet that decodes,
// whoever sends it.

namespace lanpeer::fuzz
{

namespace
{

constexpr std::size_t kMostEvents = 400;
constexpr std::uint32_t kApplicationRequests = 32; ///< at a time: what the monitor can tell apart

/// What applications may ask for: what travels, what does not, what is at a bound.
const std::array<std::string, 10>&
Hrefs()
{
    static const std::array<std::string, 10> hrefs{
        "http://o.test/a",
        "http://o.test/b",
        "http://o.test/c",
        "http://p.test/d",
        "http://o.test/e?q=1",
        "http://user@o.test/f",
        "http://o.test/" + std::string(limits::kHrefEscapedBytes - 14, 'g'),
        "http://o.test/?" + std::string((limits::kHrefEscapedBytes - 15) / 5, '&'),
        "http://o.test/" + std::string(limits::kHrefEscapedBytes, 'h'),
        "\xff\xc3(",
    };
    return hrefs;
}

/// Names of nodes that send: others, none, and the node's own.
NodeId
NodeOf(std::size_t choice, const WatchedNode& node)
{
    static const std::array<std::string, 5> names{"a", "n1", "n2", "n3", "zzzz"};
    return choice < names.size()    ? *NodeId::Parse(names[choice])
           : choice == names.size() ? NodeId()
                                    : node.State().node.Self();
}

constexpr std::size_t kNodes = 7;

Token
TokenOf(std::size_t choice)
{
    Token token{};
    token[15] = static_cast<std::uint8_t>(choice);
    return token;
}

std::uint64_t
SizeOf(Choices& choices)
{
    constexpr std::array<std::uint64_t, 8> kSizes{0,
                                                  1,
                                                  10,
                                                  500,
                                                  1000,
                                                  limits::kResourceBytesMax,
                                                  limits::kResourceBytesMax + 1,
                                                  ~std::uint64_t{0}};
    return choices.OneOf(kSizes);
}

std::shared_ptr<const PeeringConfig>
ConfigOf(Choices& choices)
{
    constexpr std::array<Policy, 4> kPolicies{
        Policy::Robust, Policy::Fig4a, Policy::Fig4b, Policy::Robust};
    auto config =
        std::make_shared<PeeringConfig>(PeeringConfig::Defaults(choices.OneOf(kPolicies)));
    const std::uint64_t flipped = choices.Number(2);
    std::size_t bit = 0;
    for (bool PeeringConfig::*flag : {&PeeringConfig::wait,
                                      &PeeringConfig::lock,
                                      &PeeringConfig::delay,
                                      &PeeringConfig::slots,
                                      &PeeringConfig::holders,
                                      &PeeringConfig::reask,
                                      &PeeringConfig::pause,
                                      &PeeringConfig::straddle,
                                      &PeeringConfig::helper,
                                      &PeeringConfig::broadcastIHave,
                                      &PeeringConfig::progressToWaiters,
                                      &PeeringConfig::askUncacheable,
                                      &PeeringConfig::requireLock,
                                      &PeeringConfig::client,
                                      &PeeringConfig::server,
                                      &PeeringConfig::peering})
    {
        (*config).*flag = (*config).*flag != (((flipped >> bit++) & 1U) != 0);
    }
    // What needs another rule goes with it.
    config->straddle = config->straddle && config->wait;
    config->requireLock = config->requireLock && config->lock;
    config->internetAccess = choices.Below(4) != 1;
    config->helperOrigins = {"http://o.test"};
    // Small tables are full soon.
    const auto small = [&choices](std::uint64_t least)
    {
        return least + choices.Below(4);
    };
    config->parallelRequests = small(1);
    config->parallelTransfers = small(1);
    config->pendingRequests = small(1);
    config->endedRequests = small(2);
    config->waiters = small(1);
    config->rememberedHolders = small(1);
    config->internetRetries = small(0);
    config->reasks = small(0);
    config->downloadWaits = small(0);
    config->uploadSlots = small(1);
    return config;
}

/// One run: chooses events and tells the node.
class Run
{
  public:
    explicit Run(std::string_view bytes)
        : m_choices(bytes)
        , m_node(ConfigOf(m_choices), m_choices.Below(8) == 0)
    {
    }

    void Go()
    {
        for (std::size_t events = 0; !m_choices.Empty() && events < kMostEvents; ++events)
        {
            const auto& happen = kHappenings[m_choices.Below(kHappenings.size())];
            (this->*happen)();
        }
        m_node.CheckTape();
    }

  private:
    const std::string& Href()
    {
        return m_choices.OneOf(Hrefs());
    }

    PeerId Peer()
    {
        return static_cast<PeerId>(2 + m_choices.Below(6));
    }

    // Applications.

    void Want()
    {
        std::uint32_t free = 1;
        while (m_node.Wanted().count(AppRequestId{free}) != 0)
        {
            ++free;
        }
        const std::string& href = Href();
        const std::uint8_t bits = m_choices.Byte();
        if (free <= kApplicationRequests)
        {
            // A byte of zeros is the ordinary request.
            const RequestOptions options{(bits & 1U) == 0,
                                         (bits & 2U) == 0,
                                         (bits & 4U) == 0,
                                         (bits & 8U) == 0,
                                         (bits & 16U) != 0};
            m_node.Tell(ResourceWanted{AppRequestId{free}, href, options, (bits & 32U) != 0});
        }
    }

    void Cancel()
    {
        m_node.Tell(RequestCancelled{AppRequestId{1 + m_choices.Below(kApplicationRequests + 1)}});
    }

    void Offer()
    {
        const std::string& href = Href();
        m_node.Tell(CopyOffered{href, SizeOf(m_choices)});
    }

    void Withdraw()
    {
        m_node.Tell(CopyWithdrawn{Href()});
    }

    void Register()
    {
        const std::string type = "t" + std::to_string(m_choices.Below(80));
        m_node.Tell(ApplicationTypeRegistered{type, m_choices.Below(4) != 0});
    }

    void SendApplications()
    {
        const std::optional<PeerId> peer = m_choices.Flag() ? std::optional(Peer()) : std::nullopt;
        const bool known = m_choices.Flag();
        m_node.Tell(ApplicationPacketToSend{peer,
                                            static_cast<std::uint16_t>(peer ? 1967 : 0),
                                            known ? "t1" : std::string(m_choices.Text(3)),
                                            {{"name", std::string(m_choices.Text(4))}}});
    }

    void Catalog()
    {
        std::set<std::string> hrefs;
        for (std::size_t count = m_choices.Below(4); count > 0; --count)
        {
            hrefs.insert(Href());
        }
        m_node.Tell(CatalogHeld{std::move(hrefs)});
    }

    // The host.

    void Access()
    {
        m_node.Tell(InternetAccessChanged{m_choices.Flag()});
    }

    void Lan()
    {
        m_node.Tell(LanChanged{m_choices.Flag()});
    }

    void Restart()
    {
        if (m_choices.Below(4) == 0)
        {
            m_node.Restart();
        }
    }

    void Fire()
    {
        const auto& timers = m_node.State().timers;
        const std::size_t choice = m_choices.Byte();
        if (!timers.empty())
        {
            const auto timer = std::next(timers.begin(), static_cast<long>(choice % timers.size()));
            m_node.Fire(TimerKey(timer->first));
        }
    }

    /// One that is soon over, rather than a bound of a whole request.
    void FireSoon()
    {
        const auto& timers = m_node.State().timers;
        std::size_t choice = m_choices.Byte();
        for (const auto& [timer, running] : timers)
        {
            const bool bound =
                timer.kind == TimerKind::Deadline || timer.kind == TimerKind::Patience ||
                timer.kind == TimerKind::ForgetEnded || timer.kind == TimerKind::TransferStall ||
                timer.kind == TimerKind::AccessRetry;
            if (!bound && choice-- % 4 == 0)
            {
                m_node.Fire(TimerKey(timer));
                return;
            }
        }
    }

    void Seldom()
    {
        constexpr std::array<void (Run::*)(), 5> kSeldom{
            &Run::Withdraw, &Run::Register, &Run::SendApplications, &Run::Catalog, &Run::Restart};
        (this->*m_choices.OneOf(kSeldom))();
    }

    // Transfers.

    std::optional<std::uint32_t> Transfer()
    {
        const auto& transfers = m_node.State().transfers;
        const std::size_t choice = m_choices.Byte();
        if (transfers.empty())
        {
            return std::nullopt;
        }
        return std::next(transfers.begin(), static_cast<long>(choice % transfers.size()))->first;
    }

    void Progress()
    {
        const auto transfer = Transfer();
        const std::uint64_t received = SizeOf(m_choices);
        const std::uint64_t size = SizeOf(m_choices);
        if (transfer && !m_node.State().transfers.at(*transfer).bodyComplete)
        {
            const std::uint64_t least = m_node.State().transfers.at(*transfer).received;
            const std::uint64_t sum = std::max(received, least);
            m_node.Progress(*transfer, sum, size >= sum ? std::optional(size) : std::nullopt);
        }
    }

    void Whole()
    {
        const auto transfer = Transfer();
        const std::uint64_t size = SizeOf(m_choices);
        if (transfer && !m_node.State().transfers.at(*transfer).bodyComplete)
        {
            m_node.CompleteBody(*transfer,
                                std::max(size, m_node.State().transfers.at(*transfer).received));
        }
    }

    /// Well, more often than not.
    void End()
    {
        const auto transfer = Transfer();
        const auto outcome = static_cast<TransferOutcome>(m_choices.Below(6));
        const auto verdict = static_cast<Verdict>(m_choices.Below(3));
        const std::uint64_t more = SizeOf(m_choices);
        if (!transfer)
        {
            return;
        }
        const auto& running = m_node.State().transfers.at(*transfer);
        const bool complete = outcome == TransferOutcome::Complete;
        const bool grows = complete && !running.bodyComplete;
        m_node.End(*transfer,
                   running.bodyComplete ? TransferOutcome::Complete : outcome,
                   complete || running.bodyComplete ? verdict : Verdict::None,
                   grows ? std::max(more, running.received) : running.received,
                   outcome == TransferOutcome::Busy && more < 1000
                       ? std::optional(static_cast<std::uint32_t>(more))
                       : std::nullopt);
    }

    void EndWell()
    {
        if (const auto transfer = Transfer())
        {
            const std::uint64_t received = m_node.State().transfers.at(*transfer).received;
            m_node.End(*transfer,
                       TransferOutcome::Complete,
                       Verdict::Accepted,
                       std::max<std::uint64_t>(received, 1000),
                       std::nullopt);
        }
    }

    // Uploads.

    void AskUpload()
    {
        const auto& offered = m_node.Offered();
        const std::size_t choice = m_choices.Byte();
        const bool known = !offered.empty() && choice < 200;
        const std::string alias =
            known ? std::next(offered.begin(), static_cast<long>(choice % offered.size()))->second
                  : "no-such-alias";
        m_node.Tell(UploadAsked{UploadId{++m_uploads}, Peer(), alias, m_choices.Below(4) != 0});
    }

    void EndUpload()
    {
        const auto& uploads = m_node.Uploads();
        const std::size_t choice = m_choices.Byte();
        if (!uploads.empty())
        {
            m_node.Tell(UploadEnded{
                *std::next(uploads.begin(), static_cast<long>(choice % uploads.size()))});
        }
    }

    // Packets.

    /// From a peer, if there is such a packet: sent and received as by the wire.
    void Hear(ServicePacket packet)
    {
        const bool foreign = packet.location && !std::exchange(packet.location->hostIsSource, true);
        if (const auto sent = Encode(packet, samples::kSource))
        {
            HearBytes(*sent, foreign);
        }
    }

    void HearBytes(std::string_view bytes, bool foreign)
    {
        const PeerId peer = Peer();
        const auto port = static_cast<std::uint16_t>(1967 + m_choices.Below(2));
        auto decoded = Decode(bytes, foreign ? "10.9.8.7" : samples::kSource, samples::Digest);
        if (auto* packet = std::get_if<ServicePacket>(&decoded))
        {
            m_node.Tell(PacketReceived{peer, port, std::move(*packet)});
        }
    }

    void HearRaw()
    {
        const std::size_t length = m_choices.Byte();
        HearBytes(m_choices.Text(length), false);
    }

    ServicePacket PacketOf(PacketKind kind)
    {
        ServicePacket packet;
        packet.kind = kind;
        packet.node = NodeOf(m_choices.Below(kNodes), m_node);
        packet.href = Href();
        packet.id = static_cast<std::uint32_t>(m_choices.Below(3));
        return packet;
    }

    /// Makes it one that answers a request of the node's own.
    void AnswerOwn(ServicePacket& packet)
    {
        const std::size_t choice = m_choices.Byte();
        if (!m_node.Needs().empty() && choice != 255)
        {
            const SentNeed& need =
                m_node.Needs()[m_node.Needs().size() - 1 - choice % m_node.Needs().size()];
            packet.id = need.id;
            packet.href = need.href;
            packet.to = choice < 200 ? m_node.State().node.Self() : *NodeId::Parse("n2");
        }
    }

    std::optional<std::uint64_t> MaybeSize()
    {
        const std::uint64_t size = SizeOf(m_choices);
        return size <= limits::kResourceBytesMax ? std::optional(size) : std::nullopt;
    }

    Location LocationOf()
    {
        static const std::array<std::string, 3> paths{"alias", "other", "a/longer/path"};
        const std::size_t choice = m_choices.Byte();
        return Location{paths[choice % 3], 6515, choice < 230};
    }

    void HearINeed()
    {
        ServicePacket packet = PacketOf(PacketKind::INeed);
        const std::uint8_t bits = m_choices.Byte();
        packet.onlyCached = (bits & 1U) == 0;
        if ((bits & 2U) == 0)
        {
            packet.lock = samples::Digest(TokenOf(m_choices.Below(3)));
        }
        if ((bits & 4U) != 0)
        {
            constexpr std::array<std::uint32_t, 4> kDelays{0, 60, 3000, ~std::uint32_t{0}};
            packet.delayMs = m_choices.OneOf(kDelays);
        }
        Hear(std::move(packet));
    }

    void HearIFound()
    {
        ServicePacket packet = PacketOf(PacketKind::IFound);
        const std::uint8_t bits = m_choices.Byte();
        packet.wait = (bits & 1U) != 0;
        if ((bits & 2U) == 0)
        {
            const Token token = TokenOf(m_choices.Below(3));
            packet.key = FoundKey{token, samples::Digest(token)};
        }
        Hear(std::move(packet));
    }

    void HearIHave()
    {
        ServicePacket packet = PacketOf(PacketKind::IHave);
        AnswerOwn(packet);
        packet.location = LocationOf();
        packet.size = MaybeSize();
        constexpr std::array<std::uint32_t, 5> kBusy{0, 0, 1, 4000, ~std::uint32_t{0}};
        const std::uint32_t busy = m_choices.OneOf(kBusy);
        packet.busyMs = busy == 0 ? std::nullopt : std::optional(busy);
        Hear(std::move(packet));
    }

    void HearDownload()
    {
        constexpr std::array<PacketKind, 5> kKinds{PacketKind::Downloading,
                                                   PacketKind::IAmDownloading,
                                                   PacketKind::DownloadComplete,
                                                   PacketKind::DownloadFailed,
                                                   PacketKind::Downloading};
        ServicePacket packet = PacketOf(m_choices.OneOf(kKinds));
        AnswerOwn(packet);
        if (packet.kind != PacketKind::IAmDownloading)
        {
            packet.to.reset();
            packet.id = 0;
        }
        if (packet.kind == PacketKind::DownloadComplete)
        {
            packet.location = LocationOf();
        }
        else if (packet.kind != PacketKind::DownloadFailed)
        {
            packet.received = MaybeSize();
        }
        if (packet.kind != PacketKind::DownloadFailed)
        {
            packet.size = MaybeSize();
        }
        Hear(std::move(packet));
    }

    void HearApplications()
    {
        ServicePacket packet = PacketOf(PacketKind::ApplicationDefined);
        packet.href.clear();
        packet.id = 0;
        packet.type = "t" + std::to_string(m_choices.Below(4));
        packet.attributes = {{"name", "value"}};
        Hear(std::move(packet));
    }

    using Happening = void (Run::*)();
    static const std::array<Happening, 32> kHappenings;

    Choices m_choices;
    WatchedNode m_node;
    std::uint64_t m_uploads = 0;
};

/// What leads somewhere stands here more than once.
const std::array<Run::Happening, 32> Run::kHappenings{&Run::Want,
                                                      &Run::Want,
                                                      &Run::Want,
                                                      &Run::FireSoon,
                                                      &Run::FireSoon,
                                                      &Run::FireSoon,
                                                      &Run::Fire,
                                                      &Run::Fire,
                                                      &Run::HearINeed,
                                                      &Run::HearINeed,
                                                      &Run::HearIFound,
                                                      &Run::HearIFound,
                                                      &Run::HearIHave,
                                                      &Run::HearIHave,
                                                      &Run::HearIHave,
                                                      &Run::HearDownload,
                                                      &Run::HearDownload,
                                                      &Run::HearDownload,
                                                      &Run::HearApplications,
                                                      &Run::HearRaw,
                                                      &Run::EndWell,
                                                      &Run::End,
                                                      &Run::End,
                                                      &Run::Progress,
                                                      &Run::Whole,
                                                      &Run::Cancel,
                                                      &Run::Access,
                                                      &Run::Offer,
                                                      &Run::AskUpload,
                                                      &Run::EndUpload,
                                                      &Run::Lan,
                                                      &Run::Seldom};

} // namespace

} // namespace lanpeer::fuzz

int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace lanpeer::fuzz;
    Run(TextOf(data, size)).Go();
    return 0;
}
