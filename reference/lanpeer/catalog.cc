#include "model/protocol/update/catalog-codec.h"
#include "model/protocol/update/version-name.h"
#include "model/settings/text.h"
#include "reference/files/file-descriptor.h"
#include "reference/lanpeer/commands.h"
#include "reference/lanpeer/publishing.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinfo.h"
#include "reference/packages/catalog-cabinet.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <system_error>

// catalog: what packages there are, signed (R-UPD-6, R-UPD-8).

namespace lanpeer::command
{

namespace
{

using reference::PackageError;

// ---------------------------------------------------------------- options

/// "2027-01-31": the last second of that day in UTC; or seconds since 1970.
std::uint64_t
ExpiryOf(const std::string& text)
{
    std::tm day = {};
    const char* const end = ::strptime(text.c_str(), "%Y-%m-%d", &day);
    if (text.size() != 10 || end == nullptr || *end != '\0')
    {
        if (text.find('-') == std::string::npos)
        {
            return NumberOf("--expires", text, 1, limits::kCatalogNumberMax);
        }
        throw WrongUse(fmt::format("--expires: {} is neither YYYY-MM-DD nor seconds since 1970",
                                   settings::Quote(text)));
    }
    std::tm moment = day;
    moment.tm_hour = 23;
    moment.tm_min = 59;
    moment.tm_sec = 59;
    const std::time_t seconds = ::timegm(&moment);
    if (seconds < 0 || moment.tm_mday != day.tm_mday) // February 30 became March
    {
        throw WrongUse(fmt::format("--expires: {} is no day", settings::Quote(text)));
    }
    return static_cast<std::uint64_t>(seconds);
}

/// The catalog's file is called in its URL as on the disk, so nothing that a URL writes otherwise.
std::string
FileNameOf(const std::string& output)
{
    const std::string name = BaseName(output);
    const std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const std::size_t dot = name.rfind('.');
    if (name.find_first_not_of(kAllowed) != std::string::npos || dot == 0 ||
        dot == std::string::npos || (name.substr(dot) != ".cab" && name.substr(dot) != ".CAB"))
    {
        throw WrongUse(fmt::format("--out: {} is not NAME.cab of letters, digits, '.', '_', '-'",
                                   settings::Quote(name)));
    }
    return name;
}

/// Which set a product is in, of those that were given one: "scanner=engine,signatures".
std::map<std::string, std::string>
SetsOf(const std::vector<std::string>& given)
{
    std::map<std::string, std::string> sets;
    for (const std::string& text : given)
    {
        const std::size_t equals = text.find('=');
        const std::string set = text.substr(0, equals);
        if (equals == std::string::npos || !IsProductName(set))
        {
            throw WrongUse(
                fmt::format("--set: {} is not SET=PRODUCT,PRODUCT...", settings::Quote(text)));
        }
        for (std::size_t at = equals; at != std::string::npos;)
        {
            const std::size_t next = text.find(',', at + 1);
            const std::string product = text.substr(at + 1, next - at - 1);
            if (!IsProductName(product))
            {
                throw WrongUse(fmt::format("--set: {}: {} is no product's name",
                                           settings::Quote(text),
                                           settings::Quote(product)));
            }
            if (!sets.emplace(product, set).second)
            {
                throw WrongUse(fmt::format("--set: {} is named twice", product));
            }
            at = next;
        }
    }
    return sets;
}

// ---------------------------------------------------------------- packages

/// A package as it is listed, and who signed it.
struct Read
{
    CatalogEntry entry;
    std::string signer;
};

/// \param own the publisher's certificates; the root is not asked for, so that it may stay away
Read
LookAt(const reference::ByteSource& source, const std::string& file, const reference::Trust& own)
{
    const auto report = reference::CheckSignature(source, own, NowS());
    if (report.state == SignatureState::Missing || report.state == SignatureState::Malformed ||
        report.state == SignatureState::Altered)
    {
        throw PackageError(report.message);
    }
    const EmbeddedName name = reference::ReadCabInfo(
        reference::ReadEntry(source, {}, reference::kCabInfoName, reference::kMaxCabInfoBytes));
    const auto version = ParseVersionName(name.file);
    if (!version || version->product != name.product || version->version != name.version)
    {
        throw PackageError(fmt::format(
            "its names disagree: {} of {}, version {}", name.file, name.product, name.version));
    }
    if (name.file != BaseName(file))
    {
        // As every update service would say of it (R-UPD-4).
        throw PackageError(fmt::format("it was made as {}, and has to be called so", name.file));
    }
    Read read;
    read.signer = report.signer;
    read.entry.product = name.product;
    read.entry.version = name.version;
    read.entry.sizeBytes = source.Size();
    read.entry.sha256 = reference::Sha256Of(source);
    return read;
}

Read
ReadPackage(const std::string& file, const reference::Trust& own)
{
    const reference::FileDescriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status = {};
    if (!open.IsOpen() || ::fstat(open.Get(), &status) != 0)
    {
        throw std::runtime_error(
            fmt::format("{}: {}", file, std::generic_category().message(errno)));
    }
    if (!S_ISREG(status.st_mode))
    {
        throw WrongUse(fmt::format("{}: no package: not a file", file));
    }
    try
    {
        return LookAt(reference::FileSource(open, open.Size()), file, own);
    }
    catch (const PackageError& error)
    {
        throw WrongUse(fmt::format("{}: no package: {}", file, error.what()));
    }
}

/// \param signers is given who signed what
std::vector<CatalogEntry>
ReadPackages(const CatalogOptions& options, std::map<std::string, std::string>& signers)
{
    const std::map<std::string, std::string> sets = SetsOf(options.sets);
    const std::string slash = options.baseUrl.empty() || options.baseUrl.back() != '/' ? "/" : "";
    if (!IsCatalogUrl(options.baseUrl + slash + "x"))
    {
        throw WrongUse(fmt::format("--base-url: {} is no absolute http or https URL without "
                                   "user-info, query and fragment",
                                   settings::Quote(options.baseUrl)));
    }
    const reference::Trust own(ReadFile(options.certificate, kMostPemBytes));
    std::vector<CatalogEntry> entries;
    for (const std::string& file : options.packages)
    {
        Read read = ReadPackage(file, own);
        CatalogEntry& entry = read.entry;
        RequireOfThisTime(file, entry.version);
        const auto set = sets.find(entry.product);
        entry.set = set == sets.end() ? entry.product : set->second;
        entry.url = options.baseUrl + slash + BaseName(file);
        signers.emplace(read.signer, file);
        entries.push_back(std::move(entry));
    }
    for (const auto& [product, set] : sets)
    {
        const auto is = [&product = product](const CatalogEntry& entry)
        {
            return entry.product == product;
        };
        if (std::none_of(entries.begin(), entries.end(), is))
        {
            throw WrongUse(fmt::format("--set: {}: no package of it is given", product));
        }
    }
    return entries;
}

// ---------------------------------------------------------------- the root's list

/// As every update service would say of it (T4).
void
RequireListFor(std::uint64_t epoch, const RevocationList& list)
{
    if (epoch > list.number)
    {
        throw PackageError(
            fmt::format("its number {} is below epoch {}, and each epoch needs a list "
                        "of the root's; make one by lanpeer revoke --number {}",
                        list.number,
                        epoch,
                        epoch));
    }
}

/// \param signers serial numbers, with what they signed
std::string
ReadRevocations(const std::string& file,
                std::uint64_t epoch,
                const std::map<std::string, std::string>& signers)
{
    std::string der = ReadFile(file, reference::kMaxRevocationListBytes);
    try
    {
        const RevocationList list = reference::ReadUnverifiedRevocationList(der, NowS());
        RequireListFor(epoch, list);
        for (const std::string& revoked : list.revoked)
        {
            const auto signer = signers.find(revoked);
            if (signer != signers.end())
            {
                throw PackageError(
                    fmt::format("it revokes {}, which signed {}", revoked, signer->second));
            }
        }
    }
    catch (const PackageError& error)
    {
        throw WrongUse(fmt::format("--revocations {}: {}", file, error.what()));
    }
    return der;
}

nlohmann::ordered_json
Described(const Catalog& catalog, const std::string& name)
{
    nlohmann::ordered_json described{{"name", name},
                                     {"epoch", catalog.epoch},
                                     {"version", catalog.version},
                                     {"expires", catalog.expiresS}};
    described["resources"] = nlohmann::ordered_json::array();
    for (const CatalogEntry& entry : catalog.entries)
    {
        described["resources"].push_back({{"product", entry.product},
                                          {"set", entry.set},
                                          {"version", entry.version},
                                          {"url", entry.url},
                                          {"size", entry.sizeBytes},
                                          {"sha256", entry.sha256}});
    }
    return described;
}

std::string
TextOf(const Catalog& catalog)
{
    auto written = WriteCatalog(catalog);
    if (const auto* error = std::get_if<CatalogError>(&written))
    {
        throw WrongUse(ToString(*error));
    }
    return std::get<std::string>(std::move(written));
}

/// The cabinet, of which the signing certificate must not be revoked either.
std::string
CabinetOf(const CatalogOptions& options,
          const EmbeddedName& name,
          const Catalog& catalog,
          std::map<std::string, std::string> signers)
{
    const reference::SigningKey key = ReadSigningKey(options.certificate, options.key);
    const std::string text = TextOf(catalog);
    try
    {
        const reference::Trust own(ReadFile(options.certificate, kMostPemBytes));
        const std::string bare = reference::MakeCatalogCabinet(name, text, std::nullopt, key);
        if (options.revocations.empty())
        {
            return bare;
        }
        signers.emplace(
            reference::CheckSignature(reference::MemorySource(bare), own, NowS()).signer,
            "the catalog");
        return reference::MakeCatalogCabinet(
            name, text, ReadRevocations(options.revocations, catalog.epoch, signers), key);
    }
    catch (const PackageError& error)
    {
        throw WrongUse(fmt::format("{}: {}", name.file, error.what()));
    }
}

} // namespace

int
MakeCatalog(const CatalogOptions& options)
{
    const std::string file = FileNameOf(options.output);
    Catalog catalog;
    catalog.version = NumberOf("--version", options.version, 1, limits::kCatalogNumberMax);
    catalog.epoch = NumberOf("--epoch", options.epoch, 1, limits::kCatalogNumberMax);
    catalog.expiresS = ExpiryOf(options.expires);
    if (catalog.expiresS < static_cast<std::uint64_t>(NowS()))
    {
        throw WrongUse(fmt::format("--expires: {} is over", settings::Quote(options.expires)));
    }
    std::map<std::string, std::string> signers;
    try
    {
        catalog.entries = ReadPackages(options, signers);
    }
    catch (const PackageError& error)
    {
        throw WrongUse(fmt::format("--cert {}: {}", options.certificate, error.what()));
    }
    const EmbeddedName name{
        file, file.substr(0, file.rfind('.')), fmt::format("{}", catalog.version)};
    const std::string cabinet = CabinetOf(options, name, catalog, std::move(signers));
    if (options.revocations.empty())
    {
        fmt::print(stderr,
                   "lanpeer: {}: without --revocations, which update services ask for; "
                   "lanpeer revoke makes a list\n",
                   settings::WholeLine(options.output));
    }
    Publish(cabinet, options.output, Described(catalog, file), options.json);
    return 0;
}

} // namespace lanpeer::command
