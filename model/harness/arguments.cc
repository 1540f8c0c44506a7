#include "model/harness/arguments.h"

#include <fmt/format.h>

#include <charconv>

namespace lanpeer::harness
{

namespace
{

std::vector<std::string>
Split(std::string_view text, char between)
{
    std::vector<std::string> parts;
    while (!text.empty())
    {
        const std::size_t end = text.find(between);
        if (end != 0)
        {
            parts.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

bool
IsNumber(std::string_view text, std::uint64_t& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

} // namespace

Arguments::Arguments(std::string_view line)
    : m_words(Split(line, ' '))
{
}

std::string
Arguments::Word(std::string_view what)
{
    if (Empty())
    {
        throw ScriptError(fmt::format("{} is missing", what));
    }
    return m_words[m_next++];
}

std::uint64_t
Arguments::Number(std::string_view what)
{
    return NumberFrom(what, Word(what));
}

bool
Arguments::Take(std::string_view word)
{
    const bool its = !Empty() && m_words[m_next] == word;
    m_next += its ? 1 : 0;
    return its;
}

std::optional<std::pair<std::string, std::string>>
Arguments::Pair()
{
    if (Empty())
    {
        return std::nullopt;
    }
    const std::string& word = m_words[m_next];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
    {
        return std::nullopt;
    }
    ++m_next;
    return std::pair(word.substr(0, equals), word.substr(equals + 1));
}

std::optional<std::uint64_t>
Arguments::TakeNumber()
{
    std::uint64_t number = 0;
    if (Empty() || !IsNumber(m_words[m_next], number))
    {
        return std::nullopt;
    }
    ++m_next;
    return number;
}

void
Arguments::End() const
{
    if (!Empty())
    {
        throw ScriptError(fmt::format("\"{}\" is not expected here", m_words[m_next]));
    }
}

std::uint64_t
NumberFrom(std::string_view what, std::string_view text)
{
    std::uint64_t number = 0;
    if (!IsNumber(text, number))
    {
        throw ScriptError(fmt::format("{}: \"{}\" is not a number", what, text));
    }
    return number;
}

std::vector<std::string>
SplitAtCommas(std::string_view text)
{
    return Split(text, ',');
}

} // namespace lanpeer::harness
