#include "analysis/results/result-store.h"

#include "analysis/metrics-json.h"
#include "analysis/results/run-key.h"
#include "analysis/results/statement.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace lanpeer::analysis
{

namespace fs = std::filesystem;

namespace
{

constexpr int kApplicationId = 0x4c507377; // "LPsw"
constexpr int kVersion = 1;
constexpr int kBusyMs = 60000;

constexpr const char* kTables = R"(
BEGIN;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    scenario TEXT NOT NULL,
    parameters TEXT NOT NULL,
    policy TEXT NOT NULL,
    seed INTEGER NOT NULL,
    run INTEGER NOT NULL,
    exit_code INTEGER NOT NULL,
    stderr TEXT NOT NULL,
    metrics TEXT NOT NULL,
    nodes TEXT NOT NULL,
    replay TEXT NOT NULL,
    sources TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    dirty INTEGER NOT NULL,
    ns3 TEXT NOT NULL,
    compiler TEXT NOT NULL,
    command TEXT NOT NULL,
    cpu_s REAL NOT NULL,
    wall_s REAL NOT NULL,
    UNIQUE (scenario, parameters, policy, seed, run)
) STRICT;
CREATE TABLE texts (name TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL) STRICT;
)";

constexpr std::string_view kInto = R"(
 INTO runs (scenario, parameters, policy, seed, run, exit_code, stderr, metrics, nodes, replay,
            sources, commit_id, dirty, ns3, compiler, command, cpu_s, wall_s)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))";

/// Its columns 0 to 4 are the key's.
RunKey
KeyOf(const Statement& row)
{
    return {
        row.Text(0), ParametersFromJson(row.Text(1)), row.Text(2), row.Number(3), row.Number(4)};
}

/// Without the time on the clock, which equal runs do not share.
std::string
MetricsWithoutTime(const StoredRun& run)
{
    auto object = nlohmann::ordered_json::parse(run.metrics, nullptr, false);
    if (!object.is_object())
    {
        return run.metrics;
    }
    object.erase("wall_s");
    return object.dump();
}

bool
SameResult(const StoredRun& left, const StoredRun& right)
{
    return left.exitCode == right.exitCode && IsSameProgram(left.by, right.by) &&
           left.nodes == right.nodes && MetricsWithoutTime(left) == MetricsWithoutTime(right);
}

} // namespace

ResultStore::ResultStore(const fs::path& file, Access access)
    : m_file(file)
{
    try
    {
        Open(access);
        CheckFormat(access);
    }
    catch (const SqlError& error)
    {
        const std::string message = fmt::format("{}: {}", m_file.string(), error.message);
        sqlite3_close(m_database);
        throw StoreError(message);
    }
    catch (const StoreError&)
    {
        sqlite3_close(m_database);
        throw;
    }
}

ResultStore::~ResultStore()
{
    sqlite3_close(m_database);
}

void
ResultStore::Open(Access access)
{
    std::error_code ignored;
    if (access == Access::Read && !fs::exists(m_file, ignored))
    {
        throw StoreError(m_file.string() + ": no such file; expected one that a sweep wrote");
    }
    // Who only reads may have to take back what a killed writer left half done, so it is opened for
    // writing where that is allowed.
    const int create = access == Access::Write ? SQLITE_OPEN_CREATE : 0;
    const int code =
        sqlite3_open_v2(m_file.c_str(), &m_database, SQLITE_OPEN_READWRITE | create, nullptr);
    if (code != SQLITE_OK)
    {
        throw SqlError{m_database != nullptr ? sqlite3_errmsg(m_database) : "no memory"};
    }
    sqlite3_busy_timeout(m_database, kBusyMs);
    if (access == Access::Read)
    {
        Execute("PRAGMA query_only = on");
    }
}

void
ResultStore::CheckFormat(Access access)
{
    const auto pragma = [this](const char* sql)
    {
        Statement statement(m_database, sql);
        statement.Step();
        return static_cast<int>(statement.Number(0));
    };
    Statement tables(m_database, "SELECT count(*) FROM sqlite_schema");
    tables.Step();
    if (tables.Number(0) == 0 && access == Access::Write)
    {
        Execute(kTables);
        Execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                            kApplicationId,
                            kVersion)
                    .c_str());
        return;
    }
    if (pragma("PRAGMA application_id") != kApplicationId)
    {
        throw StoreError(m_file.string() + ": not a file that a sweep wrote");
    }
    if (const int version = pragma("PRAGMA user_version"); version > kVersion)
    {
        throw StoreError(fmt::format("{}: of format {}, made by a later version; this one reads {}",
                                     m_file.string(),
                                     version,
                                     kVersion));
    }
}

void
ResultStore::Execute(const char* sql) const
{
    if (sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    {
        throw SqlError{sqlite3_errmsg(m_database)};
    }
}

template <typename Function>
auto
ResultStore::Try(Function function) const
{
    try
    {
        return function();
    }
    catch (const SqlError& error)
    {
        if (sqlite3_get_autocommit(m_database) == 0)
        {
            sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
        }
        throw StoreError(fmt::format("{}: {}", m_file.string(), error.message));
    }
    catch (const std::invalid_argument& error) // of a row that another hand has written
    {
        throw StoreError(fmt::format("{}: {}", m_file.string(), error.what()));
    }
}

void
ResultStore::Insert(const StoredRun& run, std::string_view verb)
{
    Statement insert(m_database, std::string(verb) + std::string(kInto));
    insert.Bind(run.key.scenario)
        .Bind(ParametersJson(run.key.parameters))
        .Bind(run.key.policy)
        .Bind(run.key.seed)
        .Bind(run.key.run)
        .Bind(run.exitCode)
        .Bind(run.errorText)
        .Bind(run.metrics)
        .Bind(run.nodes)
        .Bind(run.replay)
        .Bind(run.by.sources)
        .Bind(run.by.commit)
        .Bind(run.by.dirty ? 1 : 0)
        .Bind(run.by.ns3)
        .Bind(run.by.compiler)
        .Bind(run.command)
        .Bind(run.cpuS)
        .Bind(run.wallS);
    insert.Step();
}

void
ResultStore::Add(const StoredRun& run)
{
    Try(
        [this, &run]
        {
            Insert(run, "INSERT");
            return 0;
        });
}

void
ResultStore::Replace(const StoredRun& run)
{
    Try(
        [this, &run]
        {
            Insert(run, "INSERT OR REPLACE");
            return 0;
        });
}

std::set<RunKey>
ResultStore::Keys() const
{
    return Try(
        [this]
        {
            std::set<RunKey> keys;
            Statement select(m_database,
                             "SELECT scenario, parameters, policy, seed, run FROM runs");
            while (select.Step())
            {
                keys.insert(KeyOf(select));
            }
            return keys;
        });
}

std::size_t
ResultStore::Count() const
{
    return Try(
        [this]
        {
            Statement select(m_database, "SELECT count(*) FROM runs");
            select.Step();
            return static_cast<std::size_t>(select.Number(0));
        });
}

StoredRun
ResultStore::Row(Statement& select, Columns columns)
{
    StoredRun run;
    run.key = KeyOf(select);
    int column = 5;
    run.exitCode = static_cast<int>(select.Number(column++));
    run.errorText = select.Text(column++);
    run.metrics = columns.metrics ? select.Text(column) : std::string();
    run.nodes = columns.nodes ? select.Text(column + 1) : std::string();
    run.replay = columns.replay ? select.Text(column + 2) : std::string();
    column += 3;
    run.by.sources = select.Text(column++);
    run.by.commit = select.Text(column++);
    run.by.dirty = select.Number(column++) != 0;
    run.by.ns3 = select.Text(column++);
    run.by.compiler = select.Text(column++);
    run.command = select.Text(column++);
    run.cpuS = select.Real(column++);
    run.wallS = select.Real(column);
    return run;
}

void
ResultStore::ForEach(Columns columns, const std::function<void(const StoredRun&)>& take) const
{
    Try(
        [&]
        {
            std::vector<std::pair<RunKey, std::uint64_t>> rows;
            Statement keys(m_database,
                           "SELECT scenario, parameters, policy, seed, run, id FROM runs");
            while (keys.Step())
            {
                rows.emplace_back(KeyOf(keys), keys.Number(5));
            }
            std::sort(rows.begin(),
                      rows.end(),
                      [](const auto& left, const auto& right)
                      { return ComesBefore(left.first, right.first); });
            Statement select(
                m_database,
                "SELECT scenario, parameters, policy, seed, run, exit_code, stderr, "
                "metrics, nodes, "
                "replay, sources, commit_id, dirty, ns3, compiler, command, cpu_s, wall_s "
                "FROM runs WHERE id = ?");
            for (const auto& [key, id] : rows)
            {
                if (!select.Bind(id).Step())
                {
                    continue; // taken away meanwhile
                }
                const StoredRun run = Row(select, columns);
                select.Reset(); // or the file would be held while `take` runs
                take(run);
            }
            return 0;
        });
}

std::optional<std::string>
ResultStore::Text(const std::string& name) const
{
    return Try(
        [this, &name]() -> std::optional<std::string>
        {
            Statement select(m_database, "SELECT text FROM texts WHERE name = ?");
            return select.Bind(name).Step() ? std::optional(select.Text(0)) : std::nullopt;
        });
}

void
ResultStore::SetText(const std::string& name, const std::string& text)
{
    Try(
        [&]
        {
            Statement insert(m_database, "INSERT OR REPLACE INTO texts (name, text) VALUES (?, ?)");
            return insert.Bind(name).Bind(text).Step();
        });
}

std::vector<MadeBy>
ResultStore::Makers() const
{
    return Try(
        [this]
        {
            std::vector<MadeBy> makers;
            Statement select(m_database,
                             "SELECT DISTINCT sources, commit_id, dirty, ns3, compiler FROM runs "
                             "ORDER BY sources, commit_id, dirty, ns3, compiler");
            while (select.Step())
            {
                makers.push_back({select.Text(0),
                                  select.Text(1),
                                  select.Number(2) != 0,
                                  select.Text(3),
                                  select.Text(4)});
            }
            return makers;
        });
}

void
ResultStore::CheckMergeable(const ResultStore& other) const
{
    for (const MadeBy& mine : Makers())
    {
        for (const MadeBy& theirs : other.Makers())
        {
            if (!IsSameProgram(mine, theirs))
            {
                throw StoreError(fmt::format("{}: its runs are of {}, those of {} are of {}",
                                             other.m_file.string(),
                                             Describe(theirs),
                                             m_file.string(),
                                             Describe(mine)));
            }
        }
    }
    const auto mine = Text("scenario");
    const auto theirs = other.Text("scenario");
    if (mine && theirs && *mine != *theirs)
    {
        throw StoreError(fmt::format("{}: its runs are of a scenario that says otherwise than that "
                                     "of {}",
                                     other.m_file.string(),
                                     m_file.string()));
    }
}

void
ResultStore::CopyTexts(const ResultStore& other)
{
    Statement select(other.m_database, "SELECT name, text FROM texts");
    while (select.Step())
    {
        Statement insert(m_database, "INSERT OR IGNORE INTO texts (name, text) VALUES (?, ?)");
        insert.Bind(select.Text(0)).Bind(select.Text(1)).Step();
    }
}

std::size_t
ResultStore::Merge(const fs::path& other)
{
    const ResultStore from(other, Access::Read);
    CheckMergeable(from);
    return Try(
        [&]
        {
            Execute("BEGIN IMMEDIATE");
            std::map<RunKey, StoredRun> mine;
            ForEach({true, true, false},
                    [&mine](const StoredRun& run) { mine.emplace(run.key, run); });
            std::size_t added = 0;
            from.ForEach({true, true, true},
                         [&](const StoredRun& run)
                         {
                             const auto found = mine.find(run.key);
                             if (found == mine.end())
                             {
                                 Insert(run, "INSERT");
                                 ++added;
                             }
                             else if (!SameResult(found->second, run))
                             {
                                 Execute("ROLLBACK");
                                 throw StoreError(fmt::format("{}: {}: another result than in {}",
                                                              other.string(),
                                                              Describe(run.key),
                                                              m_file.string()));
                             }
                         });
            CopyTexts(from);
            Execute("COMMIT");
            return added;
        });
}

Metrics
MetricsOf(const StoredRun& run)
{
    std::vector<Metrics> runs = MetricsFromJsonText(run.metrics);
    if (runs.size() != 1)
    {
        throw std::invalid_argument("metrics: not those of one run");
    }
    return std::move(runs.front());
}

} // namespace lanpeer::analysis
