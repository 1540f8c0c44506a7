#pragma once

#include "model/settings/value-reader.h"
#include "model/settings/value.h"
#include "scenarios/scenario.h"

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::scenario
{

using namespace settings;

/// There is no such scenario, or it is none. what() is one line: where, which key, what is wrong,
/// what would be right; the program prints it on stderr, exits with 2 and writes nothing.
class ScenarioError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// Puts a scenario together from a file, then options, each winning over those before it.
/// Everything throws ScenarioError; a reader that threw is of no further use.
class ScenarioReader
{
  public:
    /// \param name what the scenario is called from now on
    explicit ScenarioReader(std::string name);

    /// \param fileName as messages call it
    void ReadText(const std::string& fileName, const std::string& text);
    /// `--set PATH=VALUE`; VALUE is YAML, and of a group a map: `lan={nodes: 5, loss: 0.1}`.
    void Set(const std::string& argument);
    /// `--policy a,b,c`
    void SetPolicies(const std::string& argument);

    /// The whole scenario, once it is known that its keys go together.
    Scenario Finish() const;

    /// Throws a ScenarioError that says where one of these keys was set last.
    [[noreturn]] void Blame(const std::vector<std::string>& keys, const std::string& message) const;

  private:
    /// What is being read: how a message begins.
    struct Source
    {
        enum class Kind : std::uint8_t
        {
            File,
            Set,
            Policy,
        };

        Kind kind = Kind::File;
        std::string text; ///< the file's name or the option's argument
        std::string path; ///< of --set
    };

    /// Who set a key last.
    struct Origin
    {
        Source source;
        std::size_t line = 1;
        std::size_t order = 0; ///< of all that was set
    };

    void Apply(const std::string& path, std::size_t line, const Value& value);
    void ApplyKey(const std::string& path, std::size_t line, const Value& value);
    void ApplyGroup(const std::string& path, std::size_t line, const Value& value);
    Value Parse(const std::string& text) const;
    /// A path that stands in a file, from where the program is.
    Value FromHere(Value path) const;
    [[noreturn]] static void Fail(const Source& source, const ValueError& error);

    Scenario m_scenario;
    Source m_source;
    std::map<std::string, std::size_t> m_linesHere; ///< keys that this source has set
    std::map<std::string, Origin> m_origins;
    std::size_t m_order = 0;
};

} // namespace lanpeer::scenario
