#include "reference/updating/look.h"

#include "reference/packages/byte-source.h"
#include "reference/packages/catalog-cabinet.h"
#include "reference/packages/package.h"

#include <fmt/format.h>

#include <algorithm>
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

bool
Revokes(const std::optional<RevocationList>& list, const std::string& signer)
{
    return list &&
           std::find(list->revoked.begin(), list->revoked.end(), signer) != list->revoked.end();
}

} // namespace

Trust
MakeTrust(const std::string& roots, bool allowWeakKeys, std::optional<RevocationList> revoked)
{
    Trust trust(roots);
    trust.allowWeakKeys = allowWeakKeys;
    trust.revoked = std::move(revoked);
    return trust;
}

Looked
LookAt(bool isCatalog,
       const Body& body,
       const std::string& roots,
       bool allowWeakKeys,
       const Believed& believed)
{
    const auto& [revoked, asOfS] = believed;
    Looked looked;
    looked.facts.sizeBytes = body.size;
    looked.facts.sha256 = ToHex(body.digest);
    try
    {
        looked = Examine(isCatalog, body, MakeTrust(roots, allowWeakKeys, revoked), asOfS);
        if (looked.facts.signature == SignatureState::Untrusted &&
            Revokes(revoked, looked.facts.signer))
        {
            // That the signer itself is revoked the core finds, and calls it so.
            looked = Examine(isCatalog, body, MakeTrust(roots, allowWeakKeys, std::nullopt), asOfS);
        }
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
