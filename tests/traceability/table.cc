#include "tests/traceability/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace lanpeer::traceability
{
namespace
{

constexpr const char* kHead = R"(# Requirements, claims, attacks and their tests

Made by `build/bin/traceability --rewrite` from [the list](../tests/traceability/requirements.yaml) and
the XML of the tests that passed, at the end of `tests/run`. A requirement stands here with
its tests, and names what of it is open; or is open as a whole: then it names the work that brings it, and
no test claims it.
)";

/// The tests that passed and named this one.
std::vector<const TestResult*>
TestsOf(const std::string& id, const std::vector<TestResult>& tests)
{
    std::vector<const TestResult*> found;
    for (const TestResult& test : tests)
    {
        if (test.passed && std::find(test.ids.begin(), test.ids.end(), id) != test.ids.end())
        {
            found.push_back(&test);
        }
    }
    return found;
}

std::string
NameOf(const TestResult& test)
{
    const std::string parameter = test.parameter.empty() ? "" : "/" + test.parameter;
    return test.program + " " + test.name + parameter;
}

std::string
Joined(const std::vector<std::string>& words)
{
    return fmt::format("{}", fmt::join(words, ", "));
}

/// "(fig4a, fig4b)"; of cases that are many or have only numbers: "(3 cases)"; "" of a test without
/// cases.
std::string
CasesOf(const std::vector<std::string>& parameters)
{
    if (parameters.size() == 1 && parameters.front().empty())
    {
        return "";
    }
    const bool onlyNumbers =
        std::all_of(parameters.begin(),
                    parameters.end(),
                    [](const std::string& name)
                    { return name.find_first_not_of("0123456789") == std::string::npos; });
    constexpr std::size_t kNamed = 8;
    return onlyNumbers || parameters.size() > kNamed ? fmt::format(" ({} cases)", parameters.size())
                                                     : fmt::format(" ({})", Joined(parameters));
}

/// One line for each program: `unit-test` Suite.A, Suite.B (case, case).
std::string
CellOf(const std::vector<const TestResult*>& tests)
{
    std::map<std::string, std::map<std::string, std::vector<std::string>>> programs;
    for (const TestResult* test : tests)
    {
        programs[test->program][test->name].push_back(test->parameter);
    }
    std::vector<std::string> lines;
    for (const auto& [program, names] : programs)
    {
        std::vector<std::string> of;
        for (const auto& [name, parameters] : names)
        {
            of.push_back(name + CasesOf(parameters));
        }
        lines.push_back(fmt::format("`{}` {}", program, Joined(of)));
    }
    return fmt::format("{}", fmt::join(lines, "<br>"));
}

/// "<br>open: the caching proxy"; "" where all of it is there.
std::string
OpenPartOf(const Requirement& requirement)
{
    return requirement.partly.empty() ? "" : "<br>open: " + requirement.partly;
}

std::string
RenderSection(const Section& section, const char* word, const std::vector<TestResult>& tests)
{
    std::string text =
        fmt::format("\n### {}\n\n| {} | what | tests |\n|---|---|---|\n", section.title, word);
    for (const Requirement& requirement : section.of)
    {
        text += fmt::format("| {} | {} | {} |\n",
                            requirement.id,
                            requirement.title,
                            requirement.open.empty()
                                ? CellOf(TestsOf(requirement.id, tests)) + OpenPartOf(requirement)
                                : "open: " + requirement.open);
    }
    return text;
}

std::string
RenderClaims(const RequirementList& list)
{
    std::string text =
        "\n## Claims\n\nEach part of a claim of EP 1 248 438 A2 stands on the tests of "
        "the requirements it names.\n\n"
        "| claim | part | requirements | |\n|---|---|---|---|\n";
    for (const Claim& claim : list.claims)
    {
        text += fmt::format("| {} | **{}** | | |\n", claim.id, claim.title);
        for (const ClaimPart& part : claim.parts)
        {
            std::set<std::string> open;
            for (const std::string& id : part.by)
            {
                open.insert(list.Find(id)->open);
            }
            open.erase("");
            text += fmt::format("| | {} | {} | {} |\n",
                                part.what,
                                Joined(part.by),
                                open.empty() ? "tested"
                                             : fmt::format("open: {}", fmt::join(open, ", ")));
        }
    }
    return text;
}

void
FindFaultsOf(const Requirement& requirement,
             const std::vector<TestResult>& tests,
             std::vector<std::string>& faults)
{
    const auto passed = TestsOf(requirement.id, tests);
    if (!requirement.open.empty())
    {
        for (const TestResult* test : passed)
        {
            faults.push_back(fmt::format("{} is listed as open ({}), but {} passed for it",
                                         requirement.id,
                                         requirement.open,
                                         NameOf(*test)));
        }
    }
    else if (passed.empty())
    {
        faults.push_back(fmt::format("{} has no test that passed", requirement.id));
    }
    else if (!requirement.program.empty() &&
             std::none_of(passed.begin(),
                          passed.end(),
                          [&requirement](const TestResult* test)
                          { return test->program == requirement.program; }))
    {
        faults.push_back(
            fmt::format("{} has no test of {} that passed", requirement.id, requirement.program));
    }
}

} // namespace

std::vector<std::string>
FindFaults(const RequirementList& list, const std::vector<TestResult>& tests)
{
    std::vector<std::string> faults;
    for (const auto* sections : {&list.requirements, &list.attacks})
    {
        for (const Section& section : *sections)
        {
            for (const Requirement& requirement : section.of)
            {
                FindFaultsOf(requirement, tests, faults);
            }
        }
    }
    for (const TestResult& test : tests)
    {
        for (const std::string& id : test.ids)
        {
            if (list.Find(id) == nullptr)
            {
                faults.push_back(fmt::format("{} names {}, which is not listed", NameOf(test), id));
            }
        }
    }
    return faults;
}

std::string
RenderTable(const RequirementList& list, const std::vector<TestResult>& tests)
{
    std::string text = kHead;
    text += "\n## Requirements\n";
    for (const Section& section : list.requirements)
    {
        text += RenderSection(section, "requirement", tests);
    }
    text += RenderClaims(list);
    text += "\n## Attacks\n";
    for (const Section& section : list.attacks)
    {
        text += RenderSection(section, "attack", tests);
    }
    return text;
}

} // namespace lanpeer::traceability
