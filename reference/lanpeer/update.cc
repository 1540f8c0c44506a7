#include "reference/lanpeer/commands.h"

#include <fmt/format.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>

// update, and what `status` tells of updates.

namespace lanpeer::command
{

namespace
{

using Json = nlohmann::ordered_json;

std::string
TimeText(const Json& seconds)
{
    return UtcText(seconds.get<std::int64_t>()) + " UTC";
}

std::string
CheckText(const Json& check)
{
    const auto outcome = check.at("outcome").get<std::string>();
    std::string text = fmt::format("{}, {}", TimeText(check.at("started")), outcome);
    if (check.contains("meaning"))
    {
        const auto subject = check.at("subject").get<std::string>();
        text += fmt::format(": {}{}{}",
                            subject,
                            subject.empty() ? "" : ": ",
                            check.at("meaning").get<std::string>());
    }
    return text;
}

} // namespace

void
PrintUpdates(const Json& updates)
{
    if (updates.is_null())
    {
        fmt::print("updates: none, no catalog is configured (update.catalog_url)\n");
        return;
    }
    for (const Json& product : updates.at("products"))
    {
        const auto version = [&product](const char* key)
        {
            return product.at(key).is_null() ? std::string("none")
                                             : product.at(key).get<std::string>();
        };
        fmt::print("product {}: installed {}, available {}\n",
                   product.at("product").get<std::string>(),
                   version("installed"),
                   version("available"));
    }
    for (const Json& set : updates.at("incomplete"))
    {
        fmt::print("incomplete: {}, since {}\n",
                   set.at("set").get<std::string>(),
                   TimeText(set.at("since")));
    }
    const Json& last = updates.at("last_check");
    fmt::print("last check: {}\n", last.is_null() ? "none" : CheckText(last));
    const Json& next = updates.at("next_check");
    fmt::print("next check: {}\n",
               updates.at("checking").get<bool>() ? "one is running"
               : next.is_null()                   ? "none"
                                                  : TimeText(next));
    if (!updates.at("stale_since").is_null())
    {
        fmt::print("STALE since {}\n", TimeText(updates.at("stale_since")));
    }
}

int
Update(const std::string& socket, const UpdateOptions& options)
{
    Client client(socket);
    if (!options.check && !options.now)
    {
        const Json updates = Json::parse(client.Status()).at("updates");
        if (options.json)
        {
            fmt::print("{}\n", updates.dump());
            return 0;
        }
        PrintUpdates(updates);
        if (updates.is_null())
        {
            return 1;
        }
        for (const Json& remark : updates.at("remarks"))
        {
            fmt::print("{} {}\n", TimeText(remark.at("at")), remark.at("text").get<std::string>());
        }
        return 0;
    }
    const Json ended = Json::parse(client.Update(options.now));
    const Json& check = ended.at("check");
    const bool failed = check.at("outcome") == "failed";
    if (options.json)
    {
        fmt::print("{}\n", ended.dump());
        return failed ? 1 : 0;
    }
    PrintUpdates(ended.at("updates"));
    if (failed)
    {
        throw std::runtime_error(fmt::format("update: {}", CheckText(check)));
    }
    return 0;
}

} // namespace lanpeer::command
