#pragma once

#include "reference/files/file-descriptor.h"

namespace lanpeer::reference
{

/// Goes to the background: the caller goes on in a new process without a terminal, the old one
/// waits until that is ready, or has failed, and ends with the same exit code. To be made before
/// there is any thread.
class Background
{
  public:
    /// Throws std::system_error.
    Background();

    /// It serves now: who started it may go on.
    void Ready();

  private:
    FileDescriptor m_ready;
};

} // namespace lanpeer::reference
