#include "analysis/report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace lanpeer::report
{

namespace
{

using analysis::Summary;

std::string
JoinWith(const std::vector<std::string>& parts, const std::string& between)
{
    std::string text;
    for (const std::string& part : parts)
    {
        text += (text.empty() ? "" : between) + part;
    }
    return text;
}

/// With the sign that is a minus, none for zero, and no place for a line to break.
std::string
Fixed(double value, int decimals)
{
    const std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
    const bool isZero = text.find_first_not_of("0.") == std::string::npos;
    return value < 0 && !isZero ? "−" + text : text;
}

/// "43.79 ± 4.52 MB", "1.00 MB" of one run.
std::string
Figure(const Summary& summary, int decimals, const std::string& unit)
{
    const std::string space = "\u00a0";
    std::string text = Fixed(summary.mean, decimals);
    if (summary.halfWidth)
    {
        text += space + "±" + space + Fixed(*summary.halfWidth, decimals);
    }
    return unit.empty() ? text : text + space + unit;
}

/// What is looked at: a measure by its key, and how to speak of it.
class Look
{
  public:
    Look(const Sweep& sweep, const Units& units, const std::string& key)
        : m_sweep(sweep)
        , m_measure(MeasureAt(key))
        , m_divisor(units.divisors[m_measure])
        , m_unit(units.names[m_measure])
    {
    }

    std::optional<Summary> At(const Setting& setting, std::size_t policy) const
    {
        const Cell* const cell = CellAt(m_sweep, setting, policy);
        if (cell == nullptr)
        {
            return std::nullopt;
        }
        const Summary summary = SummaryOf(*cell, m_measure, m_divisor);
        // A mean over the lucky runs only would flatter.
        return summary.n < cell->runs.size() || summary.n == 0 ? std::nullopt
                                                               : std::optional(summary);
    }

    std::string Say(const Summary& summary) const
    {
        return Figure(summary, Measures()[m_measure].decimals, m_unit);
    }

    /// "robust 1.00 ± 0.00, fig4a 43.79 ± 4.52", the best first. Empty for fewer than `least`.
    std::string Compare(const Setting& setting, std::size_t least) const
    {
        std::vector<std::pair<double, std::string>> parts;
        for (std::size_t policy = 0; policy < m_sweep.policies.size(); ++policy)
        {
            if (const auto summary = At(setting, policy))
            {
                const double order = -Measures()[m_measure].better * summary->mean;
                parts.emplace_back(order, m_sweep.policies[policy] + " " + Say(*summary));
            }
        }
        std::stable_sort(parts.begin(),
                         parts.end(),
                         [](const auto& left, const auto& right)
                         { return left.first < right.first; });
        std::vector<std::string> texts;
        for (const auto& [order, text] : parts)
        {
            texts.push_back(text);
        }
        return texts.size() < least ? std::string() : JoinWith(texts, ", ");
    }

  private:
    const Sweep& m_sweep;
    std::size_t m_measure;
    double m_divisor;
    std::string m_unit;
};

std::string
AtSetting(const Sweep& sweep, const Setting& setting)
{
    const std::string words = Words(sweep, setting);
    return words.empty() ? std::string() : " (at " + words + ")";
}

/// Each policy at the ends of an axis.
std::string
AlongAxis(const Sweep& sweep, const Units& units, std::size_t axis)
{
    const Look copies(sweep, units, "copies");
    Setting setting = UsualSetting(sweep, axis);
    std::vector<std::string> parts;
    for (std::size_t policy = 0; policy < sweep.policies.size(); ++policy)
    {
        setting[axis] = 0;
        const auto first = copies.At(setting, policy);
        setting[axis] = sweep.axes[axis].values.size() - 1;
        const auto last = copies.At(setting, policy);
        if (first && last)
        {
            parts.push_back(fmt::format(
                "{} {} → {}", sweep.policies[policy], copies.Say(*first), copies.Say(*last)));
        }
    }
    if (parts.empty())
    {
        return {};
    }
    const Axis& of = sweep.axes[axis];
    return fmt::format("Copies over the Internet by {}, {} → {}{}: {}.",
                       of.label,
                       of.values.front(),
                       of.values.back(),
                       of.unit.empty() ? "" : "\u00a0" + of.unit,
                       JoinWith(parts, "; "));
}

/// Whether the two policies of most rules differ by more than chance, by their paired runs.
std::string
Difference(const Sweep& sweep, const Units& units, const Setting& usual)
{
    if (sweep.policies.size() < 2)
    {
        return {};
    }
    const std::size_t best = sweep.policies.size() - 1;
    // As in the table of differences: the policy of fewer rules minus the other.
    const std::string& first = sweep.policies[best - 1];
    const std::string& second = sweep.policies[best];
    const Cell* const left = CellAt(sweep, usual, best - 1);
    const Cell* const right = CellAt(sweep, usual, best);
    const std::size_t measure = MeasureAt("finish_s.mean");
    if (left == nullptr || right == nullptr)
    {
        return {};
    }
    const auto [of, from] = PairedValues(*left, *right, measure);
    const Summary summary = analysis::PairedDifference(of, from);
    if (!summary.halfWidth || summary.n < left->runs.size())
    {
        return {};
    }
    const std::string figure = Figure(summary, Measures()[measure].decimals, units.names[measure]);
    analysis::Summary apart = summary;
    apart.mean = std::abs(summary.mean);
    const bool open = std::abs(summary.mean) <= *summary.halfWidth;
    return open ? fmt::format("Whether {} and {} differ in the mean time to finish, {} runs do not "
                              "tell: the paired difference, {} − {}, is {}.",
                              first,
                              second,
                              summary.n,
                              first,
                              second,
                              figure)
                : fmt::format("In the mean time to finish {} is {} {} than {}, run for run.",
                              second,
                              Figure(apart, Measures()[measure].decimals, units.names[measure]),
                              summary.mean < 0 ? "later" : "sooner",
                              first);
}

} // namespace

std::string
Words(const Sweep& sweep, const Setting& setting)
{
    std::vector<std::string> parts;
    for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
    {
        const Axis& of = sweep.axes[axis];
        const std::string unit = of.unit.empty() ? "" : "\u00a0" + of.unit;
        parts.push_back(of.label + "\u00a0" + of.values[setting[axis]] + unit);
    }
    return JoinWith(parts, ", ");
}

std::vector<std::string>
Findings(const Sweep& sweep, const Units& units, const Setting& usual)
{
    std::vector<std::string> findings;
    const auto add = [&findings](const std::string& text)
    {
        if (!text.empty())
        {
            findings.push_back(text);
        }
    };
    if (sweep.cells.empty())
    {
        return findings;
    }
    const auto sentence = [&](const std::string& key, const std::string& start)
    {
        const std::string compared = Look(sweep, units, key).Compare(usual, 1);
        add(compared.empty() ? compared : start + compared + ".");
    };
    sentence("copies",
             "Copies of the whole set that came over the Internet" + AtSetting(sweep, usual) +
                 ": ");
    sentence("saved_fraction", "Of what nodes received, the LAN saved the uplink: ");
    sentence("finish_s.p95", "Until 95 % of the nodes had everything: ");
    sentence("served.max_bytes", "The node that served most gave: ");
    add(Difference(sweep, units, usual));
    for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
    {
        add(AlongAxis(sweep, units, axis));
    }
    return findings;
}

} // namespace lanpeer::report
