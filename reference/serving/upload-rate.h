#pragma once

#include <chrono>
#include <cstdint>

namespace lanpeer::reference
{

/// How many bytes of bodies may leave now (R-HTTP-3): a token bucket that holds a tenth of a
/// second's worth. Time is the caller's, and never runs backwards.
class UploadRate
{
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// \param bytesPerS 0: no limit
    /// \param now the bucket is full then
    UploadRate(std::uint64_t bytesPerS, TimePoint now);

    bool IsLimited() const
    {
        return m_bytesPerS != 0;
    }

    /// What one connection may send before the next one's turn: a 50th of a second's worth, but at
    /// most 64 KiB and never nothing. Only with a limit.
    std::uint64_t TurnBytes() const
    {
        return m_turnBytes;
    }

    /// \returns whether that many bytes, or a full turn if they are more, may leave at this time
    bool Allows(std::uint64_t bytes, TimePoint now);

    /// Bytes left, as many as Allows() was asked for at most.
    void Take(std::uint64_t bytes);

    /// \returns how long it takes from the last Allows() until a full turn may leave; 0: it may
    std::chrono::microseconds UntilTurn() const;

  private:
    std::uint64_t m_bytesPerS;
    std::uint64_t m_turnBytes;
    double m_holds; ///< bytes when it is full
    double m_bytes;
    TimePoint m_filled;
};

} // namespace lanpeer::reference
