#include "reference/packages/package.h"

#include "reference/packages/authenticode.h"
#include "reference/packages/cabinfo.h"
#include "reference/packages/package-error.h"
#include "reference/packages/signed-content.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lanpeer::reference
{

Examination
ExaminePackage(const ByteSource& source,
               const Trust& trust,
               std::int64_t asOfS,
               const CabinetLimits& limits)
{
    Examination examination;
    PackageFacts& facts = examination.facts;
    facts.sizeBytes = source.Size();
    facts.sha256 = Sha256Of(source);
    SignatureReport report = CheckSignature(source, trust, asOfS);
    facts.signature = report.state;
    facts.signer = std::move(report.signer);
    examination.message = std::move(report.message);
    if (facts.signature != SignatureState::Valid)
    {
        return examination;
    }
    try
    {
        facts.embedded = ReadCabInfo(ReadEntry(source, limits, kCabInfoName, kMaxCabInfoBytes));
    }
    catch (const PackageError& error)
    {
        examination.message = error.what();
    }
    return examination;
}

std::string
ReadEntry(const ByteSource& source,
          const CabinetLimits& limits,
          const std::string& name,
          std::size_t maxBytes)
{
    std::optional<std::string> found;
    const auto wanted = [&name, maxBytes](const CabinetEntry& entry)
    {
        if (entry.name == name && entry.sizeBytes > maxBytes)
        {
            throw PackageError(fmt::format("{} is longer than {} bytes", name, maxBytes));
        }
        return entry.name == name;
    };
    ExtractCabinet(source,
                   limits,
                   wanted,
                   [&found](const CabinetEntry& /*entry*/, std::string_view bytes)
                   { found = bytes; });
    if (!found)
    {
        throw PackageError(fmt::format("no {} in it", name));
    }
    return *found;
}

std::string
MakePackage(const EmbeddedName& name,
            const std::vector<CabinetFile>& files,
            const SigningKey& key,
            const CabinetLimits& limits)
{
    std::vector<CabinetFile> all{{kCabInfoName, WriteCabInfo(name), false}};
    all.insert(all.end(), files.begin(), files.end());
    return SignCabinet(MakeCabinet(all, limits), key);
}

std::string
Sha256Of(const ByteSource& source)
{
    RunningDigest running(EVP_sha256());
    source.ReadInPieces(
        0, source.Size(), [&running](std::string_view bytes) { running.Add(bytes); });
    const std::string digest = running.Finish();
    std::string text;
    for (const char byte : digest)
    {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

} // namespace lanpeer::reference
