#include "tests/swarm/ledger.h"

#include "tests/swarm/ledger-seeing.h"

#include <fmt/format.h>

#include <algorithm>

// How requests begin and end, what is got for them, and what is left at the end.

namespace lanpeer::swarm
{

using harness::Host;
using harness::World;

Ledger::Ledger(const Setting& setting)
    : m_setting(setting)
    , m_configs(ConfigsOf(setting))
    , m_books(setting.nodes.size())
{
    for (const auto& config : m_configs)
    {
        m_answerUs = std::max(m_answerUs, config->responseDelayMs * 1000);
    }
    m_answerUs += Network::kPacketUs + setting.jitterUs;
    m_answerUs += setting.odds.late > 0 ? Network::kLateUs : 0;
}

void
Ledger::Violate(std::string_view requirement, std::string what)
{
    if (!m_violation)
    {
        m_violation = Violation{std::string(requirement), std::move(what)};
    }
}

void
Ledger::Demand(bool holds,
               std::string_view requirement,
               const Seeing& seeing,
               std::string_view what)
{
    if (!holds)
    {
        Violate(requirement, fmt::format("n{} {}", seeing.number + 1, what));
    }
}

const Resource&
Ledger::ResourceOf(const std::string& href) const
{
    static const Resource none;
    const auto& all = m_setting.resources;
    const auto found = std::find_if(
        all.begin(), all.end(), [&href](const Resource& one) { return one.href == href; });
    return found == all.end() ? none : *found;
}

void
Ledger::Crashed(std::uint32_t host)
{
    Book& book = m_books[host];
    book.entries.clear();
    book.needs.clear();
    book.sent.clear();
    m_asks &= ~(1U << host);
}

void
Ledger::Holds(std::uint32_t host, const std::string& href)
{
    m_books[host].kept[href] = {false, true};
}

void
Ledger::Handled(const World& world,
                std::uint32_t host,
                const Event& event,
                const ActionList& actions)
{
    const Seeing seeing{world, host, event, actions, *m_configs[host], m_books[host]};
    LookAtEvent(seeing);
    for (std::size_t i = 0; i < actions.size(); ++i)
    {
        LookAtAction(seeing, i);
    }
    NoteWhoAsks(seeing);
}

void
Ledger::LookAtEvent(const Seeing& seeing)
{
    if (const auto* wanted = seeing.EventAs<ResourceWanted>())
    {
        seeing.book.entries[wanted->request] = {
            wanted->href, wanted->options, seeing.world.NowUs(), false, false, {}};
    }
    const auto* heard = seeing.EventAs<PacketReceived>();
    const bool asks = heard != nullptr && heard->packet->kind == PacketKind::INeed;
    if (asks || m_asks != 0 || seeing.Host().node.Client().Requests().Count() > 0)
    {
        m_askedUs = seeing.world.NowUs();
    }
}

void
Ledger::NoteWhoAsks(const Seeing& seeing)
{
    const auto& client = seeing.Host().node.Client();
    const std::uint32_t bit = 1U << seeing.number;
    m_asks = client.Requests().Count() > 0 ? m_asks | bit : m_asks & ~bit;
    auto& sent = seeing.book.sent;
    for (auto one = sent.begin(); one != sent.end();)
    {
        const bool over = !client.Runs(one->first);
        one = over ? sent.erase(one) : std::next(one);
    }
}

void
Ledger::LookAtAction(const Seeing& seeing, std::size_t i)
{
    const Action& action = seeing.actions[i];
    if (const auto* broadcast = std::get_if<Broadcast>(&action))
    {
        LookAtPacket(seeing, *broadcast->packet, true);
    }
    else if (const auto* send = std::get_if<SendTo>(&action))
    {
        LookAtPacket(seeing, *send->packet, false);
    }
    else if (const auto* arm = std::get_if<ArmTimer>(&action))
    {
        Armed(seeing, *arm);
    }
    else if (const auto* start = std::get_if<StartTransfer>(&action))
    {
        Started(seeing, *start);
    }
    else if (const auto* answer = std::get_if<AnswerUpload>(&action))
    {
        Answered(seeing, *answer);
    }
    else if (const auto* offer = std::get_if<OfferCopy>(&action))
    {
        Offered(seeing, *offer);
    }
    else if (const auto* found = std::get_if<TellFound>(&action))
    {
        Found(seeing, *found);
    }
    else if (const auto* failed = std::get_if<TellFailed>(&action))
    {
        Failed(seeing, *failed);
    }
}

// ---------------------------------------------------------------- ends

Entry*
Ledger::End(const Seeing& seeing, AppRequestId request)
{
    const auto its = seeing.book.entries.find(request);
    const bool runs = its != seeing.book.entries.end() && !its->second.ended;
    Demand(runs, "R-CLI-7", seeing, "ends a request that does not run");
    if (!runs)
    {
        return nullptr;
    }
    its->second.ended = true;
    return &its->second;
}

void
Ledger::Found(const Seeing& seeing, const TellFound& found)
{
    Entry* entry = End(seeing, found.request);
    if (entry == nullptr)
    {
        return;
    }
    entry->found = true;
    const RequestOptions& options = entry->options;
    const auto& from = found.source == Source::Local ? seeing.book.kept : seeing.book.got;
    const auto bytes = from.find(entry->href);
    const bool has = bytes != from.end();
    Demand(has, "R-CLI-7", seeing, "has found what it never got");
    Demand(!has || !options.verified || !bytes->second.altered,
           "R-HTTP-2",
           seeing,
           "hands altered bytes to an application");
    const bool shared = options.cacheable && options.verified;
    switch (found.source)
    {
    case Source::Local:
        Demand(shared && seeing.Host().offered.count(entry->href) != 0,
               "R-CLI-11",
               seeing,
               "says that it has what it does not hold");
        break;
    case Source::Peer:
        Demand(shared && found.peer, "R-CLI-11", seeing, "took from a peer what is not shared");
        break;
    case Source::Internet:
        Demand(!found.peer, "R-CLI-7", seeing, "names a peer for what came from the Internet");
        break;
    }
}

/// Which request fails first, of those that an event makes fail.
AppRequestId
Ledger::FirstToFail(const Seeing& seeing)
{
    for (const Action& action : seeing.actions)
    {
        if (const auto* failed = std::get_if<TellFailed>(&action))
        {
            return failed->request;
        }
    }
    return {};
}

void
Ledger::Failed(const Seeing& seeing, const TellFailed& failed)
{
    Entry* entry = End(seeing, failed.request);
    if (entry == nullptr)
    {
        return;
    }
    entry->reason = failed.reason;
    // Behind the request that ends, one that has waited for its place may begin, and fail at once
    // for a reason of its own.
    const auto* ended = seeing.EventAs<TransferEnded>();
    const bool storeFailed = ended != nullptr && ended->outcome == TransferOutcome::StoreFailed;
    const bool behind = failed.request != FirstToFail(seeing);
    const auto its = [&failed](Reason reason)
    {
        return failed.reason == reason;
    };
    const auto* takenBack = seeing.EventAs<RequestCancelled>();
    const bool cancelled = takenBack != nullptr && takenBack->request == failed.request;
    Demand(its(Reason::StoreFailed) == storeFailed || (storeFailed && behind),
           "R-CLI-7",
           seeing,
           "misjudges its store");
    Demand(
        its(Reason::Cancelled) == cancelled, "R-CLI-7", seeing, "cancels what was not cancelled");
    Demand(its(Reason::ClientOff) == !seeing.config.client,
           "R-CLI-13",
           seeing,
           "misjudges whether it is a client");
    Demand(!its(Reason::TooManyRequests) || seeing.EventAs<ResourceWanted>() != nullptr,
           "R-CLI-7",
           seeing,
           "gives a request up as too many after it had begun");
    Demand(!its(Reason::NoInternet) || !seeing.config.helper || !seeing.config.peering,
           "R-CLI-12",
           seeing,
           "gives up although a helper may come");
}

// ---------------------------------------------------------------- transfers and copies

void
Ledger::Started(const Seeing& seeing, const StartTransfer& start)
{
    const Resource& resource = ResourceOf(start.href);
    bool shared = false;
    bool wanted = false;
    bool byInternet = false;
    for (const auto& [request, entry] : seeing.book.entries)
    {
        if (!entry.ended && entry.href == start.href)
        {
            wanted = true;
            shared = shared || (entry.options.cacheable && entry.options.verified);
            byInternet = byInternet || entry.options.mayUseInternet;
        }
    }
    Demand(start.offset <= resource.bytes, "R-CLI-8", seeing, "resumes behind the end");
    if (start.peer)
    {
        Demand(shared, "R-CLI-11", seeing, "fetches from a peer what nobody here wants of one");
        Demand(start.offset == 0, "R-CLI-8", seeing, "mixes the bytes of two sources");
        Demand(start.peer->peer != World::PeerOf(seeing.number),
               "R-CLI-2",
               seeing,
               "fetches from itself");
        return;
    }
    Demand(seeing.config.internetAccess, "R-CLI-12", seeing, "uses an access that it has not");
    const Node& node = m_setting.nodes[seeing.number];
    const auto index = static_cast<std::uint32_t>(&resource - m_setting.resources.data());
    const bool named = node.named == 0 || (node.named >> (index + 1) & 1) != 0;
    const bool mayHelp = seeing.config.helper && seeing.config.server && node.allows && named;
    Demand(byInternet || mayHelp,
           "R-CLI-12",
           seeing,
           wanted ? "uses the Internet for who does not want that"
                  : "retrieves for others what it may not");
}

void
Ledger::Answered(const Seeing& seeing, const AnswerUpload& answer)
{
    std::uint64_t uploads = 0;
    for (std::uint32_t other = 0; other < seeing.world.Size(); ++other)
    {
        for (const auto& [slot, transfer] : seeing.world.At(other).transfers)
        {
            uploads += transfer.slotHeld && transfer.server == seeing.number ? 1 : 0;
        }
    }
    const bool full = seeing.config.slots && uploads >= seeing.config.uploadSlots;
    switch (answer.answer)
    {
    case UploadAnswer::Serve:
        Demand(!full, "R-HTTP-3", seeing, "serves more than it has slots for");
        Demand(seeing.config.server, "R-CLI-13", seeing, "serves although it is no server");
        Demand(seeing.Host().offered.count(answer.href) != 0,
               "R-HTTP-2",
               seeing,
               "serves what it does not offer");
        break;
    case UploadAnswer::Busy:
        Demand(full, "R-HTTP-3", seeing, "turns an upload away although a slot is free");
        break;
    case UploadAnswer::NoSuchCopy:
        break;
    }
}

void
Ledger::Offered(const Seeing& seeing, const OfferCopy& offer)
{
    const auto bytes = seeing.book.kept.find(offer.href);
    const bool right =
        bytes != seeing.book.kept.end() && bytes->second.accepted && !bytes->second.altered;
    const Resource& resource = ResourceOf(offer.href);
    Demand(right, "R-HTTP-2", seeing, "offers what is not right");
    Demand(resource.cacheable, "R-CLI-11", seeing, "offers what is not cacheable");
    Demand(offer.size == resource.bytes, "R-HTTP-2", seeing, "offers a copy of the wrong size");
}

// ---------------------------------------------------------------- the end

void
Ledger::LookAtEnd(const World& world)
{
    for (std::uint32_t host = 0; host < world.Size(); ++host)
    {
        if (world.At(host).alive)
        {
            LookAtEndOf(world.At(host), host);
        }
    }
    if (!world.Flights().empty())
    {
        Violate("R-PKT-7", "a packet is under way at the end");
    }
}

void
Ledger::LookAtEndOf(const Host& host, std::uint32_t number)
{
    const std::string who = fmt::format("n{}", number + 1);
    for (const auto& [request, entry] : m_books[number].entries)
    {
        if (!entry.ended)
        {
            Violate("R-CLI-7", who + " never ended a request");
        }
    }
    if (host.node.Client().Requests().Count() > 0 || !host.transfers.empty())
    {
        Violate("R-CLI-7", who + " has requests or transfers left at the end");
    }
    if (host.node.Server().PendingCount() > 0 || host.node.Server().EndedCount() > 0)
    {
        Violate("R-SRV-5", who + " remembers requests of others at the end");
    }
    for (const auto& [timer, running] : host.timers)
    {
        if (timer.kind != TimerKind::AccessRetry)
        {
            Violate("R-CLI-7", fmt::format("{} has timer {} left", who, ToString(timer.kind)));
        }
    }
    if (host.offered.size() != host.node.Copies().Count())
    {
        Violate("R-HTTP-2", who + " offers other copies than it holds");
    }
    for (const std::string& href : host.offered)
    {
        if (m_books[number].kept[href].altered || host.node.Copies().FindOffered(href) == nullptr)
        {
            Violate("R-HTTP-2", who + " offers wrong bytes at the end");
        }
    }
}

} // namespace lanpeer::swarm
