#include "scenarios/ranks/letters.h"

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/exception.hpp>
#include <boost/mpi/request.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr int kTag = 0;
/// Below the smallest eager limit that Open MPI's transports between processes have (4 KiB, shared
/// memory), headers included.
constexpr std::size_t kPieceBytes = 2048;
constexpr char kMore = 'm'; ///< a piece's first byte: others follow
constexpr char kLast = 'l';

} // namespace

/// What goes to a rank and what comes from it.
struct Letters::Way
{
    bool forgotten = false;
    std::deque<std::string> toSend{}; ///< pieces; the first is on its way if there is a request
    std::optional<boost::mpi::request> request{};
    std::string come{}; ///< of a letter whose last piece is not here yet
};

Letters::Letters(const boost::mpi::communicator& ranks)
    : m_ranks(ranks)
{
    for (int rank = 0; rank < ranks.size(); ++rank)
    {
        m_ways.push_back(std::make_unique<Way>());
    }
}

Letters::~Letters()
{
    for (auto& way : m_ways)
    {
        if (way->request)
        {
            way.release(); // MPI may still read it: it stays where it is
        }
    }
}

void
Letters::Send(int to, const std::string& text)
{
    Way& way = *m_ways.at(to);
    if (way.forgotten)
    {
        return;
    }
    std::size_t at = 0;
    do
    {
        const std::size_t bytes = std::min(kPieceBytes - 1, text.size() - at);
        const char kind = at + bytes == text.size() ? kLast : kMore;
        way.toSend.push_back(kind + text.substr(at, bytes));
        at += bytes;
    } while (at < text.size());
    SendOn(to);
}

void
Letters::SendOn(int to)
{
    Way& way = *m_ways.at(to);
    try
    {
        while (!way.forgotten && !way.toSend.empty())
        {
            const std::string& piece = way.toSend.front();
            if (!way.request)
            {
                way.request = m_ranks.isend(to, kTag, piece.data(), static_cast<int>(piece.size()));
            }
            if (!way.request->test())
            {
                return;
            }
            way.request.reset();
            way.toSend.pop_front();
        }
    }
    catch (const boost::mpi::exception&)
    {
        Forget(to); // its silence will tell
    }
}

std::vector<Letter>
Letters::Take()
{
    for (int rank = 0; rank < m_ranks.size(); ++rank)
    {
        SendOn(rank);
    }
    std::vector<Letter> letters;
    while (const auto status = m_ranks.iprobe(boost::mpi::any_source, kTag))
    {
        const int from = status->source();
        std::string piece(static_cast<std::size_t>(status->count<char>().value_or(0)), '\0');
        m_ranks.recv(from, kTag, piece.data(), static_cast<int>(piece.size()));
        if (piece.empty())
        {
            continue;
        }
        Way& way = *m_ways.at(from);
        way.come.append(piece, 1);
        if (piece[0] == kLast)
        {
            letters.push_back({from, std::exchange(way.come, {})});
        }
    }
    return letters;
}

bool
Letters::AllSent() const
{
    return std::all_of(m_ways.begin(),
                       m_ways.end(),
                       [](const auto& way) { return way->forgotten || way->toSend.empty(); });
}

void
Letters::Forget(int rank)
{
    m_ways.at(rank)->forgotten = true;
}

} // namespace lanpeer::scenario
