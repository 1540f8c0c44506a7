#pragma once

#include "model/explore/invariants.h"
#include "model/harness/world.h"
#include "tests/swarm/network.h"
#include "tests/swarm/setting.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::swarm
{

using explore::Violation;

/// A request of an application.
struct Entry
{
    std::string href;
    RequestOptions options;
    std::uint64_t atUs = 0;
    bool ended = false;
    bool found = false;
    Reason reason = Reason::Cancelled; ///< where it was not found
};

/// Keeps account of a run, next to what the explorer's monitor sees: which bytes are where, what
/// was asked for and how it ended, when what was sent.
class Ledger : public harness::Observer
{
  public:
    explicit Ledger(const Setting& setting);

    void Handled(const harness::World& world,
                 std::uint32_t host,
                 const Event& event,
                 const ActionList& actions) override;

    /// A host died.
    void Crashed(std::uint32_t host);

    /// A host has right bytes of a resource, by other ways.
    void Holds(std::uint32_t host, const std::string& href);

    /// A transfer of a host ends now, whole. \param accepted its bytes may be kept and offered
    void Brought(std::uint32_t host, const std::string& href, bool altered, bool accepted)
    {
        Book& book = m_books[host];
        book.got[href] = {altered, accepted};
        if (accepted)
        {
            book.kept.emplace(href, book.got[href]);
        }
    }

    /// Nothing is left to do: looks at what is left of each host.
    void LookAtEnd(const harness::World& world);

    /// Requests of a host by number; at a crash they are forgotten.
    const std::map<AppRequestId, Entry>& EntriesOf(std::uint32_t host) const
    {
        return m_books[host].entries;
    }

    /// The first thing seen that is wrong.
    const std::optional<Violation>& Seen() const
    {
        return m_violation;
    }

    void Violate(std::string_view requirement, std::string what);

  private:
    /// What one request for a resource, from its start to its end, has sent.
    struct Sent
    {
        std::uint64_t sinceUs = 0;
        std::uint64_t needs = 0;
        std::uint64_t pleas = 0; ///< of them, with cached="no"
        std::uint64_t founds = 0;
        std::uint64_t waits = 0; ///< of them, with wait="1"
        std::optional<std::uint64_t> progressUs;
    };

    struct Need
    {
        std::string href;
        std::optional<Lock> lock;
    };

    struct Bytes
    {
        bool altered = false;
        bool accepted = false;
    };

    struct Book
    {
        std::map<AppRequestId, Entry> entries;
        std::map<std::string, Bytes> got;    ///< what a transfer brought whole last, by href
        std::map<std::string, Bytes> kept;   ///< of what it was to keep
        std::map<std::uint32_t, Need> needs; ///< by ID
        std::map<std::string, Sent> sent;    ///< by href
    };

    struct Seeing;

    void LookAtEvent(const Seeing& seeing);
    void LookAtAction(const Seeing& seeing, std::size_t i);
    void LookAtPacket(const Seeing& seeing, const ServicePacket& packet, bool broadcast);
    void SentNeed(const Seeing& seeing, const ServicePacket& packet);
    void SentFound(const Seeing& seeing, const ServicePacket& packet);
    void SentOfCopy(const Seeing& seeing, const ServicePacket& packet);
    void SentProgress(const Seeing& seeing, const ServicePacket& packet, bool broadcast);
    void Armed(const Seeing& seeing, const ArmTimer& arm);
    void Started(const Seeing& seeing, const StartTransfer& start);
    void Answered(const Seeing& seeing, const AnswerUpload& answer);
    void Offered(const Seeing& seeing, const OfferCopy& offer);
    void Found(const Seeing& seeing, const TellFound& found);
    static AppRequestId FirstToFail(const Seeing& seeing);
    void Failed(const Seeing& seeing, const TellFailed& failed);
    Entry* End(const Seeing& seeing, AppRequestId request);
    void LookAtEndOf(const harness::Host& host, std::uint32_t number);
    void Demand(bool holds,
                std::string_view requirement,
                const Seeing& seeing,
                std::string_view what);
    const Resource& ResourceOf(const std::string& href) const;
    void NoteWhoAsks(const Seeing& seeing);
    Sent& SentFor(const Seeing& seeing, const std::string& href);

    const Setting& m_setting;
    std::vector<std::shared_ptr<const PeeringConfig>> m_configs;
    std::vector<Book> m_books;
    std::uint32_t m_asks = 0;     ///< bit i: host i has requests
    std::uint64_t m_askedUs = 0;  ///< when somebody last asked for something
    std::uint64_t m_answerUs = 0; ///< how much later than that answers may be
    std::optional<Violation> m_violation;
};

} // namespace lanpeer::swarm
