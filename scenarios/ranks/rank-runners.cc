#include "scenarios/ranks/rank-runners.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <sstream>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::chrono::milliseconds kBeat{1000};
/// Between two looks at the letters: MPI's own waiting would take a processor from the runs.
constexpr int kNapMs = 2;

/// The first line in which they are not the same.
std::string
Difference(const std::string& there, const std::string& here)
{
    std::istringstream thereLines(there);
    std::istringstream hereLines(here);
    std::string thereLine;
    std::string hereLine;
    do
    {
        thereLine.clear();
        hereLine.clear();
        std::getline(thereLines, thereLine);
        std::getline(hereLines, hereLine);
    } while (thereLine == hereLine && (thereLines || hereLines));
    return fmt::format("it has \"{}\" where rank 0 has \"{}\"", thereLine, hereLine);
}

} // namespace

RankRunners::RankRunners(MpiJob& job,
                         const std::string& sameEverywhere,
                         std::chrono::milliseconds silence)
    : m_job(job)
    , m_sameEverywhere(sameEverywhere)
    , m_silence(silence)
{
    for (int rank = 1; rank < job.Ranks(); ++rank)
    {
        m_places.emplace_back();
        m_places.back().rank = rank;
    }
}

RankRunners::~RankRunners()
{
    // MPI ends with all ranks or not at all. With runs left somebody wants an end at once: then
    // without those who were never heard.
    const bool isStopped = Running() > 0;
    for (Place& place : m_places)
    {
        if (isStopped && place.IsAwaited() && !m_job.IsLost(place.rank))
        {
            m_job.Lose(place.rank);
        }
    }
    while (!isStopped && IsAnyAwaited())
    {
        if (!Step(nullptr))
        {
            poll(nullptr, 0, kNapMs);
        }
    }
    RankMessage rest;
    rest.kind = RankMessage::Kind::Rest;
    m_job.SendAll(rest);
}

std::size_t
RankRunners::Places() const
{
    return static_cast<std::size_t>(std::count_if(m_places.begin(),
                                                  m_places.end(),
                                                  [](const Place& place)
                                                  { return place.fit && place.greeted; }));
}

bool
RankRunners::IsAnyAwaited() const
{
    return std::any_of(
        m_places.begin(), m_places.end(), [](const Place& place) { return place.IsAwaited(); });
}

std::size_t
RankRunners::Running() const
{
    if (Places() == 0 && IsAnyAwaited())
    {
        return 1;
    }
    return static_cast<std::size_t>(std::count_if(m_places.begin(),
                                                  m_places.end(),
                                                  [](const Place& place)
                                                  { return place.number.has_value(); }));
}

void
RankRunners::Start(std::size_t number, const RunSpec& spec)
{
    const auto place =
        std::find_if(m_places.begin(),
                     m_places.end(),
                     [](const Place& each) { return each.fit && each.greeted && !each.number; });
    place->number = number;
    RankMessage message;
    message.kind = RankMessage::Kind::Do;
    message.number = number;
    message.text = ToJson(spec);
    m_job.Send(place->rank, message);
}

std::vector<RunOutcome>
RankRunners::Wait(int timeoutMs, const processes::ProgressHeard& heard)
{
    const auto until = Clock::now() + std::chrono::milliseconds(timeoutMs);
    while (!Step(heard) && (timeoutMs < 0 || Clock::now() < until))
    {
        if (poll(nullptr, 0, kNapMs) < 0 && errno == EINTR)
        {
            break;
        }
    }
    return std::exchange(m_outcomes, {});
}

bool
RankRunners::Step(const processes::ProgressHeard& heard)
{
    ForgiveOwnAbsence();
    Beat();
    bool isNews = false;
    for (const auto& [rank, message] : m_job.Take())
    {
        Place& place = m_places.at(static_cast<std::size_t>(rank) - 1);
        place.heard = Clock::now();
        isNews = Hear(place, message, heard) || isNews;
    }
    return GiveUpTheSilent() || isNews;
}

/// Who was not there himself, stopped or busy with a slow disk, cannot tell who was silent.
void
RankRunners::ForgiveOwnAbsence()
{
    const auto now = Clock::now();
    const auto absent = now - std::exchange(m_stepped, now);
    if (absent >= kBeat)
    {
        for (Place& place : m_places)
        {
            place.heard += absent;
        }
    }
}

bool
RankRunners::Hear(Place& place, const RankMessage& message, const processes::ProgressHeard& heard)
{
    switch (message.kind)
    {
    case RankMessage::Kind::Hello:
        Greet(place, message);
        return true;
    case RankMessage::Kind::Unfit:
        place.host = message.host;
        GiveUp(place, message.text);
        return true;
    case RankMessage::Kind::Progress:
        if (heard && place.number == message.number)
        {
            heard(message.number, message.progress);
        }
        return true;
    case RankMessage::Kind::Over:
        if (place.number == message.outcome.index) // else it was given up: the run is another's
        {
            place.number.reset();
            m_outcomes.push_back(message.outcome);
        }
        return true;
    case RankMessage::Kind::Beat:
    case RankMessage::Kind::Do:
    case RankMessage::Kind::Rest:
    case RankMessage::Kind::End:
    case RankMessage::Kind::Leave:
        return false;
    }
    return false;
}

void
RankRunners::Greet(Place& place, const RankMessage& message)
{
    place.greeted = true;
    place.host = message.host;
    if (message.text != m_sameEverywhere)
    {
        GiveUp(place, Difference(message.text, m_sameEverywhere));
    }
}

bool
RankRunners::GiveUpTheSilent()
{
    bool any = false;
    for (Place& place : m_places)
    {
        if (m_job.IsLost(place.rank) || Clock::now() - place.heard < m_silence)
        {
            continue;
        }
        GiveUp(place,
               fmt::format("nothing heard of it for {} s",
                           std::chrono::duration<double>(m_silence).count()));
        m_job.Lose(place.rank);
        any = true;
    }
    return any;
}

/// No run for it any more; the one that it has is lost.
void
RankRunners::GiveUp(Place& place, const std::string& why)
{
    if (place.fit)
    {
        fmt::print(stderr,
                   "lanpeer-sim: rank {}{}{}: {}; it gets no {}run\n",
                   place.rank,
                   place.host.empty() ? "" : " on ",
                   place.host,
                   why,
                   place.greeted ? "further " : "");
    }
    const bool wasFit = std::exchange(place.fit, false);
    if (wasFit && Places() == 0 && !IsAnyAwaited())
    {
        fmt::print(stderr, "lanpeer-sim: no rank is left to do runs\n");
    }
    if (place.number)
    {
        RunOutcome outcome;
        outcome.index = *std::exchange(place.number, std::nullopt);
        outcome.lost = true;
        m_outcomes.push_back(outcome);
    }
}

void
RankRunners::Beat()
{
    if (Clock::now() - m_beaten < kBeat)
    {
        return;
    }
    m_beaten = Clock::now();
    for (const Place& place : m_places)
    {
        m_job.Send(place.rank, {});
    }
}

} // namespace lanpeer::scenario
