#include "store-folder.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/stat.h>

namespace lanpeer::reference
{

namespace fs = std::filesystem;

StoreFolder::StoreFolder(const std::string& where)
{
    std::string name = where + "lanpeer-store-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
    {
        throw std::runtime_error("no folder " + name);
    }
    m_top = name;
}

StoreFolder::~StoreFolder()
{
    std::error_code ignored;
    fs::remove_all(m_top, ignored);
}

StoreSettings
StoreFolder::Settings()
{
    return {State().string(),
            m_limits,
            [this] { return m_nowS; },
            [this]
            {
                return m_freeDiskBytes;
            }};
}

std::unique_ptr<Store>
StoreFolder::Make()
{
    return std::make_unique<Store>(Settings());
}

fs::path
StoreFolder::CopyOf(const std::string& href, std::string_view bytes) const
{
    return State() / "copies" / (ToHex(DigestOf(href)) + "." + ToHex(DigestOf(bytes)));
}

CopyInfo
KeepBytes(Store& store, const std::string& href, std::string_view bytes)
{
    const auto partial = store.StartPartial(href);
    if (!partial)
    {
        throw std::logic_error("somebody writes " + href);
    }
    partial->File().WriteAt(0, bytes);
    return store.Keep(*partial, partial->Seal(bytes.size()));
}

std::string
ReadCopy(Store& store, const std::string& href)
{
    const OpenedCopy opened = store.Open(href);
    if (!opened.file)
    {
        return opened.damage.empty() ? "(none)" : "(damaged: " + opened.damage + ")";
    }
    std::string bytes(opened.file->Size(), '\0');
    EXPECT_EQ(opened.file->ReadAt(0, bytes.data(), bytes.size()), bytes.size());
    EXPECT_EQ(opened.info.sizeBytes, bytes.size());
    EXPECT_EQ(opened.info.digest, DigestOf(bytes)) << href;
    return bytes;
}

std::vector<std::string>
HrefsOf(const std::vector<CopyInfo>& copies)
{
    std::vector<std::string> hrefs;
    for (const CopyInfo& copy : copies)
    {
        hrefs.push_back(copy.href);
    }
    return hrefs;
}

std::vector<std::string>
NamesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string
BytesOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void
Overwrite(const fs::path& file, std::string_view bytes)
{
    struct stat before = {};
    ASSERT_EQ(::stat(file.c_str(), &before), 0) << file;
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    ASSERT_EQ(::chmod(file.c_str(), before.st_mode & 07777), 0);
}

std::string
ErrorOf(const StoreSettings& settings)
{
    try
    {
        const Store store(settings);
        return "";
    }
    catch (const StoreError& error)
    {
        return error.what();
    }
}

} // namespace lanpeer::reference
