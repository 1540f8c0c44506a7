#include "scenarios/sweep/run-spec.h"

#include "analysis/shell-word.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace lanpeer::scenario
{

namespace
{

using analysis::ShellWord;
using Json = nlohmann::ordered_json;

} // namespace

std::string
ToJson(const RunSpec& spec)
{
    Json object;
    object["scenario"] = spec.scenarioFile;
    object["parameters"] = spec.parameters;
    object["policy"] = spec.policy;
    object["seed"] = spec.seed;
    object["run"] = spec.run;
    object["replay"] = spec.keepReplay;
    return object.dump();
}

RunSpec
RunSpecFromJson(const std::string& text)
{
    try
    {
        const Json object = Json::parse(text);
        RunSpec spec;
        object.at("scenario").get_to(spec.scenarioFile);
        object.at("parameters").get_to(spec.parameters);
        object.at("policy").get_to(spec.policy);
        object.at("seed").get_to(spec.seed);
        object.at("run").get_to(spec.run);
        object.at("replay").get_to(spec.keepReplay);
        return spec;
    }
    catch (const Json::exception&)
    {
        throw std::invalid_argument("a run to do: not as it was written");
    }
}

std::string
CommandFor(const RunSpec& spec)
{
    std::string command = "lanpeer-sim run " + ShellWord(spec.scenarioFile);
    for (const auto& [path, value] : spec.parameters)
    {
        command += " --set " + ShellWord(path + "=" + value);
    }
    return command +
           fmt::format(
               " --policy {} --seed {} --run {} --json -", spec.policy, spec.seed, spec.run);
}

std::string
Joined(const RunTexts& texts)
{
    return texts.metrics + '\n' + texts.nodes + '\n' + texts.replay;
}

RunTexts
Parted(const std::string& text)
{
    const std::size_t first = text.find('\n');
    const std::size_t second = first == std::string::npos ? first : text.find('\n', first + 1);
    if (second == std::string::npos)
    {
        throw std::invalid_argument("what a run gave: not as it was written");
    }
    return {
        text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

} // namespace lanpeer::scenario
