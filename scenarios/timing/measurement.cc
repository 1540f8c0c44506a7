#include "scenarios/timing/measurement.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace lanpeer::timing
{

namespace
{

Agreement
Judge(const analysis::Summary& measured, double formula, double near)
{
    if (!measured.halfWidth)
    {
        return Agreement::NotMeasured;
    }
    const double difference = std::abs(measured.mean - formula);
    if (difference <= *measured.halfWidth)
    {
        return Agreement::Inside;
    }
    return difference <= std::max(near, kNearShare * formula) ? Agreement::Near
                                                              : Agreement::Differs;
}

Agreement
Judge(const analysis::Interval& range, double measured, double formula)
{
    if (formula >= range.low && formula <= range.high)
    {
        return Agreement::Inside;
    }
    return std::abs(measured - formula) <= std::max(kNearFalseTimeOut, kNearShare * formula)
               ? Agreement::Near
               : Agreement::Differs;
}

double
Share(double part, std::uint64_t whole)
{
    return part / static_cast<double>(whole);
}

/// Where there was none in all runs, their spread says nothing; how many asks there were does.
analysis::Summary
SummarizeCounts(const std::vector<double>& perAsk, std::uint64_t asks)
{
    analysis::Summary summary = analysis::Summarize(perAsk);
    if (summary.mean == 0.0)
    {
        summary.halfWidth = analysis::ProportionInterval(0, asks).high;
    }
    return summary;
}

} // namespace

std::string
ToBytes(const Sample& sample)
{
    static_assert(std::is_trivially_copyable_v<Sample>);
    return {reinterpret_cast<const char*>(&sample), sizeof(sample)};
}

Sample
SampleFromBytes(const std::string& bytes)
{
    Sample sample;
    if (bytes.size() != sizeof(sample))
    {
        throw std::runtime_error("timing: a simulation gave no whole result");
    }
    std::memcpy(&sample, bytes.data(), sizeof(sample));
    return sample;
}

std::string_view
ToString(Agreement agreement)
{
    switch (agreement)
    {
    case Agreement::Inside:
        return "yes";
    case Agreement::Near:
        return "near";
    case Agreement::Differs:
        return "no";
    case Agreement::NotMeasured:
        return "-";
    }
    return "";
}

Measured
Summarize(const Row& row, const std::vector<Sample>& samples)
{
    std::vector<double> delaysMs;
    std::vector<double> duplicates;
    std::uint64_t asks = 0;
    std::uint64_t found = 0;
    for (const Sample& sample : samples)
    {
        asks += sample.asks;
        found += sample.found;
        if (sample.asks > 0)
        {
            duplicates.push_back(Share(static_cast<double>(sample.duplicates), sample.asks));
        }
        if (sample.answered > 0)
        {
            delaysMs.push_back(Share(sample.delaySumMs, sample.answered));
        }
    }
    if (asks == 0)
    {
        throw std::invalid_argument("timing: nobody asked in the simulation");
    }
    Measured measured;
    measured.row = row;
    measured.responseDelayMs = analysis::Summarize(delaysMs);
    measured.duplicates = SummarizeCounts(duplicates, asks);
    const std::uint64_t timeOuts = asks - std::min(asks, found);
    measured.falseTimeOut = Share(static_cast<double>(timeOuts), asks);
    measured.falseTimeOutRange = analysis::ProportionInterval(timeOuts, asks);
    measured.delayAgrees =
        Judge(measured.responseDelayMs, row.expected.responseDelayMs, kNearDelayMs);
    measured.duplicatesAgree = Judge(measured.duplicates, row.expected.duplicates, kNearDuplicates);
    if (row.spreadMs == 0)
    {
        measured.falseTimeOutAgrees =
            Judge(measured.falseTimeOutRange, measured.falseTimeOut, row.expected.falseTimeOut);
    }
    return measured;
}

} // namespace lanpeer::timing
