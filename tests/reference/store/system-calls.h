#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// The calls by which this program, SQLite in it too, changes a disk: the tests' own, in the place
/// of the C library's. Each is counted, then done; one of them can be failed, or be the last.
namespace lanpeer::reference::system_calls
{

/// From the next call on, that being number 1.
void Watch();

/// The process is killed instead of the nth call.
void WatchAndKillAt(std::size_t nth);

/// The nth call fails and changes nothing.
/// \param toTheEnd all after it too
void WatchAndFailAt(std::size_t nth, int error, bool toTheEnd);

/// Ends it.
/// \returns the calls since, like "fsync copies", "rename partial/0123 copies/4567"; paths as
///          the system has them, a file's alone shortened to its last two parts
std::vector<std::string> Stop();

} // namespace lanpeer::reference::system_calls
