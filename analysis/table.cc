#include "analysis/table.h"

#include "analysis/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace lanpeer::analysis
{

namespace
{

enum class Unit
{
    Bytes,
    Count,
    Plain, ///< the row's label says what
};

/// What one row shows of one run.
struct Figure
{
    std::string_view label;
    Unit unit;
    int decimals; ///< of Plain
    std::optional<double> value;
};

using Figures = std::vector<Figure>;

double
Total(const ReasonCounts& counts)
{
    std::uint64_t total = 0;
    for (const auto& [reason, count] : counts)
    {
        total += count;
    }
    return static_cast<double>(total);
}

double
Number(std::uint64_t count)
{
    return static_cast<double>(count);
}

/// Of a list by weeks; 0 for none.
double
Most(const std::vector<std::uint64_t>& weeks)
{
    return weeks.empty() ? 0.0 : Number(*std::max_element(weeks.begin(), weeks.end()));
}

/// Checks whose outcome begins with this word.
double
Checks(const UpdateMetrics& updates, std::string_view outcome)
{
    std::uint64_t sum = 0;
    for (const auto& [name, count] : updates.checks)
    {
        sum += std::string_view(name).substr(0, outcome.size()) == outcome ? count : 0;
    }
    return Number(sum);
}

std::optional<double>
Scaled(const std::optional<double>& value, double divisor)
{
    return value ? std::optional(*value / divisor) : std::nullopt;
}

/// How far the nodes came by one workload, the last rows of the table.
Figures
FinishFigures(const Metrics& m)
{
    return {
        {"finish mean, s", Unit::Plain, 2, m.finishS.mean},
        {"finish p95, s", Unit::Plain, 2, m.finishS.p95},
        {"finish last, s", Unit::Plain, 2, m.finishS.last},
    };
}

/// In their place where nodes keep themselves up to date: there is no end to come to.
Figures
UpdateFigures(const Metrics& m)
{
    constexpr double kHourS = 3600;
    constexpr double kMinuteS = 60;
    const UpdateMetrics& updates = *m.updates;
    return {
        {"Internet, fullest week", Unit::Bytes, 0, Most(updates.internetBytesByWeek)},
        {"catalog", Unit::Bytes, 0, Number(m.catalogBytes)},
        {"out of date mean, h", Unit::Plain, 2, Scaled(updates.outOfDateS.mean, kHourS)},
        {"out of date p95, h", Unit::Plain, 2, Scaled(updates.outOfDateS.p95, kHourS)},
        {"while on mean, min", Unit::Plain, 2, Scaled(updates.outOfDateOnS.mean, kMinuteS)},
        {"while on p95, min", Unit::Plain, 2, Scaled(updates.outOfDateOnS.p95, kMinuteS)},
        {"releases missing", Unit::Count, 0, Number(updates.missing)},
        {"checks, up to date", Unit::Count, 0, Checks(updates, "up-to-date")},
        {"checks, installed", Unit::Count, 0, Checks(updates, "installed")},
        {"checks, failed", Unit::Count, 0, Checks(updates, "failed")},
    };
}

/// Where some were hostile: what they did and what of it came through.
Figures
HostileFigures(const AdversaryRecord& its)
{
    return {
        {"packets of hostile nodes", Unit::Count, 0, Number(its.packetsSent)},
        {"served by hostile nodes", Unit::Bytes, 0, Number(its.servedBytes)},
        {"altered, received", Unit::Count, 0, Number(its.alteredReceived)},
        {"altered, installed", Unit::Count, 0, Number(its.alteredInstalled)},
    };
}

/// Of a medium that its devices share: what that costs.
Figures
SharingFigures(const LanCounts& lan)
{
    return {
        {"frames", Unit::Count, 0, Number(lan.frames)},
        {"frames lost", Unit::Count, 0, Number(lan.lost)},
        {"collisions", Unit::Count, 0, Number(lan.collisions)},
        {"back-offs", Unit::Count, 0, Number(lan.backOffs)},
        {"frames sent again", Unit::Count, 0, Number(lan.retries)},
    };
}

/// Nothing of it happens on a switch.
bool
IsShared(const Metrics& m)
{
    return m.lan.collisions + m.lan.backOffs + m.lan.retries > 0;
}

/// The rows of the table, in their order.
/// \param isShared whether any of the runs had a medium that its devices share
Figures
FiguresOf(const Metrics& m, bool isShared)
{
    Figures figures = {
        {"Internet", Unit::Bytes, 0, Number(m.internetBytes)},
        {"Internet, copies", Unit::Plain, 2, m.copies},
        {"saved fraction", Unit::Plain, 3, m.savedFraction},
        {"served, max", Unit::Bytes, 0, Number(m.served.maxBytes)},
        {"served, mean", Unit::Bytes, 0, m.served.meanBytes},
        {"served, Jain's index", Unit::Plain, 3, m.served.jain},
        {"\"I have\" sent", Unit::Count, 0, Number(m.packets.iHave)},
        {"\"I have\" duplicate", Unit::Count, 0, Number(m.packets.iHaveDuplicate)},
        {"response delay mean, ms", Unit::Plain, 1, m.responseDelayMs.mean},
        {"find mean, s", Unit::Plain, 3, m.findS.mean},
    };
    if (isShared)
    {
        const Figures sharing = SharingFigures(m.lan);
        figures.insert(figures.end(), sharing.begin(), sharing.end());
    }
    const Figures last = m.updates ? UpdateFigures(m) : FinishFigures(m);
    figures.insert(figures.end(), last.begin(), last.end());
    figures.push_back({"failures", Unit::Count, 0, Total(m.failures)});
    if (m.adversaries)
    {
        const Figures hostile = HostileFigures(*m.adversaries);
        figures.insert(figures.end(), hostile.begin(), hostile.end());
    }
    return figures;
}

/// One policy's runs.
struct Column
{
    std::string policy;
    std::vector<Figures> runs;
};

/// What is printed: strings in a grid, the first column the labels.
struct Grid
{
    std::string title;
    std::string note;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
};

struct Scale
{
    double divisor;
    std::string_view name;
};

Scale
ScaleOf(double mostBytes)
{
    constexpr std::array<Scale, 3> kScales = {{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}}};
    for (const Scale& scale : kScales)
    {
        if (mostBytes >= scale.divisor)
        {
            return scale;
        }
    }
    return {1.0, "B"};
}

/// Without "-0.00".
std::string
Fixed(double value, int decimals)
{
    const std::string text = fmt::format("{:.{}f}", value, decimals);
    const bool isZero = text.find_first_not_of("-0.") == std::string::npos;
    return isZero && text.front() == '-' ? text.substr(1) : text;
}

std::vector<Column>
ColumnsOf(const std::vector<Metrics>& runs)
{
    std::vector<Column> columns;
    const bool isShared = std::any_of(runs.begin(), runs.end(), IsShared);
    for (const Metrics& metrics : runs)
    {
        const Metrics& first = runs.front();
        if (metrics.scenario != first.scenario || metrics.nodes != first.nodes ||
            metrics.updates.has_value() != first.updates.has_value())
        {
            throw std::invalid_argument("table: runs of different scenarios");
        }
        const auto column = std::find_if(columns.begin(),
                                         columns.end(),
                                         [&metrics](const Column& candidate)
                                         { return candidate.policy == metrics.policy; });
        if (column != columns.end())
        {
            column->runs.push_back(FiguresOf(metrics, isShared));
        }
        else
        {
            columns.push_back({metrics.policy, {FiguresOf(metrics, isShared)}});
        }
    }
    return columns;
}

Summary
SummaryOf(std::size_t row, const Column& column)
{
    std::vector<double> sample;
    for (const Figures& figures : column.runs)
    {
        if (figures[row].value)
        {
            sample.push_back(*figures[row].value);
        }
    }
    return Summarize(sample);
}

std::string
CellOf(const Summary& summary, std::size_t runs, double divisor, int decimals)
{
    if (summary.n == 0)
    {
        return "-";
    }
    constexpr double kLarge = 1e4; // five digits say enough, and the table stays narrow
    const double mean = summary.mean / divisor;
    const int shown = std::abs(mean) < kLarge ? decimals : 0;
    std::string cell = Fixed(mean, shown);
    if (summary.halfWidth)
    {
        cell += " ± " + Fixed(*summary.halfWidth / divisor, shown);
    }
    if (summary.n < runs)
    {
        cell += fmt::format(" ({} of {})", summary.n, runs);
    }
    return cell;
}

bool
IsWhole(const Summary& summary)
{
    return std::floor(summary.mean) == summary.mean && summary.halfWidth.value_or(0.0) == 0.0;
}

int
DecimalsOf(const Figure& figure, double divisor, const std::vector<Summary>& summaries)
{
    switch (figure.unit)
    {
    case Unit::Plain:
        return figure.decimals;
    case Unit::Bytes:
        if (divisor > 1.0)
        {
            return 2;
        }
        break;
    case Unit::Count:
        break;
    }
    return std::all_of(summaries.begin(), summaries.end(), IsWhole) ? 0 : 1;
}

std::vector<std::string>
GridRow(std::size_t row, const std::vector<Column>& columns)
{
    const Figure& figure = columns.front().runs.front()[row];
    std::vector<Summary> summaries;
    double most = 0.0;
    for (const Column& column : columns)
    {
        summaries.push_back(SummaryOf(row, column));
        most = std::max(most, summaries.back().mean);
    }
    const bool isBytes = figure.unit == Unit::Bytes;
    const Scale scale = isBytes ? ScaleOf(most) : Scale{1.0, ""};
    const int decimals = DecimalsOf(figure, scale.divisor, summaries);

    std::vector<std::string> cells = {isBytes ? fmt::format("{}, {}", figure.label, scale.name)
                                              : std::string(figure.label)};
    for (std::size_t i = 0; i < columns.size(); ++i)
    {
        cells.push_back(CellOf(summaries[i], columns[i].runs.size(), scale.divisor, decimals));
    }
    return cells;
}

std::string
NoteOf(const std::vector<Column>& columns, bool isEqualCount)
{
    const std::size_t runs = columns.front().runs.size();
    if (!isEqualCount)
    {
        return "n runs; mean ± half-width of its 95 % interval (n = 1: none can be given)";
    }
    if (runs == 1)
    {
        return "1 run: no interval can be given";
    }
    return fmt::format("{} runs; mean ± half-width of its 95 % interval", runs);
}

std::string
TitleOf(const std::vector<Metrics>& runs)
{
    const Metrics& first = runs.front();
    std::string title = fmt::format("{}: {} nodes", first.scenario, first.nodes);
    // Where nodes fail early, not every run comes to ask for everything.
    const bool isEqual = std::all_of(runs.begin(),
                                     runs.end(),
                                     [&first](const Metrics& metrics)
                                     { return metrics.resourceBytes == first.resourceBytes; });
    if (isEqual)
    {
        const double bytes = static_cast<double>(first.resourceBytes);
        const Scale scale = ScaleOf(bytes);
        title += fmt::format(", {} {} of resources",
                             Fixed(bytes / scale.divisor, scale.divisor > 1.0 ? 2 : 0),
                             scale.name);
    }
    return title;
}

Grid
MakeGrid(const std::vector<Metrics>& runs)
{
    if (runs.empty())
    {
        throw std::invalid_argument("table: no runs");
    }
    const std::vector<Column> columns = ColumnsOf(runs);
    const bool isEqualCount =
        std::all_of(columns.begin(),
                    columns.end(),
                    [&columns](const Column& column)
                    { return column.runs.size() == columns.front().runs.size(); });
    Grid grid;
    grid.title = TitleOf(runs);
    grid.note = NoteOf(columns, isEqualCount);
    grid.head.emplace_back("");
    for (const Column& column : columns)
    {
        grid.head.push_back(isEqualCount
                                ? column.policy
                                : fmt::format("{} (n = {})", column.policy, column.runs.size()));
    }
    for (std::size_t row = 0; row < columns.front().runs.front().size(); ++row)
    {
        grid.rows.push_back(GridRow(row, columns));
    }
    return grid;
}

/// In columns of a terminal: one per code point will do for what is printed here.
std::size_t
WidthOf(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(),
                      text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string
TextLine(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i)
    {
        const std::string padding(widths[i] - WidthOf(cells[i]), ' ');
        line += i == 0 ? cells[i] + padding : "   " + padding + cells[i];
    }
    return line + "\n";
}

} // namespace

std::string
TextTable(const std::vector<Metrics>& runs)
{
    const Grid grid = MakeGrid(runs);
    std::vector<std::size_t> widths(grid.head.size(), 0);
    const auto widen = [&widths](const std::vector<std::string>& cells)
    {
        for (std::size_t i = 0; i < cells.size(); ++i)
        {
            widths[i] = std::max(widths[i], WidthOf(cells[i]));
        }
    };
    widen(grid.head);
    std::for_each(grid.rows.begin(), grid.rows.end(), widen);

    std::string text = grid.title + "; " + grid.note + "\n\n";
    text += TextLine(grid.head, widths);
    for (const std::vector<std::string>& cells : grid.rows)
    {
        text += TextLine(cells, widths);
    }
    return text;
}

} // namespace lanpeer::analysis
