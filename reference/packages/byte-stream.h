#pragma once

#include "reference/packages/byte-source.h"

#include <gio/gio.h>

namespace lanpeer::reference
{

/// The first \p sizeBytes of a source as GLib's libraries want to read it: a GInputStream that is
/// a GSeekable too. What it throws they get as a GError. The source must outlive it.
GInputStream* NewByteStream(const ByteSource& source, std::uint64_t sizeBytes);

} // namespace lanpeer::reference
