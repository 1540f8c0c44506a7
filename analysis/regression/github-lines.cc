#include "analysis/regression/github-lines.h"

#include "analysis/regression/comparison-text.h"

#include <fmt/format.h>

namespace lanpeer::regression
{

namespace
{

std::string
Escaped(std::string_view text, std::string_view special)
{
    std::string escaped;
    for (const char character : text)
    {
        if (special.find(character) == std::string_view::npos)
        {
            escaped += character;
            continue;
        }
        escaped += fmt::format("%{:02X}", static_cast<unsigned char>(character));
    }
    return escaped;
}

std::string
Line(std::string_view command,
     const std::string& file,
     const std::string& title,
     const std::string& message)
{
    return fmt::format("::{} file={},title={}::{}\n",
                       command,
                       GithubProperty(file),
                       GithubProperty(title),
                       GithubMessage(message));
}

/// The lines of those figures of a place, parted by ends of lines.
std::string
FigureLines(const Comparison& comparison, std::size_t place, Verdict verdict)
{
    std::string lines;
    for (const ComparedFigure& figure : comparison.figures)
    {
        if (figure.place == place && figure.verdict == verdict)
        {
            lines += (lines.empty() ? "" : "\n") + FigureLine(figure);
        }
    }
    return lines;
}

std::string
MissingLines(const Comparison& comparison, std::size_t place)
{
    std::string lines;
    for (const Unpaired& missing : comparison.missing)
    {
        if (missing.place == place)
        {
            lines += (lines.empty() ? "" : "\n") + ("missing: " + missing.what);
        }
    }
    return lines;
}

} // namespace

std::string
GithubMessage(std::string_view text)
{
    return Escaped(text, "%\r\n");
}

std::string
GithubProperty(std::string_view text)
{
    return Escaped(text, "%\r\n:,");
}

std::string
GithubLines(const Comparison& comparison)
{
    std::string lines;
    for (std::size_t i = 0; i < comparison.places.size(); ++i)
    {
        const Place& place = comparison.places[i];
        const std::string worse = FigureLines(comparison, i, Verdict::Worse);
        const std::string missing = MissingLines(comparison, i);
        const std::string better = FigureLines(comparison, i, Verdict::Better);
        if (!worse.empty() || !missing.empty())
        {
            const std::string both = worse.empty() || missing.empty() ? "" : "\n";
            lines += Line("error",
                          place.file,
                          PlaceText(place) + ": worse than the baseline",
                          worse + both + missing);
        }
        else if (!better.empty())
        {
            lines +=
                Line("notice", place.file, PlaceText(place) + ": better than the baseline", better);
        }
    }
    for (const Unpaired& missing : comparison.missing)
    {
        if (!missing.place)
        {
            lines += Line("error", missing.file, missing.what + " is missing", "missing");
        }
    }
    return lines;
}

} // namespace lanpeer::regression
