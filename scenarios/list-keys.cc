#include "model/protocol/update/catalog.h"
#include "model/protocol/update/version-name.h"
#include "scenarios/key-kinds.h"
#include "scenarios/list-reading.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kResourcesMax = 1000;
constexpr std::size_t kNameBytesMax = 200; ///< an href has at most 1,000 (R-PKT-4)
constexpr std::uint64_t kResourceBytesMax = 1ULL << 40;
constexpr std::string_view kUpdateWord = "update";   ///< FullUpdate()
constexpr std::string_view kRegularWord = "regular"; ///< RegularReleases()
constexpr std::uint64_t kReleaseDaysMax = 3660;
constexpr std::string_view kReleaseAllowed =
    "{name: TEXT, bytes: COUNT, days_min: COUNT, days_max: COUNT}";
constexpr std::string_view kResourceAllowed = "{name: TEXT, bytes: COUNT, share: NUMBER}";
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

std::uint64_t
ReadBytes(const Expected& ofItem, const Value& value)
{
    const Expected expected{ofItem.path + ".bytes", fmt::format("1 to {}", kResourceBytesMax)};
    return ReadCount(expected, value, 1, kResourceBytesMax);
}

/// {name: TEXT, bytes: COUNT, share: NUMBER}, in any order, the last only if not 1.
Resource
ReadResource(const Expected& expected, const Value& item)
{
    const auto parts = ReadParts(expected, item, {"name", "bytes"}, {"share"});
    const Value& name = *parts[0];
    const Expected forName{expected.path + ".name", std::string(kNameAllowed)};
    if (name.kind != Value::Kind::Scalar || !IsResourceName(name.text))
    {
        throw ValueError::Unexpected(forName, name, "is not the name of a file");
    }
    const Expected forShare{expected.path + ".share", "0 to 1"};
    const double share = parts[2] == nullptr ? 1 : ReadNumber(forShare, *parts[2], 0, 1);
    return {name.text, ReadBytes(expected, *parts[1]), share};
}

void
RequireOnce(std::set<std::string>& names,
            const std::string& name,
            const Expected& expected,
            std::size_t line)
{
    if (!names.insert(name).second)
    {
        throw ValueError(line, expected.path + ".name", Quote(name) + " twice; expected each once");
    }
}

void
ReadResources(const Key& key, const Value& value, Scenario& scenario)
{
    if (IsWord(value, kUpdateWord))
    {
        scenario.workload.resources = FullUpdate();
        return;
    }
    const std::vector<Value>& items = ReadItems(key, value, kResourcesMax);
    std::vector<Resource> resources;
    std::set<std::string> names;
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const Expected expected = ItemOf(key, i, std::string(kResourceAllowed));
        resources.push_back(ReadResource(expected, items[i]));
        RequireOnce(names, resources.back().name, expected, items[i].line);
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
    return PrintList(resources,
                     [](const Resource& resource)
                     {
                         const std::string share =
                             resource.share < 1 ? fmt::format(", share: {}", resource.share) : "";
                         return fmt::format(
                             "{{name: \"{}\", bytes: {}{}}}", resource.name, resource.bytes, share);
                     });
}

/// {name: TEXT, bytes: COUNT, days_min: COUNT, days_max: COUNT}, in any order.
ReleasedProduct
ReadReleasedProduct(const Expected& expected, const Value& item)
{
    const auto parts = ReadParts(expected, item, {"name", "bytes", "days_min", "days_max"});
    const Value& name = *parts[0];
    const Expected forName{expected.path + ".name",
                           "1 to 64 letters, digits, '-' and '_', the first a letter or digit"};
    if (name.kind != Value::Kind::Scalar || !IsProductName(name.text))
    {
        throw ValueError::Unexpected(forName, name, "is not a product's name");
    }
    const auto days = [&expected](const std::string& which, const Value& value, std::uint64_t min)
    {
        const Expected forDays{expected.path + "." + which,
                               fmt::format("{} to {}", min, kReleaseDaysMax)};
        return static_cast<std::uint32_t>(ReadCount(forDays, value, min, kReleaseDaysMax));
    };
    const std::uint32_t daysMin = days("days_min", *parts[2], 1);
    return {
        name.text, ReadBytes(expected, *parts[1]), daysMin, days("days_max", *parts[3], daysMin)};
}

void
ReadReleases(const Key& key, const Value& value, Scenario& scenario)
{
    if (IsWord(value, kRegularWord))
    {
        scenario.workload.releases = RegularReleases();
        return;
    }
    const std::vector<Value>& items = ReadItems(key, value, limits::kCatalogEntries);
    std::vector<ReleasedProduct> products;
    std::set<std::string> names;
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const Expected expected = ItemOf(key, i, std::string(kReleaseAllowed));
        products.push_back(ReadReleasedProduct(expected, items[i]));
        RequireOnce(names, products.back().name, expected, items[i].line);
    }
    scenario.workload.releases = std::move(products);
}

std::string
PrintReleases(const Scenario& scenario)
{
    const auto& releases = scenario.workload.releases;
    if (releases == RegularReleases())
    {
        return std::string(kRegularWord);
    }
    return PrintList(releases,
                     [](const ReleasedProduct& product)
                     {
                         return fmt::format(
                             "{{name: \"{}\", bytes: {}, days_min: {}, days_max: {}}}",
                             product.name,
                             product.bytes,
                             product.daysMin,
                             product.daysMax);
                     });
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

const std::vector<PolicyChoice> kPolicies = {PolicyChoice::Direct,
                                             PolicyChoice::Proxy,
                                             PolicyChoice::Fig4a,
                                             PolicyChoice::Fig4b,
                                             PolicyChoice::Robust};

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
    row.allowed = fmt::format("update or a list of {}", kResourceAllowed);
    row.meaning =
        "what every requester asks for, with a share: only that part of them, drawn; update: "
        "the six .cab files of [0058]";
    row.read = ReadResources;
    row.print = PrintResources;
    return row;
}

Key
ReleasesKey()
{
    Key row;
    row.path = "workload.releases";
    row.type = "list";
    row.allowed = fmt::format("regular or a list of {}", kReleaseAllowed);
    row.meaning = "for workload.days; regular: dat, 910 kB, weekly; engine, 580 kB, every 61 to 91 "
                  "days; product, 725 kB, every 42 to 56";
    row.read = ReadReleases;
    row.print = PrintReleases;
    return row;
}

Key
PolicyKey()
{
    Key row;
    row.path = "policy";
    row.type = "word or list";
    row.allowed = "direct, proxy, fig4a, fig4b, robust or a list";
    row.later = {"coop"};
    row.meaning = "what is run, side by side if several";
    row.read = ReadPolicies;
    row.print = PrintPolicies;
    return row;
}

} // namespace lanpeer::scenario
