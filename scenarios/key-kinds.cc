#include "scenarios/key-kinds.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace lanpeer::scenario
{

namespace
{

constexpr std::size_t kAboutBytesMax = 4096;

std::string
Trimmed(std::string text)
{
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

} // namespace

std::string
QuoteYaml(const std::string& text)
{
    return nlohmann::json(text).dump();
}

std::string_view
FlagText(bool value)
{
    return value ? "on" : "off";
}

Key
LaterKey(std::string_view path, std::string_view word, bool subtree, std::string_view meaning)
{
    Key row;
    row.path = path;
    row.type = "word";
    row.allowed = word;
    row.meaning = meaning;
    row.built = false;
    row.subtree = subtree;
    row.read = [](const Key& key, const Value& value, Scenario& /*scenario*/)
    {
        const bool isMap = value.kind == Value::Kind::Map;
        if (IsWord(value, key.allowed) || (isMap && value.items.empty()))
        {
            return;
        }
        const bool named = key.subtree && isMap;
        throw ValueError::NotBuilt(named ? value.keys[0].line : value.line,
                                   named ? key.path + "." + OneLine(value.keys[0].text) : key.path);
    };
    row.print = [word = std::string(word)](const Scenario& /*scenario*/)
    {
        return word;
    };
    return row;
}

Key
AboutKey()
{
    Key row;
    row.path = "about";
    row.type = "text";
    row.allowed = fmt::format("text, at most {} bytes", kAboutBytesMax);
    row.meaning = "what the scenario is, why, and what to look for; `list` shows the first line";
    row.read = [](const Key& key, const Value& value, Scenario& scenario)
    {
        if (value.kind != Value::Kind::Scalar || value.text.size() > kAboutBytesMax ||
            !IsPlainText(value.text))
        {
            throw ValueError::Unexpected(key.Expectation(), value, "is not such a text");
        }
        scenario.about = Trimmed(value.text);
    };
    row.print = [](const Scenario& scenario)
    {
        return QuoteYaml(scenario.about);
    };
    return row;
}

Key
PresetKey()
{
    std::vector<std::string> words;
    for (const lan::UplinkPreset& preset : lan::UplinkPresets())
    {
        words.emplace_back(preset.name);
    }
    Key row;
    row.path = "uplink.preset";
    row.type = "word";
    row.allowed = JoinWords(words);
    row.meaning = "the line to the Internet; what is set below wins over it";
    row.read = [words](const Key& key, const Value& value, Scenario& scenario)
    {
        scenario.uplink.preset = words[ReadWord(key.Expectation(), value, words, key.later)];
    };
    row.print = [](const Scenario& scenario)
    {
        return scenario.uplink.preset;
    };
    return row;
}

} // namespace lanpeer::scenario
