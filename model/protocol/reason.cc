#include "model/protocol/reason.h"

namespace lanpeer
{

namespace
{

constexpr auto kFailure = ReasonGroup::Failure;
constexpr auto kRefusal = ReasonGroup::Refusal;
constexpr auto kDrop = ReasonGroup::Drop;
constexpr auto kNote = ReasonGroup::Note;

// clang-format off
constexpr std::array<ReasonRow, kReasons> kTable{{
    {Reason::NoInternet, kFailure, "no-internet", "no node of the LAN had it and this one has no Internet access"},
    {Reason::InternetFailed, kFailure, "internet-failed", "the Internet retrieval failed as often as it may be tried again"},
    {Reason::NotFound, kFailure, "not-found", "the origin does not have it"},
    {Reason::ContentRefused, kFailure, "content-refused", "the verifier refused what the origin sent"},
    {Reason::NoHolder, kFailure, "no-holder", "no node of the LAN had it and the request may not use the Internet"},
    {Reason::DeadlineOver, kFailure, "deadline-over", "the request's deadline passed"},
    {Reason::Cancelled, kFailure, "cancelled", "the application cancelled it"},
    {Reason::StoreFailed, kFailure, "store-failed", "what was retrieved could not be kept"},
    {Reason::TooManyRequests, kFailure, "too-many-requests", "the table of requests is full"},
    {Reason::ClientOff, kFailure, "client-off", "this node runs the server only"},
    {Reason::RefusedFromPeer, kRefusal, "refused-from-peer", "the verifier refused what a peer served"},
    {Reason::RefusedFromInternet, kRefusal, "refused-from-internet", "the verifier refused what the origin served"},
    {Reason::SourceBudget, kDrop, "source-budget", "the source sent more packets than its budget"},
    {Reason::TotalBudget, kDrop, "total-budget", "more packets came than the budget of all sources"},
    {Reason::OffLink, kDrop, "off-link", "the source is not a unicast address of this link"},
    {Reason::TooLong, kDrop, "too-long", "more than 1,400 bytes"},
    {Reason::NotUtf8, kDrop, "not-utf8", "not valid UTF-8"},
    {Reason::ControlCharacter, kDrop, "control-character", "a control character, literal or by reference"},
    {Reason::NotXml, kDrop, "not-xml", "not well-formed XML"},
    {Reason::NotOneService, kDrop, "not-one-service", "not exactly one empty element `service`"},
    {Reason::Doctype, kDrop, "doctype", "a document type declaration"},
    {Reason::BadEntity, kDrop, "bad-entity", "an entity other than the five predefined and character references"},
    {Reason::DuplicateAttribute, kDrop, "duplicate-attribute", "an attribute twice"},
    {Reason::TooManyAttributes, kDrop, "too-many-attributes", "more than 32 attributes"},
    {Reason::MissingAttribute, kDrop, "missing-attribute", "an attribute that its kind needs is not there"},
    {Reason::BadVersion, kDrop, "bad-version", "a version other than 1.x"},
    {Reason::BadValue, kDrop, "bad-value", "an attribute's value is none of its values"},
    {Reason::BadNode, kDrop, "bad-node", "a node ID other than 1 to 40 of [A-Za-z0-9._-]"},
    {Reason::BadId, kDrop, "bad-id", "an ID that is not a number from 0 to 2^31"},
    {Reason::BadHref, kDrop, "bad-href", "an href that is not an absolute URI of the allowed form"},
    {Reason::BadLocation, kDrop, "bad-location", "a location that is not http, an IPv4 address and a path"},
    {Reason::UnknownStatus, kDrop, "unknown-status", "a response that is neither \"I have\" nor \"I am downloading\""},
    {Reason::UnknownType, kDrop, "unknown-type", "a type that no application registered"},
    {Reason::LockRequired, kDrop, "lock-required", "a request without a lock, where one is required"},
    {Reason::ForeignLocation, kDrop, "foreign-location", "a location on another host than the packet's source"},
    {Reason::PendingFull, kDrop, "pending-full", "the table of pending requests is full"},
    {Reason::HelpFull, kDrop, "help-full", "the table of requests to help with is full"},
    {Reason::AnswerOfRefusedPeer, kNote, "answer-of-refused-peer", "a packet of a peer whose content was refused"},
    {Reason::RepeatedRequest, kNote, "repeated-request", "an \"I need\" that is pending or ended already"},
    {Reason::ForeignFound, kNote, "foreign-found", "an \"I found\" that does not belong to its request"},
    {Reason::WaitersFull, kNote, "waiters-full", "the table of waiters is full"},
    {Reason::TransferStalled, kNote, "transfer-stalled", "a transfer brought no byte for too long"},
    {Reason::TransferFailed, kNote, "transfer-failed", "a transfer broke off"},
    {Reason::PeerBusy, kNote, "peer-busy", "a peer had no upload slot free"},
    {Reason::LeadsNowhere, kNote, "leads-nowhere", "a peer that offered it did not have it"},
    {Reason::DownloadStalled, kNote, "download-stalled", "downloads of others were not heard of for too long"},
    {Reason::DownloadFailed, kNote, "download-failed", "a download of another failed"},
    {Reason::WaitedTooLong, kNote, "waited-too-long", "the longest wait for peers is over"},
    {Reason::AccessLost, kNote, "access-lost", "the Internet could not be reached at all"},
    {Reason::NotPacketable, kNote, "not-packetable", "an href that may not be put into a packet: retrieved without peering"},
}};
// clang-format on

constexpr bool
InOrder()
{
    for (std::size_t i = 0; i < kReasons; ++i)
    {
        if (static_cast<std::size_t>(kTable[i].reason) != i)
        {
            return false;
        }
    }
    return true;
}

static_assert(InOrder(), "a row for every reason, in the order of the enumerators");

} // namespace

const std::array<ReasonRow, kReasons>&
ReasonTable()
{
    return kTable;
}

std::string_view
ToString(Reason reason)
{
    return kTable[static_cast<std::size_t>(reason)].name;
}

std::string_view
ToString(ReasonGroup group)
{
    switch (group)
    {
    case ReasonGroup::Failure:
        return "failure";
    case ReasonGroup::Refusal:
        return "refusal";
    case ReasonGroup::Drop:
        return "drop";
    case ReasonGroup::Note:
        return "note";
    }
    return "";
}

ReasonGroup
GroupOf(Reason reason)
{
    return kTable[static_cast<std::size_t>(reason)].group;
}

} // namespace lanpeer
