#include "scenarios/timing/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>
#include <string_view>
#include <utility>

namespace lanpeer::timing
{

namespace
{

constexpr std::size_t kColumns = 9;
using Cells = std::array<std::string, kColumns>;

/// D, T, holders; then formula and simulated of each of three figures.
constexpr std::array<std::size_t, kColumns> kWidths{7, 6, 9, 10, 16, 10, 16, 10, 24};

std::string
Line(const Cells& cells, const std::string& last)
{
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i)
    {
        line += fmt::format("{:>{}}", cells[i], kWidths[i]);
    }
    return line + "  " + last + "\n";
}

/// What stands above two columns each.
std::string
GroupLine(const std::array<std::string, 3>& groups)
{
    std::string line(kWidths[0] + kWidths[1] + kWidths[2], ' ');
    for (std::size_t i = 0; i < groups.size(); ++i)
    {
        line += fmt::format("{:>{}}", groups[i], kWidths[3 + 2 * i] + kWidths[4 + 2 * i]);
    }
    return line + "\n";
}

/// Into lines of at most 100 columns, all but the first indented.
std::string
Wrapped(const std::string& text)
{
    constexpr std::size_t kWidth = 100;
    std::istringstream words(text);
    std::string wrapped;
    std::size_t column = 0;
    for (std::string word; words >> word;)
    {
        if (column + 1 + word.size() > kWidth)
        {
            wrapped += "\n  ";
            column = 2;
        }
        else if (column > 0)
        {
            wrapped += " ";
            ++column;
        }
        wrapped += word;
        column += word.size();
    }
    return wrapped + "\n";
}

std::string
MeanText(const analysis::Summary& summary, int decimals)
{
    if (summary.n == 0)
    {
        return "-";
    }
    const std::string mean = fmt::format("{:.{}f}", summary.mean, decimals);
    return summary.halfWidth ? fmt::format("{} ± {:.{}f}", mean, *summary.halfWidth, decimals)
                             : mean;
}

/// The worst of the row's three comparisons, and of which figures it is.
std::string
AgreeText(const Measured& measured)
{
    const std::array<std::pair<Agreement, std::string_view>, 3> all{
        {{measured.delayAgrees, "delay"},
         {measured.duplicatesAgree, "duplicates"},
         {measured.falseTimeOutAgrees, "time-outs"}}};
    for (const Agreement worst : {Agreement::Differs, Agreement::NotMeasured, Agreement::Near})
    {
        std::string which;
        for (const auto& [agreement, figure] : all)
        {
            if (agreement == worst)
            {
                which += which.empty() ? ": " : ", ";
                which += figure;
            }
        }
        if (!which.empty())
        {
            return std::string(ToString(worst)) + which;
        }
    }
    return std::string(ToString(Agreement::Inside));
}

/// No simulation has the spread: of it there is the formula alone.
std::string
ShareText(const Measured& measured)
{
    return measured.row.spreadMs > 0 ? "-"
                                     : fmt::format("{:.2f} [{:.2f}, {:.2f}]",
                                                   100 * measured.falseTimeOut,
                                                   100 * measured.falseTimeOutRange.low,
                                                   100 * measured.falseTimeOutRange.high);
}

std::string
RowText(const Measured& measured)
{
    const Row& row = measured.row;
    // Decimals by the formula's size: a delay of a second needs no thousandths.
    const int decimals = row.expected.responseDelayMs < 10 ? 3 : 1;
    return Line({fmt::format("{:g}", row.delayMs),
                 fmt::format("{:g}", row.allowanceMs),
                 fmt::format("{}", row.holders),
                 fmt::format("{:.{}f}", row.expected.responseDelayMs, decimals),
                 MeanText(measured.responseDelayMs, decimals),
                 fmt::format("{:.3f}", row.expected.duplicates),
                 MeanText(measured.duplicates, 3),
                 fmt::format("{:.2f}", 100 * row.expected.falseTimeOut),
                 ShareText(measured)},
                AgreeText(measured));
}

/// What a D and a T mean, over all holders that were asked about.
std::string
PairText(const Answer& answer, double delayMs, double allowanceMs)
{
    double mostDuplicates = 0;
    double mostFalse = 0;
    double slowestMs = 0;
    double fastestMs = std::numeric_limits<double>::infinity();
    for (const std::uint32_t holders : answer.question.holders)
    {
        const Expectation expected =
            Expect(answer.question, answer.times, delayMs, allowanceMs, holders);
        mostDuplicates = std::max(mostDuplicates, expected.duplicates);
        mostFalse = std::max(mostFalse, expected.falseTimeOut);
        slowestMs = std::max(slowestMs, expected.responseDelayMs);
        fastestMs = std::min(fastestMs, expected.responseDelayMs);
    }
    return fmt::format("D = {:g} ms, T = {:g} ms: at most {:.2g} duplicates and {:.3g} % false "
                       "time-outs; an answer after {:.3g} to {:.4g} ms in the mean, the Internet "
                       "after {:g} ms where nobody holds it.",
                       delayMs,
                       allowanceMs,
                       mostDuplicates,
                       100 * mostFalse,
                       fastestMs,
                       slowestMs,
                       delayMs + allowanceMs);
}

std::string
ChoiceText(const Answer& answer)
{
    const Choice& choice = answer.choice;
    std::string set = "Set " + PairText(answer, choice.delayMs, choice.allowanceMs);
    if (!choice.fewDuplicates)
    {
        set += fmt::format(" No D brings duplicates down to {:g}: losses alone cause more. This D "
                           "would do without loss.",
                           answer.question.duplicates);
    }
    if (!choice.fewFalseTimeOuts)
    {
        set += fmt::format(" No T brings false time-outs down to {:g} %: losses alone cause more. "
                           "This T is the longest round trip.",
                           100 * answer.question.falseTimeOut);
    }
    return Wrapped(set + " " + ChoiceCaution(answer)) +
           Wrapped("The patent's " + PairText(answer, kPatentDelayMs, kPatentAllowanceMs));
}

std::string
TableText(const Answer& answer)
{
    std::string text = GroupLine({"response delay, ms", "duplicates", "false time-outs, %"});
    text += Line({"D, ms",
                  "T, ms",
                  "holders",
                  "formula",
                  "simulated",
                  "formula",
                  "simulated",
                  "formula",
                  "simulated"},
                 "agree");
    const Row* last = nullptr;
    for (const Measured& measured : answer.rows)
    {
        const Row& row = measured.row;
        const bool same = last == nullptr ||
                          (row.delayMs == last->delayMs && row.allowanceMs == last->allowanceMs);
        text += same ? "" : "\n";
        text += RowText(measured);
        last = &row;
    }
    return text;
}

/// How many formulas were held against an interval, and how many lie outside.
std::pair<int, int>
ComparedAndOutside(const std::vector<Measured>& rows)
{
    int compared = 0;
    int outside = 0;
    for (const Measured& row : rows)
    {
        for (const Agreement agreement :
             {row.delayAgrees, row.duplicatesAgree, row.falseTimeOutAgrees})
        {
            compared += agreement == Agreement::NotMeasured ? 0 : 1;
            outside += agreement == Agreement::Near || agreement == Agreement::Differs ? 1 : 0;
        }
    }
    return {compared, outside};
}

std::string
LegendText(const Answer& answer)
{
    const auto [compared, outside] = ComparedAndOutside(answer.rows);
    const std::string legend = fmt::format(
        "Simulated: {} runs of {} asks for each line, mean ± half-width of its 95 % interval; of "
        "time-outs the share and its interval. agree: yes: all three formulas lie within; near: "
        "not, but no further off than {:g} % or {:g} ms, {:g} duplicates, {:g} % time-outs; no: "
        "further off; -: not simulated. {} of {} formulas lie outside; up to one in twenty does by "
        "chance.",
        answer.question.runs,
        kAsksPerRun,
        100 * kNearShare,
        kNearDelayMs,
        kNearDuplicates,
        100 * kNearFalseTimeOut,
        outside,
        compared);
    return Wrapped(legend) + Wrapped(SimulationText());
}

} // namespace

std::string
TextOf(const Answer& answer)
{
    const Question& question = answer.question;
    std::string text = Wrapped(fmt::format(
        "{} nodes on a switch, {:g} ms one way, loss {:g} per cable and frame: a round trip takes "
        "{:.3f} ms{}, and the others' answers are cancelled {:.3f} ms after the first was sent. "
        "Wanted: duplicates (answers after the first, in the mean) at most {:g}, false time-outs "
        "(although somebody holds it) at most {:g} %.",
        question.nodes,
        question.latencyMs,
        question.loss,
        answer.times.RoundTripMs(),
        question.spreadMs > 0 ? fmt::format(" and up to {:g} ms more", question.spreadMs) : "",
        answer.times.CancelWindowMs(),
        question.duplicates,
        100 * question.falseTimeOut));
    text += "\n" + ChoiceText(answer) + "\n" + TableText(answer) + "\n" + LegendText(answer) + "\n";
    for (const std::string& caution : CautionsOf(answer))
    {
        text += Wrapped("- " + caution);
    }
    return text;
}

} // namespace lanpeer::timing
