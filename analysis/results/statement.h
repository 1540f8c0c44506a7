#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace lanpeer::analysis
{

/// A prepared statement of SQLite: bind in order, then step. Throws SqlError.
class Statement
{
  public:
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& Bind(std::uint64_t number); ///< above 2^63 - 1 it is that
    Statement& Bind(int number);
    Statement& Bind(double number);
    Statement& Bind(std::string_view text);

    /// \returns whether there is a row
    bool Step();

    /// To step through it once more, with other values.
    void Reset();

    std::uint64_t Number(int column) const;
    double Real(int column) const;
    std::string Text(int column) const; ///< empty for NULL

  private:
    void Check(int code) const;

    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
    int m_bound = 0;
};

/// What SQLite says went wrong.
struct SqlError
{
    std::string message;
};

} // namespace lanpeer::analysis
