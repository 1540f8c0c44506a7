#pragma once

#include "model/harness/arguments.h"
#include "model/protocol/packet.h"

#include <string>
#include <string_view>

namespace lanpeer::harness
{

/// "dat" is http://origin.test/dat; what has a scheme is a URI already.
std::string HrefOf(std::string_view resource);

/// "#2001" as a harness token.
Token TokenFrom(std::string_view text);

/// The words of a packet, as the traces show it: KIND (ToString(PacketKind)), then
///
///     node=ID id=N to=ID href=RESOURCE cached=no lock=TOKEN key=TOKEN delay=MS location=TOKEN|PATH
///     port=N foreign=1 size=N received=N busy=MS wait=1 type=TYPE
///
/// (`foreign`: the location is on another host than the packet's source.) Any other NAME=VALUE is
/// an attribute of the application's. Throws a ScriptError for what is wrong, and for a packet that
/// the codec would not have let through.
ServicePacket PacketFrom(Arguments& words);

} // namespace lanpeer::harness
