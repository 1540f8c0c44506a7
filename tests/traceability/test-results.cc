#include "tests/traceability/test-results.h"

#include <pugixml.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace lanpeer::traceability
{
namespace
{

namespace fs = std::filesystem;

/// Several are separated by blanks.
void
AddIds(const std::string& words, std::vector<std::string>& ids)
{
    std::istringstream in(words);
    for (std::string id; in >> id;)
    {
        ids.push_back(id);
    }
}

TestResult
ResultOf(const std::string& program, const pugi::xml_node& test)
{
    TestResult result;
    result.program = program;
    const std::string name = test.attribute("name").value();
    const std::size_t slash = name.find('/'); // of a case: Test/Parameter
    result.name = std::string(test.attribute("classname").value()) + "." + name.substr(0, slash);
    result.parameter = slash == std::string::npos ? "" : name.substr(slash + 1);
    result.passed = std::string_view(test.attribute("status").value()) == "run" &&
                    std::string_view(test.attribute("result").value()) == "completed" &&
                    !test.child("failure") && !test.child("skipped");
    for (const pugi::xml_node property : test.child("properties").children("property"))
    {
        const std::string_view key = property.attribute("name").value();
        if (key == "requirement" || key == "attack")
        {
            AddIds(property.attribute("value").value(), result.ids);
        }
    }
    return result;
}

} // namespace

std::vector<TestResult>
ReadTestResults(const fs::path& folder)
{
    std::vector<TestResult> results;
    if (!fs::is_directory(folder))
    {
        throw std::runtime_error(folder.string() + ": no such folder; ctest makes it");
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder))
    {
        if (entry.path().extension() != ".xml")
        {
            continue;
        }
        const fs::path inside = entry.path().lexically_relative(folder);
        pugi::xml_document document;
        const pugi::xml_parse_result read = document.load_file(entry.path().c_str());
        if (!read || !document.child("testsuites"))
        {
            throw std::runtime_error(entry.path().string() + ": not GoogleTest's XML");
        }
        if (!inside.has_parent_path())
        {
            throw std::runtime_error(entry.path().string() + ": not in a folder of its program");
        }
        for (const pugi::xml_node suite : document.child("testsuites").children("testsuite"))
        {
            for (const pugi::xml_node test : suite.children("testcase"))
            {
                results.push_back(ResultOf(inside.begin()->string(), test));
            }
        }
    }
    std::sort(results.begin(),
              results.end(),
              [](const TestResult& a, const TestResult& b) {
                  return std::tie(a.program, a.name, a.parameter) <
                         std::tie(b.program, b.name, b.parameter);
              });
    return results;
}

} // namespace lanpeer::traceability
