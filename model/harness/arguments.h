#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanpeer::harness
{

/// Why a line of a script can't be carried out.
struct ScriptError : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// The words of a line, taken one after the other. Each member throws a ScriptError that says what
/// is wrong; none leaves a word unread without one (End()).
class Arguments
{
  public:
    explicit Arguments(std::string_view line);

    bool Empty() const
    {
        return m_next == m_words.size();
    }

    /// The next word. \p what names it in the error where there is none.
    std::string Word(std::string_view what);

    /// The next word as a number.
    std::uint64_t Number(std::string_view what);

    /// Takes the next word if it is this one.
    bool Take(std::string_view word);

    /// Takes the next word if it is `NAME=VALUE`.
    std::optional<std::pair<std::string, std::string>> Pair();

    /// Takes the next word if it is a number.
    std::optional<std::uint64_t> TakeNumber();

    /// There must be no more.
    void End() const;

  private:
    std::vector<std::string> m_words;
    std::size_t m_next = 0;
};

/// \p text as a number. \p what names it in the error where it is none.
std::uint64_t NumberFrom(std::string_view what, std::string_view text);

/// The parts of a text between commas.
std::vector<std::string> SplitAtCommas(std::string_view text);

} // namespace lanpeer::harness
