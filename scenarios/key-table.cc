#include "scenarios/key-table.h"

#include "scenarios/key-kinds.h"

#include <algorithm>
#include <set>
#include <string>

namespace lanpeer::scenario
{

namespace
{

std::vector<Key>
MakeTable()
{
    std::vector<Key> rows = {AboutKey()};
    const std::vector<Key> run = {
        PolicyKey(),
        FlagKey(
            "proxy.collapse",
            [](auto& s) -> auto& { return s.proxy.collapse; },
            "policy proxy: concurrent requests for one URL share one transfer from the Internet")};
    for (const auto& group : {LanKeys(),
                              UplinkKeys(),
                              WorkloadKeys(),
                              run,
                              FaultKeys(),
                              AdversaryKeys(),
                              ProtocolKeys(),
                              UpdateKeys()})
    {
        rows.insert(rows.end(), group.begin(), group.end());
    }
    return rows;
}

bool
LiesBelow(std::string_view path, std::string_view group)
{
    return path.size() > group.size() && path.substr(0, group.size()) == group &&
           path[group.size()] == '.';
}

} // namespace

void
Key::Set(Scenario& scenario, const Value& value) const
{
    read(*this, value, scenario);
}

std::string
Key::Print(const Scenario& scenario) const
{
    return print(scenario);
}

std::string
Key::Default() const
{
    return print(Scenario{});
}

Expected
Key::Expectation() const
{
    return {path, allowed};
}

const std::vector<Key>&
KeyTable()
{
    static const std::vector<Key> table = MakeTable();
    return table;
}

const Key*
FindKey(std::string_view path)
{
    const auto& table = KeyTable();
    const auto found =
        std::find_if(table.begin(),
                     table.end(),
                     [path](const Key& row)
                     { return row.path == path || (row.subtree && LiesBelow(path, row.path)); });
    return found == table.end() ? nullptr : &*found;
}

bool
IsGroup(std::string_view path)
{
    const auto& table = KeyTable();
    return std::any_of(
        table.begin(), table.end(), [path](const Key& row) { return LiesBelow(row.path, path); });
}

std::vector<std::string>
AllPaths()
{
    std::vector<std::string> paths;
    std::set<std::string> groups;
    for (const Key& row : KeyTable())
    {
        for (auto dot = row.path.find('.'); dot != std::string::npos;
             dot = row.path.find('.', dot + 1))
        {
            groups.insert(row.path.substr(0, dot));
        }
        paths.push_back(row.path);
    }
    paths.insert(paths.end(), groups.begin(), groups.end());
    return paths;
}

std::string
PrintScenario(const Scenario& scenario)
{
    std::string printed;
    for (const Key& row : KeyTable())
    {
        const std::string value = row.Print(scenario);
        if (value != row.Default())
        {
            printed += row.path + ": " + value + "\n";
        }
    }
    return printed.empty() ? "{}\n" : printed;
}

} // namespace lanpeer::scenario
