#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lanpeer
{

/// What a reason is a reason for; a table of measurements has a column for each of the first three.
enum class ReasonGroup : std::uint8_t
{
    Failure, ///< why a request failed
    Refusal, ///< what a verifier refused
    Drop,    ///< why a packet was dropped, before the core or by it
    Note,    ///< what else is worth counting
};

/// The closed list of reasons: nothing is failed, refused, dropped or noted without one of these.
/// `lanpeer-sim reasons` prints it.
enum class Reason : std::uint8_t
{
    // Failures
    NoInternet,
    InternetFailed,
    NotFound,
    ContentRefused,
    NoHolder,
    DeadlineOver,
    Cancelled,
    StoreFailed,
    TooManyRequests,
    ClientOff,
    // Refusals
    RefusedFromPeer,
    RefusedFromInternet,
    // Drops: by the host, before decoding
    SourceBudget,
    TotalBudget,
    OffLink,
    // Drops: by the codec (R-PKT-4)
    TooLong,
    NotUtf8,
    ControlCharacter,
    NotXml,
    NotOneService,
    Doctype,
    BadEntity,
    DuplicateAttribute,
    TooManyAttributes,
    MissingAttribute,
    BadVersion,
    BadValue,
    BadNode,
    BadId,
    BadHref,
    BadLocation,
    UnknownStatus,
    // Drops: by the core
    UnknownType,
    LockRequired,
    ForeignLocation,
    PendingFull,
    HelpFull,
    // Notes
    AnswerOfRefusedPeer,
    RepeatedRequest,
    ForeignFound,
    WaitersFull,
    TransferStalled,
    TransferFailed,
    PeerBusy,
    LeadsNowhere,
    DownloadStalled,
    DownloadFailed,
    WaitedTooLong,
    AccessLost,
    NotPacketable,
};

constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::NotPacketable) + 1;

struct ReasonRow
{
    Reason reason;
    ReasonGroup group;
    std::string_view name; ///< as it stands in outputs
    std::string_view meaning;
};

/// In the order of the enumerators.
const std::array<ReasonRow, kReasons>& ReasonTable();

std::string_view ToString(Reason reason);
std::string_view ToString(ReasonGroup group);
ReasonGroup GroupOf(Reason reason);

} // namespace lanpeer
