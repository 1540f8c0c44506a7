#include "model/http/reply.h"
#include "reference/service/peering-service-impl.h"

#include <spdlog/spdlog.h>

// Of PeeringService: what it serves to peers.

namespace lanpeer::reference
{

namespace
{

/// After which a peer may ask again for what could not be opened.
constexpr std::uint32_t kTryAgainS = 5;

} // namespace

void
PeeringService::Impl::UploadRequested(std::uint64_t request,
                                      const boost::asio::ip::address_v4& peer,
                                      const http::Request& asked)
{
    m_uploads[request] = {peer, asked, ""};
    Tell(UploadAsked{static_cast<UploadId>(request),
                     PeerOf(peer),
                     asked.alias,
                     asked.method == http::Method::Get});
}

void
PeeringService::Impl::On(const AnswerUpload& action)
{
    const auto request = static_cast<std::uint64_t>(action.upload);
    const auto found = m_uploads.find(request);
    if (found == m_uploads.end())
    {
        if (action.answer == UploadAnswer::Serve)
        {
            Tell(UploadEnded{action.upload}); // who asked has gone
        }
        return;
    }
    const http::Request asked = found->second.asked;
    const bool body = asked.method == http::Method::Get;
    const auto refuse = [&](http::ErrorStatus status, std::optional<std::uint32_t> retryAfter)
    {
        m_server->Answer(request, http::AnswerError(status, retryAfter, asked.keepAlive), nullptr);
    };
    switch (action.answer)
    {
    case UploadAnswer::Serve:
    {
        OpenedCopy copy;
        try
        {
            copy = m_store->Open(action.href);
        }
        catch (const StoreError& error)
        {
            // Of the disk or of descriptors, not of the copy.
            spdlog::error("{}", error.what());
            refuse(http::ErrorStatus::ServiceUnavailable, kTryAgainS);
            if (body)
            {
                Tell(UploadEnded{action.upload});
            }
            break;
        }
        if (copy.file)
        {
            if (body)
            {
                found->second.href = action.href;
            }
            m_server->Answer(request,
                             http::Answer(asked, {copy.info.sizeBytes, ToHex(copy.info.digest)}),
                             copy.file);
            break;
        }
        spdlog::error("{}: damaged, no longer offered: {}", action.href, copy.damage);
        refuse(http::ErrorStatus::NotFound, {});
        if (body)
        {
            Tell(UploadEnded{action.upload});
        }
        Tell(CopyWithdrawn{action.href});
        break;
    }
    case UploadAnswer::Busy:
        refuse(http::ErrorStatus::ServiceUnavailable,
               static_cast<std::uint32_t>((action.retryAfterMs + 999) / 1000));
        break;
    case UploadAnswer::NoSuchCopy:
        refuse(http::ErrorStatus::NotFound, {});
        break;
    }
}

void
PeeringService::Impl::UploadOver(std::uint64_t request, std::uint64_t bodyBytes)
{
    const auto found = m_uploads.find(request);
    if (found == m_uploads.end())
    {
        return;
    }
    const Upload upload = found->second;
    m_uploads.erase(found);
    if (!upload.href.empty())
    {
        Count(TrafficKind::ServedToPeer, upload.peer, bodyBytes);
        Tell(UploadEnded{static_cast<UploadId>(request)});
    }
}

} // namespace lanpeer::reference
