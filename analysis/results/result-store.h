#pragma once

#include "analysis/metrics.h"
#include "analysis/results/stored-run.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace lanpeer::analysis
{

class Statement;

/// Something is wrong with a file of results: what() is one line that names the file.
class StoreError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The runs of a sweep in one SQLite file, a row each (table `runs`; `SELECT` from it as you like:
/// the metrics are JSON, `json_extract(metrics, '$.finish_s.p95')`).
///
/// A run is in the file whole, and for good, when Add() has returned: a killed process or a power
/// cut loses none of those. Any number of programs may read while one writes; that only one does is
/// the caller's business (a second one would wait, then fail).
class ResultStore
{
  public:
    enum class Access
    {
        Read,  ///< the file must be there
        Write, ///< it is made where it is not
    };

    /// Throws StoreError: no such file, no SQLite file, not one of ours, made by a later version.
    ResultStore(const std::filesystem::path& file, Access access);
    ~ResultStore();
    ResultStore(const ResultStore&) = delete;
    ResultStore& operator=(const ResultStore&) = delete;

    /// Adds a row. Throws StoreError: the disk is full, a row of this key is there.
    void Add(const StoredRun& run);

    /// The same, in place of a row of this key if there is one.
    void Replace(const StoredRun& run);

    /// The keys of all rows, failed ones included.
    std::set<RunKey> Keys() const;

    /// How many rows there are.
    std::size_t Count() const;

    /// Which columns of a row are read: the long ones cost time.
    struct Columns
    {
        bool metrics = true;
        bool nodes = false;
        bool replay = false;
    };

    /// Gives every row to a function, in the order of their keys, parameters that are numbers by
    /// their value: the same whatever the order in which they were added. The file is not held
    /// meanwhile: a writer goes on, however long the function takes. What it throws as
    /// std::invalid_argument, of a row that cannot be read, becomes a StoreError.
    void ForEach(Columns columns, const std::function<void(const StoredRun&)>& take) const;

    /// A text that goes with the whole file, such as the sweep's own; none: nullopt.
    std::optional<std::string> Text(const std::string& name) const;
    void SetText(const std::string& name, const std::string& text);

    /// By what its rows were made; more than one if the files of several were merged.
    std::vector<MadeBy> Makers() const;

    /// Adds the rows of another file that this one has not, and its texts, all or none. A row that
    /// both have must be the same but for its times, both must be of one program, and of one text
    /// of the scenario (text "scenario"), else StoreError. \returns how many rows were added
    std::size_t Merge(const std::filesystem::path& other);

  private:
    void Open(Access access);
    void CheckFormat(Access access);
    void Execute(const char* sql) const;
    void Insert(const StoredRun& run, std::string_view verb);
    void CheckMergeable(const ResultStore& other) const;
    void CopyTexts(const ResultStore& other);
    static StoredRun Row(Statement& select, Columns columns);

    /// What SQLite complains of becomes a StoreError; what was begun and not committed goes.
    template <typename Function>
    auto Try(Function function) const;

    std::filesystem::path m_file;
    sqlite3* m_database = nullptr;
};

/// The figures of a run that is done. Throws std::invalid_argument if they are none.
Metrics MetricsOf(const StoredRun& run);

/// The file's name in the folder of a sweep.
constexpr const char* kStoreFile = "sweep.sqlite";

} // namespace lanpeer::analysis
