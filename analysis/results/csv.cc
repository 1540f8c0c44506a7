#include "analysis/results/csv.h"

#include "analysis/figure-names.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lanpeer::analysis
{

namespace
{

std::string
Quoted(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

class Line
{
  public:
    void Add(std::string_view cell)
    {
        m_text += (m_first ? "" : ",") + Quoted(cell);
        m_first = false;
    }

    std::string_view End()
    {
        m_text += '\n';
        return m_text;
    }

  private:
    std::string m_text;
    bool m_first = true;
};

std::set<std::string>
ParameterPaths(const ResultStore& store)
{
    std::set<std::string> paths;
    for (const RunKey& key : store.Keys())
    {
        for (const auto& [path, value] : key.parameters)
        {
            paths.insert(path);
        }
    }
    return paths;
}

void
AddFigures(const StoredRun& run, Line& line)
{
    if (run.metrics.empty())
    {
        for (std::size_t i = 0; i < FigureNames().size(); ++i)
        {
            line.Add("");
        }
        return;
    }
    for (const auto& figure : FiguresOf(MetricsOf(run)))
    {
        line.Add(figure ? fmt::format("{}", *figure) : std::string());
    }
}

} // namespace

void
WriteCsv(const ResultStore& store,
         CsvColumns columns,
         const std::function<void(std::string_view)>& write)
{
    const std::set<std::string> paths = ParameterPaths(store);
    Line head;
    head.Add("scenario");
    for (const std::string& path : paths)
    {
        head.Add(path);
    }
    for (const char* const name : {"policy", "seed", "run", "exit_code"})
    {
        head.Add(name);
    }
    for (const std::string& name : FigureNames())
    {
        head.Add(name);
    }
    head.Add("stderr");
    if (columns == CsvColumns::All)
    {
        for (const char* const name : {"cpu_s", "wall_s", "sources", "commit", "dirty"})
        {
            head.Add(name);
        }
    }
    for (const char* const name : {"ns3", "compiler", "command"})
    {
        head.Add(name);
    }
    write(head.End());
    store.ForEach({true, false, false},
                  [&](const StoredRun& run)
                  {
                      Line line;
                      line.Add(run.key.scenario);
                      for (const std::string& path : paths)
                      {
                          const auto value = run.key.parameters.find(path);
                          line.Add(value == run.key.parameters.end() ? "" : value->second);
                      }
                      line.Add(run.key.policy);
                      line.Add(std::to_string(run.key.seed));
                      line.Add(std::to_string(run.key.run));
                      line.Add(std::to_string(run.exitCode));
                      AddFigures(run, line);
                      line.Add(run.errorText);
                      if (columns == CsvColumns::All)
                      {
                          line.Add(fmt::format("{}", run.cpuS));
                          line.Add(fmt::format("{}", run.wallS));
                          line.Add(run.by.sources);
                          line.Add(run.by.commit);
                          line.Add(run.by.dirty ? "1" : "0");
                      }
                      line.Add(run.by.ns3);
                      line.Add(run.by.compiler);
                      line.Add(run.command);
                      write(line.End());
                  });
}

} // namespace lanpeer::analysis
