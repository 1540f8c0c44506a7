#include "reference/packages/cabinet.h"

#include "reference/packages/byte-stream.h"
#include "reference/packages/cabinet-name.h"
#include "reference/packages/glib-pointers.h"
#include "reference/packages/little-endian.h"

#include <exception>
#include <map>

namespace lanpeer::reference
{

namespace
{

constexpr std::size_t kSizeField = 8;
constexpr std::size_t kFilesField = 16;
constexpr std::size_t kFlagsField = 30;

struct DateTimeUnref
{
    void operator()(GDateTime* time) const
    {
        g_date_time_unref(time);
    }
};

void
AddFile(GCabFolder* folder, const CabinetFile& file, const CabinetLimits& limits)
{
    const GBytesPtr bytes(g_bytes_new(file.bytes.data(), file.bytes.size()));
    const std::string name = WriteEntryName(file.name, limits.depth);
    const GObjectPtr<GCabFile> entry(gcab_file_new_with_bytes(name.c_str(), bytes.get()));
    const std::unique_ptr<GDateTime, DateTimeUnref> time(g_date_time_new_utc(2000, 1, 1, 0, 0, 0));
    gcab_file_set_date_time(entry.get(), time.get());
    guint32 attributes = GCAB_FILE_ATTRIBUTE_ARCH;
    if (file.executable)
    {
        attributes |= GCAB_FILE_ATTRIBUTE_EXEC;
    }
    gcab_file_set_attributes(entry.get(), attributes);
    GErrorPlace error;
    if (gcab_folder_add_file(folder, entry.get(), FALSE, nullptr, error.Place()) == 0)
    {
        error.Throw("the cabinet cannot be made");
    }
}

/// What an extraction knows while libgcab runs.
struct Extraction
{
    const std::map<std::string, CabinetEntry>& entries;
    const std::function<bool(const CabinetEntry&)>& wanted;
    const std::function<void(const CabinetEntry&, std::string_view)>& take;
    GCabFile* running = nullptr; ///< that libgcab was told to read, not yet handed on
    std::exception_ptr failure;

    /// By the name in the cabinet, which CheckDistinct() found to be there once.
    const CabinetEntry& EntryOf(GCabFile* file) const
    {
        const auto entry = entries.find(gcab_file_get_name(file));
        if (entry == entries.end())
        {
            throw PackageError("an entry that was not there before");
        }
        return entry->second;
    }

    /// The file before is whole when libgcab asks for the next.
    void HandOn()
    {
        if (running == nullptr)
        {
            return;
        }
        const CabinetEntry& entry = EntryOf(running);
        GBytes* const bytes = gcab_file_get_bytes(running);
        gsize size = 0;
        const void* const data = bytes == nullptr ? nullptr : g_bytes_get_data(bytes, &size);
        if (size != entry.sizeBytes)
        {
            throw PackageError("an entry is of another length than its cabinet says");
        }
        take(entry, {data == nullptr ? "" : static_cast<const char*>(data), size});
        const GBytesPtr none(g_bytes_new_static("", 0));
        gcab_file_set_bytes(running, none.get());
        running = nullptr;
    }
};

/// libgcab writes to standard error of data that it cannot read, beside the error that it returns.
void
SilenceLibgcab()
{
    static const guint handler = g_log_set_handler(
        "gcab",
        G_LOG_LEVEL_WARNING,
        [](const gchar*, GLogLevelFlags, const gchar*, gpointer) {},
        nullptr);
    static_cast<void>(handler);
}

/// \returns whether libgcab shall read this file too
gboolean
NextFile(GCabFile* file, gpointer data)
{
    auto& extraction = *static_cast<Extraction*>(data);
    if (extraction.failure != nullptr)
    {
        return FALSE;
    }
    try
    {
        extraction.HandOn();
        if (!extraction.wanted(extraction.EntryOf(file)))
        {
            return FALSE;
        }
        extraction.running = file;
        return TRUE;
    }
    catch (...)
    {
        extraction.failure = std::current_exception();
        return FALSE;
    }
}

} // namespace

std::string
MakeCabinet(const std::vector<CabinetFile>& files, const CabinetLimits& limits)
{
    const GObjectPtr<GCabCabinet> cabinet(gcab_cabinet_new());
    const GObjectPtr<GCabFolder> folder(gcab_folder_new(GCAB_COMPRESSION_MSZIP));
    std::uint64_t total = 0;
    for (const CabinetFile& file : files)
    {
        total += file.bytes.size();
        if (total > limits.outputBytes)
        {
            throw PackageError("the files are longer than a cabinet may be");
        }
        AddFile(folder.get(), file, limits);
    }
    const GObjectPtr<GOutputStream> out(g_memory_output_stream_new_resizable());
    GErrorPlace error;
    if (gcab_cabinet_add_folder(cabinet.get(), folder.get(), error.Place()) == 0 ||
        gcab_cabinet_write_simple(
            cabinet.get(), out.get(), nullptr, nullptr, nullptr, error.Place()) == 0 ||
        g_output_stream_close(out.get(), nullptr, error.Place()) == 0)
    {
        error.Throw("the cabinet cannot be made");
    }
    auto* const memory = reinterpret_cast<GMemoryOutputStream*>(out.get());
    std::string bytes(static_cast<const char*>(g_memory_output_stream_get_data(memory)),
                      g_memory_output_stream_get_data_size(memory));
    ReadCabinetLayout(MemorySource(bytes), limits);
    return bytes;
}

std::string
WithRoomForSignature(std::string_view cabinet)
{
    const CabinetHeader header = ReadCabinetHeader(MemorySource(cabinet));
    if (header.hasReserve)
    {
        return std::string(cabinet);
    }
    constexpr std::uint32_t kRoom = kReservedHeaderBytes - kHeaderBytes;
    std::string bytes(cabinet);
    const auto move = [&bytes](std::size_t field)
    {
        PutLittleEndian(bytes, field, LittleEndian(bytes, field, 4) + kRoom, 4);
    };
    move(kSizeField);
    move(kFilesField);
    for (std::size_t i = 0; i < header.folders && kHeaderBytes + 8 * (i + 1) <= bytes.size(); ++i)
    {
        move(kHeaderBytes + 8 * i);
    }
    PutLittleEndian(bytes, kFlagsField, kReservePresent, 2);
    std::string room(kRoom, '\0');
    PutLittleEndian(room, 0, kSigningReserve, 4);
    PutLittleEndian(room, 4, kSigningMark, 4);
    return bytes.insert(kHeaderBytes, room);
}

void
ExtractCabinet(const ByteSource& source,
               const CabinetLimits& limits,
               const std::function<bool(const CabinetEntry&)>& wanted,
               const std::function<void(const CabinetEntry&, std::string_view)>& take)
{
    SilenceLibgcab();
    std::map<std::string, CabinetEntry> entries;
    for (const CabinetEntry& entry : ReadCabinetLayout(source, limits))
    {
        entries.emplace(WriteEntryName(entry.name, limits.depth), entry);
    }
    const GObjectPtr<GInputStream> stream(
        NewByteStream(source, ReadCabinetHeader(source).sizeBytes));
    const GObjectPtr<GCabCabinet> cabinet(gcab_cabinet_new());
    Extraction extraction{entries, wanted, take, nullptr, nullptr};
    GErrorPlace error;
    if (gcab_cabinet_load(cabinet.get(), stream.get(), nullptr, error.Place()) == 0 ||
        gcab_cabinet_extract_simple(
            cabinet.get(), nullptr, NextFile, &extraction, nullptr, error.Place()) == 0)
    {
        if (extraction.failure == nullptr)
        {
            error.Throw("the cabinet's data cannot be read");
        }
    }
    if (extraction.failure != nullptr)
    {
        std::rethrow_exception(extraction.failure);
    }
    extraction.HandOn();
}

} // namespace lanpeer::reference
