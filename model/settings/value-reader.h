#pragma once

#include "model/settings/value.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

/// Values of YAML as numbers, words and flags. Everything throws ValueError with what is wrong and
/// what would be right.
namespace lanpeer::settings
{

/// What a message says about the value that is read.
struct Expected
{
    std::string path;    ///< the key, or a part of it: "workload.resources[1].bytes"
    std::string allowed; ///< "1 to 65533"
};

/// A key cannot be set to this. what() is "SUBJECT: what is wrong; expected what would be right".
class ValueError : public std::runtime_error
{
  public:
    ValueError(std::size_t line, std::string subject, std::string message);
    /// The value is no such thing: "SUBJECT: 'abc' is not a whole number; expected 1 to 65533".
    static ValueError Unexpected(const Expected& expected,
                                 const Value& value,
                                 const std::string& why);
    /// "SUBJECT: not in this version", the subject being a key or a key and a word.
    static ValueError NotBuilt(std::size_t line, const std::string& subject);

    std::size_t Line() const;
    const std::string& Subject() const;
    const std::string& Message() const;
    /// Something that this version does not have, rather than a mistake.
    bool IsNotBuilt() const;

  private:
    std::size_t m_line;
    std::string m_subject;
    std::string m_message;
    bool m_notBuilt = false;
};

/// A whole number in plain decimal: no sign, no leading zeros, no quotes.
std::uint64_t ReadCount(const Expected& expected,
                        const Value& value,
                        std::uint64_t min,
                        std::uint64_t max);

/// A finite number in plain decimal, with a fraction and a power of ten if it likes.
double ReadNumber(const Expected& expected, const Value& value, double min, double max);

/// on, off, true, false, yes, no.
bool ReadFlag(const Expected& expected, const Value& value);

/// One of the words; returns its index.
/// \param later words that are refused by name: not in this version
std::size_t ReadWord(const Expected& expected,
                     const Value& value,
                     const std::vector<std::string>& words,
                     const std::vector<std::string>& later);

/// True for a plain scalar of exactly this text.
bool IsWord(const Value& value, std::string_view word);

} // namespace lanpeer::settings
