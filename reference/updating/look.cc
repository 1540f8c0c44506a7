#include "reference/updating/look.h"

#include "reference/packages/byte-source.h"
#include "reference/packages/catalog-cabinet.h"
#include "reference/packages/package.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace lanpeer::reference
{

namespace
{

Looked
Examine(bool isCatalog, const Body& body, const Trust& trust, std::uint64_t asOfS)
{
    const FileSource source(*body.file, body.size);
    if (!isCatalog)
    {
        Examination found = ExaminePackage(source, trust, static_cast<std::int64_t>(asOfS));
        return {std::move(found.facts), std::move(found.message), "", std::nullopt};
    }
    CatalogCabinet found = ReadCatalogCabinet(source, trust, static_cast<std::int64_t>(asOfS));
    return {std::move(found.facts),
            found.message.empty() ? found.revocationsMessage : found.message,
            found.catalog.value_or(""),
            std::move(found.revocations)};
}

} // namespace

Trust
MakeTrust(const std::string& roots, bool allowWeakKeys)
{
    Trust trust(roots);
    trust.allowWeakKeys = allowWeakKeys;
    return trust;
}

Looked
LookAt(bool isCatalog,
       const Body& body,
       const std::string& roots,
       bool allowWeakKeys,
       std::uint64_t asOfS)
{
    Looked looked;
    looked.facts.sizeBytes = body.size;
    looked.facts.sha256 = ToHex(body.digest);
    try
    {
        looked = Examine(isCatalog, body, MakeTrust(roots, allowWeakKeys), asOfS);
    }
    catch (const std::exception& error)
    {
        looked.message = error.what();
    }
    return looked;
}

std::string
RefusalText(UpdateReason reason, const std::string& detail, const std::string& message)
{
    std::string text = fmt::format("refused: {}", MeaningOf(reason));
    for (const std::string& more : {detail, message})
    {
        text += more.empty() ? "" : fmt::format(" ({})", more);
    }
    return text;
}

} // namespace lanpeer::reference
