#pragma once

#include "model/settings/text.h"
#include "scenarios/key-table.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Makers of rows, one per kind of value. A row says only where its member is, and what may stand
/// there; reading, printing and the texts follow from that.
///
/// A `Member` is `[](auto& s) -> auto& { return s.lan.nodes; }`: one lambda for reading and
/// writing.
namespace lanpeer::scenario
{

using namespace settings;

/// "on" and "off", as they are printed and as most people write them.
std::string_view FlagText(bool value);

/// In double quotes. JSON's strings are YAML's too.
std::string QuoteYaml(const std::string& text);

/// A member that may be unset is read and written as what it holds when set.
template <typename T>
const T&
Held(const T& member)
{
    return member;
}

template <typename T>
const T&
Held(const std::optional<T>& member)
{
    return *member;
}

template <typename Member>
using HeldType =
    std::decay_t<decltype(Held(std::declval<Member>()(std::declval<const Scenario&>())))>;

/// A whole number of something.
template <typename Member>
Key
CountKey(std::string_view path,
         std::string_view unit,
         Member member,
         std::uint64_t min,
         std::uint64_t max,
         std::string_view meaning)
{
    Key row;
    row.path = path;
    row.type = "whole number";
    row.unit = unit;
    row.allowed = fmt::format("{} to {}", min, max);
    row.meaning = meaning;
    row.read = [member, min, max](const Key& key, const Value& value, Scenario& scenario)
    {
        const std::uint64_t count = ReadCount(key.Expectation(), value, min, max);
        member(scenario) = static_cast<HeldType<Member>>(count);
    };
    row.print = [member](const Scenario& scenario)
    {
        return fmt::format("{}", Held(member(scenario)));
    };
    return row;
}

/// A number with a fraction.
template <typename Member>
Key
NumberKey(std::string_view path,
          std::string_view unit,
          Member member,
          double min,
          double max,
          std::string_view meaning)
{
    Key row;
    row.path = path;
    row.type = "number";
    row.unit = unit;
    row.allowed = fmt::format("{} to {}", min, max);
    row.meaning = meaning;
    row.read = [member, min, max](const Key& key, const Value& value, Scenario& scenario)
    {
        member(scenario) = ReadNumber(key.Expectation(), value, min, max);
    };
    // The shortest text that reads back as the same bits.
    row.print = [member](const Scenario& scenario)
    {
        return fmt::format("{}", Held(member(scenario)));
    };
    return row;
}

/// Lets a row whose member is a std::optional take a word that unsets it, its default.
template <typename Member>
Key
OrWord(Key row, Member member, const std::string& word)
{
    row.allowed += " or " + word;
    row.read =
        [inner = row.read, member, word](const Key& key, const Value& value, Scenario& scenario)
    {
        if (IsWord(value, word))
        {
            member(scenario).reset();
            return;
        }
        inner(key, value, scenario);
    };
    row.print = [inner = row.print, member, word](const Scenario& scenario)
    {
        return member(scenario).has_value() ? inner(scenario) : word;
    };
    return row;
}

template <typename Member>
Key
FlagKey(std::string_view path, Member member, std::string_view meaning)
{
    Key row;
    row.path = path;
    row.type = "flag";
    row.allowed = "on or off";
    row.meaning = meaning;
    row.read = [member](const Key& key, const Value& value, Scenario& scenario)
    {
        member(scenario) = ReadFlag(key.Expectation(), value);
    };
    row.print = [member](const Scenario& scenario)
    {
        return std::string(FlagText(member(scenario)));
    };
    return row;
}

/// One of a list of words.
/// \param values the enumerators that are built
template <typename Member, typename Enum>
Key
WordKey(std::string_view path,
        Member member,
        const std::vector<Enum>& values,
        const std::vector<std::string>& later,
        std::string_view meaning)
{
    std::vector<std::string> words;
    for (const Enum value : values)
    {
        words.emplace_back(ToString(value));
    }
    Key row;
    row.path = path;
    row.type = "word";
    row.allowed = JoinWords(words);
    row.later = later;
    row.meaning = meaning;
    row.read = [member, values, words](const Key& key, const Value& value, Scenario& scenario)
    {
        member(scenario) = values[ReadWord(key.Expectation(), value, words, key.later)];
    };
    row.print = [member](const Scenario& scenario)
    {
        return std::string(ToString(member(scenario)));
    };
    return row;
}

/// A place in the format for what is not built. It takes its default, so that a file that writes
/// out every key can be read, and refuses anything else by name.
/// \param subtree the key is a group in versions to come: everything below it is refused by name
Key LaterKey(std::string_view path, std::string_view word, bool subtree, std::string_view meaning);

// Rows of their own kind.

Key AboutKey();
Key PresetKey();
Key InternetNodesKey();
Key ResourcesKey();
Key PolicyKey();

/// What publishers release, for `workload.days`.
Key ReleasesKey();

// The groups of the table, each in the order in which it is printed.

std::vector<Key> LanKeys();
std::vector<Key> UplinkKeys(); ///< with `internet.nodes`
std::vector<Key> WorkloadKeys();
std::vector<Key> FaultKeys();
std::vector<Key> AdversaryKeys();

/// All rows of ParameterTable(), below `protocol.`.
std::vector<Key> ProtocolKeys();

/// All rows of UpdateParameterTable(), below `update.`.
std::vector<Key> UpdateKeys();

} // namespace lanpeer::scenario
