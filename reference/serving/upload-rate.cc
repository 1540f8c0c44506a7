#include "reference/serving/upload-rate.h"

#include <algorithm>
#include <cmath>

namespace lanpeer::reference
{

namespace
{

constexpr std::uint64_t kMaxTurnBytes = 64 * 1024;

} // namespace

UploadRate::UploadRate(std::uint64_t bytesPerS, TimePoint now)
    : m_bytesPerS(bytesPerS)
    , m_turnBytes(std::clamp<std::uint64_t>(bytesPerS / 50, 1, kMaxTurnBytes))
    , m_holds(std::max(static_cast<double>(bytesPerS) / 10, static_cast<double>(m_turnBytes)))
    , m_bytes(m_holds)
    , m_filled(now)
{
}

bool
UploadRate::Allows(std::uint64_t bytes, TimePoint now)
{
    const std::chrono::duration<double> passed = now - m_filled;
    m_filled = now;
    m_bytes = std::min(m_holds, m_bytes + passed.count() * static_cast<double>(m_bytesPerS));
    return m_bytesPerS == 0 || m_bytes >= static_cast<double>(std::min(bytes, m_turnBytes));
}

void
UploadRate::Take(std::uint64_t bytes)
{
    m_bytes -= static_cast<double>(bytes);
}

std::chrono::microseconds
UploadRate::UntilTurn() const
{
    const double missing = static_cast<double>(m_turnBytes) - m_bytes;
    if (m_bytesPerS == 0 || missing <= 0)
    {
        return std::chrono::microseconds(0);
    }
    // Rounded up: a timer that fires a moment too early would find that it still may not.
    const double microseconds = missing / static_cast<double>(m_bytesPerS) * 1e6;
    return std::chrono::microseconds(static_cast<std::int64_t>(std::ceil(microseconds)));
}

} // namespace lanpeer::reference
