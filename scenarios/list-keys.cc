#include "scenarios/key-kinds.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lanpeer::scenario
{

namespace
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
Expected
ItemOf(const Key& key, std::size_t index, std::string allowed)
{
    return {fmt::format("{}[{}]", key.path, index), std::move(allowed)};
}

constexpr std::size_t kResourcesMax = 1000;
constexpr std::size_t kNameBytesMax = 200; ///< an href has at most 1,000 (R-PKT-4)
constexpr std::uint64_t kResourceBytesMax = 1ULL << 40;
constexpr std::string_view kUpdateWord = "update"; ///< FullUpdate()
constexpr std::string_view kNameAllowed = "letters, digits, '.', '_' and '-'";

/// Safe as the last part of a URI, and no part that means a folder.
bool
IsResourceName(std::string_view name)
{
    const bool safe = std::all_of(name.begin(),
                                  name.end(),
                                  [](char c)
                                  {
                                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                             (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                                             c == '-';
                                  });
    return safe && !name.empty() && name.size() <= kNameBytesMax && name != "." && name != "..";
}

/// {name: TEXT, bytes: COUNT}, in either order.
Resource
ReadResource(const Expected& expected, const Value& item)
{
    if (item.kind != Value::Kind::Map)
    {
        throw ValueError::Unexpected(expected, item, "is not a map");
    }
    const Value* name = nullptr;
    const Value* bytes = nullptr;
    for (std::size_t i = 0; i < item.keys.size(); ++i)
    {
        const Value& key = item.keys[i];
        const Value*& part = IsWord(key, "name") ? name : bytes;
        if (!(IsWord(key, "name") || IsWord(key, "bytes")) || part != nullptr)
        {
            throw ValueError::Unexpected(expected, key, part != nullptr ? "twice" : "unknown");
        }
        part = &item.items[i];
    }
    if (name == nullptr || bytes == nullptr)
    {
        throw ValueError(item.line,
                         expected.path,
                         fmt::format("{} is missing; expected {}",
                                     name == nullptr ? "name" : "bytes",
                                     expected.allowed));
    }
    const Expected forName{expected.path + ".name", std::string(kNameAllowed)};
    if (name->kind != Value::Kind::Scalar || !IsResourceName(name->text))
    {
        throw ValueError::Unexpected(forName, *name, "is not the name of a file");
    }
    const Expected forBytes{expected.path + ".bytes", fmt::format("1 to {}", kResourceBytesMax)};
    return {name->text, ReadCount(forBytes, *bytes, 1, kResourceBytesMax)};
}

void
ReadResources(const Key& key, const Value& value, Scenario& scenario)
{
    if (IsWord(value, kUpdateWord))
    {
        scenario.workload.resources = FullUpdate();
        return;
    }
    const std::size_t count = value.items.size();
    if (value.kind != Value::Kind::List || count == 0 || count > kResourcesMax)
    {
        const bool isList = value.kind == Value::Kind::List;
        throw ValueError::Unexpected(
            key.Expectation(), value, isList ? fmt::format("of {}", count) : "is not a list");
    }
    std::vector<Resource> resources;
    std::set<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
    {
        const Expected expected = ItemOf(key, i, "{name: TEXT, bytes: COUNT}");
        resources.push_back(ReadResource(expected, value.items[i]));
        if (!names.insert(resources.back().name).second)
        {
            throw ValueError(value.items[i].line,
                             expected.path + ".name",
                             Quote(resources.back().name) + " twice; expected each once");
        }
    }
    scenario.workload.resources = std::move(resources);
}

std::string
PrintResources(const Scenario& scenario)
{
    const auto& resources = scenario.workload.resources;
    if (resources == FullUpdate())
    {
        return std::string(kUpdateWord);
    }
    // In quotes, since a name may look like null or a number.
    return PrintList(
        resources,
        [](const Resource& resource)
        { return fmt::format("{{name: \"{}\", bytes: {}}}", resource.name, resource.bytes); });
}

std::vector<std::uint32_t>
ReadIndices(const Key& key, const Value& list)
{
    std::vector<std::uint32_t> indices;
    for (std::size_t i = 0; i < list.items.size(); ++i)
    {
        const Expected expected = ItemOf(key, i, fmt::format("0 to {}", kNodesMax - 1));
        indices.push_back(
            static_cast<std::uint32_t>(ReadCount(expected, list.items[i], 0, kNodesMax - 1)));
    }
    std::vector<std::uint32_t> sorted = indices;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
    {
        throw ValueError(
            list.line, key.path, fmt::format("node {} twice; expected each once", *twice));
    }
    return sorted;
}

void
ReadInternetNodes(const Key& key, const Value& value, Scenario& scenario)
{
    InternetNodes nodes;
    if (value.kind == Value::Kind::List)
    {
        nodes.kind = InternetNodes::Kind::Listed;
        nodes.indices = ReadIndices(key, value);
    }
    else if (!IsWord(value, "all"))
    {
        nodes.kind = InternetNodes::Kind::Highest;
        nodes.count = static_cast<std::uint32_t>(ReadCount(key.Expectation(), value, 0, kNodesMax));
    }
    scenario.internet = std::move(nodes);
}

std::string
PrintInternetNodes(const Scenario& scenario)
{
    const InternetNodes& nodes = scenario.internet;
    switch (nodes.kind)
    {
    case InternetNodes::Kind::All:
        return "all";
    case InternetNodes::Kind::Highest:
        return fmt::format("{}", nodes.count);
    case InternetNodes::Kind::Listed:
        return PrintList(nodes.indices, [](std::uint32_t index) { return std::to_string(index); });
    }
    return "";
}

const std::vector<PolicyChoice> kPolicies = {
    PolicyChoice::Direct, PolicyChoice::Fig4a, PolicyChoice::Fig4b, PolicyChoice::Robust};

void
ReadPolicies(const Key& key, const Value& value, Scenario& scenario)
{
    std::vector<std::string> words;
    for (const PolicyChoice policy : kPolicies)
    {
        words.emplace_back(ToString(policy));
    }
    const bool isList = value.kind == Value::Kind::List;
    const std::vector<Value> items = isList ? value.items : std::vector<Value>{value};
    std::vector<PolicyChoice> policies;
    for (const Value& item : items)
    {
        const PolicyChoice policy = kPolicies[ReadWord(key.Expectation(), item, words, key.later)];
        if (std::find(policies.begin(), policies.end(), policy) != policies.end())
        {
            throw ValueError(
                item.line, key.path, fmt::format("{} twice; expected each once", ToString(policy)));
        }
        policies.push_back(policy);
    }
    if (policies.empty())
    {
        throw ValueError(value.line, key.path, "an empty list; expected " + key.allowed);
    }
    scenario.policies = std::move(policies);
}

std::string
PrintPolicies(const Scenario& scenario)
{
    const auto& policies = scenario.policies;
    return policies.size() == 1
               ? std::string(ToString(policies.front()))
               : PrintList(policies, [](PolicyChoice policy) { return ToString(policy); });
}

} // namespace

Key
InternetNodesKey()
{
    Key row;
    row.path = "internet.nodes";
    row.type = "count or list";
    row.allowed = "all, a count or a list of indices";
    row.meaning = "nodes with Internet access; a count: the highest indices";
    row.read = ReadInternetNodes;
    row.print = PrintInternetNodes;
    return row;
}

Key
ResourcesKey()
{
    Key row;
    row.path = "workload.resources";
    row.type = "list";
    row.allowed = "update or a list of {name: TEXT, bytes: COUNT}";
    row.meaning = "what every requester asks for; update: the six .cab files of [0058]";
    row.read = ReadResources;
    row.print = PrintResources;
    return row;
}

Key
PolicyKey()
{
    Key row;
    row.path = "policy";
    row.type = "word or list";
    row.allowed = "direct, fig4a, fig4b, robust or a list";
    row.later = {"proxy", "coop"};
    row.meaning = "what is run, side by side if several";
    row.read = ReadPolicies;
    row.print = PrintPolicies;
    return row;
}

} // namespace lanpeer::scenario
