#include "reference/store/index.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <sqlite3.h>
#include <string_view>

namespace lanpeer::reference
{

namespace
{

constexpr int kApplicationId = 0x4c507372; // "LPsr"
constexpr int kVersion = 1;

/// Without rowid: no second tree that could disagree. The checks are also SQLite's own check's, so
/// that what Copies() reads has these forms.
constexpr const char* kTables = R"(
CREATE TABLE copies (
    href TEXT PRIMARY KEY NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    added INTEGER NOT NULL,
    used INTEGER NOT NULL,
    hits INTEGER NOT NULL CHECK (hits >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE traffic (
    month TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
    peer TEXT NOT NULL,
    transfers INTEGER NOT NULL CHECK (transfers >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (month, kind, peer)
) STRICT, WITHOUT ROWID;
)";

/// SQLite's integers are signed: what is more stays at their largest.
std::int64_t
Signed(std::uint64_t number)
{
    constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
    return number > static_cast<std::uint64_t>(kLargest) ? kLargest
                                                         : static_cast<std::int64_t>(number);
}

} // namespace

/// A prepared statement: bind in order, then step.
class Index::Statement
{
  public:
    Statement(const Index& index, std::string_view sql)
        : m_index(index)
        , m_statement(nullptr, &sqlite3_finalize)
    {
        sqlite3_stmt* statement = nullptr;
        Check(sqlite3_prepare_v2(
            index.m_database.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
        m_statement.reset(statement);
    }

    Statement& Bind(std::int64_t number)
    {
        Check(sqlite3_bind_int64(m_statement.get(), ++m_bound, number));
        return *this;
    }

    Statement& Bind(std::uint64_t number)
    {
        return Bind(Signed(number));
    }

    Statement& Bind(std::string_view text)
    {
        Check(sqlite3_bind_text64(
            m_statement.get(), ++m_bound, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
        return *this;
    }

    Statement& Bind(const Digest& digest)
    {
        Check(sqlite3_bind_blob64(
            m_statement.get(), ++m_bound, digest.data(), digest.size(), SQLITE_TRANSIENT));
        return *this;
    }

    /// \returns whether there is a row
    bool Step()
    {
        const int code = sqlite3_step(m_statement.get());
        if (code != SQLITE_ROW && code != SQLITE_DONE)
        {
            m_index.Fail(code);
        }
        return code == SQLITE_ROW;
    }

    std::int64_t Number(int column) const
    {
        return sqlite3_column_int64(m_statement.get(), column);
    }

    std::string Text(int column) const
    {
        const auto* text = sqlite3_column_text(m_statement.get(), column);
        const auto bytes =
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
        return text == nullptr ? "" : std::string(reinterpret_cast<const char*>(text), bytes);
    }

    Digest DigestAt(int column) const
    {
        Digest digest{};
        const auto* blob =
            static_cast<const std::uint8_t*>(sqlite3_column_blob(m_statement.get(), column));
        const int bytes = sqlite3_column_bytes(m_statement.get(), column);
        if (blob != nullptr && bytes == static_cast<int>(digest.size()))
        {
            std::copy_n(blob, digest.size(), digest.begin());
        }
        return digest;
    }

  private:
    void Check(int code) const
    {
        if (code != SQLITE_OK)
        {
            m_index.Fail(code);
        }
    }

    const Index& m_index;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> m_statement;
    int m_bound = 0;
};

Index::Index(const std::string& path)
    : m_path(path)
    , m_database(nullptr, &sqlite3_close)
{
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(),
                                     &database,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                         SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
                                     nullptr);
    m_database.reset(database);
    if (code != SQLITE_OK)
    {
        Fail(code);
    }
    sqlite3_extended_result_codes(m_database.get(), 1);
    Prepare();
}

Index::~Index() = default;

void
Index::Fail(int code) const
{
    const std::string what = m_database ? sqlite3_errmsg(m_database.get()) : sqlite3_errstr(code);
    const int kind = code & 0xff;
    if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
    {
        throw IndexDamaged(m_path, what);
    }
    throw StoreError(m_path,
                     what,
                     kind == SQLITE_FULL ? std::make_error_code(std::errc::no_space_on_device)
                                         : std::error_code());
}

void
Index::Run(const char* sql)
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
    {
        const bool open = sqlite3_get_autocommit(m_database.get()) == 0;
        try
        {
            Fail(code);
        }
        catch (const StoreError&)
        {
            if (open)
            {
                sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
            }
            throw;
        }
    }
}

void
Index::Prepare()
{
    // Locked for us alone, so no shared memory file is needed; one daemon has the folder anyway.
    Run("PRAGMA locking_mode = EXCLUSIVE");
    Run("PRAGMA trusted_schema = OFF");
    Run("PRAGMA cell_size_check = ON");
    // Before anything is written to a file that may not be ours.
    const auto number = [this](const char* sql)
    {
        Statement statement(*this, sql);
        return statement.Step() ? statement.Number(0) : 0;
    };
    const bool empty = number("SELECT count(*) FROM sqlite_schema") == 0;
    if (!empty && (number("PRAGMA application_id") != kApplicationId ||
                   number("PRAGMA user_version") != kVersion))
    {
        throw IndexDamaged(m_path, "made by another program or version");
    }
    {
        Statement mode(*this, "PRAGMA journal_mode = WAL");
        if (!mode.Step() || mode.Text(0) != "wal")
        {
            throw StoreError(m_path, "no write-ahead log to be had");
        }
    }
    Run("PRAGMA synchronous = FULL");
    if (empty)
    {
        Run(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id = {}; PRAGMA user_version = {};"
                        "COMMIT",
                        kTables,
                        kApplicationId,
                        kVersion)
                .c_str());
        return;
    }
    Statement check(*this, "PRAGMA quick_check(1)");
    if (check.Step() && check.Text(0) != "ok")
    {
        throw IndexDamaged(m_path, check.Text(0));
    }
}

std::vector<CopyInfo>
Index::Copies() const
{
    std::vector<CopyInfo> copies;
    Statement rows(*this, "SELECT href, size, digest, added, used, hits FROM copies");
    while (rows.Step())
    {
        CopyInfo copy;
        copy.href = rows.Text(0);
        copy.sizeBytes = static_cast<std::uint64_t>(rows.Number(1));
        copy.digest = rows.DigestAt(2);
        copy.addedS = rows.Number(3);
        copy.lastUsedS = rows.Number(4);
        copy.hits = static_cast<std::uint64_t>(rows.Number(5));
        copies.push_back(std::move(copy));
    }
    return copies;
}

void
Index::Put(const CopyInfo& copy)
{
    Statement(*this, "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(copy.href)
        .Bind(copy.sizeBytes)
        .Bind(copy.digest)
        .Bind(copy.addedS)
        .Bind(copy.lastUsedS)
        .Bind(copy.hits)
        .Step();
}

void
Index::Erase(const std::string& href)
{
    Statement(*this, "DELETE FROM copies WHERE href = ?").Bind(href).Step();
}

void
Index::Note(const std::vector<CopyInfo>& used, const std::vector<TrafficRow>& traffic)
{
    Run("BEGIN IMMEDIATE");
    try
    {
        for (const CopyInfo& copy : used)
        {
            Statement(*this, "UPDATE copies SET used = ?, hits = ? WHERE href = ?")
                .Bind(copy.lastUsedS)
                .Bind(copy.hits)
                .Bind(copy.href)
                .Step();
        }
        for (const TrafficRow& row : traffic)
        {
            AddTraffic(row);
        }
        if (!traffic.empty())
        {
            Statement(*this,
                      "DELETE FROM traffic WHERE month NOT IN "
                      "(SELECT DISTINCT month FROM traffic ORDER BY month DESC LIMIT ?)")
                .Bind(std::uint64_t{kMaxTrafficMonths})
                .Step();
        }
    }
    catch (const StoreError&)
    {
        sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
    Run("COMMIT");
}

void
Index::AddTraffic(const TrafficRow& row)
{
    const auto kind = static_cast<std::int64_t>(row.kind);
    const auto read = [&](const std::string& peer)
    {
        TrafficRow old;
        Statement statement(
            *this,
            "SELECT transfers, bytes FROM traffic WHERE month = ? AND kind = ? AND peer = ?");
        const bool there = statement.Bind(row.month).Bind(kind).Bind(peer).Step();
        if (there)
        {
            old.transfers = static_cast<std::uint64_t>(statement.Number(0));
            old.bytes = static_cast<std::uint64_t>(statement.Number(1));
        }
        return std::make_pair(there, old);
    };
    std::string peer = row.peer;
    auto [there, old] = read(peer);
    if (!there && peer != kOtherPeers)
    {
        Statement named(*this, "SELECT count(*) FROM traffic WHERE month = ? AND peer <> ?");
        named.Bind(row.month).Bind(std::string_view(kOtherPeers)).Step();
        if (named.Number(0) >= static_cast<std::int64_t>(kMaxTrafficPeersPerMonth))
        {
            peer = kOtherPeers;
            old = read(peer).second;
        }
    }
    // Both halves fit in 63 bits, so their sum does not wrap.
    Statement(*this, "INSERT OR REPLACE INTO traffic VALUES (?, ?, ?, ?, ?)")
        .Bind(row.month)
        .Bind(kind)
        .Bind(peer)
        .Bind(old.transfers + static_cast<std::uint64_t>(Signed(row.transfers)))
        .Bind(old.bytes + static_cast<std::uint64_t>(Signed(row.bytes)))
        .Step();
}

std::vector<TrafficRow>
Index::Traffic(const TrafficQuery& query) const
{
    std::string sql = "SELECT month, kind, peer, transfers, bytes FROM traffic WHERE 1";
    sql += query.month ? " AND month = ?" : "";
    sql += query.kind ? " AND kind = ?" : "";
    sql += query.peer ? " AND peer = ?" : "";
    Statement rows(*this, sql + " ORDER BY month, kind, peer");
    if (query.month)
    {
        rows.Bind(*query.month);
    }
    if (query.kind)
    {
        rows.Bind(static_cast<std::int64_t>(*query.kind));
    }
    if (query.peer)
    {
        rows.Bind(*query.peer);
    }
    std::vector<TrafficRow> traffic;
    while (rows.Step())
    {
        TrafficRow row;
        row.month = rows.Text(0);
        row.kind = static_cast<TrafficKind>(rows.Number(1));
        row.peer = rows.Text(2);
        row.transfers = static_cast<std::uint64_t>(rows.Number(3));
        row.bytes = static_cast<std::uint64_t>(rows.Number(4));
        traffic.push_back(std::move(row));
    }
    return traffic;
}

} // namespace lanpeer::reference
