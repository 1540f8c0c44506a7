#include "reference/store/store.h"

#include "reference/store/sum.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <set>
#include <stdexcept>
#include <sys/file.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

constexpr const char* kLockName = "lock";
constexpr const char* kIndexName = "index.sqlite";
constexpr const char* kDamagedIndexName = "index.sqlite.damaged";
/// SQLite's own files beside it.
constexpr std::array<const char*, 3> kIndexSuffixes{"-wal", "-shm", "-journal"};

constexpr std::int64_t kFlushEveryS = 60;
/// Of counters that wait to be written.
constexpr std::size_t kMaxTrafficWaiting = 1000;

/// No href has a slash or an end in it that a folder would mind, and none can be guessed from it.
std::string
NameOf(const std::string& href, const Digest& digest)
{
    return ToHex(DigestOf(href)) + "." + ToHex(digest);
}

/// Whether it is this one file that cannot be read, and not us who can read no file at all.
bool
IsOfTheFile(int error)
{
    switch (error)
    {
    case ENOENT:
    case ELOOP:
    case EACCES:
    case EPERM:
    case EIO:
    case EISDIR:
    case ENXIO:
    case ENODEV:
    case ENOTDIR:
    case EOVERFLOW:
        return true;
    default:
        return false;
    }
}

/// Why the file is not what a copy is, by its looks.
std::string
WhyNotSealed(const struct stat& status)
{
    const std::string why = WhyNotPlain(status);
    const bool sealed = (status.st_mode & 07777) == S_IRUSR;
    return why.empty() && !sealed ? fmt::format("of mode {:o}, not 400", status.st_mode & 07777)
                                  : why;
}

/// Opens what stands under the name.
/// \param why says why it is none, empty if it is one
FileDescriptor
OpenSealed(const PrivateFolder& folder, const std::string& name, std::string& why)
{
    FileDescriptor file = folder.TryOpen(name, O_RDONLY);
    if (!file.IsOpen())
    {
        const std::error_code code(errno, std::generic_category());
        if (!IsOfTheFile(code.value()))
        {
            throw StoreError(folder.PathOf(name), code.message(), code);
        }
        why = code.value() == ELOOP    ? "a link"
              : code.value() == ENOENT ? "missing"
                                       : "cannot be read: " + code.message();
        return {};
    }
    why = WhyNotSealed(StatusOf(file, folder.PathOf(name)));
    return file;
}

/// Reads all of it.
/// \returns why it is not the copy that the index knows; empty if it is
std::string
WhyNotWhole(const PrivateFolder& folder,
            const std::string& name,
            const CopyInfo& info,
            std::optional<FileIdentity>& identity)
{
    std::string why;
    const FileDescriptor file = OpenSealed(folder, name, why);
    if (!why.empty())
    {
        return why;
    }
    // Of before it is read: who writes to it meanwhile is found out by Open().
    identity = FileIdentity(StatusOf(file, folder.PathOf(name)));
    if (identity->sizeBytes != info.sizeBytes)
    {
        return fmt::format("has {} bytes, not {}", identity->sizeBytes, info.sizeBytes);
    }
    try
    {
        return DigestOf(file) == info.digest ? "" : "another digest";
    }
    catch (const std::system_error& error)
    {
        if (!IsOfTheFile(error.code().value()))
        {
            throw StoreError(folder.PathOf(name), error.what(), error.code());
        }
        return fmt::format("cannot be read: {}", error.code().message());
    }
}

bool
IsMonth(const std::string& text)
{
    const auto digit = [&text](std::size_t at)
    {
        return text[at] >= '0' && text[at] <= '9';
    };
    return text.size() == 7 && digit(0) && digit(1) && digit(2) && digit(3) && text[4] == '-' &&
           digit(5) && digit(6);
}

} // namespace

Store::Store(StoreSettings settings, const std::function<void(const CheckProgress&)>& progress)
    : m_settings(std::move(settings))
    , m_limits(m_settings.limits)
    , m_room(std::make_shared<Room>())
    , m_folder(m_settings.folder)
    , m_lock(m_folder.Open(kLockName, O_RDWR | O_CREAT))
    , m_copiesFolder((Lock(), m_folder), "copies")
    , m_partialFolder(std::make_shared<PrivateFolder>(m_folder, "partial"))
{
    // First, as it may free the space that the index needs.
    ClearFolder(*m_partialFolder, "had not arrived");
    OpenIndex();
    CheckCopies(progress);
    ClearFolder(m_copiesFolder, "not in the index");
    m_folder.Sync();
    m_flushedS = Now();
    m_room->fits = [this](const PartialFile& partial, std::uint64_t bytes)
    {
        return CanFit(partial, bytes);
    };
}

Store::~Store()
{
    {
        const std::lock_guard<std::mutex> lock(m_room->mutex);
        m_room->fits = nullptr;
    }
    try
    {
        Flush();
    }
    catch (const StoreError&)
    {
        // Nobody is left to tell, and no copy is lost.
    }
}

void
Store::Lock()
{
    if (!S_ISREG(StatusOf(m_lock, m_folder.PathOf(kLockName)).st_mode))
    {
        throw StoreError(m_folder.PathOf(kLockName), "not a regular file");
    }
    if (::flock(m_lock.Get(), LOCK_EX | LOCK_NB) != 0)
    {
        const std::error_code code(errno, std::generic_category());
        throw StoreError(m_folder.PathOf(kLockName),
                         errno == EWOULDBLOCK ? "another lanpeerd has this folder"
                                              : fmt::format("cannot lock it: {}", code.message()),
                         code);
    }
}

void
Store::OpenIndex()
{
    bool plain = true;
    for (const std::string& suffix : {std::string(), std::string("-wal")})
    {
        const auto there = m_folder.Look(kIndexName + suffix);
        const std::string why = there ? WhyNotPlain(*there) : "";
        if (!why.empty())
        {
            plain = false;
            m_checked.indexDamage =
                fmt::format("{}: {}", m_folder.PathOf(kIndexName + suffix), why);
        }
    }
    if (!plain)
    {
        SetIndexAside();
    }
    // SQLite would make it for others to read.
    m_folder.Open(kIndexName, O_RDWR | O_CREAT);
    try
    {
        m_index = std::make_unique<Index>(m_folder.PathOf(kIndexName));
        return;
    }
    catch (const IndexDamaged& error)
    {
        m_checked.indexDamage = error.what();
    }
    SetIndexAside();
    m_folder.Open(kIndexName, O_RDWR | O_CREAT);
    m_index = std::make_unique<Index>(m_folder.PathOf(kIndexName));
}

void
Store::SetIndexAside()
{
    if (m_folder.Look(kIndexName))
    {
        m_folder.Rename(kIndexName, m_folder, kDamagedIndexName);
    }
    for (const char* suffix : kIndexSuffixes)
    {
        m_folder.Unlink(std::string(kIndexName) + suffix);
    }
}

void
Store::CheckCopies(const std::function<void(const CheckProgress&)>& progress)
{
    std::vector<CopyInfo> rows = m_index->Copies();
    CheckProgress done;
    done.ofCopies = rows.size();
    for (const CopyInfo& row : rows)
    {
        done.ofBytes = Sum(done.ofBytes, row.sizeBytes);
    }
    // Least recently used first, so that the order of uses is that of before.
    std::sort(rows.begin(),
              rows.end(),
              [](const CopyInfo& a, const CopyInfo& b)
              { return std::tie(a.lastUsedS, a.href) < std::tie(b.lastUsedS, b.href); });
    for (const CopyInfo& row : rows)
    {
        if (progress)
        {
            progress(done);
        }
        const std::string name = NameOf(row.href, row.digest);
        std::optional<FileIdentity> identity;
        const std::string why = WhyNotWhole(m_copiesFolder, name, row, identity);
        if (why.empty())
        {
            m_copies.emplace(row.href, Copy{row, *identity, ++m_uses, false, {}});
            m_totalBytes = Sum(m_totalBytes, row.sizeBytes);
        }
        else
        {
            m_checked.dropped.push_back({row.href, m_copiesFolder.PathOf(name), why});
            m_copiesFolder.Unlink(name);
            m_index->Erase(row.href);
        }
        ++done.copies;
        done.bytes = Sum(done.bytes, row.sizeBytes);
    }
    if (progress)
    {
        progress(done);
    }
    m_checked.kept = List();
}

void
Store::ClearFolder(const PrivateFolder& folder, const char* why)
{
    std::set<std::string> known;
    if (&folder == &m_copiesFolder)
    {
        for (const auto& [href, copy] : m_copies)
        {
            known.insert(NameOf(href, copy.info.digest));
        }
    }
    std::vector<std::string> names = folder.Names();
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
    {
        if (known.count(name) != 0)
        {
            continue;
        }
        // A folder is not of our making; what it holds may be somebody's.
        const bool gone = folder.Unlink(name);
        m_checked.dropped.push_back(
            {"", folder.PathOf(name), gone ? why : fmt::format("{}, cannot be removed", why)});
    }
}

std::int64_t
Store::Now() const
{
    if (m_settings.now)
    {
        return m_settings.now();
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::shared_ptr<PartialFile>
Store::StartPartial(const std::string& href)
{
    const std::lock_guard<std::mutex> lock(m_room->mutex);
    for (auto partial = m_partials.begin(); partial != m_partials.end();)
    {
        partial = partial->second.expired() ? m_partials.erase(partial) : std::next(partial);
    }
    if (m_partials.count(href) != 0)
    {
        return nullptr;
    }
    std::shared_ptr<PartialFile> partial(new PartialFile(href, m_partialFolder, m_room));
    m_partials.emplace(href, partial);
    return partial;
}

CopyInfo
Store::Keep(PartialFile& partial, const Digest& digest)
{
    const std::string& href = partial.Href();
    const std::string name = NameOf(href, digest);
    // Whatever let it come so far: a body of unknown length, limits that were changed meanwhile.
    if (!partial.Fits())
    {
        throw StoreError(m_partialFolder->Path(), href + " does not fit within the limits");
    }
    const auto old = m_copies.find(href);
    const std::string oldName = old == m_copies.end() ? "" : NameOf(href, old->second.info.digest);
    const FileIdentity identity = partial.MoveTo(m_copiesFolder, name, digest);

    CopyInfo info;
    info.href = href;
    info.sizeBytes = identity.sizeBytes;
    info.digest = digest;
    info.addedS = Now();
    info.lastUsedS = info.addedS;
    try
    {
        m_copiesFolder.Sync();
        m_index->Put(info);
    }
    catch (const StoreError& error)
    {
        if (name == oldName)
        {
            // The same bytes stand where the old file stood, in another inode.
            old->second.identity = identity;
        }
        else if (error.Code() == std::errc::no_space_on_device)
        {
            m_copiesFolder.Unlink(name);
        }
        // Otherwise the row may be on the disk although that failed, so the file stays, and the old
        // one too: the next start keeps the one that the index knows.
        throw;
    }
    {
        const std::lock_guard<std::mutex> lock(m_room->mutex);
        m_totalBytes -= oldName.empty() ? 0 : old->second.info.sizeBytes;
        m_totalBytes = Sum(m_totalBytes, info.sizeBytes);
        m_copies.insert_or_assign(href, Copy{info, identity, ++m_uses, false, {}});
    }
    if (!oldName.empty() && name != oldName)
    {
        try
        {
            m_copiesFolder.Unlink(oldName);
        }
        catch (const StoreError&)
        {
            // The new copy is kept all the same; the next start removes what no row knows.
        }
    }
    return info;
}

OpenedCopy
Store::Open(const std::string& href)
{
    OpenedCopy opened;
    const auto found = m_copies.find(href);
    if (found == m_copies.end())
    {
        return opened;
    }
    Copy& copy = found->second;
    const std::string name = NameOf(href, copy.info.digest);
    // Opened each time, also while another has it open: what stands under the name may have been
    // replaced meanwhile, and that is what the next start would find.
    FileDescriptor file = OpenSealed(m_copiesFolder, name, opened.damage);
    if (opened.damage.empty() &&
        !(FileIdentity(StatusOf(file, m_copiesFolder.PathOf(name))) == copy.identity))
    {
        opened.damage = "changed since it was checked";
    }
    opened.info = copy.info;
    if (!opened.damage.empty())
    {
        Drop(found);
        return opened;
    }
    opened.file = copy.open.lock();
    if (!opened.file)
    {
        opened.file = std::make_shared<const FileDescriptor>(std::move(file));
        const std::lock_guard<std::mutex> lock(m_room->mutex);
        copy.open = opened.file;
    }
    copy.info.lastUsedS = Now();
    ++copy.info.hits;
    copy.use = ++m_uses;
    copy.unwritten = true;
    opened.info = copy.info;
    FlushIfDue();
    return opened;
}

std::optional<CopyInfo>
Store::Find(const std::string& href) const
{
    const auto found = m_copies.find(href);
    return found == m_copies.end() ? std::nullopt : std::optional(found->second.info);
}

std::vector<CopyInfo>
Store::List() const
{
    std::vector<CopyInfo> list;
    for (const auto& [href, copy] : m_copies)
    {
        list.push_back(copy.info);
    }
    return list;
}

void
Store::Remove(const std::string& href)
{
    const auto found = m_copies.find(href);
    if (found != m_copies.end())
    {
        Drop(found);
    }
}

void
Store::Drop(std::map<std::string, Copy>::iterator copy)
{
    const std::string href = copy->first;
    const std::string name = NameOf(href, copy->second.info.digest);
    {
        const std::lock_guard<std::mutex> lock(m_room->mutex);
        m_totalBytes -= copy->second.info.sizeBytes;
        m_copies.erase(copy);
    }
    // The file first: on a full disk that makes the room that the index needs to forget it.
    m_copiesFolder.Unlink(name);
    m_index->Erase(href);
}

void
Store::AddTraffic(TrafficKind kind,
                  const std::string& peer,
                  std::uint64_t bytes,
                  const std::string& month)
{
    if (!IsMonth(month))
    {
        throw std::invalid_argument(fmt::format("\"{}\" is no month like 2026-11", month));
    }
    TrafficRow& row = m_traffic[{month, kind, peer}];
    row.month = month;
    row.kind = kind;
    row.peer = peer;
    ++row.transfers;
    row.bytes = Sum(row.bytes, bytes);
    FlushIfDue();
}

std::vector<TrafficRow>
Store::Traffic(const TrafficQuery& query)
{
    Flush();
    return m_index->Traffic(query);
}

void
Store::Flush()
{
    m_flushedS = Now();
    std::vector<CopyInfo> used;
    for (const auto& [href, copy] : m_copies)
    {
        if (copy.unwritten)
        {
            used.push_back(copy.info);
        }
    }
    std::vector<TrafficRow> traffic;
    for (const auto& [key, row] : m_traffic)
    {
        traffic.push_back(row);
    }
    if (used.empty() && traffic.empty())
    {
        return;
    }
    m_index->Note(used, traffic);
    for (auto& [href, copy] : m_copies)
    {
        copy.unwritten = false;
    }
    m_traffic.clear();
}

void
Store::FlushIfDue()
{
    const std::int64_t now = Now();
    if (now >= m_flushedS && now - m_flushedS < kFlushEveryS &&
        m_traffic.size() < kMaxTrafficWaiting)
    {
        return;
    }
    try
    {
        Flush();
    }
    catch (const StoreError&)
    {
        // It is tried again; a disk that is full need not keep a copy from being served. But what
        // waits is bounded.
        if (m_traffic.size() >= kMaxTrafficWaiting)
        {
            m_traffic.clear();
        }
    }
}

} // namespace lanpeer::reference
