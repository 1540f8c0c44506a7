#include "install-scene.h"

#include "reference/installation/install-error.h"
#include "reference/packages/package.h"
#include "tests/reference/packages/authority.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace lanpeer::reference
{

namespace fs = std::filesystem;

namespace
{

std::vector<CabinetFile>
FilesOf(const std::string& product, unsigned number)
{
    return {{"data.bin", fmt::format("{} {} ", product, number) + std::string(5000, 'x'), false},
            {"bin/run", fmt::format("#!/bin/sh\necho {} {}\n", product, number), true},
            {"bin/help/en.txt", fmt::format("help of {} {}", product, number), false}};
}

Published
Publish(const std::string& product, unsigned number)
{
    const std::string version = fmt::format("2001{:02}131511", number);
    const std::string file = fmt::format("{}.{}.cab", product, version);
    Published made;
    made.bytes =
        MakePackage({file, product, version}, FilesOf(product, number), KeyFor(Publisher()));
    const MemorySource source(made.bytes);
    made.facts = ExaminePackage(source, TrustIn(Root()), kAsOfS).facts;
    made.entry = {product,
                  "base",
                  "http://updates.example/" + file,
                  made.bytes.size(),
                  made.facts.sha256,
                  version};
    return made;
}

} // namespace

const Published&
PackageOf(const std::string& product, unsigned number)
{
    static std::map<std::string, Published> all;
    const std::string key = fmt::format("{} {}", product, number);
    auto at = all.find(key);
    if (at == all.end())
    {
        at = all.emplace(key, Publish(product, number)).first;
    }
    return at->second;
}

InstallSet
SetOf(const Wanted& wanted)
{
    InstallSet set{wanted.set, wanted.release, {}};
    for (const auto& [product, number] : wanted.numbers)
    {
        CatalogEntry entry = PackageOf(product, number).entry;
        entry.set = wanted.set;
        const bool carried = std::count(wanted.carried.begin(), wanted.carried.end(), product) != 0;
        set.entries.push_back({entry, !carried});
    }
    return set;
}

InstalledRelease
Install(const InstallFolder& folder, const Wanted& wanted)
{
    std::vector<MemorySource> sources;
    sources.reserve(wanted.numbers.size());
    std::map<std::string, AcceptedPackage> packages;
    for (const auto& [product, number] : wanted.numbers)
    {
        if (std::count(wanted.carried.begin(), wanted.carried.end(), product) == 0)
        {
            const Published& published = PackageOf(product, number);
            sources.emplace_back(published.bytes);
            packages[product] = {&sources.back(), published.facts};
        }
    }
    return folder.Install(SetOf(wanted), packages);
}

std::string
ErrorOf(const InstallFolder& folder, const Wanted& wanted)
{
    try
    {
        Install(folder, wanted);
        return "";
    }
    catch (const InstallError& error)
    {
        return error.what();
    }
}

std::map<std::string, std::string>
FilesUnder(const fs::path& path)
{
    std::map<std::string, std::string> files;
    if (!fs::exists(path))
    {
        return files;
    }
    const fs::path real = fs::canonical(path);
    for (const auto& entry : fs::recursive_directory_iterator(real))
    {
        if (!entry.is_directory())
        {
            std::ifstream in(entry.path(), std::ios::binary);
            files[entry.path().lexically_relative(real)] = {std::istreambuf_iterator<char>(in), {}};
        }
    }
    files.erase("manifest.json");
    return files;
}

std::map<std::string, std::string>
FilesOf(const std::map<std::string, unsigned>& numbers)
{
    std::map<std::string, std::string> files;
    for (const auto& [product, number] : numbers)
    {
        const Published& published = PackageOf(product, number);
        const MemorySource source(published.bytes);
        files[product + "/cabinfo.ini"] = ReadEntry(source, {}, "cabinfo.ini", 4096);
        for (const CabinetFile& file : FilesOf(product, number))
        {
            files[product + "/" + file.name] = file.bytes;
        }
    }
    return files;
}

std::vector<std::string>
Told(const Installation& installation)
{
    std::vector<std::string> told;
    for (const InstalledProduct& product : installation.products)
    {
        const auto number = static_cast<unsigned>(std::stoul(product.version.substr(4, 2)));
        EXPECT_EQ(product.sha256, PackageOf(product.product, number).facts.sha256);
        told.push_back(fmt::format("{} {} of epoch {}", product.product, number, product.epoch));
    }
    for (const DamagedSet& damaged : installation.damaged)
    {
        told.push_back(fmt::format("{}: {}", damaged.set, damaged.why));
    }
    return told;
}

/// On a disk of memory, where there is one: to a process that is killed all disks are alike.
InstallScene::InstallScene()
{
    std::string name = (fs::is_directory("/dev/shm") ? "/dev/shm/" : testing::TempDir()) +
                       "lanpeer-install-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
    {
        throw std::runtime_error("no folder " + name);
    }
    m_top = name;
}

InstallScene::~InstallScene()
{
    std::error_code ignored;
    fs::remove_all(m_top, ignored);
}

std::vector<std::string>
InstallScene::NamesIn(const fs::path& folder) const
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace lanpeer::reference
