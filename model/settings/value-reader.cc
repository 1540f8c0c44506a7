#include "model/settings/value-reader.h"

#include "model/settings/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace lanpeer::settings
{

namespace
{

bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A scalar that could be a number or a flag: not in quotes.
void
RequirePlain(const Expected& expected, const Value& value, const std::string& kind)
{
    if (value.kind == Value::Kind::Scalar && !value.quoted)
    {
        return;
    }
    const bool quoted = value.kind == Value::Kind::Scalar;
    throw ValueError::Unexpected(
        expected, value, fmt::format("is not {}{}", kind, quoted ? " but quoted text" : ""));
}

/// -?digits(.digits)?(e[+-]?digits)?: what std::from_chars takes beyond it (inf, nan, ".5") is more
/// likely a slip than meant.
bool
IsDecimal(std::string_view text)
{
    const auto skipDigits = [&text]()
    {
        const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
        const auto count = static_cast<std::size_t>(end - text.begin());
        text.remove_prefix(count);
        return count > 0;
    };
    const auto skip = [&text](std::string_view any)
    {
        const bool found = !text.empty() && any.find(text[0]) != std::string_view::npos;
        text.remove_prefix(found ? 1 : 0);
        return found;
    };
    skip("-");
    if (!skipDigits() || (skip(".") && !skipDigits()))
    {
        return false;
    }
    if (skip("eE"))
    {
        skip("+-");
        if (!skipDigits())
        {
            return false;
        }
    }
    return text.empty();
}

} // namespace

ValueError::ValueError(std::size_t line, std::string subject, std::string message)
    : std::runtime_error(subject + ": " + message)
    , m_line(line)
    , m_subject(std::move(subject))
    , m_message(std::move(message))
{
}

ValueError
ValueError::Unexpected(const Expected& expected, const Value& value, const std::string& why)
{
    const bool nothing = value.kind == Value::Kind::Null;
    const std::string wrong = nothing ? "has no value" : value.Describe() + " " + why;
    return {value.line, expected.path, fmt::format("{}; expected {}", wrong, expected.allowed)};
}

ValueError
ValueError::NotBuilt(std::size_t line, const std::string& subject)
{
    ValueError error(line, subject, "not in this version");
    error.m_notBuilt = true;
    return error;
}

std::size_t
ValueError::Line() const
{
    return m_line;
}

const std::string&
ValueError::Subject() const
{
    return m_subject;
}

const std::string&
ValueError::Message() const
{
    return m_message;
}

bool
ValueError::IsNotBuilt() const
{
    return m_notBuilt;
}

std::uint64_t
ReadCount(const Expected& expected, const Value& value, std::uint64_t min, std::uint64_t max)
{
    RequirePlain(expected, value, "a whole number");
    const std::string& text = value.text;
    const std::size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
    const bool digits = text.size() > sign && std::all_of(text.begin() + sign, text.end(), IsDigit);
    // 010 is ten to some and eight to others; YAML has been both.
    if (!digits || (text[sign] == '0' && text.size() > sign + 1))
    {
        throw ValueError::Unexpected(expected, value, "is not a whole number");
    }
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data() + sign, text.data() + text.size(), number);
    const bool negative = sign != 0 && number != 0;
    if (result.ec != std::errc() || negative || number < min || number > max)
    {
        throw ValueError::Unexpected(expected, value, "is out of bounds");
    }
    return number;
}

double
ReadNumber(const Expected& expected, const Value& value, double min, double max)
{
    RequirePlain(expected, value, "a number");
    const std::string& text = value.text;
    if (!IsDecimal(text))
    {
        throw ValueError::Unexpected(expected, value, "is not a number");
    }
    double number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (result.ec != std::errc() || !(number >= min && number <= max))
    {
        throw ValueError::Unexpected(expected, value, "is out of bounds");
    }
    return std::fabs(number) == 0 ? 0 : number; // not -0, which would print as it
}

bool
ReadFlag(const Expected& expected, const Value& value)
{
    RequirePlain(expected, value, "a yes or no");
    std::string text = value.text;
    // Only its ASCII letters matter, whatever the locale.
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (text == "on" || text == "true" || text == "yes")
    {
        return true;
    }
    if (text == "off" || text == "false" || text == "no")
    {
        return false;
    }
    throw ValueError::Unexpected(expected, value, "is not a yes or no");
}

std::size_t
ReadWord(const Expected& expected,
         const Value& value,
         const std::vector<std::string>& words,
         const std::vector<std::string>& later)
{
    if (value.kind != Value::Kind::Scalar)
    {
        throw ValueError::Unexpected(expected, value, "is not a word");
    }
    const auto found = std::find(words.begin(), words.end(), value.text);
    if (found != words.end())
    {
        return static_cast<std::size_t>(found - words.begin());
    }
    if (std::find(later.begin(), later.end(), value.text) != later.end())
    {
        throw ValueError::NotBuilt(value.line, expected.path + " " + value.text);
    }
    throw ValueError::Unexpected(expected, value, "is not one of its words");
}

bool
IsWord(const Value& value, std::string_view word)
{
    return value.kind == Value::Kind::Scalar && value.text == word;
}

} // namespace lanpeer::settings
