#include "scenarios/scenario-reader.h"

#include "model/settings/text.h"
#include "scenarios/key-table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace lanpeer::scenario
{

using namespace settings;

namespace
{

/// What a message calls a key that may be anything.
std::string
Subject(const std::string& path)
{
    return path.empty() ? "''" : OneLine(path);
}

ValueError
UnknownKey(std::size_t line, const std::string& path)
{
    const auto nearest = Nearest(path, AllPaths());
    return {line,
            Subject(path),
            "unknown key; " +
                (nearest ? "did you mean " + *nearest + "?" : "`lanpeer-sim keys` lists them")};
}

ValueError
Twice(std::size_t line, const std::string& path, std::size_t firstLine)
{
    return {line, Subject(path), fmt::format("given twice; first in line {}", firstLine)};
}

/// A key that lies below a group, for the message that a map was expected.
std::string
KeyBelow(const std::string& group)
{
    for (const Key& row : KeyTable())
    {
        if (row.path.rfind(group.empty() ? "lan." : group + ".", 0) == 0)
        {
            return row.path;
        }
    }
    return "";
}

} // namespace

ScenarioReader::ScenarioReader(std::string name)
{
    m_scenario.name = std::move(name);
}

void
ScenarioReader::ReadText(const std::string& fileName, const std::string& text)
{
    m_source = {Source::Kind::File, fileName, ""};
    m_linesHere.clear();
    try
    {
        const Value root = Parse(text);
        if (root.kind != Value::Kind::Map)
        {
            const bool empty = root.kind == Value::Kind::Null;
            throw ValueError(empty ? 1 : root.line,
                             "",
                             fmt::format("{}; expected keys such as {}",
                                         empty ? "is empty" : root.Describe() + " is not a map",
                                         KeyBelow("")));
        }
        ApplyGroup("", root.line, root);
    }
    catch (const ValueError& error)
    {
        Fail(m_source, error);
    }
}

void
ScenarioReader::Set(const std::string& argument)
{
    const std::size_t equals = argument.find('=');
    m_source = {Source::Kind::Set, argument, argument.substr(0, equals)};
    m_linesHere.clear();
    try
    {
        if (equals == std::string::npos || equals == 0)
        {
            const std::string missing = equals == 0 ? "key" : "'='";
            throw ValueError(1, m_source.path, "has no " + missing + "; expected PATH=VALUE");
        }
        Apply(m_source.path, 1, Parse(argument.substr(equals + 1)));
    }
    catch (const ValueError& error)
    {
        Fail(m_source, error);
    }
}

void
ScenarioReader::SetPolicies(const std::string& argument)
{
    m_source = {Source::Kind::Policy, argument, "policy"};
    m_linesHere.clear();
    Value list;
    list.kind = Value::Kind::List;
    for (const std::string& policy : Split(argument, ','))
    {
        list.items.push_back(Value::Scalar(policy, 1));
    }
    try
    {
        Apply("policy", 1, list);
    }
    catch (const ValueError& error)
    {
        Fail(m_source, error);
    }
}

Scenario
ScenarioReader::Finish() const
{
    const auto contradiction = CheckScenario(m_scenario);
    if (!contradiction)
    {
        return m_scenario;
    }
    Blame(contradiction->keys, contradiction->message);
}

void
ScenarioReader::Blame(const std::vector<std::string>& keys, const std::string& message) const
{
    // Whoever set one of the keys last has made it wrong; the defaults alone are not.
    const Origin* last = nullptr;
    std::string key = keys.front();
    for (const std::string& candidate : keys)
    {
        const auto found = m_origins.find(candidate);
        if (found != m_origins.end() && (last == nullptr || found->second.order > last->order))
        {
            last = &found->second;
            key = candidate;
        }
    }
    const Origin origin = last == nullptr ? Origin{m_source, 1, 0} : *last;
    Fail(origin.source, ValueError(origin.line, key, message));
}

Value
ScenarioReader::Parse(const std::string& text) const
{
    try
    {
        return ParseYaml(text);
    }
    catch (const YamlError& error)
    {
        throw ValueError(error.Line(), m_source.path, error.what());
    }
}

void
ScenarioReader::Apply(const std::string& path, std::size_t line, const Value& value)
{
    if (FindKey(path) != nullptr)
    {
        ApplyKey(path, line, value);
    }
    else if (IsGroup(path))
    {
        ApplyGroup(path, line, value);
    }
    else
    {
        throw UnknownKey(line, path);
    }
}

void
ScenarioReader::ApplyKey(const std::string& path, std::size_t line, const Value& value)
{
    const Key& key = *FindKey(path);
    if (path != key.path)
    {
        throw ValueError::NotBuilt(line, Subject(path));
    }
    const auto [first, isNew] = m_linesHere.emplace(path, line);
    if (!isNew)
    {
        throw Twice(line, path, first->second);
    }
    if (value.kind == Value::Kind::Null)
    {
        Value nothing; // the parser sees the end of nothing lines later
        nothing.line = line;
        key.Set(m_scenario, nothing);
    }
    else
    {
        key.Set(m_scenario, key.isFile ? FromHere(value) : value);
    }
    m_origins[path] = {m_source, line, ++m_order};
}

Value
ScenarioReader::FromHere(Value path) const
{
    const bool isPath = path.kind == Value::Kind::Scalar && !IsWord(path, "none");
    if (isPath && !path.text.empty() && m_source.kind == Source::Kind::File)
    {
        const auto folder = std::filesystem::path(m_source.text).parent_path();
        path.text = (folder / path.text).lexically_normal().string();
    }
    return path;
}

void
ScenarioReader::ApplyGroup(const std::string& path, std::size_t line, const Value& value)
{
    if (value.kind != Value::Kind::Map)
    {
        const bool nothing = value.kind == Value::Kind::Null;
        throw ValueError(nothing ? line : value.line,
                         path,
                         fmt::format("{}; expected keys such as {}",
                                     nothing ? "has no value" : value.Describe() + " is not a map",
                                     KeyBelow(path)));
    }
    std::map<std::string, std::size_t> linesOfKeys;
    for (std::size_t i = 0; i < value.keys.size(); ++i)
    {
        const Value& key = value.keys[i];
        if (key.kind != Value::Kind::Scalar)
        {
            const std::string wrong =
                key.kind == Value::Kind::Null ? "no name" : key.Describe() + " as its name";
            throw ValueError(
                key.line,
                path,
                fmt::format("a key with {}; expected one such as {}", wrong, KeyBelow(path)));
        }
        const std::string below = path.empty() ? key.text : path + "." + key.text;
        const auto [first, isNew] = linesOfKeys.emplace(key.text, key.line);
        if (!isNew)
        {
            throw Twice(key.line, below, first->second);
        }
        Apply(below, key.line, value.items[i]);
    }
}

void
ScenarioReader::Fail(const Source& source, const ValueError& error)
{
    const std::string text = OneLine(source.text);
    const std::string subject = error.Subject().empty() ? "" : error.Subject() + ": ";
    switch (source.kind)
    {
    case Source::Kind::File:
        throw ScenarioError(
            fmt::format("{}:{}: {}{}", text, error.Line(), subject, error.Message()));
    case Source::Kind::Set:
    {
        // The argument begins with the key; only what it does not say needs saying.
        const bool said = error.Subject() == source.path && !error.IsNotBuilt();
        throw ScenarioError(
            fmt::format("--set {}: {}{}", text, said ? "" : subject, error.Message()));
    }
    case Source::Kind::Policy:
        // "policy coop: not in this version", to the letter of INTERFACES.md.
        throw ScenarioError(error.IsNotBuilt()
                                ? subject + error.Message()
                                : fmt::format("--policy {}: {}", text, error.Message()));
    }
    throw ScenarioError(error.Message());
}

} // namespace lanpeer::scenario
