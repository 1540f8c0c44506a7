#include "scenarios/sweep/value-range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lanpeer::scenario
{

namespace
{

constexpr std::uint64_t kPointsMax = 10000;
constexpr double kAny = 1e15;

struct Range
{
    std::optional<double> from;
    std::optional<double> to;
    std::optional<double> step;
    std::optional<std::uint64_t> points;
    bool isLogarithmic = false;
};

Range
ReadRange(const std::string& path, const Value& value)
{
    Range range;
    for (std::size_t i = 0; i < value.keys.size(); ++i)
    {
        const std::string& key = value.keys[i].text;
        const std::string name = path + "." + key;
        const Value& item = value.items[i];
        if (key == "from" || key == "to")
        {
            (key == "from" ? range.from : range.to) =
                ReadNumber({name, "a number"}, item, -kAny, kAny);
        }
        else if (key == "step")
        {
            range.step = ReadNumber({name, "a number above 0"}, item, 1e-9, kAny);
        }
        else if (key == "points")
        {
            range.points =
                ReadCount({name, fmt::format("2 to {}", kPointsMax)}, item, 2, kPointsMax);
        }
        else if (key == "scale")
        {
            range.isLogarithmic =
                ReadWord({name, "linear or log"}, item, {"linear", "log"}, {}) == 1;
        }
        else
        {
            throw ValueError(
                value.keys[i].line, name, "unknown key; expected from, to, step, points or scale");
        }
    }
    return range;
}

/// What is wrong with it, or nothing.
std::string
Complaint(const Range& range)
{
    if (!range.to)
    {
        return "a range without `to`";
    }
    if (*range.to <= *range.from)
    {
        return "`to` is not above `from`";
    }
    if (range.step.has_value() == range.points.has_value())
    {
        return range.step ? "both `step` and `points`; expected one of them"
                          : "neither `step` nor `points`; expected one of them";
    }
    if (range.isLogarithmic && (range.step || *range.from <= 0))
    {
        return "a logarithmic scale needs `points`, and `from` above 0";
    }
    if (range.step && (*range.to - *range.from) / *range.step > static_cast<double>(kPointsMax))
    {
        return fmt::format("more than {} values", kPointsMax);
    }
    return {};
}

std::vector<double>
NumbersIn(const Range& range)
{
    std::vector<double> numbers;
    if (range.step)
    {
        constexpr double kSlack = 1e-9; // 0.1 * 3 is more than 0.3
        const double span = (*range.to - *range.from) / *range.step;
        for (int i = 0; i <= span + kSlack; ++i)
        {
            numbers.push_back(*range.from + i * *range.step);
        }
        return numbers;
    }
    for (std::uint64_t i = 0; i < *range.points; ++i)
    {
        const double share = static_cast<double>(i) / static_cast<double>(*range.points - 1);
        numbers.push_back(range.isLogarithmic
                              ? *range.from * std::pow(*range.to / *range.from, share)
                              : *range.from + share * (*range.to - *range.from));
    }
    return numbers;
}

} // namespace

bool
IsRange(const Value& value)
{
    return value.kind == Value::Kind::Map &&
           std::any_of(value.keys.begin(),
                       value.keys.end(),
                       [](const Value& key) { return key.text == "from"; });
}

std::vector<Value>
ValuesInRange(const Key& row, const Value& value)
{
    const Range range = ReadRange(row.path, value);
    if (const std::string complaint = Complaint(range); !complaint.empty())
    {
        throw ValueError(value.line, row.path, complaint);
    }
    const bool isWhole = row.type == "whole number";
    std::vector<Value> values;
    for (const double number : NumbersIn(range))
    {
        // Twelve digits: what was typed comes out again, without the last bits of a sum.
        const std::string text =
            isWhole ? fmt::format("{:.0f}", number) : fmt::format("{:.12g}", number);
        if (values.empty() || values.back().text != text)
        {
            values.push_back(Value::Scalar(text, value.line));
        }
    }
    return values;
}

} // namespace lanpeer::scenario
