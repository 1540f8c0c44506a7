#include "reference/updating/update-requests.h"

#include "reference/service/peering-service.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <fmt/format.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// What the cabinet of a catalog may have: its text, the list of revocations, and some more.
constexpr std::uint64_t kCatalogCabinetBytes = 2U << 20U;

} // namespace

UpdateRequests::UpdateRequests(boost::asio::io_context& io,
                               PeeringService& service,
                               bool allowWeakKeys,
                               std::string roots,
                               Listener listener)
    : m_io(io)
    , m_service(service)
    , m_allowWeakKeys(allowWeakKeys)
    , m_roots(std::move(roots))
    , m_listener(std::move(listener))
    , m_looking(1)
{
}

void
UpdateRequests::Stop()
{
    for (const auto& [what, request] : std::exchange(m_requests, {}))
    {
        m_service.Cancel(request.id);
    }
    m_bodies.clear();
    m_looking.join();
}

// ---------------------------------------------------------------- asking

void
UpdateRequests::Ask(const RequestCatalog& action)
{
    ResourceRequest request;
    request.url = action.url;
    request.verifier = CallbackVerifier{};
    request.cacheable = action.mayUsePeers;
    request.maxBytes = kCatalogCabinetBytes;
    m_catalog = action;
    m_offerCatalog = false;
    Ask("", request, action.asOfS);
}

void
UpdateRequests::Ask(const RequestPackage& action)
{
    ResourceRequest request;
    request.url = action.entry.url;
    request.verifier = CallbackVerifier{};
    request.maxBytes = action.entry.sizeBytes;
    Ask(action.entry.product, request, action.asOfS);
}

/// \param what the product; "" is the catalog
void
UpdateRequests::Ask(const std::string& what, const ResourceRequest& request, std::uint64_t asOfS)
{
    const std::uint64_t serial = ++m_lastSerial;
    m_bodies.erase(what);
    m_requests[what] = Asked{{}, serial, asOfS, 0, {}, {}, {}};
    const AppRequestId id = m_service.Ask(request, ApplicationOf(what, serial));
    if (Asked* asked = Find(what, serial)) // it may have ended before Ask() returns
    {
        asked->id = id;
    }
}

Application
UpdateRequests::ApplicationOf(const std::string& what, std::uint64_t serial)
{
    Application application;
    const std::weak_ptr<UpdateRequests> weak = weak_from_this();
    application.judge = [weak, what, serial](const Body& body, std::function<void(bool)> answer)
    {
        if (const auto self = weak.lock())
        {
            self->Look(what, serial, body, std::move(answer));
        }
    };
    application.found = [weak, what, serial](const FoundReport& report)
    {
        if (const auto self = weak.lock())
        {
            self->Found(what, serial, report);
        }
    };
    application.failed = [weak, what, serial](Reason reason, const std::string& detail)
    {
        if (const auto self = weak.lock())
        {
            self->Failed(what, serial, reason, detail);
        }
    };
    return application;
}

UpdateRequests::Asked*
UpdateRequests::Find(const std::string& what, std::uint64_t serial)
{
    const auto found = m_requests.find(what);
    return found != m_requests.end() && found->second.serial == serial ? &found->second : nullptr;
}

void
UpdateRequests::Cancel(const CancelRequest& action)
{
    const auto found = m_requests.find(action.product.value_or(""));
    if (found != m_requests.end())
    {
        const AppRequestId id = found->second.id;
        m_requests.erase(found);
        m_service.Cancel(id);
    }
}

// ---------------------------------------------------------------- looking

void
UpdateRequests::Look(const std::string& what,
                     std::uint64_t serial,
                     const Body& body,
                     std::function<void(bool)> answer)
{
    Asked* asked = Find(what, serial);
    if (asked == nullptr)
    {
        return;
    }
    const std::uint64_t number = ++m_lastBody;
    asked->body = number;
    asked->answer = std::move(answer);
    boost::asio::post(m_looking,
                      [weak = weak_from_this(),
                       &io = m_io,
                       what,
                       number,
                       body,
                       roots = m_roots,
                       weakKeys = m_allowWeakKeys,
                       asOfS = asked->asOfS]
                      {
                          Looked looked = LookAt(what.empty(), body, roots, weakKeys, asOfS);
                          boost::asio::post(
                              io,
                              [weak, what, number, source = body.source, looked = std::move(looked)]
                              {
                                  if (const auto self = weak.lock())
                                  {
                                      self->LookedAt(what, number, source, looked);
                                  }
                              });
                      });
}

void
UpdateRequests::LookedAt(const std::string& what,
                         std::uint64_t number,
                         Source source,
                         const Looked& looked)
{
    const auto found = m_requests.find(what);
    if (found == m_requests.end() || found->second.body != number)
    {
        return; // given up
    }
    found->second.facts = looked.facts;
    found->second.message = looked.message;
    if (what.empty())
    {
        m_listener.event(CatalogArrived{
            source, looked.facts, looked.catalog, std::nullopt, looked.revoked, number});
    }
    else
    {
        m_listener.event(PackageArrived{what, looked.facts, number});
    }
}

std::string
UpdateRequests::Judge(const JudgeBody& action)
{
    const auto found = m_requests.find(action.product.value_or(""));
    if (found == m_requests.end())
    {
        return "";
    }
    Asked& asked = found->second;
    const bool accepted = action.refused == UpdateReason::None;
    if (asked.body != action.body)
    {
        if (accepted && !action.product)
        {
            Cancel(CancelRequest{}); // the core has its catalog, and wants no other body of it
        }
        return "";
    }
    const std::string text =
        accepted ? ""
                 : fmt::format("{}: {}",
                               action.product.value_or("catalog"),
                               RefusalText(action.refused, action.detail, asked.message));
    if (const auto answer = std::exchange(asked.answer, nullptr))
    {
        answer(accepted);
    }
    return text;
}

// ---------------------------------------------------------------- ends

void
UpdateRequests::Found(const std::string& what, std::uint64_t serial, const FoundReport& report)
{
    const Asked* asked = Find(what, serial);
    if (asked == nullptr)
    {
        return;
    }
    const AcceptedBody accepted{report.body, asked->facts};
    m_requests.erase(what);
    if (!what.empty())
    {
        m_bodies[what] = accepted;
        m_listener.event(PackageFound{what});
    }
    else if (std::exchange(m_offerCatalog, false))
    {
        // Later: until this has returned the place of that URL in the store is taken.
        boost::asio::post(m_io,
                          [weak = weak_from_this(), body = report.body]
                          {
                              if (const auto self = weak.lock())
                              {
                                  self->Offer(body);
                              }
                          });
    }
}

void
UpdateRequests::OfferCatalog()
{
    // What peers may serve the service has kept, and offers, itself.
    m_offerCatalog = !m_catalog.mayUsePeers;
}

void
UpdateRequests::Offer(const Body& catalog)
{
    m_service.Offer(m_catalog.url,
                    catalog.file,
                    catalog.digest,
                    [weak = weak_from_this()](const std::string& error)
                    {
                        const auto self = weak.lock();
                        if (self && !error.empty())
                        {
                            self->m_listener.remark("catalog: not offered to peers: " + error);
                        }
                    });
}

void
UpdateRequests::Failed(const std::string& what,
                       std::uint64_t serial,
                       Reason reason,
                       const std::string& detail)
{
    if (Find(what, serial) == nullptr)
    {
        return;
    }
    m_requests.erase(what);
    m_listener.remark(fmt::format("{}: {}{}{}",
                                  what.empty() ? "catalog" : what,
                                  ToString(reason),
                                  detail.empty() ? "" : ": ",
                                  detail));
    if (what.empty())
    {
        m_listener.event(CatalogFailed{reason});
    }
    else
    {
        m_listener.event(PackageFailed{what, reason});
    }
}

std::map<std::string, AcceptedBody>
UpdateRequests::Take(const InstallSet& action)
{
    std::map<std::string, AcceptedBody> bodies;
    for (const InstallEntry& entry : action.entries)
    {
        const auto body = m_bodies.find(entry.entry.product);
        if (entry.fresh && body != m_bodies.end())
        {
            bodies.insert(m_bodies.extract(body));
        }
    }
    return bodies;
}

} // namespace lanpeer::reference
