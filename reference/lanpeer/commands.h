#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace lanpeer::command
{

/// What the command line of `lanpeer` says, one of them set by its sub-command.
struct GetOptions
{
    std::string url;
    std::string output; ///< a file, or "-"; empty: the last part of the URL's path
    std::string sha256;
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

/// \param updates as in the JSON of status; may be null
void PrintUpdates(const nlohmann::ordered_json& updates);

} // namespace lanpeer::command
