#include "reference/packages/byte-stream.h"

#include <algorithm>
#include <exception>

// A class of GLib's object system, by hand: its interface is C.

namespace
{

using lanpeer::reference::ByteSource;

struct ByteStream
{
    GInputStream parent;
    const ByteSource* source;
    std::uint64_t sizeBytes;
    std::uint64_t at;
};

struct ByteStreamClass
{
    GInputStreamClass parent;
};

ByteStream*
StreamOf(gpointer object)
{
    return static_cast<ByteStream*>(object);
}

gssize
Read(GInputStream* input, void* buffer, gsize count, GCancellable* /*cancellable*/, GError** error)
{
    ByteStream* stream = StreamOf(input);
    const auto got =
        static_cast<std::size_t>(std::min<std::uint64_t>(count, stream->sizeBytes - stream->at));
    try
    {
        stream->source->ReadAt(stream->at, static_cast<char*>(buffer), got);
    }
    catch (const std::exception& failure)
    {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, failure.what());
        return -1;
    }
    stream->at += got;
    return static_cast<gssize>(got);
}

gssize
Skip(GInputStream* input, gsize count, GCancellable* /*cancellable*/, GError** /*error*/)
{
    ByteStream* stream = StreamOf(input);
    const std::uint64_t skipped = std::min<std::uint64_t>(count, stream->sizeBytes - stream->at);
    stream->at += skipped;
    return static_cast<gssize>(skipped);
}

goffset
Tell(GSeekable* seekable)
{
    return static_cast<goffset>(StreamOf(seekable)->at);
}

gboolean
CanSeek(GSeekable* /*seekable*/)
{
    return TRUE;
}

gboolean
Seek(GSeekable* seekable,
     goffset offset,
     GSeekType type,
     GCancellable* /*cancellable*/,
     GError** error)
{
    ByteStream* stream = StreamOf(seekable);
    const auto from = type == G_SEEK_SET   ? goffset{0}
                      : type == G_SEEK_CUR ? static_cast<goffset>(stream->at)
                                           : static_cast<goffset>(stream->sizeBytes);
    goffset to = 0;
    if (__builtin_add_overflow(from, offset, &to) || to < 0 ||
        static_cast<std::uint64_t>(to) > stream->sizeBytes)
    {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "seek beyond the end");
        return FALSE;
    }
    stream->at = static_cast<std::uint64_t>(to);
    return TRUE;
}

gboolean
CanTruncate(GSeekable* /*seekable*/)
{
    return FALSE;
}

gboolean
Truncate(GSeekable* /*seekable*/, goffset /*to*/, GCancellable* /*cancellable*/, GError** error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not to be written to");
    return FALSE;
}

void
InitClass(gpointer klass, gpointer /*data*/)
{
    auto* input = static_cast<GInputStreamClass*>(klass);
    input->read_fn = Read;
    input->skip = Skip;
}

void
InitSeekable(gpointer interface, gpointer /*data*/)
{
    auto* seekable = static_cast<GSeekableIface*>(interface);
    seekable->tell = Tell;
    seekable->can_seek = CanSeek;
    seekable->seek = Seek;
    seekable->can_truncate = CanTruncate;
    seekable->truncate_fn = Truncate;
}

GType
RegisterByteStream()
{
    const GType type = g_type_register_static_simple(g_input_stream_get_type(),
                                                     "LanPeerByteStream",
                                                     sizeof(ByteStreamClass),
                                                     InitClass,
                                                     sizeof(ByteStream),
                                                     nullptr,
                                                     GTypeFlags(0));
    const GInterfaceInfo seekable{InitSeekable, nullptr, nullptr};
    g_type_add_interface_static(type, g_seekable_get_type(), &seekable);
    return type;
}

} // namespace

namespace lanpeer::reference
{

GInputStream*
NewByteStream(const ByteSource& source, std::uint64_t sizeBytes)
{
    static const GType type = RegisterByteStream();
    auto* stream = static_cast<ByteStream*>(g_object_new(type, nullptr));
    stream->source = &source;
    stream->sizeBytes = std::min(sizeBytes, source.Size());
    return &stream->parent;
}

} // namespace lanpeer::reference
