#include "scenarios/ranks/rank-message.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

using Json = nlohmann::json;

Json
ToJson(const RunOutcome& outcome)
{
    Json json{{"index", outcome.index},
              {"exit", outcome.exitCode},
              {"error", outcome.errorText},
              {"cpu_s", outcome.cpuS},
              {"wall_s", outcome.wallS}};
    if (outcome.result)
    {
        json["result"] = *outcome.result;
    }
    return json;
}

RunOutcome
OutcomeFrom(const Json& json)
{
    RunOutcome outcome;
    json.at("index").get_to(outcome.index);
    json.at("exit").get_to(outcome.exitCode);
    json.at("error").get_to(outcome.errorText);
    json.at("cpu_s").get_to(outcome.cpuS);
    json.at("wall_s").get_to(outcome.wallS);
    if (json.contains("result"))
    {
        outcome.result = json.at("result").get<std::string>();
    }
    return outcome;
}

} // namespace

std::string
ToBytes(const RankMessage& message)
{
    Json json{{"kind", message.kind}, {"number", message.number}};
    switch (message.kind)
    {
    case RankMessage::Kind::Beat:
    case RankMessage::Kind::Rest:
    case RankMessage::Kind::End:
    case RankMessage::Kind::Leave:
        break;
    case RankMessage::Kind::Hello:
    case RankMessage::Kind::Unfit:
    case RankMessage::Kind::Do:
        json["text"] = message.text;
        json["host"] = message.host;
        break;
    case RankMessage::Kind::Progress:
        json["progress"] = message.progress;
        break;
    case RankMessage::Kind::Over:
        json["outcome"] = ToJson(message.outcome);
        break;
    }
    const std::vector<std::uint8_t> bytes = Json::to_cbor(json);
    return {bytes.begin(), bytes.end()};
}

RankMessage
RankMessageFromBytes(const std::string& bytes)
{
    try
    {
        const Json json = Json::from_cbor(bytes);
        RankMessage message;
        json.at("kind").get_to(message.kind);
        json.at("number").get_to(message.number);
        message.text = json.value("text", "");
        message.host = json.value("host", "");
        message.progress = json.value("progress", 0.0);
        if (message.kind == RankMessage::Kind::Over)
        {
            message.outcome = OutcomeFrom(json.at("outcome"));
        }
        return message;
    }
    catch (const Json::exception&)
    {
        throw std::invalid_argument("a message of a rank: not as it was written");
    }
}

} // namespace lanpeer::scenario
