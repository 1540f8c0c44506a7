#include "scenarios/sweep/sweep-file.h"

#include "analysis/figure-names.h"
#include "analysis/results/run-key.h"
#include "model/settings/text.h"
#include "model/settings/value-reader.h"
#include "scenarios/key-table.h"
#include "scenarios/scenario-file.h"
#include "scenarios/sweep/value-range.h"
#include "scenarios/yaml-file.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace lanpeer::scenario
{

namespace fs = std::filesystem;

namespace
{

constexpr std::uint64_t kSeedMax = 4294967295; ///< ns-3's seed has 32 bits and is not 0
constexpr double kPercentMax = 100;

const Value&
MapOf(const std::string& path, const Value& value, const std::string& example)
{
    if (value.kind != Value::Kind::Map)
    {
        throw ValueError(value.line, path, value.Describe() + " is not a map; expected " + example);
    }
    return value;
}

/// Each key of a map with its value. Throws ValueError for a key twice.
void
ForEachKey(const std::string& path,
           const Value& map,
           const std::function<void(const Value& key, const Value& value)>& take)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; i < map.keys.size(); ++i)
    {
        const Value& key = map.keys[i];
        if (!seen.insert(key.text).second)
        {
            throw ValueError(key.line, path, fmt::format("{}: given twice", OneLine(key.text)));
        }
        take(key, map.items[i]);
    }
}

/// The key's row. Throws ValueError for one that a sweep cannot set.
const Key&
RowOf(const Value& path)
{
    const Key* const row = FindKey(path.text);
    const bool isSettable = row != nullptr && row->path == path.text;
    if (!isSettable || path.text == "policy" || path.text == "about")
    {
        const auto nearest = Nearest(path.text, AllPaths());
        throw ValueError(path.line,
                         OneLine(path.text),
                         path.text == "policy"
                             ? "is no axis of its own; expected `policy: [...]` beside `axes`"
                             : "unknown key; " +
                                   (nearest && !isSettable
                                        ? "did you mean " + *nearest + "?"
                                        : std::string("`lanpeer-sim keys` lists them")));
    }
    return *row;
}

/// The value as text of YAML, when the key can have it.
std::string
TextFor(const Key& row, const Value& value)
{
    Scenario scratch;
    row.Set(scratch, value);
    return value.FlowText();
}

class Reader
{
  public:
    Reader(fs::path file, Sweep& sweep)
        : m_file(std::move(file))
        , m_sweep(sweep)
    {
    }

    void Read(const Value& root)
    {
        const std::map<std::string, void (Reader::*)(const Value&)> readers = {
            {"about", &Reader::About},
            {"scenario", &Reader::ScenarioName},
            {"set", &Reader::Sets},
            {"axes", &Reader::Axes},
            {"policy", &Reader::Policies},
            {"skip", &Reader::Skip},
            {"only", &Reader::Only},
            {"runs", &Reader::Runs},
            {"seed", &Reader::Seed},
            {"until_ci", &Reader::Until},
        };
        MapOf("", root, "keys such as scenario and axes");
        // Filters speak of axes, so they come when these are known.
        std::vector<std::pair<void (Reader::*)(const Value&), const Value*>> later;
        ForEachKey("",
                   root,
                   [&](const Value& key, const Value& value)
                   {
                       const auto reader = readers.find(key.text);
                       if (reader == readers.end())
                       {
                           throw Unknown(key, "", Words(readers));
                       }
                       if (key.text == "skip" || key.text == "only")
                       {
                           later.emplace_back(reader->second, &value);
                           return;
                       }
                       (this->*reader->second)(value);
                   });
        for (const auto& [reader, value] : later)
        {
            (this->*reader)(*value);
        }
        Complete(root);
    }

  private:
    template <typename Map>
    static std::vector<std::string> Words(const Map& map)
    {
        std::vector<std::string> words;
        for (const auto& [word, value] : map)
        {
            words.push_back(word);
        }
        return words;
    }

    static ValueError Unknown(const Value& key,
                              const std::string& below,
                              const std::vector<std::string>& words)
    {
        const auto nearest = Nearest(key.text, words);
        return {key.line,
                below + (key.text.empty() ? "''" : OneLine(key.text)),
                "unknown key; " +
                    (nearest ? "did you mean " + *nearest + "?" : "expected " + JoinWords(words))};
    }

    static std::string Text(const std::string& key, const Value& value)
    {
        if (value.kind != Value::Kind::Scalar || value.text.empty())
        {
            throw ValueError(value.line, key, value.Describe() + " is no text; expected some");
        }
        return value.text;
    }

    void About(const Value& value)
    {
        m_sweep.about = Text("about", value);
    }

    void ScenarioName(const Value& value)
    {
        m_sweep.scenario = Text("scenario", value);
        m_sweep.scenarioFile = m_sweep.scenario;
        if (LooksLikeFile(m_sweep.scenario) && fs::path(m_sweep.scenario).is_relative())
        {
            // "./" where the sweep lies in this folder, or it would be taken for a name.
            const fs::path folder = m_file.has_parent_path() ? m_file.parent_path() : ".";
            m_sweep.scenarioFile = (folder / m_sweep.scenario).string();
        }
    }

    void Sets(const Value& value)
    {
        ForEachKey("set",
                   MapOf("set", value, "keys of a scenario"),
                   [this](const Value& key, const Value& item)
                   { m_sweep.sets[key.text] = TextFor(RowOf(key), item); });
    }

    void Axes(const Value& value)
    {
        ForEachKey("axes",
                   MapOf("axes", value, "keys of a scenario, each with its values"),
                   [this](const Value& key, const Value& item)
                   { m_sweep.axes.push_back(ReadAxis(key, item)); });
    }

    static Axis ReadAxis(const Value& key, const Value& value)
    {
        const Key& row = RowOf(key);
        Axis axis{key.text, {}};
        const std::vector<Value> values = IsRange(value) ? ValuesInRange(row, value) : value.items;
        if (values.empty() || (value.kind == Value::Kind::Map && !IsRange(value)))
        {
            throw ValueError(key.line,
                             key.text,
                             value.Describe() + " is not what an axis has; expected a list such as "
                                                "[10, 20], or {from: 10, to: 100, step: 10}");
        }
        for (const Value& item : values)
        {
            const std::string text = TextFor(row, item);
            if (std::find(axis.values.begin(), axis.values.end(), text) != axis.values.end())
            {
                throw ValueError(item.line, key.text, fmt::format("{} stands twice", text));
            }
            axis.values.push_back(text);
        }
        return axis;
    }

    void Policies(const Value& value)
    {
        Scenario scratch;
        FindKey("policy")->Set(scratch, value);
        m_sweep.policies = scratch.policies;
    }

    void Runs(const Value& value)
    {
        m_sweep.runs =
            ReadCount({"runs", fmt::format("1 to {}", kReplicatesMax)}, value, 1, kReplicatesMax);
    }

    void Seed(const Value& value)
    {
        m_sweep.seed = ReadCount({"seed", fmt::format("1 to {}", kSeedMax)}, value, 1, kSeedMax);
    }

    void Until(const Value& value)
    {
        UntilCi until;
        ForEachKey(
            "until_ci",
            MapOf("until_ci", value, "{percent: 5, metric: internet_bytes, runs_max: 100}"),
            [&until](const Value& key, const Value& item)
            {
                const std::string path = "until_ci." + key.text;
                if (key.text == "percent")
                {
                    until.percent = ReadNumber(
                        {path, fmt::format("above 0 to {}", kPercentMax)}, item, 1e-6, kPercentMax);
                }
                else if (key.text == "metric")
                {
                    until.metric = analysis::FigureNames()[ReadWord(
                        {path, "a figure of the JSON such as finish_s.p95"},
                        item,
                        analysis::FigureNames(),
                        {})];
                }
                else if (key.text == "runs_max")
                {
                    until.runsMax = ReadCount(
                        {path, fmt::format("2 to {}", kReplicatesMax)}, item, 2, kReplicatesMax);
                }
                else
                {
                    throw Unknown(key, "until_ci.", {"percent", "metric", "runs_max"});
                }
            });
        m_sweep.untilCi = until;
    }

    void Skip(const Value& value)
    {
        m_sweep.skip = ReadFilters("skip", value);
    }

    void Only(const Value& value)
    {
        m_sweep.only = ReadFilters("only", value);
    }

    std::vector<Filter> ReadFilters(const std::string& name, const Value& value) const
    {
        if (value.kind != Value::Kind::List || value.items.empty())
        {
            throw ValueError(value.line,
                             name,
                             value.Describe() + " is not a list of filters; expected such as "
                                                "[{lan.nodes: {above: 100}, policy: direct}]");
        }
        std::vector<Filter> filters;
        for (const Value& item : value.items)
        {
            Filter filter;
            ForEachKey(name,
                       MapOf(name, item, "axes and what they must be"),
                       [&](const Value& key, const Value& condition)
                       { filter[key.text] = ReadCondition(name, key, condition); });
            if (filter.empty())
            {
                throw ValueError(item.line, name, "a filter without conditions fits everything");
            }
            filters.push_back(filter);
        }
        return filters;
    }

    Condition ReadCondition(const std::string& name, const Value& key, const Value& value) const
    {
        const auto axis = std::find_if(m_sweep.axes.begin(),
                                       m_sweep.axes.end(),
                                       [&key](const Axis& one) { return one.path == key.text; });
        if (axis == m_sweep.axes.end() && key.text != "policy")
        {
            std::vector<std::string> words = {"policy"};
            for (const Axis& one : m_sweep.axes)
            {
                words.push_back(one.path);
            }
            throw ValueError(
                key.line,
                name,
                fmt::format("{} is no axis; expected {}", Quote(key.text), JoinWords(words)));
        }
        Condition condition;
        if (value.kind == Value::Kind::Map)
        {
            ReadBounds(name + "." + key.text, value, condition);
            return condition;
        }
        const std::vector<Value> items =
            value.kind == Value::Kind::List ? value.items : std::vector<Value>{value};
        for (const Value& item : items)
        {
            const std::string text = item.FlowText();
            const bool isKnown =
                axis == m_sweep.axes.end() ||
                std::find(axis->values.begin(), axis->values.end(), text) != axis->values.end();
            if (!isKnown)
            {
                throw ValueError(item.line,
                                 name + "." + key.text,
                                 fmt::format("{} is no value of that axis; expected {}",
                                             Quote(text),
                                             JoinWords(axis->values)));
            }
            condition.oneOf.push_back(text);
        }
        return condition;
    }

    static void ReadBounds(const std::string& path, const Value& value, Condition& condition)
    {
        const std::map<std::string, std::optional<double>*> bounds = {
            {"above", &condition.above},
            {"below", &condition.below},
            {"at_least", &condition.atLeast},
            {"at_most", &condition.atMost},
        };
        ForEachKey(
            path,
            value,
            [&](const Value& key, const Value& item)
            {
                const auto bound = bounds.find(key.text);
                if (bound == bounds.end())
                {
                    throw Unknown(key, path + ".", Words(bounds));
                }
                constexpr double kAny = 1e15;
                *bound->second = ReadNumber({path + "." + key.text, "a number"}, item, -kAny, kAny);
            });
    }

    /// What a sweep must have, and what the parts must not say against each other.
    void Complete(const Value& root)
    {
        if (m_sweep.scenario.empty())
        {
            throw ValueError(root.line, "scenario", "is missing; expected a name or a file");
        }
        for (const Axis& axis : m_sweep.axes)
        {
            if (m_sweep.sets.count(axis.path) != 0)
            {
                throw ValueError(root.line, axis.path, "stands in `set` and in `axes`");
            }
        }
        if (m_sweep.policies.empty())
        {
            m_sweep.policies = LoadScenario({m_sweep.scenarioFile, {}, {}}).policies;
        }
    }

    fs::path m_file;
    Sweep& m_sweep;
};

} // namespace

bool
Condition::Holds(const std::string& value) const
{
    if (!oneOf.empty())
    {
        return std::find(oneOf.begin(), oneOf.end(), value) != oneOf.end();
    }
    const std::optional<double> number = analysis::NumberOf(value);
    return number && (!above || *number > *above) && (!below || *number < *below) &&
           (!atLeast || *number >= *atLeast) && (!atMost || *number <= *atMost);
}

Sweep
ReadSweep(const fs::path& file, const std::string& text)
{
    Sweep sweep;
    sweep.text = text;
    const std::string name = OneLine(file.string());
    try
    {
        Reader(file, sweep).Read(ParseYaml(text));
    }
    catch (const YamlError& error)
    {
        throw ScenarioError(fmt::format("{}:{}: {}", name, error.Line(), error.what()));
    }
    catch (const ValueError& error)
    {
        const std::string subject = error.Subject().empty() ? "" : error.Subject() + ": ";
        throw ScenarioError(
            fmt::format("{}:{}: {}{}", name, error.Line(), subject, error.Message()));
    }
    return sweep;
}

Sweep
LoadSweep(const std::string& fileOrName)
{
    const YamlFile file = FindYaml(fileOrName, ScenarioFolder() / "sweeps", "sweep");
    Sweep sweep = ReadSweep(file.path, file.text);
    sweep.name = file.name;
    return sweep;
}

} // namespace lanpeer::scenario
