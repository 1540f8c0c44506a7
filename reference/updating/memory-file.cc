#include "reference/updating/memory-file.h"

#include "model/protocol/update/catalog-codec.h"
#include "reference/files/file-descriptor.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <variant>

namespace lanpeer::reference
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::uint64_t kBytesMax = 4U << 20U;

[[noreturn]] void
Fail(const std::string& file)
{
    throw std::system_error(errno, std::generic_category(), file);
}

// ---------------------------------------------------------------- to JSON

Json
JsonOf(const HeldCatalog& held)
{
    const auto text = WriteCatalog(held.catalog);
    if (const auto* error = std::get_if<CatalogError>(&text))
    {
        throw std::logic_error("the catalog that is held is none: " + ToString(*error));
    }
    return {
        {"catalog", std::get<std::string>(text)}, {"sha256", held.sha256}, {"signer", held.signer}};
}

Json
JsonOf(const CheckReport& report)
{
    return {{"started", report.startedS},
            {"outcome", ToString(report.outcome)},
            {"reason", ToString(report.reason)},
            {"subject", report.subject}};
}

Json
JsonOf(const UpdateMemory& memory)
{
    Json json{{"format", kFormat},
              {"highest_seen", memory.highestSeenS},
              {"last_fresh", memory.lastFreshS}};
    if (memory.held)
    {
        json["held"] = JsonOf(*memory.held);
    }
    if (memory.revoked)
    {
        json["revoked"] = {{"number", memory.revoked->number},
                           {"certificates", memory.revoked->revoked}};
    }
    json["highest"] = Json::array();
    for (const InstalledProduct& product : memory.highest)
    {
        json["highest"].push_back({{"product", product.product},
                                   {"version", product.version},
                                   {"sha256", product.sha256},
                                   {"epoch", product.epoch}});
    }
    json["incomplete"] = Json::array();
    for (const IncompleteSet& set : memory.incomplete)
    {
        json["incomplete"].push_back({{"set", set.set}, {"since", set.sinceS}});
    }
    if (memory.lastCheck)
    {
        json["last_check"] = JsonOf(*memory.lastCheck);
    }
    return json;
}

// ---------------------------------------------------------------- from JSON

HeldCatalog
HeldOf(const Json& json)
{
    auto catalog = ReadCatalog(json.at("catalog").get<std::string>());
    if (const auto* error = std::get_if<CatalogError>(&catalog))
    {
        throw std::runtime_error(ToString(*error));
    }
    return {std::move(std::get<Catalog>(catalog)), json.at("sha256"), json.at("signer")};
}

/// The one of an enumeration that is called so.
template <typename Enumerator>
Enumerator
NamedSo(const std::string& name, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
    {
        if (ToString(static_cast<Enumerator>(i)) == name)
        {
            return static_cast<Enumerator>(i);
        }
    }
    throw std::runtime_error(name + ": no such word");
}

CheckReport
ReportOf(const Json& json)
{
    constexpr std::size_t kOutcomes = static_cast<std::size_t>(CheckOutcome::Failed) + 1;
    return {json.at("started"),
            NamedSo<CheckOutcome>(json.at("outcome"), kOutcomes),
            NamedSo<UpdateReason>(json.at("reason"), kUpdateReasons),
            json.at("subject")};
}

UpdateMemory
MemoryOf(const Json& json)
{
    if (json.at("format") != kFormat)
    {
        throw std::runtime_error("another format");
    }
    UpdateMemory memory;
    memory.highestSeenS = json.at("highest_seen");
    memory.lastFreshS = json.at("last_fresh");
    if (json.contains("held"))
    {
        memory.held = HeldOf(json["held"]);
    }
    if (json.contains("revoked"))
    {
        memory.revoked =
            RevocationList{json["revoked"].at("number"), json["revoked"].at("certificates")};
    }
    for (const Json& product : json.at("highest"))
    {
        memory.highest.push_back({product.at("product"),
                                  product.at("version"),
                                  product.at("sha256"),
                                  product.at("epoch")});
    }
    for (const Json& set : json.at("incomplete"))
    {
        memory.incomplete.push_back({set.at("set"), set.at("since")});
    }
    if (json.contains("last_check"))
    {
        memory.lastCheck = ReportOf(json["last_check"]);
    }
    return memory;
}

// ---------------------------------------------------------------- files

FileDescriptor
OpenFolderOf(const std::string& file)
{
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    FileDescriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.IsOpen())
    {
        Fail(folder);
    }
    return opened;
}

} // namespace

ReadMemory
ReadMemoryFile(const std::string& file)
{
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!opened.IsOpen())
    {
        if (errno == ENOENT)
        {
            return {};
        }
        Fail(file);
    }
    std::string text(std::min(opened.Size(), kBytesMax), '\0');
    text.resize(opened.ReadAt(0, text.data(), text.size()));
    try
    {
        return {MemoryOf(Json::parse(text)), ""};
    }
    catch (const std::exception& error)
    {
        const std::string aside = file + ".damaged";
        if (::rename(file.c_str(), aside.c_str()) != 0)
        {
            Fail(aside);
        }
        return {{}, error.what()};
    }
}

void
WriteMemoryFile(const std::string& file, const UpdateMemory& memory)
{
    const std::string text = JsonOf(memory).dump(1) + "\n";
    const std::string written = file + ".new";
    {
        const FileDescriptor opened(
            ::open(written.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!opened.IsOpen())
        {
            Fail(written);
        }
        opened.WriteAt(0, text);
        opened.Sync();
    }
    if (::rename(written.c_str(), file.c_str()) != 0)
    {
        Fail(file);
    }
    OpenFolderOf(file).Sync();
}

} // namespace lanpeer::reference
