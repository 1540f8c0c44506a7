#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lanpeer
{

/// Why the update service refused or noted something. A closed list: messages, counters and tests
/// use these names. Where ATTACKS.md has a name for it, the meaning begins with that.
enum class UpdateReason : std::uint8_t
{
    None,
    // Of a catalog or a package: what the signature says (R-UPD-4, R-UPD-7)
    Unsigned,
    MalformedPackage,
    Altered,
    Untrusted,
    NotForSigning,
    OutOfDate,
    WeakSignature,
    RevokedSigner,
    NoEmbeddedName,
    WrongName,
    // Of a catalog (R-UPD-8)
    NoRevocationList,
    OldRevocationList,
    BadRevocationList,
    MalformedCatalog,
    Expired,
    Rollback,
    MixAndMatch,
    FastForward,
    NoNewerThanHeld,
    // Of a package (R-UPD-4)
    EndlessData,
    Truncated,
    WrongFile,
    WrongProduct,
    Renamed,
    RollbackOfProduct,
    NotAsked,
    NotJudged,
    // Of a check
    CatalogUnavailable,
    PackageUnavailable,
    TooSlow,
    Incomplete,
    InstallFailed,
    ClockBehind,
    Stale,
};

constexpr std::size_t kUpdateReasons = static_cast<std::size_t>(UpdateReason::Stale) + 1;

struct UpdateReasonRow
{
    UpdateReason reason;
    std::string_view name;    ///< as it stands in outputs
    std::string_view meaning; ///< in plain words, for messages
};

/// In the order of the enumerators.
const std::array<UpdateReasonRow, kUpdateReasons>& UpdateReasonTable();

std::string_view ToString(UpdateReason reason);

/// "rollback: the catalog is older than one that was accepted"
std::string_view MeaningOf(UpdateReason reason);

} // namespace lanpeer
