#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace boost::mpi
{
class communicator;
}

namespace lanpeer::scenario
{

/// A text that another rank sent.
struct Letter
{
    int from = 0;
    std::string text;
};

/// Letters between ranks, of any length, where ranks may die at any moment: no call waits for
/// another rank. Each letter goes in pieces so small that every transport sends them without asking
/// the receiver first ("eager"): what has begun to arrive is all here, and a sender that dies
/// leaves at most a letter without its end, which nobody ever sees.
class Letters
{
  public:
    /// \param ranks outlives it
    explicit Letters(const boost::mpi::communicator& ranks);
    ~Letters();
    Letters(const Letters&) = delete;
    Letters& operator=(const Letters&) = delete;

    void Send(int to, const std::string& text);

    /// What has come since. Sends on what waits to be sent, too: to be called often.
    std::vector<Letter> Take();

    /// Whether all letters to living ranks have left.
    bool AllSent() const;

    /// It is dead: nothing goes there any more.
    void Forget(int rank);

  private:
    struct Way;

    void SendOn(int to);

    const boost::mpi::communicator& m_ranks;
    std::vector<std::unique_ptr<Way>> m_ways; ///< by rank
};

} // namespace lanpeer::scenario
