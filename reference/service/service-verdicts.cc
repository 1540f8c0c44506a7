#include "reference/service/peering-service-impl.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <spdlog/spdlog.h>
#include <utility>

// Of PeeringService: what the verifiers of a body say of it (R-HTTP-2).

namespace lanpeer::reference
{

namespace
{

/// The answer of one who judges a body. Given up unanswered, it is a no.
class Answer
{
  public:
    explicit Answer(std::function<void(bool)> told)
        : m_told(std::move(told))
    {
    }

    ~Answer()
    {
        Tell(false);
    }

    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    void Tell(bool accepted)
    {
        if (const auto told = std::exchange(m_told, nullptr))
        {
            told(accepted);
        }
    }

  private:
    std::function<void(bool)> m_told;
};

} // namespace

bool
IsJudged(const Verifier& verifier)
{
    return std::holds_alternative<CallbackVerifier>(verifier) ||
           std::holds_alternative<SignedVerifier>(verifier);
}

/// Everybody who wants it is asked, each by its own verifier.
void
PeeringService::Impl::JudgeBody(TransferId id, std::uint64_t serial, const Body& body)
{
    const auto judgement = std::make_shared<Judgement>(Judgement{id, serial, body, {}, {}, {}, {}});
    const std::string& href = m_transfers.at(id).order.href;
    for (const auto& [request, its] : m_requests)
    {
        if (its.asked.url != href)
        {
            continue;
        }
        if (const auto* digest = std::get_if<DigestVerifier>(&its.asked.verifier))
        {
            (digest->digest == body.digest ? judgement->accepting : judgement->refusing)
                .insert(request);
        }
        else if (IsJudged(its.asked.verifier))
        {
            judgement->awaited.insert(request);
        }
    }
    if (judgement->awaited.empty())
    {
        Conclude(*judgement);
        return;
    }
    // Others wait for who does not answer, and a transfer's place is taken meanwhile.
    judgement->patience = std::make_unique<boost::asio::steady_timer>(m_io);
    judgement->patience->expires_after(std::chrono::seconds(m_settings.judgeS));
    judgement->patience->async_wait(
        [weak = weak_from_this(), judgement](boost::system::error_code error)
        {
            const auto self = weak.lock();
            if (!error && self)
            {
                self->GiveUpJudges(*judgement);
            }
        });
    const auto awaited = judgement->awaited; // who is asked may cancel requests while it is asked
    for (const AppRequestId request : awaited)
    {
        AskJudge(request,
                 body,
                 [weak = weak_from_this(), judgement, request](bool accepted)
                 {
                     if (const auto self = weak.lock())
                     {
                         self->OneJudged(*judgement, request, accepted);
                     }
                 });
    }
}

/// \param told told later, in the protocol thread, not from within whatever the application does
void
PeeringService::Impl::AskJudge(AppRequestId request,
                               const Body& body,
                               std::function<void(bool accepted)> told)
{
    const auto answer =
        std::make_shared<Answer>([&io = m_io, told = std::move(told)](bool accepted)
                                 { boost::asio::post(io, [told, accepted] { told(accepted); }); });
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
    {
        return;
    }
    try
    {
        Body shown = body;
        shown.file = ReadOnly(*body.file); // where one has read to is not the others' business
        const auto tell = [answer](bool accepted)
        {
            answer->Tell(accepted);
        };
        if (std::holds_alternative<SignedVerifier>(found->second.asked.verifier))
        {
            AskPackageJudge(request, shown, tell);
            return;
        }
        const auto judge = found->second.application.judge; // may cancel itself
        judge(shown, tell);
    }
    catch (const std::exception& error)
    {
        spdlog::error("showing a body to who judges it: {}", error.what());
    }
}

/// The asker is told why: it has not seen the package.
void
PeeringService::Impl::AskPackageJudge(AppRequestId request,
                                      const Body& body,
                                      std::function<void(bool accepted)> answer)
{
    const auto told =
        [weak = weak_from_this(), request, answer = std::move(answer)](const std::string& refused)
    {
        const auto self = weak.lock();
        if (self && !refused.empty())
        {
            const auto found = self->m_requests.find(request);
            if (found != self->m_requests.end())
            {
                found->second.problem = refused;
                self->m_history.Add(found->second.asked.url, refused);
            }
        }
        answer(refused.empty());
    };
    if (!m_packageJudge)
    {
        told("no root certificate is known any more by which packages are believed");
        return;
    }
    const auto judge = m_packageJudge;
    judge(m_requests.at(request).asked.url, body, told);
}

void
PeeringService::Impl::OneJudged(Judgement& judgement, AppRequestId request, bool accepted)
{
    if (judgement.awaited.erase(request) == 0)
    {
        return; // too late
    }
    (accepted ? judgement.accepting : judgement.refusing).insert(request);
    if (judgement.awaited.empty())
    {
        Conclude(judgement);
    }
}

void
PeeringService::Impl::GiveUpJudges(Judgement& judgement)
{
    if (judgement.awaited.empty())
    {
        return; // it is over
    }
    for (const AppRequestId request : std::exchange(judgement.awaited, {}))
    {
        judgement.refusing.insert(request);
        const auto found = m_requests.find(request);
        if (found != m_requests.end())
        {
            m_history.Add(found->second.asked.url,
                          fmt::format("not judged within {} s", m_settings.judgeS));
        }
    }
    Conclude(judgement);
}

/// Accepted is what one accepts who still wants it. Who refuses it asks again, alone: its word is
/// no reason to keep the body from the others, nor theirs to make it take it.
void
PeeringService::Impl::Conclude(Judgement& judgement)
{
    judgement.patience.reset();
    if (Find(judgement.transfer, judgement.serial) == nullptr)
    {
        return; // stopped meanwhile
    }
    const bool verified = !judgement.accepting.empty() || !judgement.refusing.empty();
    const auto hasLeft = [this](AppRequestId request)
    {
        return m_requests.count(request) == 0;
    };
    const auto drop = [&hasLeft](std::set<AppRequestId>& requests)
    {
        for (auto at = requests.begin(); at != requests.end();)
        {
            at = hasLeft(*at) ? requests.erase(at) : std::next(at);
        }
    };
    drop(judgement.accepting);
    drop(judgement.refusing);
    if (judgement.accepting.empty())
    {
        Judged(judgement, verified ? Verdict::Refused : Verdict::None);
        return;
    }
    for (const AppRequestId request : judgement.refusing)
    {
        Tell(RequestCancelled{request});
    }
    Judged(judgement, Verdict::Accepted);
    for (const AppRequestId request : judgement.refusing)
    {
        AskElsewhere(request, judgement.body.digest);
    }
}

void
PeeringService::Impl::Judged(const Judgement& judgement, Verdict verdict)
{
    const Transfer* transfer = Find(judgement.transfer, judgement.serial);
    if (transfer == nullptr)
    {
        return; // who was told to leave the request was the last of it
    }
    const StartTransfer order = transfer->order;
    const Body& body = judgement.body;
    if (verdict == Verdict::Refused)
    {
        const std::string text = fmt::format("refused by its verifier: from {}, SHA-256 {}",
                                             OriginText(order.peer),
                                             ToHex(body.digest));
        m_history.Add(order.href, text);
        spdlog::warn("{}: {}", order.href, text);
    }
    else
    {
        m_arrived = Arrived{order.href, transfer->partial, body, judgement.accepting};
    }
    // A whole body is never resumed: kept, handed over or refused, it is this transfer's no longer,
    // and the next one of this URL begins anew.
    m_transfers.erase(judgement.transfer);
    Tell(TransferEnded{judgement.transfer, TransferOutcome::Complete, verdict, body.size, {}});
    m_arrived.reset();
}

/// What others accepted, or what was held, is not what this one wants.
void
PeeringService::Impl::AskElsewhere(AppRequestId id, const Digest& refused)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
    {
        return;
    }
    const ResourceRequest asked = found->second.asked;
    m_history.Add(
        asked.url,
        fmt::format("refused by the verifier of one who asked, who asks again: SHA-256 {}",
                    ToHex(refused)));
    TellWanted(id, asked, true);
}

} // namespace lanpeer::reference
