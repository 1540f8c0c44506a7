#include "model/protocol/types.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer
{

namespace
{

bool
IsNodeCharacter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

} // namespace

NodeId::NodeId(std::string_view text)
    : m_length(static_cast<std::uint8_t>(text.size()))
{
    std::copy(text.begin(), text.end(), m_text.begin());
}

std::optional<NodeId>
NodeId::Parse(std::string_view text)
{
    if (text.empty() || text.size() > kMaxLength ||
        !std::all_of(text.begin(), text.end(), IsNodeCharacter))
    {
        return std::nullopt;
    }
    return NodeId(text);
}

NodeId
NodeId::OfAddress(std::uint64_t peer)
{
    static_assert(kMaxLength >= 1 + 20, "a colon and the longest 64-bit number");
    return NodeId(fmt::format(":{}", peer));
}

std::string_view
ToString(TimerKind kind)
{
    switch (kind)
    {
    case TimerKind::ResponseDelay:
        return "responseDelay";
    case TimerKind::ForgetEnded:
        return "forgetEnded";
    case TimerKind::ResponseWait:
        return "responseWait";
    case TimerKind::Pause:
        return "pause";
    case TimerKind::HolderWait:
        return "holderWait";
    case TimerKind::BackOff:
        return "backOff";
    case TimerKind::TransferStall:
        return "transferStall";
    case TimerKind::DownloadStall:
        return "downloadStall";
    case TimerKind::Patience:
        return "patience";
    case TimerKind::Deadline:
        return "deadline";
    case TimerKind::Progress:
        return "progress";
    case TimerKind::Quiet:
        return "quiet";
    case TimerKind::HelpDelay:
        return "helpDelay";
    case TimerKind::AccessRetry:
        return "accessRetry";
    }
    return "";
}

std::string_view
ToString(TokenPurpose purpose)
{
    switch (purpose)
    {
    case TokenPurpose::Request:
        return "request";
    case TokenPurpose::Alias:
        return "alias";
    }
    return "";
}

std::string_view
ToString(Source source)
{
    switch (source)
    {
    case Source::Local:
        return "local";
    case Source::Peer:
        return "peer";
    case Source::Internet:
        return "internet";
    }
    return "";
}

} // namespace lanpeer
