#include "analysis/regression/junit.h"

#include "analysis/regression/comparison-text.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <map>
#include <sstream>

namespace lanpeer::regression
{

namespace
{

constexpr const char* kSuite = "lanpeer-sim compare";

/// Adds test cases to a suite and counts them.
class Suite
{
  public:
    explicit Suite(pugi::xml_node node)
        : m_node(node)
    {
    }

    /// \param failure its lines; empty: passed
    void Add(const std::string& className, const std::string& name, const std::string& failure)
    {
        ++tests;
        pugi::xml_node testCase = m_node.append_child("testcase");
        testCase.append_attribute("classname") = className.c_str();
        testCase.append_attribute("name") = name.c_str();
        if (failure.empty())
        {
            return;
        }
        ++failures;
        pugi::xml_node node = testCase.append_child("failure");
        node.append_attribute("message") = failure.substr(0, failure.find('\n')).c_str();
        node.append_attribute("type") = "worse";
        node.text() = failure.c_str();
    }

    unsigned tests = 0;
    unsigned failures = 0;

  private:
    pugi::xml_node m_node;
};

void
AddFigures(Suite& suite, const Comparison& comparison, std::size_t place)
{
    std::map<const ComparedMetric*, std::string> failures;
    for (const ComparedFigure& figure : comparison.figures)
    {
        if (figure.place == place && figure.metric->direction != Direction::Informational)
        {
            std::string& failure = failures[figure.metric];
            failure += figure.verdict == Verdict::Worse ? FigureLine(figure) + "\n" : "";
        }
    }
    for (const ComparedMetric& metric : ComparedMetrics())
    {
        if (const auto found = failures.find(&metric); found != failures.end())
        {
            suite.Add(PlaceText(comparison.places[place]), std::string(metric.name), found->second);
        }
    }
}

void
AddRuns(Suite& suite, const Comparison& comparison, std::size_t place)
{
    std::string failure;
    for (const Unpaired& missing : comparison.missing)
    {
        failure += missing.place == place ? "missing: " + missing.what + "\n" : "";
    }
    suite.Add(PlaceText(comparison.places[place]), "runs", failure);
}

void
SetCounts(pugi::xml_node node, const Suite& suite)
{
    node.append_attribute("tests") = suite.tests;
    node.append_attribute("failures") = suite.failures;
    node.append_attribute("errors") = 0;
}

} // namespace

std::string
JunitXml(const Comparison& comparison)
{
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    pugi::xml_node suites = document.append_child("testsuites");
    pugi::xml_node node = suites.append_child("testsuite");
    node.append_attribute("name") = kSuite;
    Suite suite(node);
    for (std::size_t place = 0; place < comparison.places.size(); ++place)
    {
        AddRuns(suite, comparison, place);
        AddFigures(suite, comparison, place);
    }
    for (const Unpaired& missing : comparison.missing)
    {
        if (!missing.place)
        {
            suite.Add(missing.what, "runs", "missing: " + missing.what + "\n");
        }
    }
    SetCounts(suites, suite);
    SetCounts(node, suite);
    std::ostringstream text;
    document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
    return text.str();
}

} // namespace lanpeer::regression
