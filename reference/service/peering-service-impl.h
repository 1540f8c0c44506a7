#pragma once

#include "model/http/request.h"
#include "reference/retrieval/retriever.h"
#include "reference/service/interface-watch.h"
#include "reference/service/peering-service.h"
#include "reference/service/service-socket.h"
#include "reference/serving/http-server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <deque>
#include <fstream>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

namespace lanpeer::reference
{

/// What PeeringService is made of. Held by shared_ptr, so that what other threads bring finds it or
/// finds it gone; one more life than the core's, for Reconfigure().
class PeeringService::Impl : public std::enable_shared_from_this<Impl>
{
  public:
    Impl(boost::asio::io_context& io, const ServiceSettings& settings);
    ~Impl();

    // Life: peering-service.cc.
    void Start();
    void Stop();
    void Reconfigure(const ServiceSettings& settings);

    // Applications: service-applications.cc.
    AppRequestId Ask(const ResourceRequest& request, Application application);
    void Cancel(AppRequestId request);
    void Offer(const std::string& url,
               std::shared_ptr<const FileDescriptor> file,
               std::optional<Digest> digest,
               std::function<void(const std::string& error)> done);
    bool Withdraw(const std::string& url);
    void RegisterType(const std::string& type, std::function<void(const ApplicationPacket&)> heard);
    ServiceStatus Status() const;

    void SetPackageJudge(PackageJudge judge)
    {
        m_packageJudge = std::move(judge);
    }

    bool HasPackageJudge() const
    {
        return static_cast<bool>(m_packageJudge);
    }

    // The core's host: service-core.cc.
    void Tell(const Event& event);

    Store& TheStore()
    {
        return *m_store;
    }

    const History& TheHistory() const
    {
        return m_history;
    }

  private:
    /// A request of an application that has not ended.
    struct AppRequest
    {
        ResourceRequest asked;
        Application application;
        /// Of the transfer that ended last, or of its package, in one line; for who is told.
        std::string problem;
    };

    /// A body that is whole and judged, while the core is told so.
    struct Arrived
    {
        std::string href;
        std::shared_ptr<PartialFile> partial;
        Body body;
        std::set<AppRequestId> accepting; ///< by whom it was looked at
        bool kept = false;
    };

    /// A transfer that runs, or whose partial body is kept for a resume.
    struct Transfer
    {
        StartTransfer order;
        std::uint64_t serial = 0; ///< of this start: what comes of an earlier one is not its own
        std::optional<FetchId> fetch;
        std::shared_ptr<PartialFile> partial;
        std::string keptTag;
        std::uint64_t fetched = 0; ///< by this start, as far as progress told
        bool discarded = false;    ///< stopped; goes as soon as nobody writes to it any more
    };

    /// The judgement of a body by all who want it.
    struct Judgement
    {
        TransferId transfer{};
        std::uint64_t serial = 0;
        Body body;
        std::set<AppRequestId> awaited;
        std::set<AppRequestId> accepting;
        std::set<AppRequestId> refusing;
        std::unique_ptr<boost::asio::steady_timer> patience;
    };

    struct Upload
    {
        boost::asio::ip::address_v4 peer;
        http::Request asked;
        std::string href; ///< empty: not served
    };

    // service-core.cc
    std::optional<Event> NextEvent();
    void HandleOne(const Event& event);
    void On(const Broadcast& action);
    void On(const SendTo& action);
    void On(const ArmTimer& action);
    void On(const CancelTimer& action);
    void On(const DrawToken& action);
    void On(const Note& action);
    void On(const ServerEntered& /*action*/)
    {
    }
    void On(const ClientEntered& /*action*/)
    {
    }
    void TakeDatagram(const ServiceSocket::Datagram& datagram);
    void Drop(Reason reason);
    void Told(const ServicePacket& packet, const std::string& how);

    // service-bodies.cc
    void On(const StartTransfer& action);
    void On(const StopTransfer& action);
    void On(const OfferCopy& action);
    void On(const WithdrawCopy& action);
    FetchOrder OrderOf(const Transfer& transfer) const;
    std::uint64_t MaxBytesOf(const std::string& href) const;
    void Progress(TransferId id,
                  std::uint64_t serial,
                  std::uint64_t received,
                  std::optional<std::uint64_t> size);
    void NoRoom(Transfer& transfer, std::uint64_t received, std::uint64_t size);
    void FetchOver(TransferId id, std::uint64_t serial, const FetchResult& result);
    void Seal(TransferId id, std::uint64_t serial, std::uint64_t size);
    void Sealed(TransferId id,
                std::uint64_t serial,
                std::uint64_t size,
                const std::optional<Digest>& digest);
    std::shared_ptr<PartialFile> TakeDiscarded(const std::string& href);
    Transfer* Find(TransferId id, std::uint64_t serial);
    void Count(TrafficKind kind, boost::asio::ip::address_v4 peer, std::uint64_t bytes);
    void CountFetch(const Transfer& transfer, std::uint64_t bytes);
    void MakeRoom(std::uint64_t bytes);

    // service-verdicts.cc
    void JudgeBody(TransferId id, std::uint64_t serial, const Body& body);
    void AskJudge(AppRequestId request, const Body& body, std::function<void(bool accepted)> told);
    void AskPackageJudge(AppRequestId request,
                         const Body& body,
                         std::function<void(bool accepted)> answer);
    void OneJudged(Judgement& judgement, AppRequestId request, bool accepted);
    void GiveUpJudges(Judgement& judgement);
    void Conclude(Judgement& judgement);
    void Judged(const Judgement& judgement, Verdict verdict);
    void AskElsewhere(AppRequestId id, const Digest& refused);

    // service-uploads.cc
    void On(const AnswerUpload& action);
    void UploadRequested(std::uint64_t request,
                         const boost::asio::ip::address_v4& peer,
                         const http::Request& asked);
    void UploadOver(std::uint64_t request, std::uint64_t bodyBytes);

    // service-applications.cc
    void On(const TellProgress& action);
    void On(const TellFound& action);
    void On(const TellFailed& action);
    void On(const TellPacket& action);
    void Deliver(AppRequestId id, const FoundReport& report);
    void Finish(AppRequestId id, const FoundReport& report);
    void Fail(AppRequestId id, Reason reason, const std::string& detail);
    void TellWanted(AppRequestId id, const ResourceRequest& request, bool heldRefused = false);
    std::optional<Body> BodyFor(const TellFound& action);

    // peering-service.cc
    void FollowInterfaces();
    void Tidy();
    void OpenTape();
    void StartAsBefore(const std::string& why);
    void AskAnew();

    boost::asio::io_context& m_io;
    ServiceSettings m_settings;
    std::unique_ptr<Store> m_store;
    History m_history;
    ServiceStatus m_status;

    // One life of the core.
    std::shared_ptr<const PeeringConfig> m_config;
    std::optional<PeeringNode> m_node;
    std::optional<PacketBudget> m_budget;
    std::unique_ptr<std::ofstream> m_tapeFile;
    std::optional<Tape> m_tape;
    std::unique_ptr<ServiceSocket> m_socket;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<Retriever> m_retriever;
    std::unique_ptr<InterfaceWatch> m_watch;
    std::unordered_map<TimerKey, boost::asio::steady_timer, FieldsHash> m_timers;
    std::unique_ptr<boost::asio::steady_timer> m_tidy;

    bool m_handling = false;
    std::deque<Event> m_drawn;   ///< tokens drawn while it is handled
    std::deque<Event> m_waiting; ///< what else came meanwhile
    ActionList m_actions;

    std::map<AppRequestId, AppRequest> m_requests;
    std::uint64_t m_lastRequest = 0;
    std::map<TransferId, Transfer> m_transfers;
    std::uint64_t m_lastSerial = 0;
    std::optional<Arrived> m_arrived;
    std::unordered_map<std::uint64_t, Upload> m_uploads;
    std::map<std::string, std::function<void(const ApplicationPacket&)>> m_types;
    PackageJudge m_packageJudge;

    boost::asio::thread_pool m_workers; ///< for what reads or syncs whole files
};

/// The same file, to read from only and from its beginning, that outlives whoever has it now.
/// Throws std::system_error.
std::shared_ptr<const FileDescriptor> ReadOnly(const FileDescriptor& file);

/// Whether a body is to be looked at, and not only its digest.
bool IsJudged(const Verifier& verifier);

/// The month now, in UTC: as in TrafficRow.
std::string Month();

/// "peer 192.0.2.1", "the Internet"
std::string OriginText(const std::optional<PeerSource>& peer);

/// The core's opaque number of a peer: its address.
inline PeerId
PeerOf(boost::asio::ip::address_v4 address)
{
    return static_cast<PeerId>(address.to_uint());
}

inline boost::asio::ip::address_v4
AddressOf(PeerId peer)
{
    return boost::asio::ip::address_v4(static_cast<std::uint32_t>(peer));
}

} // namespace lanpeer::reference
