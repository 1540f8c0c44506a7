#include "model/protocol/update/update-judgement.h"

#include "model/protocol/update/catalog-codec.h"
#include "model/protocol/update/version-name.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lanpeer
{

namespace
{

using Refusal = std::optional<UpdateRefusal>;

Refusal
Because(UpdateReason reason, std::string detail = {})
{
    return UpdateRefusal{reason, std::move(detail)};
}

UpdateReason
ReasonOf(SignatureState signature)
{
    switch (signature)
    {
    case SignatureState::Valid:
        return UpdateReason::None;
    case SignatureState::Missing:
        return UpdateReason::Unsigned;
    case SignatureState::Malformed:
        return UpdateReason::MalformedPackage;
    case SignatureState::Altered:
        return UpdateReason::Altered;
    case SignatureState::Untrusted:
        return UpdateReason::Untrusted;
    case SignatureState::NotForSigning:
        return UpdateReason::NotForSigning;
    case SignatureState::OutOfDate:
        return UpdateReason::OutOfDate;
    case SignatureState::Weak:
        return UpdateReason::WeakSignature;
    }
    return UpdateReason::MalformedPackage;
}

bool
Revokes(const RevocationList& list, const std::string& signer)
{
    return std::find(list.revoked.begin(), list.revoked.end(), signer) != list.revoked.end();
}

/// The signature, its signer, and that the signed file says what it is.
Refusal
JudgeSignature(const PackageFacts& facts, const RevocationList* revoked)
{
    if (facts.signature != SignatureState::Valid)
    {
        return Because(ReasonOf(facts.signature));
    }
    if (facts.signer.empty())
    {
        return Because(UpdateReason::Untrusted);
    }
    if (revoked != nullptr && Revokes(*revoked, facts.signer))
    {
        return Because(UpdateReason::RevokedSigner, facts.signer);
    }
    if (!facts.embedded)
    {
        return Because(UpdateReason::NoEmbeddedName);
    }
    return std::nullopt;
}

/// The three names of [0066]: the one within the signature against the catalog's, which is the one
/// asked for.
Refusal
JudgeNames(const CatalogEntry& entry, const EmbeddedName& name)
{
    if (name.product != entry.product)
    {
        return Because(UpdateReason::WrongProduct,
                       fmt::format("{} instead of {}", name.file, FileOf(entry)));
    }
    if (name.file != FileOf(entry) || name.version != entry.version)
    {
        return Because(UpdateReason::Renamed,
                       fmt::format("{} instead of {}", name.file, FileOf(entry)));
    }
    return std::nullopt;
}

/// The list that the catalog carries, against the newest that is known (R-UPD-8).
Refusal
JudgeList(const UpdateMemory& memory, const std::optional<RevocationList>& list)
{
    if (!list)
    {
        return Because(UpdateReason::NoRevocationList);
    }
    if (list->revoked.size() > limits::kRevokedCertificates)
    {
        return Because(UpdateReason::BadRevocationList, "too long");
    }
    if (memory.revoked && list->number < memory.revoked->number)
    {
        return Because(UpdateReason::OldRevocationList,
                       fmt::format("{} after {}", list->number, memory.revoked->number));
    }
    if (memory.revoked && list->number == memory.revoked->number && *list != *memory.revoked)
    {
        return Because(UpdateReason::BadRevocationList, fmt::format("number {}", list->number));
    }
    return std::nullopt;
}

/// The catalog's own names: that of its file, what it is the catalog of, its version.
Refusal
JudgeCatalogNames(const Catalog& catalog, std::string_view url, const EmbeddedName& name)
{
    const std::string_view file = LastSegment(url);
    const std::string_view stem = file.substr(0, file.rfind('.'));
    const std::string product = catalog.product.value_or(std::string(stem));
    const std::string version = fmt::format("{}", catalog.version);
    if (name.file != file || name.product != product || name.version != version)
    {
        return Because(UpdateReason::WrongName,
                       fmt::format("{} of {}, version {}, instead of {} of {}, version {}",
                                   name.file,
                                   name.product,
                                   name.version,
                                   file,
                                   product,
                                   version));
    }
    return std::nullopt;
}

/// Each epoch has had a list of the root's at least: so no signing key alone can take the highest
/// one and leave none to recover with, not even from who has held no catalog yet (T4).
Refusal
JudgeEpoch(const Catalog& catalog, const RevocationList& list)
{
    return catalog.epoch > list.number
               ? Because(
                     UpdateReason::FastForward,
                     fmt::format("epoch {} with revocation list {}", catalog.epoch, list.number))
               : std::nullopt;
}

/// (epoch, version) against the catalog held (T4, T7, T8).
Refusal
JudgeOrder(const UpdateMemory& memory,
           const Catalog& catalog,
           const RevocationList& list,
           const std::string& sha256)
{
    const HeldCatalog& held = *memory.held;
    if (catalog.epoch > held.catalog.epoch)
    {
        // That list is newer than the one known, which does not revoke whom we believed.
        const bool byTheRoot = Revokes(list, held.signer);
        return byTheRoot
                   ? std::nullopt
                   : Because(UpdateReason::FastForward,
                             fmt::format("epoch {} after {}", catalog.epoch, held.catalog.epoch));
    }
    const auto order = std::make_pair(catalog.epoch, catalog.version);
    const auto heldOrder = std::make_pair(held.catalog.epoch, held.catalog.version);
    if (order < heldOrder)
    {
        return Because(UpdateReason::Rollback,
                       fmt::format("epoch {} version {} after epoch {} version {}",
                                   order.first,
                                   order.second,
                                   heldOrder.first,
                                   heldOrder.second));
    }
    return order == heldOrder && sha256 != held.sha256
               ? Because(UpdateReason::MixAndMatch, fmt::format("version {}", catalog.version))
               : std::nullopt;
}

/// What the body says, read, or why it says nothing.
std::variant<Catalog, UpdateRefusal>
ReadBody(const CatalogArrived& arrived)
{
    if (arrived.catalog)
    {
        const Catalog& catalog = **arrived.catalog;
        if (auto wrong = CheckCatalog(catalog))
        {
            return UpdateRefusal{UpdateReason::MalformedCatalog, *std::move(wrong)};
        }
        return catalog;
    }
    auto read = ReadCatalog(arrived.text);
    if (const auto* error = std::get_if<CatalogError>(&read))
    {
        return UpdateRefusal{UpdateReason::MalformedCatalog, ToString(*error)};
    }
    return std::get<Catalog>(std::move(read));
}

std::uint64_t
TimeOfVersion(std::string_view version)
{
    return VersionTimeS(version).value_or(0);
}

} // namespace

std::optional<UpdateRefusal>
JudgePackage(const CatalogEntry& entry, const PackageFacts& facts, const RevocationList* revoked)
{
    // The names first where they are vouched for, so that the message tells the patent's renamed
    // file from a wrong one [0066].
    if (facts.signature == SignatureState::Valid && facts.embedded)
    {
        if (auto refusal = JudgeNames(entry, *facts.embedded))
        {
            return refusal;
        }
    }
    if (facts.sizeBytes != entry.sizeBytes)
    {
        const bool longer = facts.sizeBytes > entry.sizeBytes;
        return Because(longer ? UpdateReason::EndlessData : UpdateReason::Truncated,
                       fmt::format("{} bytes instead of {}", facts.sizeBytes, entry.sizeBytes));
    }
    if (auto refusal = JudgeSignature(facts, revoked))
    {
        return refusal;
    }
    return facts.sha256 != entry.sha256 ? Because(UpdateReason::WrongFile) : std::nullopt;
}

std::optional<UpdateRefusal>
JudgeSignedPackage(std::string_view url, const PackageFacts& facts, const RevocationList* revoked)
{
    if (auto refusal = JudgeSignature(facts, revoked))
    {
        return refusal;
    }
    const EmbeddedName& name = *facts.embedded;
    const std::string_view asked = LastSegment(url);
    if (name.file != asked)
    {
        const auto wanted = ParseVersionName(asked);
        const bool another = wanted && wanted->product != name.product;
        return Because(another ? UpdateReason::WrongProduct : UpdateReason::Renamed,
                       fmt::format("{} instead of {}", name.file, asked));
    }
    const auto parts = ParseVersionName(name.file);
    if (!parts || parts->product != name.product || parts->version != name.version)
    {
        return Because(UpdateReason::NoEmbeddedName,
                       fmt::format("{} as {}, version {}", name.file, name.product, name.version));
    }
    return std::nullopt;
}

std::variant<Catalog, UpdateRefusal>
JudgeCatalog(const UpdateMemory& memory,
             std::string_view url,
             std::uint64_t asOfS,
             const CatalogArrived& arrived)
{
    // Nothing of the body is read before its signature counts, by the newer of the two lists.
    Refusal refusal = JudgeSignature(arrived.facts, memory.revoked ? &*memory.revoked : nullptr);
    refusal = refusal ? refusal : JudgeList(memory, arrived.revoked);
    refusal = refusal ? refusal : JudgeSignature(arrived.facts, &*arrived.revoked);
    if (refusal)
    {
        return *refusal;
    }
    auto read = ReadBody(arrived);
    if (std::holds_alternative<UpdateRefusal>(read))
    {
        return read;
    }
    const Catalog& catalog = std::get<Catalog>(read);
    refusal = JudgeCatalogNames(catalog, url, *arrived.facts.embedded);
    refusal = refusal ? refusal : JudgeEpoch(catalog, *arrived.revoked);
    if (!refusal && memory.held)
    {
        refusal = JudgeOrder(memory, catalog, *arrived.revoked, arrived.facts.sha256);
    }
    if (!refusal && asOfS > catalog.expiresS)
    {
        refusal = Because(UpdateReason::Expired, fmt::format("version {}", catalog.version));
    }
    if (refusal)
    {
        return *refusal;
    }
    return read;
}

Standing
StandingOf(const CatalogEntry& entry,
           std::uint64_t epoch,
           const InstalledProduct* installed,
           const InstalledProduct* highest)
{
    const auto order = std::make_pair(epoch, TimeOfVersion(entry.version));
    if (highest != nullptr &&
        order < std::make_pair(highest->epoch, TimeOfVersion(highest->version)))
    {
        return Standing::Older;
    }
    if (installed == nullptr || order.second != TimeOfVersion(installed->version))
    {
        return Standing::Newer;
    }
    if (installed->sha256.empty() || installed->sha256 == entry.sha256)
    {
        return Standing::Current;
    }
    return epoch > installed->epoch ? Standing::Newer : Standing::Other;
}

std::uint64_t
TimeOf(std::uint64_t nowS, const UpdateConfig& config, const UpdateMemory& memory)
{
    return std::max({nowS, config.timeFloorS, memory.highestSeenS});
}

std::uint64_t
SignedTimeS(const Catalog& catalog)
{
    std::uint64_t newestS = 0;
    for (const CatalogEntry& entry : catalog.entries)
    {
        newestS = std::max(newestS, TimeOfVersion(entry.version));
    }
    return std::min(newestS, catalog.expiresS);
}

} // namespace lanpeer
