#pragma once

#include "scenarios/key-table.h"

#include <cstddef>
#include <string>
#include <vector>

/// What rows whose values are lists, and lists of maps, read and print them with.
namespace lanpeer::scenario
{

/// "[3, 4]"
template <typename List, typename Text>
std::string
PrintList(const List& list, Text text)
{
    std::string printed;
    for (const auto& item : list)
    {
        printed += (printed.empty() ? "" : ", ") + std::string(text(item));
    }
    return "[" + printed + "]";
}

/// The key's part for one item of its list, counted from 0 as in most languages.
Expected ItemOf(const Key& key, std::size_t index, std::string allowed);

/// The parts of a map that has these keys, in any order: those of \p names, then those of
/// \p optional, null where one of these is missing.
std::vector<const Value*> ReadParts(const Expected& expected,
                                    const Value& item,
                                    std::vector<std::string> names,
                                    const std::vector<std::string>& optional = {});

/// The items of a list that may not be empty.
const std::vector<Value>& ReadItems(const Key& key, const Value& value, std::size_t most);

} // namespace lanpeer::scenario
