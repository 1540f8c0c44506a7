#include "tests/swarm/setting.h"

#include "model/protocol/action.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace lanpeer::swarm
{

namespace
{

constexpr std::string_view kOrigin = "http://origin.test";

/// The faults at random by name.
struct OddsRow
{
    std::string_view name;
    std::uint64_t Odds::*member;
};

constexpr std::array<OddsRow, 10> kOdds{{{"loss", &Odds::loss},
                                         {"duplicates", &Odds::duplicates},
                                         {"late", &Odds::late},
                                         {"dead-links", &Odds::deadLink},
                                         {"failed", &Odds::failed},
                                         {"stalled", &Odds::stalled},
                                         {"altered", &Odds::altered},
                                         {"slow", &Odds::slow},
                                         {"not-found", &Odds::notFound},
                                         {"busy", &Odds::busy}}};

bool
IsAdmissible(const Setting& setting)
{
    const auto configs = ConfigsOf(setting);
    return std::none_of(configs.begin(),
                        configs.end(),
                        [](const auto& config) { return CheckConfig(*config).has_value(); });
}

} // namespace

std::string_view
ToString(MishapKind kind)
{
    switch (kind)
    {
    case MishapKind::Crash:
        return "crash";
    case MishapKind::Partition:
        return "partition";
    case MishapKind::Uplink:
        return "uplink";
    case MishapKind::ToldUplink:
        return "told-uplink";
    case MishapKind::Lan:
        return "lan";
    case MishapKind::StoreFull:
        return "store-full";
    case MishapKind::Cancel:
        return "cancel";
    case MishapKind::Withdraw:
        return "withdraw";
    case MishapKind::Offer:
        return "offer";
    case MishapKind::Stranger:
        return "stranger";
    }
    return "";
}

std::string_view
ToString(Forgery forgery)
{
    switch (forgery)
    {
    case Forgery::IHave:
        return "i-have";
    case Forgery::IHaveAltered:
        return "i-have-altered";
    case Forgery::IHaveForeign:
        return "i-have-foreign";
    case Forgery::IHaveBusy:
        return "i-have-busy";
    case Forgery::IFound:
        return "i-found";
    case Forgery::IFoundKey:
        return "i-found-key";
    case Forgery::IFoundWait:
        return "i-found-wait";
    case Forgery::Downloading:
        return "downloading";
    case Forgery::Complete:
        return "complete";
    case Forgery::Failed:
        return "failed";
    case Forgery::INeed:
        return "i-need";
    case Forgery::INeedHelp:
        return "i-need-help";
    case Forgery::ApplicationOwn:
        return "application-own";
    }
    return "";
}

std::vector<std::shared_ptr<const PeeringConfig>>
ConfigsOf(const Setting& setting)
{
    std::vector<std::shared_ptr<const PeeringConfig>> configs;
    for (std::uint32_t host = 0; host < setting.nodes.size(); ++host)
    {
        const Node& node = setting.nodes[host];
        PeeringConfig config = PeeringConfig::Defaults(node.policy);
        for (const Change& change : setting.changes)
        {
            if (!change.host || *change.host == host)
            {
                SetParameter(config, *FindParameter(change.key), change.value);
            }
        }
        config.internetAccess = node.access;
        config.helperOrigins = {std::string(node.allows ? kOrigin : "http://elsewhere.test")};
        configs.push_back(std::make_shared<const PeeringConfig>(std::move(config)));
    }
    return configs;
}

// ---------------------------------------------------------------- leaving out

std::vector<std::string>
Droppable(const Setting& setting)
{
    // What shortens the story most comes first.
    std::vector<std::string> names;
    for (std::uint32_t host = 0; host < setting.nodes.size(); ++host)
    {
        if (setting.nodes[host].present)
        {
            names.push_back(fmt::format("node:{}", host + 1));
        }
    }
    for (const Want& want : setting.wants)
    {
        names.push_back(fmt::format("want:{}", want.number));
    }
    for (const Mishap& mishap : setting.mishaps)
    {
        names.push_back(fmt::format("mishap:{}", mishap.number));
    }
    for (const OddsRow& row : kOdds)
    {
        if (setting.odds.*row.member > 0)
        {
            names.emplace_back(row.name);
        }
    }
    if (setting.jitterUs > 0)
    {
        names.emplace_back("jitter");
    }
    for (std::uint32_t host = 0; host < setting.nodes.size(); ++host)
    {
        if (setting.nodes[host].liar)
        {
            names.push_back(fmt::format("liar:{}", host + 1));
        }
    }
    for (const Change& change : setting.changes)
    {
        names.push_back(fmt::format("change:{}", change.number));
    }
    return names;
}

namespace
{

template <typename Item>
bool
DropNumbered(std::vector<Item>& items, std::uint64_t number)
{
    const auto found = std::find_if(
        items.begin(), items.end(), [number](const Item& item) { return item.number == number; });
    if (found == items.end())
    {
        return false;
    }
    items.erase(found);
    return true;
}

bool
DropNode(Setting& setting, std::uint64_t number)
{
    if (number < 1 || number > setting.nodes.size() || !setting.nodes[number - 1].present)
    {
        return false;
    }
    const auto host = static_cast<std::uint32_t>(number - 1);
    setting.nodes[host].present = false;
    const auto its = [host](const auto& item)
    {
        return item.host == host;
    };
    auto& wants = setting.wants;
    wants.erase(std::remove_if(wants.begin(), wants.end(), its), wants.end());
    auto& mishaps = setting.mishaps;
    mishaps.erase(std::remove_if(mishaps.begin(),
                                 mishaps.end(),
                                 [&its](const Mishap& mishap)
                                 {
                                     return its(mishap) && mishap.kind != MishapKind::Partition &&
                                            mishap.kind != MishapKind::Stranger;
                                 }),
                  mishaps.end());
    return true;
}

bool
DropByNumber(Setting& setting, std::string_view what, std::uint64_t number)
{
    if (what == "node")
    {
        return DropNode(setting, number);
    }
    if (what == "want")
    {
        return DropNumbered(setting.wants, number);
    }
    if (what == "mishap")
    {
        return DropNumbered(setting.mishaps, number);
    }
    if (what == "liar" && number >= 1 && number <= setting.nodes.size())
    {
        return std::exchange(setting.nodes[number - 1].liar, false);
    }
    if (what == "change")
    {
        Setting without = setting;
        const bool found = DropNumbered(without.changes, number);
        if (found && IsAdmissible(without))
        {
            setting = std::move(without);
            return true;
        }
    }
    return false;
}

} // namespace

bool
Drop(Setting& setting, const std::string& name)
{
    bool dropped = false;
    const auto row = std::find_if(
        kOdds.begin(), kOdds.end(), [&name](const OddsRow& one) { return one.name == name; });
    if (row != kOdds.end())
    {
        dropped = std::exchange(setting.odds.*row->member, 0) > 0;
    }
    else if (name == "jitter")
    {
        dropped = std::exchange(setting.jitterUs, 0) > 0;
    }
    else if (const auto colon = name.find(':'); colon != std::string::npos)
    {
        const std::string number = name.substr(colon + 1);
        const bool digits = !number.empty() && number.size() < 9 &&
                            number.find_first_not_of("0123456789") == std::string::npos;
        dropped = digits && DropByNumber(setting, name.substr(0, colon), std::stoul(number));
    }
    if (dropped)
    {
        setting.dropped.push_back(name);
    }
    return dropped;
}

// ---------------------------------------------------------------- in words

namespace
{

std::string
HostsOf(std::uint32_t mask)
{
    std::vector<std::string> names;
    for (std::uint32_t host = 0; host < 32; ++host)
    {
        if ((mask >> host & 1) != 0)
        {
            names.push_back(fmt::format("n{}", host + 1));
        }
    }
    return fmt::format("{}", fmt::join(names, ","));
}

std::string
TimeOf(std::uint64_t us)
{
    return fmt::format("{}.{:03} s", us / kSecondUs, us % kSecondUs / 1000);
}

std::string
ToldOf(const Want& want)
{
    const RequestOptions& options = want.options;
    return fmt::format("want:{} at {} n{} wants r{}{}{}{}{}\n",
                       want.number,
                       TimeOf(want.atUs),
                       want.host + 1,
                       want.resource + 1,
                       options.mayWait ? "" : " nowait",
                       options.mayUseInternet ? "" : " lan-only",
                       options.cacheable ? "" : " uncacheable",
                       options.verified ? "" : " unverified");
}

std::string
ToldOf(const Mishap& mishap)
{
    const bool stranger = mishap.kind == MishapKind::Stranger;
    std::string text = fmt::format("mishap:{} at {}{} {}",
                                   mishap.number,
                                   TimeOf(mishap.atUs),
                                   mishap.untilUs == 0 ? "" : " until " + TimeOf(mishap.untilUs),
                                   ToString(mishap.kind));
    if (stranger)
    {
        text +=
            fmt::format(" {}x {} r{}", mishap.count, ToString(mishap.forgery), mishap.resource + 1);
    }
    else if (mishap.kind == MishapKind::Partition)
    {
        text += " " + HostsOf(mishap.mask);
    }
    else
    {
        text += fmt::format(" n{} r{}", mishap.host + 1, mishap.resource + 1);
    }
    return text + "\n";
}

} // namespace

std::string
Told(const Setting& setting)
{
    std::string text;
    for (std::uint32_t host = 0; host < setting.nodes.size(); ++host)
    {
        const Node& node = setting.nodes[host];
        if (node.present)
        {
            text += fmt::format("n{} {}{}{}{}{}\n",
                                host + 1,
                                ToString(node.policy),
                                node.access ? "" : " no-access",
                                node.liar ? " liar" : "",
                                node.allows ? "" : " allows-no-help",
                                node.named == 0 ? "" : " holds-a-catalog");
        }
    }
    for (const Change& change : setting.changes)
    {
        text += fmt::format("change:{} {} {}={}\n",
                            change.number,
                            change.host ? fmt::format("n{}", *change.host + 1) : "all",
                            change.key,
                            change.value);
    }
    for (std::uint32_t i = 0; i < setting.resources.size(); ++i)
    {
        const Resource& resource = setting.resources[i];
        text += fmt::format("r{} {} {} bytes{} held by {}\n",
                            i + 1,
                            resource.href,
                            resource.bytes,
                            resource.cacheable ? "" : " uncacheable",
                            setting.holders[i] == 0 ? "nobody" : HostsOf(setting.holders[i]));
    }
    for (const OddsRow& row : kOdds)
    {
        if (setting.odds.*row.member > 0)
        {
            text += fmt::format("{} {} in 1000\n", row.name, setting.odds.*row.member);
        }
    }
    text += setting.jitterUs > 0 ? fmt::format("jitter {} us\n", setting.jitterUs) : "";
    for (const Want& want : setting.wants)
    {
        text += ToldOf(want);
    }
    for (const Mishap& mishap : setting.mishaps)
    {
        text += ToldOf(mishap);
    }
    text += fmt::format(
        "faults end at {}{}\n", TimeOf(setting.faultsUs), setting.liarsStay ? ", liars stay" : "");
    return text;
}

} // namespace lanpeer::swarm
