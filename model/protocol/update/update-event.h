#pragma once

#include "model/protocol/reason.h"
#include "model/protocol/types.h"
#include "model/protocol/update/update-memory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer
{

// What can happen to the update service. Every event is legal in every state (update-service.h).
// Times are seconds since 1970 as the host's clock tells them, right or wrong (R-UPD-9).

enum class UpdateTimer : std::uint8_t
{
    AfterBoot, ///< the check some time after boot [0056]
    NextCheck, ///< after a success or a failure [0056]
    Deadline,  ///< what a check has not got by then, it does without (U1)
};

std::string_view ToString(UpdateTimer timer);

/// The host is up. What it had in hand before is forgotten but for what is given here.
struct UpdateStarted
{
    UpdateMemory memory;                     ///< of the last Persist that was carried out
    std::vector<InstalledProduct> installed; ///< as found on the disk: what counts after a crash
    std::uint64_t nowS = 0;

    LANPEER_FIELDS(memory, installed, nowS)
};

/// A timer that was armed and neither cancelled nor armed again has run out.
struct UpdateTimerFired
{
    UpdateTimer timer = UpdateTimer::NextCheck;
    std::uint64_t nowS = 0;

    LANPEER_FIELDS(timer, nowS)
};

/// Somebody asks for a check on demand [0056]. Joins the one that runs.
struct CheckWanted
{
    bool install = true; ///< false: only tell what is newer
    std::uint64_t nowS = 0;

    LANPEER_FIELDS(install, nowS)
};

/// A body for RequestCatalog is here. Answered at once by one JudgeBody.
struct CatalogArrived
{
    Source source = Source::Internet;
    PackageFacts facts;
    std::string text;                       ///< of the catalog in the cabinet, as it stands there
    std::optional<Shared<Catalog>> catalog; ///< read already, in simulation; then no text counts
    std::optional<RevocationList> revoked;  ///< the cabinet's; its signature is the root's
    std::uint64_t body = 0;                 ///< the host's number of it, for its verdict

    LANPEER_FIELDS(source, facts, text, catalog, revoked, body)
};

/// No source has it, or none that was accepted.
struct CatalogFailed
{
    Reason reason = Reason::InternetFailed;

    LANPEER_FIELDS(reason)
};

/// A body for RequestPackage is here, also one that was found on this node. Answered at once by one
/// JudgeBody. It takes the place of one that was accepted before: the host gave that up.
struct PackageArrived
{
    std::string product;
    PackageFacts facts;
    std::uint64_t body = 0; ///< the host's number of it, for its verdict

    LANPEER_FIELDS(product, facts, body)
};

/// The body that was accepted is kept: it may be installed.
struct PackageFound
{
    std::string product;

    LANPEER_FIELDS(product)
};

struct PackageFailed
{
    std::string product;
    Reason reason = Reason::InternetFailed;

    LANPEER_FIELDS(product, reason)
};

/// The set that InstallSet named is in place, durably.
struct SetInstalled
{
    std::string set;

    LANPEER_FIELDS(set)
};

/// It is not, and what was there before is untouched.
struct SetNotInstalled
{
    std::string set;
    std::string detail; ///< for the message

    LANPEER_FIELDS(set, detail)
};

/// The host is about to end: nothing more is wanted.
struct UpdateStopped
{
    std::uint64_t nowS = 0;

    LANPEER_FIELDS(nowS)
};

using UpdateEvent = std::variant<UpdateStarted,
                                 UpdateTimerFired,
                                 CheckWanted,
                                 CatalogArrived,
                                 CatalogFailed,
                                 PackageArrived,
                                 PackageFound,
                                 PackageFailed,
                                 SetInstalled,
                                 SetNotInstalled,
                                 UpdateStopped>;

constexpr std::size_t kUpdateEvents = std::variant_size_v<UpdateEvent>;

/// The name of an event's alternative.
std::string_view NameOf(const UpdateEvent& event);

} // namespace lanpeer
