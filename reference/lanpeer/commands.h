#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace lanpeer::command
{

/// What the command line of `lanpeer` says, one of them set by its sub-command.
struct GetOptions
{
    std::string url;
    std::string output; ///< a file, or "-"; empty: the last part of the URL's path
    std::string sha256;
    bool signedPackage = false;
    bool noWait = false;
    bool lanOnly = false;
    bool json = false;
};

struct OfferOptions
{
    std::string url;
    std::string file;
    std::string sha256;
};

struct StatusOptions
{
    bool json = false;
    bool prometheus = false;
};

struct UpdateOptions
{
    bool check = false; ///< look now
    bool now = false;   ///< look now and install
    bool json = false;
};

// The publisher's (R-UPD-6). Numbers and dates are as typed, so that what is wrong is said alike.

struct PackOptions
{
    std::string name;
    std::string output; ///< empty: the name, in the current folder
    std::string certificate;
    std::string key;
    std::vector<std::string> files;
    bool json = false;
};

struct CatalogOptions
{
    std::string output;
    std::string certificate;
    std::string key;
    std::string version;
    std::string epoch = "1";
    std::string expires;
    std::string baseUrl;
    std::vector<std::string> sets; ///< "scanner=engine,signatures"
    std::string revocations;       ///< empty: none
    std::vector<std::string> packages;
    bool json = false;
};

struct RevokeOptions
{
    std::string output;
    std::string certificate;
    std::string key;
    std::string number;
    std::string days; ///< empty: until there is another
    std::vector<std::string> serials;
    bool json = false;
};

/// What was given is wrong, not what was done with it: exit code 2.
class WrongUse : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

// Each does what its sub-command says, with the service at \p socket (empty: the usual place), and
// returns the exit code. What goes wrong is thrown as std::exception, in one line.

int Get(const std::string& socket, const GetOptions& options);
int Offer(const std::string& socket, const OfferOptions& options);
int Withdraw(const std::string& socket, const std::string& url);
int List(const std::string& socket, bool json);
int Status(const std::string& socket, const StatusOptions& options);
int Why(const std::string& socket, const std::string& url, bool json);
int Doctor(const std::string& socket, bool json);
int Update(const std::string& socket, const UpdateOptions& options);

// Without the service: these make files. They throw WrongUse too; a file is whole or not there.

int Pack(const PackOptions& options);
int MakeCatalog(const CatalogOptions& options);
int Revoke(const RevokeOptions& options);

/// "2026-11-29 10:00:00", in UTC, of seconds since 1970.
std::string UtcText(std::int64_t seconds);

/// \param updates as in the JSON of status; may be null
void PrintUpdates(const nlohmann::ordered_json& updates);

} // namespace lanpeer::command
