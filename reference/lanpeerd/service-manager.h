#pragma once

#include <string>

namespace lanpeer::reference
{

/// Tells whoever started this daemon as a service what it does now, as sd_notify(3) has it: one
/// datagram to $NOTIFY_SOCKET. Without a service manager nothing happens, and nothing fails with
/// one that does not listen.
///
/// \param state "READY=1", "RELOADING=1", "STOPPING=1"
void TellServiceManager(const std::string& state);

} // namespace lanpeer::reference
