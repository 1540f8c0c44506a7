#pragma once

#include "reference/packages/package-error.h"

#include <libgcab.h>

#include <memory>
#include <string>

namespace lanpeer::reference
{

// GLib's and libgcab's objects with owners, and their errors as ours.

struct GObjectUnref
{
    void operator()(gpointer object) const
    {
        g_object_unref(object);
    }
};

template <typename T>
using GObjectPtr = std::unique_ptr<T, GObjectUnref>;

struct GBytesUnref
{
    void operator()(GBytes* bytes) const
    {
        g_bytes_unref(bytes);
    }
};

using GBytesPtr = std::unique_ptr<GBytes, GBytesUnref>;

/// Where a call puts its error.
class GErrorPlace
{
  public:
    GErrorPlace() = default;

    ~GErrorPlace()
    {
        g_clear_error(&m_error);
    }

    GErrorPlace(const GErrorPlace&) = delete;
    GErrorPlace& operator=(const GErrorPlace&) = delete;

    GError** Place()
    {
        return &m_error;
    }

    /// Without control characters, for it may quote what was read.
    std::string Text() const
    {
        std::string text = m_error != nullptr ? m_error->message : "unknown error";
        for (char& c : text)
        {
            c = c >= ' ' && c <= '~' ? c : '?';
        }
        return text;
    }

    [[noreturn]] void Throw(const std::string& what) const
    {
        throw PackageError(what + ": " + Text());
    }

  private:
    GError* m_error = nullptr;
};

} // namespace lanpeer::reference
