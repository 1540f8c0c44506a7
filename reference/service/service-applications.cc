#include "model/protocol/uri.h"
#include "reference/service/peering-service-impl.h"

#include <boost/asio/post.hpp>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

// Of PeeringService: what it does for applications (R-API-1).

namespace lanpeer::reference
{

namespace
{

std::string_view
NameOf(const Verifier& verifier)
{
    constexpr std::array<std::string_view, std::variant_size_v<Verifier>> kNames{
        "without a verifier",
        "verified by its SHA-256",
        "verified by the application",
        "verified by its signature"};
    return kNames[verifier.index()];
}

} // namespace

std::shared_ptr<const FileDescriptor>
ReadOnly(const FileDescriptor& file)
{
    const std::string path = fmt::format("/proc/self/fd/{}", file.Get());
    FileDescriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.IsOpen())
    {
        throw std::system_error(errno, std::generic_category(), "opening a body to read");
    }
    return std::make_shared<const FileDescriptor>(std::move(opened));
}

AppRequestId
PeeringService::Impl::Ask(const ResourceRequest& request, Application application)
{
    const auto id = static_cast<AppRequestId>(++m_lastRequest);
    m_requests.emplace(id, AppRequest{request, std::move(application), ""});
    m_history.Begin(request.url);
    m_history.Add(request.url, fmt::format("asked for, {}", NameOf(request.verifier)));
    TellWanted(id, request);
    return id;
}

void
PeeringService::Impl::TellWanted(AppRequestId id, const ResourceRequest& request, bool heldRefused)
{
    RequestOptions options;
    options.mayWait = request.mayWait;
    options.mayUseInternet = request.mayUseInternet;
    options.cacheable = request.cacheable;
    options.verified = !std::holds_alternative<NoVerifier>(request.verifier);
    options.allowQuery = request.allowQuery;
    Tell(ResourceWanted{id, request.url, options, heldRefused});
}

void
PeeringService::Impl::Cancel(AppRequestId request)
{
    if (m_requests.erase(request) != 0)
    {
        Tell(RequestCancelled{request});
    }
}

void
PeeringService::Impl::On(const TellProgress& action)
{
    const auto found = m_requests.find(action.request);
    if (found != m_requests.end() && found->second.application.progress)
    {
        const auto progress = found->second.application.progress; // may cancel itself
        progress({action.own, action.received, action.size});
    }
}

void
PeeringService::Impl::On(const TellFailed& action)
{
    const auto found = m_requests.find(action.request);
    if (found != m_requests.end() && action.reason != Reason::Cancelled)
    {
        const std::string problem = found->second.problem;
        Fail(action.request, action.reason, problem);
    } // and who took it back knows, or asks again
}

void
PeeringService::Impl::Fail(AppRequestId id, Reason reason, const std::string& detail)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
    {
        return; // cancelled
    }
    const AppRequest request = std::move(found->second);
    m_requests.erase(found);
    ++m_status.failed;
    ++m_status.reasons[static_cast<std::size_t>(reason)];
    m_history.Add(
        request.asked.url,
        fmt::format("failed: {}{}{}", ToString(reason), detail.empty() ? "" : ": ", detail));
    request.application.failed(reason, detail);
}

std::optional<Body>
PeeringService::Impl::BodyFor(const TellFound& action)
{
    const std::string& url = m_requests.at(action.request).asked.url;
    if (action.source != Source::Local && m_arrived && m_arrived->href == url)
    {
        Body body = m_arrived->body;
        body.file = ReadOnly(*body.file);
        return body;
    }
    const OpenedCopy copy = m_store->Open(url);
    if (!copy.file)
    {
        return std::nullopt;
    }
    // Where one application has read to is not the others' business; the copy stays in use.
    struct InUse
    {
        std::shared_ptr<const FileDescriptor> copy;
        std::shared_ptr<const FileDescriptor> read;
    };
    const auto both = std::make_shared<const InUse>(InUse{copy.file, ReadOnly(*copy.file)});
    return Body{{both, both->read.get()}, copy.info.sizeBytes, copy.info.digest, Source::Local};
}

void
PeeringService::Impl::On(const TellFound& action)
{
    const auto found = m_requests.find(action.request);
    if (found == m_requests.end())
    {
        return; // cancelled
    }
    FoundReport report;
    report.source = action.source;
    report.peer = action.peer ? std::optional(AddressOf(*action.peer)) : std::nullopt;
    std::string why = "the copy is damaged";
    std::optional<Body> body;
    try
    {
        body = BodyFor(action);
    }
    catch (const std::exception& error)
    {
        why = error.what();
    }
    if (!body)
    {
        const std::string url = found->second.asked.url;
        Fail(action.request, Reason::StoreFailed, why);
        if (action.source == Source::Local)
        {
            Tell(CopyWithdrawn{url});
        }
        return;
    }
    report.body = *body;
    Deliver(action.request, report);
}

/// What is held here, or was judged before this one asked, was accepted for others; who asks has a
/// verifier of its own.
void
PeeringService::Impl::Deliver(AppRequestId id, const FoundReport& report)
{
    const AppRequest& request = m_requests.at(id);
    const auto* digest = std::get_if<DigestVerifier>(&request.asked.verifier);
    if (digest != nullptr && digest->digest != report.body.digest)
    {
        AskElsewhere(id, report.body.digest);
        return;
    }
    const bool judged =
        report.source != Source::Local && m_arrived && m_arrived->accepting.count(id) != 0;
    if (IsJudged(request.asked.verifier) && !judged)
    {
        AskJudge(id,
                 report.body,
                 [weak = weak_from_this(), id, report](bool accepted)
                 {
                     const auto self = weak.lock();
                     if (self && accepted)
                     {
                         self->Finish(id, report);
                     }
                     else if (self)
                     {
                         self->AskElsewhere(id, report.body.digest);
                     }
                 });
        return;
    }
    Finish(id, report);
}

void
PeeringService::Impl::Finish(AppRequestId id, const FoundReport& report)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
    {
        return; // cancelled while it was looked at
    }
    const AppRequest request = std::move(found->second);
    m_requests.erase(found);
    switch (report.source)
    {
    case Source::Local:
        ++m_status.foundHere;
        break;
    case Source::Peer:
        ++m_status.foundAtPeers;
        break;
    case Source::Internet:
        ++m_status.foundOnInternet;
        break;
    }
    m_history.Add(request.asked.url,
                  fmt::format("found: {}{}, {} bytes, SHA-256 {}",
                              ToString(report.source),
                              report.peer ? " " + report.peer->to_string() : "",
                              report.body.size,
                              ToHex(report.body.digest)));
    request.application.found(report);
}

// ---------------------------------------------------------------- copies of applications

void
PeeringService::Impl::Offer(const std::string& url,
                            std::shared_ptr<const FileDescriptor> file,
                            std::optional<Digest> digest,
                            std::function<void(const std::string& error)> done)
{
    if (!MayTravel(url, true))
    {
        done(fmt::format("{}: not a URL that peers can ask for", url));
        return;
    }
    std::shared_ptr<PartialFile> partial = m_store->StartPartial(url);
    if (!partial)
    {
        done(fmt::format("{}: it is being fetched at the moment", url));
        return;
    }
    boost::asio::post(
        m_workers,
        [weak = weak_from_this(), &io = m_io, url, partial, file, digest, done]
        {
            std::string error;
            std::optional<Digest> is;
            std::uint64_t size = 0;
            try
            {
                size = partial->CopyFrom(*file);
                is = partial->Seal(size);
            }
            catch (const std::exception& failed)
            {
                error = failed.what();
            }
            boost::asio::post(
                io,
                [weak, url, partial, digest, is, size, error, done]
                {
                    const auto self = weak.lock();
                    if (!self)
                    {
                        return;
                    }
                    std::string wrong = error;
                    if (wrong.empty() && digest && *digest != *is)
                    {
                        wrong = fmt::format("its SHA-256 is {}", ToHex(*is));
                    }
                    if (wrong.empty())
                    {
                        try
                        {
                            self->MakeRoom(0);
                            self->m_store->Keep(*partial, *is);
                        }
                        catch (const StoreError& failed)
                        {
                            wrong = failed.what();
                        }
                    }
                    if (wrong.empty())
                    {
                        self->m_history.Begin(url);
                        self->m_history.Add(
                            url,
                            fmt::format("offered by an application, {} bytes, SHA-256 {}",
                                        size,
                                        ToHex(*is)));
                        self->Tell(CopyOffered{url, size});
                    }
                    done(wrong);
                });
        });
}

bool
PeeringService::Impl::Withdraw(const std::string& url)
{
    const bool held = m_store->Find(url).has_value();
    if (held)
    {
        m_history.Add(url, "withdrawn by an application");
        Tell(CopyWithdrawn{url});
    }
    return held;
}

// ---------------------------------------------------------------- packets of applications

void
PeeringService::Impl::RegisterType(const std::string& type,
                                   std::function<void(const ApplicationPacket&)> heard)
{
    const bool registered = static_cast<bool>(heard);
    if (registered)
    {
        m_types[type] = std::move(heard);
    }
    else
    {
        m_types.erase(type);
    }
    Tell(ApplicationTypeRegistered{type, registered});
}

void
PeeringService::Impl::On(const TellPacket& action)
{
    const auto found = m_types.find(action.packet->type);
    if (found != m_types.end())
    {
        const auto heard = found->second;
        heard(
            {AddressOf(action.peer), action.port, action.packet->type, action.packet->attributes});
    }
}

} // namespace lanpeer::reference
