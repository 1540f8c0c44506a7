#include "analysis/regression/comparison-text.h"

#include "analysis/results/result-store.h"
#include "analysis/shell-word.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <unistd.h>

namespace lanpeer::regression
{

namespace
{

using analysis::ShellPath;

constexpr std::size_t kColumns = 8;
constexpr std::size_t kTextColumns = 3; ///< to the left; numbers to the right

using Row = std::array<std::string, kColumns>;

const Row kHead = {
    "metric", "scenario", "policy", "seed", "run", "baseline", "candidate", "change"};

std::string
FigureText(const Figure& figure)
{
    if (const auto* count = std::get_if<std::uint64_t>(&figure))
    {
        return fmt::format("{}", *count);
    }
    const auto* number = std::get_if<double>(&figure);
    return number != nullptr ? fmt::format("{}", *number) : "null";
}

std::string
ChangeText(const ComparedFigure& figure)
{
    const auto change = ChangePercent(figure);
    if (!change)
    {
        return "-";
    }
    constexpr double kShownByOneDecimal = 0.05;
    return std::fabs(*change) < kShownByOneDecimal ? fmt::format("{:+.1g} %", *change)
                                                   : fmt::format("{:+.1f} %", *change);
}

std::string
RunLine(const ComparedFigure& figure)
{
    return fmt::format("seed {}, run {}: {} to {} ({})",
                       figure.seed,
                       figure.run,
                       FigureText(figure.baseline),
                       FigureText(figure.candidate),
                       ChangeText(figure));
}

std::string
ScenarioText(const Place& place)
{
    const bool named = place.name.empty() || place.name == place.scenario;
    return named ? place.scenario : fmt::format("{} ({})", place.name, place.scenario);
}

Row
RowOf(const Place& place, const ComparedFigure& figure)
{
    return {std::string(figure.metric->name),
            ScenarioText(place),
            place.policy,
            fmt::format("{}", figure.seed),
            fmt::format("{}", figure.run),
            FigureText(figure.baseline),
            FigureText(figure.candidate),
            ChangeText(figure)};
}

/// Characters of UTF-8: all bytes but those that continue one.
std::size_t
Width(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(),
                      text.end(),
                      [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

std::string
Aligned(const std::vector<Row>& rows)
{
    std::array<std::size_t, kColumns> widths{};
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < kColumns; ++i)
        {
            widths[i] = std::max(widths[i], Width(row[i]));
        }
    }
    std::string text;
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < kColumns; ++i)
        {
            const std::string pad(widths[i] - Width(row[i]), ' ');
            text += (i == 0 ? "" : "  ") + (i < kTextColumns ? row[i] + pad : pad + row[i]);
        }
        text += "\n";
    }
    return text;
}

std::string
WorseTable(const Comparison& comparison)
{
    std::vector<Row> rows = {kHead};
    for (const ComparedFigure& figure : comparison.figures)
    {
        if (figure.verdict == Verdict::Worse)
        {
            rows.push_back(RowOf(comparison.places[figure.place], figure));
        }
    }
    return rows.size() == 1 ? "" : "worse than the baseline:\n\n" + Aligned(rows) + "\n";
}

/// "1 run", "2 runs"
std::string
Counted(std::size_t count, const char* what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// From or to what is no number is more than any percentage.
double
SizeOfChange(const ComparedFigure& figure)
{
    return std::fabs(ChangePercent(figure).value_or(std::numeric_limits<double>::infinity()));
}

/// A line per metric: how often, and where most.
std::string
BetterLines(const Comparison& comparison)
{
    std::string text;
    for (const ComparedMetric& metric : ComparedMetrics())
    {
        std::size_t count = 0;
        const ComparedFigure* most = nullptr;
        for (const ComparedFigure& figure : comparison.figures)
        {
            if (figure.verdict == Verdict::Better && figure.metric == &metric)
            {
                ++count;
                most =
                    most == nullptr || SizeOfChange(figure) > SizeOfChange(*most) ? &figure : most;
            }
        }
        if (most != nullptr)
        {
            const Place& place = comparison.places[most->place];
            text += fmt::format("better: {} in {}, most in {}, {}\n",
                                metric.name,
                                Counted(count, "run"),
                                PlaceText(place),
                                RunLine(*most));
        }
    }
    return text;
}

std::string
ChangedLine(const Comparison& comparison)
{
    std::string text;
    for (const ComparedMetric& metric : ComparedMetrics())
    {
        const auto count =
            std::count_if(comparison.figures.begin(),
                          comparison.figures.end(),
                          [&metric](const ComparedFigure& figure) {
                              return figure.metric == &metric && figure.verdict == Verdict::Changed;
                          });
        if (count > 0)
        {
            text += fmt::format("{}{} in {}",
                                text.empty() ? "" : ", ",
                                metric.name,
                                Counted(static_cast<std::size_t>(count), "run"));
        }
    }
    return text.empty() ? "" : "changed, neither better nor worse: " + text + "\n";
}

/// Without the slash that a completed folder's name ends with.
std::string
FolderWord(std::string path)
{
    while (path.size() > 1 && path.back() == '/')
    {
        path.pop_back();
    }
    return ShellPath(path);
}

} // namespace

std::string
PlaceText(const Place& place)
{
    return fmt::format("{}, {}", ScenarioText(place), place.policy);
}

std::string
FigureLine(const ComparedFigure& figure)
{
    return fmt::format("{}, {}", figure.metric->name, RunLine(figure));
}

std::string
ComparisonText(const Comparison& comparison)
{
    std::string text = WorseTable(comparison);
    for (const Unpaired& missing : comparison.missing)
    {
        text += "missing in the candidate: " + missing.what + "\n";
    }
    for (const Unpaired& extra : comparison.extra)
    {
        text += "only in the candidate, not compared: " + extra.what + "\n";
    }
    for (const Unpaired& failed : comparison.failed)
    {
        text += "failed on both sides, not compared: " + failed.what + "\n";
    }
    text += BetterLines(comparison) + ChangedLine(comparison);
    text += fmt::format("{}, {} compared: {} worse, {} better",
                        Counted(comparison.runs, "run"),
                        Counted(comparison.figures.size(), "figure"),
                        comparison.Count(Verdict::Worse),
                        comparison.Count(Verdict::Better));
    if (!comparison.missing.empty())
    {
        text += fmt::format("; {} missing", comparison.missing.size());
    }
    return text + "\n";
}

std::string
AcceptText(const Comparison& comparison, const RunSet& baseline, const RunSet& candidate)
{
    std::string commands;
    const std::string remake = FolderWord(baseline.path) + "/remake";
    if ((baseline.isFolder || baseline.isSweep) &&
        access((baseline.path + "/remake").c_str(), X_OK) == 0)
    {
        commands = "    " + remake + "\n";
    }
    else if (baseline.isFolder)
    {
        commands = fmt::format(
            "    cp {}/*.json {}/\n", FolderWord(candidate.path), FolderWord(baseline.path));
    }
    else if (baseline.isSweep)
    {
        commands = fmt::format("    cp {}/{} {}/\n",
                               FolderWord(candidate.path),
                               analysis::kStoreFile,
                               FolderWord(baseline.path));
    }
    else
    {
        commands =
            fmt::format("    cp {} {}\n", ShellPath(candidate.path), ShellPath(baseline.path));
    }
    for (const Unpaired& missing : comparison.missing)
    {
        if (!missing.place)
        {
            commands += "    rm " + ShellPath(missing.file) + "\n";
        }
    }
    return "To accept a new baseline, with the reason in the commit message:\n\n" + commands;
}

} // namespace lanpeer::regression
