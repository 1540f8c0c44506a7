#include "reading.h"

#include "model/settings/text.h"

namespace lanpeer::scenario
{

using namespace settings;

Scenario
Read(const std::string& text,
     const std::vector<std::string>& sets,
     const std::optional<std::string>& policies)
{
    ScenarioReader reader("s");
    reader.ReadText("s.yaml", text);
    for (const std::string& set : sets)
    {
        reader.Set(set);
    }
    if (policies)
    {
        reader.SetPolicies(*policies);
    }
    return reader.Finish();
}

std::string
ErrorOf(const std::string& text,
        const std::vector<std::string>& sets,
        const std::optional<std::string>& policies)
{
    try
    {
        Read(text, sets, policies);
    }
    catch (const ScenarioError& error)
    {
        return error.what();
    }
    return "";
}

std::string
SetError(const std::string& argument)
{
    return ErrorOf("{}", {argument});
}

bool
IsOneLine(const std::string& message)
{
    return !message.empty() && IsPlainText(message) && message.find('\n') == std::string::npos;
}

} // namespace lanpeer::scenario
