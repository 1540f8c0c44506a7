#pragma once

#include "model/protocol/packet-budget.h"
#include "model/protocol/peering-node.h"
#include "model/protocol/tape.h"
#include "reference/service/application.h"
#include "reference/service/history.h"
#include "reference/service/service-settings.h"
#include "reference/store/store.h"

#include <boost/asio/ip/address_v4.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

/// What a service has done since it started, and does now.
struct ServiceStatus
{
    std::string node;
    std::chrono::system_clock::time_point startedAt;
    std::vector<Interface> interfaces;
    std::uint64_t servicePort = 0;
    std::uint64_t httpPort = 0;
    std::uint64_t packetsSent = 0;
    std::uint64_t packetsReceived = 0; ///< before budgets, own ones not counted
    std::uint64_t ownHeard = 0;  ///< own broadcasts that came back, since the settings were read
    std::uint64_t foundHere = 0; ///< requests, by where they ended
    std::uint64_t foundAtPeers = 0;
    std::uint64_t foundOnInternet = 0;
    std::uint64_t failed = 0;
    std::uint64_t running = 0;        ///< requests of applications
    std::uint64_t uploads = 0;        ///< being served
    std::uint64_t fromPeersBytes = 0; ///< of bodies, since the start
    std::uint64_t fromInternetBytes = 0;
    std::uint64_t servedBytes = 0;
    std::string month; ///< now, as in TrafficRow
    std::uint64_t copies = 0;
    std::uint64_t copyBytes = 0;
    std::uint64_t freeDiskBytes = 0;               ///< of the store's file system, now
    std::uint64_t freeDiskWantedBytes = 0;         ///< what copies must leave free
    std::array<std::uint64_t, kReasons> reasons{}; ///< failures, refusals, drops, notes: by Reason
};

/// A packet of a type that an application registered (R-PKT-3).
struct ApplicationPacket
{
    boost::asio::ip::address_v4 peer;
    std::uint16_t port = 0;
    std::string type;
    std::vector<std::pair<std::string, std::string>> attributes;
};

/// Thrown by PeeringService::Reconfigure(): the service runs no longer.
class ServiceGone : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The peering service on real sockets: a PeeringNode with UDP broadcast on the service port, an
/// HTTP server for what it holds, retrieval from peers and the Internet, and the store. The sibling
/// of lan::PeeringApplication; no protocol logic: it carries out what the core wants done and tells
/// it what happened.
///
/// Belongs to the one thread that runs the io_context, the protocol thread: everything is called
/// there and calls back there. Retrieval and what reads or writes whole files (digests, fsync of a
/// body) have threads of their own inside; a copy's rename and the index's commit do not: they come
/// once a copy, between a verdict and its offer, so that no copy is offered that a power cut takes.
class PeeringService
{
  public:
    /// Opens the store, which reads every copy; binds the ports. Throws StoreError,
    /// std::system_error.
    PeeringService(boost::asio::io_context& io, const ServiceSettings& settings);
    ~PeeringService();

    PeeringService(const PeeringService&) = delete;
    PeeringService& operator=(const PeeringService&) = delete;

    /// Takes other settings (SIGHUP). The node starts anew under another name; what applications
    /// wait for is asked for again. The state folder stays. Throws as the constructor does, and
    /// then the settings are as before; ServiceGone if not even with those it starts.
    void Reconfigure(const ServiceSettings& settings);

    /// Who looks at bodies whose verifier is the signature; an empty function: nobody, and such a
    /// request ends refused.
    void SetPackageJudge(PackageJudge judge);
    bool HasPackageJudge() const;

    AppRequestId Ask(const ResourceRequest& request, Application application);

    /// The application no longer wants it and is told nothing more. Of one that has ended: no harm.
    void Cancel(AppRequestId request);

    /// Takes a file as the copy of a URL: whole, and of this digest if one is given (R-API-1).
    /// \param done told how it ended: empty for well, or one line
    void Offer(const std::string& url,
               std::shared_ptr<const FileDescriptor> file,
               std::optional<Digest> digest,
               std::function<void(const std::string& error)> done);

    /// \returns whether there was a copy
    bool Withdraw(const std::string& url);

    /// Who is told of packets of a type; an empty function: nobody any more. One per type.
    void RegisterType(const std::string& type, std::function<void(const ApplicationPacket&)> heard);

    /// \param peer none: broadcast
    void SendPacket(std::optional<boost::asio::ip::address_v4> peer,
                    std::uint16_t port,
                    const std::string& type,
                    std::vector<std::pair<std::string, std::string>> attributes);

    std::vector<CopyInfo> List() const;
    std::vector<TrafficRow> Traffic() const;
    ServiceStatus Status() const;
    std::vector<History::Step> Why(const std::string& url) const;

  private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace lanpeer::reference
