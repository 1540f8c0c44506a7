#pragma once

#include "model/protocol/fields.h"
#include "model/protocol/update/catalog.h"
#include "model/protocol/update/package-facts.h"
#include "model/protocol/update/update-reason.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanpeer
{

/// A product as it is installed.
struct InstalledProduct
{
    std::string product;
    std::string version;     ///< "200101131511"
    std::string sha256;      ///< of its package; "" where the host does not know
    std::uint64_t epoch = 0; ///< of the catalog that it came by; the host's lists may say 0

    LANPEER_FIELDS(product, version, sha256, epoch)
};

/// The newest catalog that was accepted, and by whom it was signed.
struct HeldCatalog
{
    Catalog catalog;
    std::string sha256; ///< of its cabinet: one (epoch, version), one digest (T7)
    std::string signer; ///< what a new epoch must revoke (T4, T9)

    LANPEER_FIELDS(catalog, sha256, signer)
};

/// A set that could not be had in whole (U2).
struct IncompleteSet
{
    std::string set;
    std::uint64_t sinceS = 0; ///< seconds since 1970: of the first check that missed it

    LANPEER_FIELDS(set, sinceS)
};

enum class CheckOutcome : std::uint8_t
{
    UpToDate,  ///< nothing is newer
    Installed, ///< all that is newer was installed
    Newer,     ///< something is newer; it was only looked
    Failed,    ///< see the reason
};

std::string_view ToString(CheckOutcome outcome);

/// How the last check went.
struct CheckReport
{
    std::uint64_t startedS = 0; ///< seconds since 1970, by the clock's word or the floor (L23)
    CheckOutcome outcome = CheckOutcome::UpToDate;
    UpdateReason reason = UpdateReason::None; ///< with Failed
    std::string subject; ///< with Failed: which product or set; "": the catalog

    LANPEER_FIELDS(startedS, outcome, reason, subject)
};

/// What outlives the process: everything that a restart must not forget (T8). Written by Persist,
/// given back by UpdateStarted.
struct UpdateMemory
{
    std::uint64_t highestSeenS = 0; ///< no time is earlier any more (L23, R-UPD-9)
    std::uint64_t lastFreshS = 0;   ///< when a catalog was accepted last; before that, when the
                                    ///< service first ran; 0: it never did
    std::optional<HeldCatalog> held;
    std::optional<RevocationList> revoked; ///< the newest
    std::vector<InstalledProduct> highest; ///< ever installed, by product: none goes back (T8)
    std::vector<IncompleteSet> incomplete; ///< by set
    std::optional<CheckReport> lastCheck;

    LANPEER_FIELDS(highestSeenS, lastFreshS, held, revoked, highest, incomplete, lastCheck)
};

/// One line of `lanpeer status`.
struct ProductStatus
{
    std::string product;
    std::string set;
    std::optional<std::string> installed; ///< its version
    std::optional<std::string> available; ///< the version that the newest catalog lists

    LANPEER_FIELDS(product, set, installed, available)
};

/// What `lanpeer status` tells. When the next check is the host knows, who runs the timers.
struct UpdateStatus
{
    bool checking = false;
    std::vector<ProductStatus> products; ///< by name
    std::optional<std::uint64_t> epoch;  ///< of the newest catalog
    std::optional<std::uint64_t> version;
    std::optional<CheckReport> lastCheck;
    std::optional<std::uint64_t> staleSinceS; ///< the alarm of T5
    std::vector<IncompleteSet> incomplete;

    LANPEER_FIELDS(checking, products, epoch, version, lastCheck, staleSinceS, incomplete)
};

} // namespace lanpeer
