#include "scenarios/list-reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lanpeer::scenario
{

Expected
ItemOf(const Key& key, std::size_t index, std::string allowed)
{
    return {fmt::format("{}[{}]", key.path, index), std::move(allowed)};
}

std::vector<const Value*>
ReadParts(const Expected& expected,
          const Value& item,
          std::vector<std::string> names,
          const std::vector<std::string>& optional)
{
    const std::size_t needed = names.size();
    names.insert(names.end(), optional.begin(), optional.end());
    if (item.kind != Value::Kind::Map)
    {
        throw ValueError::Unexpected(expected, item, "is not a map");
    }
    std::vector<const Value*> parts(names.size(), nullptr);
    for (std::size_t i = 0; i < item.keys.size(); ++i)
    {
        const Value& key = item.keys[i];
        const auto name =
            std::find_if(names.begin(),
                         names.end(),
                         [&key](const std::string& candidate) { return IsWord(key, candidate); });
        if (name == names.end())
        {
            throw ValueError::Unexpected(expected, key, "unknown");
        }
        const Value*& part = parts[static_cast<std::size_t>(name - names.begin())];
        if (part != nullptr)
        {
            throw ValueError::Unexpected(expected, key, "twice");
        }
        part = &item.items[i];
    }
    for (std::size_t i = 0; i < needed; ++i)
    {
        if (parts[i] == nullptr)
        {
            throw ValueError(item.line,
                             expected.path,
                             fmt::format("{} is missing; expected {}", names[i], expected.allowed));
        }
    }
    return parts;
}

const std::vector<Value>&
ReadItems(const Key& key, const Value& value, std::size_t most)
{
    const std::size_t count = value.items.size();
    const bool isList = value.kind == Value::Kind::List;
    if (!isList || count == 0 || count > most)
    {
        throw ValueError::Unexpected(
            key.Expectation(), value, isList ? fmt::format("of {}", count) : "is not a list");
    }
    return value.items;
}

} // namespace lanpeer::scenario
