#pragma once

#include "model/protocol/update/update-action.h"
#include "model/protocol/update/update-event.h"
#include "reference/service/application.h"
#include "reference/updating/look.h"
#include "reference/updating/update-settings.h"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio
{
class io_context;
} // namespace boost::asio

namespace lanpeer::reference
{

class PeeringService;

/// A body that the core accepted, until it is installed.
struct AcceptedBody
{
    Body body;
    PackageFacts facts;
};

/// What the update service asks the peering service for, the catalog and each package in a request
/// of its own [0059]: asks, looks at what comes in a thread of its own, passes on what the core
/// says of it. In the protocol thread.
class UpdateRequests : public std::enable_shared_from_this<UpdateRequests>
{
  public:
    /// Whom this tells; not from within a constructor, nor after Stop().
    struct Listener
    {
        std::function<void(UpdateEvent event)> event;
        std::function<void(std::string text)> remark;
    };

    /// \param roots PEM
    UpdateRequests(boost::asio::io_context& io,
                   PeeringService& service,
                   bool allowWeakKeys,
                   std::string roots,
                   Listener listener);

    /// Waits for the body that is looked at; nothing comes back after this.
    void Stop();

    void Ask(const RequestCatalog& action);
    void Ask(const RequestPackage& action);
    /// Of a body that was given up meanwhile nothing is said to any other.
    /// \returns a refusal in words, with what was seen of the body; "" where there is none
    std::string Judge(const JudgeBody& action);
    void Cancel(const CancelRequest& action);

    /// Peers are offered the catalog that was accepted last, in place of the copy held, as soon as
    /// its request has ended.
    void OfferCatalog();

    /// Bodies that no set was made of are kept no longer.
    void DropBodies()
    {
        m_bodies.clear();
    }

    /// The bodies of a set that were fetched for it, by product; they are the caller's then.
    std::map<std::string, AcceptedBody> Take(const InstallSet& action);

  private:
    /// A request of the peering service; "" is the catalog's.
    struct Asked
    {
        AppRequestId id{};
        std::uint64_t serial = 0;
        std::uint64_t asOfS = 0;
        std::uint64_t body = 0; ///< number of the last that came: those before were given up
        std::function<void(bool accepted)> answer; ///< to it
        PackageFacts facts;                        ///< of it
        std::string message;                       ///< what was said of it
    };

    void Ask(const std::string& what, const ResourceRequest& request, std::uint64_t asOfS);
    Application ApplicationOf(const std::string& what, std::uint64_t serial);
    Asked* Find(const std::string& what, std::uint64_t serial);
    void Look(const std::string& what,
              std::uint64_t serial,
              const Body& body,
              std::function<void(bool)> answer);
    void LookedAt(const std::string& what,
                  std::uint64_t number,
                  Source source,
                  const Looked& looked);
    void Found(const std::string& what, std::uint64_t serial, const FoundReport& report);
    void Offer(const Body& catalog);
    void Failed(const std::string& what,
                std::uint64_t serial,
                Reason reason,
                const std::string& detail);

    boost::asio::io_context& m_io;
    PeeringService& m_service;
    const bool m_allowWeakKeys;
    const std::string m_roots;
    const Listener m_listener;
    std::map<std::string, Asked> m_requests;
    std::uint64_t m_lastSerial = 0;
    std::uint64_t m_lastBody = 0;
    std::map<std::string, AcceptedBody> m_bodies; ///< by product
    RequestCatalog m_catalog;                     ///< the last that was asked for
    bool m_offerCatalog = false;                  ///< when it is found
    boost::asio::thread_pool m_looking;
};

} // namespace lanpeer::reference
