#pragma once

#include "model/protocol/update/update-event.h"
#include "model/protocol/update/update-memory.h"
#include "model/protocol/update/update-reason.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lanpeer
{

// What the update service wants done. The host carries actions out in order, after Handle() has
// returned (update-service.h).

/// The host draws uniformly from [minMs, maxMs] and fires once after that. A timer of this kind
/// that is running is replaced.
struct ArmUpdateTimer
{
    UpdateTimer timer = UpdateTimer::NextCheck;
    std::uint64_t minMs = 0;
    std::uint64_t maxMs = 0;

    LANPEER_FIELDS(timer, minMs, maxMs)
};

struct CancelUpdateTimer
{
    UpdateTimer timer = UpdateTimer::NextCheck;

    LANPEER_FIELDS(timer)
};

/// Ask the peering service for the catalog. Ends by one accepted body or one CatalogFailed.
struct RequestCatalog
{
    std::string url;
    bool mayUsePeers = false; ///< false: not cacheable, straight to the Internet [0054]
    std::uint64_t asOfS = 0;  ///< the time at which certificates are judged (T5, L23)

    LANPEER_FIELDS(url, mayUsePeers, asOfS)
};

/// Ask the peering service for one resource, in a transaction of its own [0059]. Not one byte more
/// than the entry's size is read (T2). Ends by one PackageFound or PackageFailed.
struct RequestPackage
{
    CatalogEntry entry;
    std::uint64_t asOfS = 0;

    LANPEER_FIELDS(entry, asOfS)
};

/// The request is no longer wanted; nothing more is heard of it.
struct CancelRequest
{
    std::optional<std::string> product; ///< none: the catalog's

    LANPEER_FIELDS(product)
};

/// The verdict on the body that just arrived. A refused one is discarded, and the peering service
/// asks elsewhere; one that is accepted is kept.
struct JudgeBody
{
    std::optional<std::string> product;        ///< none: the catalog's
    UpdateReason refused = UpdateReason::None; ///< None: accepted
    std::string detail;                        ///< for the message
    std::uint64_t body = 0;                    ///< which, as the event said

    LANPEER_FIELDS(product, refused, detail, body)
};

/// One resource of a set that is to be installed.
struct InstallEntry
{
    CatalogEntry entry;
    bool fresh = true; ///< false: installed already, to be carried over as it is

    LANPEER_FIELDS(entry, fresh)
};

/// Put a set in place [0067]: whole, durably and by one atomic step, then answer by SetInstalled or
/// SetNotInstalled.
struct InstallSet
{
    std::string set;
    std::string release; ///< "3-17": epoch and version of its catalog, as a folder's name
    std::vector<InstallEntry> entries; ///< all of the set's, by product

    LANPEER_FIELDS(set, release, entries)
};

/// Write down, durably, before the next action is carried out.
struct PersistUpdate
{
    UpdateMemory memory;

    LANPEER_FIELDS(memory)
};

/// A check has ended; UpdateService::Status() tells more.
struct TellCheck
{
    CheckReport report;

    LANPEER_FIELDS(report)
};

/// A catalog was accepted that is newer than the one held: where the configuration says so
/// (`catalog_from_peers`) peers are served it from now on. It does not tell a helper whose names it
/// may retrieve (R-CLI-12): that is not done, helpers go by their list of origins alone.
struct TellCatalog
{
    HeldCatalog held;

    LANPEER_FIELDS(held)
};

/// The service's only logging: something worth counting or showing.
struct UpdateNote
{
    UpdateReason reason = UpdateReason::None;
    std::string subject; ///< product or set; "" for the catalog and the service
    std::string detail;
    std::uint64_t body = 0; ///< whose refusal this is, as JudgeBody said; 0: of none

    LANPEER_FIELDS(reason, subject, detail, body)
};

using UpdateAction = std::variant<ArmUpdateTimer,
                                  CancelUpdateTimer,
                                  RequestCatalog,
                                  RequestPackage,
                                  CancelRequest,
                                  JudgeBody,
                                  InstallSet,
                                  PersistUpdate,
                                  TellCheck,
                                  TellCatalog,
                                  UpdateNote>;

/// In the order in which they are to be carried out.
using UpdateActionList = std::vector<UpdateAction>;

/// The name of an action's alternative.
std::string_view NameOf(const UpdateAction& action);

} // namespace lanpeer
