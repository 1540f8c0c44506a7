#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::settings
{

/// One node of a YAML document: a plain value that knows its line. Aliases are expanded, tags mean
/// nothing; whether a scalar is a number is decided by who reads it.
struct Value
{
    enum class Kind : std::uint8_t
    {
        Null,
        Scalar,
        List,
        Map,
    };

    Kind kind = Kind::Null;
    std::size_t line = 1;     ///< from 1
    std::string text;         ///< of a scalar
    bool quoted = false;      ///< a scalar in quotes (or tagged !!str): text, never a number
    std::vector<Value> keys;  ///< of a map, in the order of the file, doubles included
    std::vector<Value> items; ///< of a list; of a map: the values of its keys

    static Value Scalar(std::string_view text, std::size_t line);
    /// As it is called in messages: "a map", "a list", "nothing", "'text'".
    std::string Describe() const;
    /// On one line, so that ParseYaml() gives an equal value, lines apart: `[1, "a b"]`. Scalars
    /// that need it, and those that had them, are in quotes.
    std::string FlowText() const;
};

/// The text is not what can be read here: bad YAML, several documents, larger than sense.
class YamlError : public std::runtime_error
{
  public:
    YamlError(std::size_t line, const std::string& message);
    std::size_t Line() const;

  private:
    std::size_t m_line;
};

/// What a document may cost, so that no file and no alias in it takes the memory of the machine.
/// Generous: a list of all 65533 nodes has room.
constexpr std::size_t kYamlBytesMax = 1 << 20;
constexpr std::size_t kYamlDepthMax = 16;
constexpr std::size_t kYamlCostMax = 16U << 20; ///< 64 per node and its text, aliases expanded

/// Reads one document; an empty one is a Null. Throws YamlError.
Value ParseYaml(const std::string& text);

} // namespace lanpeer::settings
