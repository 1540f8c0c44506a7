#include "analysis/durations.h"

#include "analysis/statistics.h"

namespace lanpeer::analysis
{

Durations::Durations(double usPerUnit)
    : m_usPerUnit(usPerUnit)
{
}

void
Durations::Add(std::int64_t durationUs)
{
    m_samplesUs.push_back(durationUs);
}

std::optional<double>
Durations::Mean() const
{
    if (m_samplesUs.empty())
    {
        return std::nullopt;
    }
    std::int64_t sumUs = 0;
    for (const std::int64_t sampleUs : m_samplesUs)
    {
        sumUs += sampleUs;
    }
    return static_cast<double>(sumUs) / static_cast<double>(m_samplesUs.size()) / m_usPerUnit;
}

std::optional<double>
Durations::Quantile(std::uint32_t percent) const
{
    if (m_samplesUs.empty())
    {
        return std::nullopt;
    }
    return static_cast<double>(NearestRank(m_samplesUs, percent)) / m_usPerUnit;
}

std::optional<double>
Durations::Max() const
{
    return Quantile(100);
}

} // namespace lanpeer::analysis
