#include "scenarios/key-kinds.h"

#include <algorithm>
#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr double kPacketsPerSMax = 100000;
constexpr double kBytesPerSMax = 1e9;

std::vector<std::string>
KindWords()
{
    std::vector<std::string> words;
    for (const lan::AdversaryKind kind : lan::AdversaryKinds())
    {
        words.emplace_back(ToString(kind));
    }
    return words;
}

/// One word, or a list of them that is dealt among the hostile nodes; there a word may stand twice.
Key
KindKey()
{
    Key row;
    row.path = "adversaries.kind";
    row.type = "word or list";
    row.allowed = JoinWords(KindWords()) + " or a list";
    row.meaning = "what they do; of a list each takes the next, from the lowest index on";
    row.read = [](const Key& key, const Value& value, Scenario& scenario)
    {
        const bool isList = value.kind == Value::Kind::List;
        const std::vector<Value> items = isList ? value.items : std::vector<Value>{value};
        std::vector<lan::AdversaryKind> kinds;
        for (const Value& item : items)
        {
            kinds.push_back(
                lan::AdversaryKinds()[ReadWord(key.Expectation(), item, KindWords(), key.later)]);
        }
        if (kinds.empty() || kinds.size() > kNodesMax)
        {
            throw ValueError::Unexpected(
                key.Expectation(), value, fmt::format("of {}", kinds.size()));
        }
        scenario.adversaries.kinds = std::move(kinds);
    };
    row.print = [](const Scenario& scenario)
    {
        const auto& kinds = scenario.adversaries.kinds;
        std::string list;
        for (const lan::AdversaryKind kind : kinds)
        {
            list += (list.empty() ? "" : ", ") + std::string(ToString(kind));
        }
        return kinds.size() == 1 ? list : "[" + list + "]";
    };
    return row;
}

} // namespace

std::vector<Key>
AdversaryKeys()
{
    std::vector<Key> rows;
    rows.push_back(KindKey());
    // clang-format off
    rows.push_back(CountKey("adversaries.count", "nodes", [](auto& s) -> auto& { return s.adversaries.count; }, 0, kNodesMax,
                            "hostile nodes, the highest indices; they ask for nothing and hold nothing"));
    rows.push_back(NumberKey("adversaries.share", "", [](auto& s) -> auto& { return s.adversaries.share; }, 0, 1,
                             "of lan.nodes that are hostile, to the nearest node; instead of adversaries.count"));
    rows.push_back(NumberKey("adversaries.packets_per_s", "1/s", [](auto& s) -> auto& { return s.adversaries.packetsPerS; }, 0.001, kPacketsPerSMax,
                             "that each one of kind flood or forged sends"));
    rows.push_back(NumberKey("adversaries.bytes_per_s", "bytes/s", [](auto& s) -> auto& { return s.adversaries.bytesPerS; }, 0.001, kBytesPerSMax,
                             "of each body that one of kind endless serves"));
    rows.push_back(FlagKey("adversaries.gateway", [](auto& s) -> auto& { return s.adversaries.gateway; },
                           "whoever has the gateway alters every body from the Internet (L19); with workload.days it keeps "
                           "every catalog but the first from everyone (T5)"));
    // clang-format on
    return rows;
}

} // namespace lanpeer::scenario
