#pragma once

#include "reference/files/digest.h"
#include "reference/store/store-error.h"
#include "reference/store/traffic.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace lanpeer::reference
{

/// What is known of a copy.
struct CopyInfo
{
    std::string href;
    std::uint64_t sizeBytes = 0;
    Digest digest{};
    std::int64_t addedS = 0;    ///< when it was kept, in seconds since the epoch
    std::int64_t lastUsedS = 0; ///< when it was opened last, or kept
    std::uint64_t hits = 0;     ///< how often it was opened
};

/// The file is no index of ours, or one that is damaged.
class IndexDamaged : public StoreError
{
  public:
    using StoreError::StoreError;
};

/// The index of the copies and the counters of `status`, a SQLite file (WAL, synchronous=FULL: what
/// returned is on the disk). All of it throws StoreError.
class Index
{
  public:
    /// Makes it if it is missing or empty. Throws IndexDamaged for any other file, or one that
    /// SQLite's own check finds damaged.
    explicit Index(const std::string& path);

    ~Index();

    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    std::vector<CopyInfo> Copies() const;

    /// In the place of the href's old row, if there is one.
    void Put(const CopyInfo& copy);

    void Erase(const std::string& href);

    /// Writes down when and how often copies were used, and adds to the counters: all or nothing.
    void Note(const std::vector<CopyInfo>& used, const std::vector<TrafficRow>& traffic);

    /// In the order of month, kind and peer.
    std::vector<TrafficRow> Traffic(const TrafficQuery& query) const;

  private:
    class Statement;

    void Run(const char* sql);
    void Prepare();
    void AddTraffic(const TrafficRow& row);
    [[noreturn]] void Fail(int code) const;

    std::string m_path;
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_database;
};

} // namespace lanpeer::reference
