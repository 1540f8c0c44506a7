#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lanpeer::analysis
{

/// Durations of one kind, in whole microseconds, and the figures made of them in a larger unit.
/// Where there are none, every figure is std::nullopt: nothing to measure.
class Durations
{
  public:
    /// \param usPerUnit microseconds in one unit of the figures
    explicit Durations(double usPerUnit);

    void Add(std::int64_t durationUs);

    /// The sum is exact in whole microseconds; only the division rounds.
    std::optional<double> Mean() const;

    /// By nearest rank (statistics.h).
    std::optional<double> Quantile(std::uint32_t percent) const;

    std::optional<double> Max() const;

  private:
    double m_usPerUnit;
    std::vector<std::int64_t> m_samplesUs;
};

} // namespace lanpeer::analysis
