#include "model/protocol/action.h"
#include "model/protocol/event.h"

#include <array>

// The names of enumerators and alternatives as they stand in tapes, golden scripts and outputs.

namespace lanpeer
{

std::string_view
ToString(TransferOutcome outcome)
{
    switch (outcome)
    {
    case TransferOutcome::Complete:
        return "complete";
    case TransferOutcome::Failed:
        return "failed";
    case TransferOutcome::Busy:
        return "busy";
    case TransferOutcome::NotFound:
        return "not-found";
    case TransferOutcome::NoAccess:
        return "no-access";
    case TransferOutcome::StoreFailed:
        return "store-failed";
    }
    return "";
}

std::string_view
ToString(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::None:
        return "none";
    case Verdict::Accepted:
        return "accepted";
    case Verdict::Refused:
        return "refused";
    }
    return "";
}

std::string_view
ToString(UploadAnswer answer)
{
    switch (answer)
    {
    case UploadAnswer::Serve:
        return "serve";
    case UploadAnswer::Busy:
        return "busy";
    case UploadAnswer::NoSuchCopy:
        return "no-such-copy";
    }
    return "";
}

std::string_view
ToString(ServerState state)
{
    constexpr std::array<std::string_view, kServerStates> names{
        "idle", "locate", "delay", "cancel", "transmit", "remembered"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view
ToString(ClientState state)
{
    constexpr std::array<std::string_view, kClientStates> names{"idle",
                                                                "queued",
                                                                "await-token",
                                                                "await-response",
                                                                "announce-found",
                                                                "decide-wait",
                                                                "seek-downloads",
                                                                "announce-wait",
                                                                "await-download",
                                                                "retrieve",
                                                                "item-found",
                                                                "verify",
                                                                "pause",
                                                                "await-holder",
                                                                "await-transfer",
                                                                "back-off"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view
NameOf(const Event& event)
{
    constexpr std::array<std::string_view, std::variant_size_v<Event>> names{"wanted",
                                                                             "cancelled",
                                                                             "received",
                                                                             "fired",
                                                                             "drawn",
                                                                             "progressed",
                                                                             "whole",
                                                                             "ended",
                                                                             "upload-asked",
                                                                             "upload-ended",
                                                                             "copy-offered",
                                                                             "copy-withdrawn",
                                                                             "internet",
                                                                             "lan",
                                                                             "app-send",
                                                                             "app-register",
                                                                             "catalog-held",
                                                                             "restarted"};
    return names[event.index()];
}

std::string_view
NameOf(const Action& action)
{
    constexpr std::array<std::string_view, std::variant_size_v<Action>> names{"broadcast",
                                                                              "send",
                                                                              "arm",
                                                                              "cancel",
                                                                              "draw",
                                                                              "start",
                                                                              "stop",
                                                                              "answer-upload",
                                                                              "offer",
                                                                              "withdraw",
                                                                              "progress",
                                                                              "found",
                                                                              "failed",
                                                                              "packet",
                                                                              "note",
                                                                              "server-state",
                                                                              "client-state"};
    return names[action.index()];
}

NodeId
SenderOf(const PacketReceived& heard)
{
    return heard.packet->node.Empty() ? NodeId::OfAddress(static_cast<std::uint64_t>(heard.peer))
                                      : heard.packet->node;
}

} // namespace lanpeer
