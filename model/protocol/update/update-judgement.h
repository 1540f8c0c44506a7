#pragma once

#include "model/protocol/update/catalog.h"
#include "model/protocol/update/package-facts.h"
#include "model/protocol/update/update-event.h"
#include "model/protocol/update/update-memory.h"
#include "model/protocol/update/update-parameters.h"
#include "model/protocol/update/update-reason.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace lanpeer
{

// What is accepted and what is not (R-UPD-4, R-UPD-8): functions of what is known, and of nothing
// else.

/// Why something is refused.
struct UpdateRefusal
{
    UpdateReason reason = UpdateReason::None;
    std::string detail; ///< which value; "" where the reason says it all

    LANPEER_FIELDS(reason, detail)
};

/// May this body be the resource that the catalog lists? Its three names must agree [0066], its
/// size and digest be the catalog's, its signer's certificate count [0064].
///
/// \param revoked the newest list, or nullptr
std::optional<UpdateRefusal> JudgePackage(const CatalogEntry& entry,
                                          const PackageFacts& facts,
                                          const RevocationList* revoked);

/// May this body be what was asked for as a signed package, by whoever asked and without a catalog
/// (R-HTTP-2)? Of the three names of [0066] two are there and must agree: the one within the
/// signature and the last part of \p url. It must carry its version, or a renamed old file would be
/// as good as any (L14).
///
/// \param revoked the newest list, or nullptr
std::optional<UpdateRefusal> JudgeSignedPackage(std::string_view url,
                                                const PackageFacts& facts,
                                                const RevocationList* revoked);

/// May this body be the catalog, as of \p asOfS, for who remembers \p memory? Whether it is newer
/// than the one held is not asked: one that is accepted is the same or newer.
std::variant<Catalog, UpdateRefusal> JudgeCatalog(const UpdateMemory& memory,
                                                  std::string_view url,
                                                  std::uint64_t asOfS,
                                                  const CatalogArrived& arrived);

/// How a listed resource stands to what is installed.
enum class Standing : std::uint8_t
{
    Current, ///< installed already
    Newer,   ///< to be installed
    Older,   ///< than what was installed once: rollback (T8)
    Other,   ///< the version that is installed, but another content: mix-and-match (T7)
};

/// \param epoch of the catalog that lists the entry: a new one may restart versions (T4)
/// \param installed as it is now, or nullptr
/// \param highest that ever was, or nullptr
Standing StandingOf(const CatalogEntry& entry,
                    std::uint64_t epoch,
                    const InstalledProduct* installed,
                    const InstalledProduct* highest);

/// The moment as of which things are judged: the clock's word, unless it is known better (L23).
std::uint64_t TimeOf(std::uint64_t nowS, const UpdateConfig& config, const UpdateMemory& memory);

/// The newest moment that a catalog's signature vouches for: that of the newest version it lists,
/// never beyond its expiry. Believed no further than limits::kSignedAheadS (L23).
std::uint64_t SignedTimeS(const Catalog& catalog);

} // namespace lanpeer
