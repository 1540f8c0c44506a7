#include "analysis/results/statement.h"

#include <algorithm>
#include <limits>
#include <sqlite3.h>

namespace lanpeer::analysis
{

Statement::Statement(sqlite3* database, std::string_view sql)
    : m_database(database)
{
    Check(sqlite3_prepare_v2(
        database, sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr));
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void
Statement::Check(int code) const
{
    if (code != SQLITE_OK)
    {
        throw SqlError{sqlite3_errmsg(m_database)};
    }
}

Statement&
Statement::Bind(std::uint64_t number)
{
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    Check(sqlite3_bind_int64(
        m_statement, ++m_bound, static_cast<std::int64_t>(std::min(number, kLargest))));
    return *this;
}

Statement&
Statement::Bind(int number)
{
    Check(sqlite3_bind_int(m_statement, ++m_bound, number));
    return *this;
}

Statement&
Statement::Bind(double number)
{
    Check(sqlite3_bind_double(m_statement, ++m_bound, number));
    return *this;
}

Statement&
Statement::Bind(std::string_view text)
{
    // Its text is copied: the statement may outlive it.
    Check(sqlite3_bind_text64(
        m_statement, ++m_bound, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

bool
Statement::Step()
{
    const int code = sqlite3_step(m_statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
    {
        throw SqlError{sqlite3_errmsg(m_database)};
    }
    return code == SQLITE_ROW;
}

void
Statement::Reset()
{
    sqlite3_reset(m_statement);
    m_bound = 0;
}

std::uint64_t
Statement::Number(int column) const
{
    return static_cast<std::uint64_t>(sqlite3_column_int64(m_statement, column));
}

double
Statement::Real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string
Statement::Text(int column) const
{
    const auto* text = sqlite3_column_text(m_statement, column);
    const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return text == nullptr ? "" : std::string(reinterpret_cast<const char*>(text), bytes);
}

} // namespace lanpeer::analysis
