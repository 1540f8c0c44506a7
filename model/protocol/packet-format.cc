#include "model/protocol/packet-format.h"

#include "model/protocol/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace lanpeer::format
{

namespace
{

constexpr std::size_t kTypeLengthMax = 64;

/// The attributes that R-PKT-2 gives to a kind, besides `type` and `version`: between spaces.
std::string_view
NamesOf(PacketKind kind)
{
    switch (kind)
    {
    case PacketKind::INeed:
        return " ID node method href acceptprotocol cached lock delay ";
    case PacketKind::IHave:
        return " ID to node status href location size busy ";
    case PacketKind::IAmDownloading:
        return " ID to node status href received size ";
    case PacketKind::IFound:
        return " ID node href key wait ";
    case PacketKind::Downloading:
        return " node href received size ";
    case PacketKind::DownloadComplete:
        return " node href location size ";
    case PacketKind::DownloadFailed:
        return " node href ";
    case PacketKind::ApplicationDefined:
        return " node ";
    }
    return "";
}

bool
IsAlphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

} // namespace

std::string_view
TypeOf(PacketKind kind)
{
    switch (kind)
    {
    case PacketKind::INeed:
        return "request";
    case PacketKind::IHave:
    case PacketKind::IAmDownloading:
        return "response";
    case PacketKind::IFound:
        return "end-request";
    case PacketKind::Downloading:
        return "downloading";
    case PacketKind::DownloadComplete:
        return "download-complete";
    case PacketKind::DownloadFailed:
        return "download-failed";
    case PacketKind::ApplicationDefined:
        return "";
    }
    return "";
}

bool
IsOwnType(std::string_view type)
{
    for (std::size_t kind = 0; kind + 1 < kPacketKinds; ++kind)
    {
        if (type == TypeOf(static_cast<PacketKind>(kind)))
        {
            return true;
        }
    }
    return false;
}

bool
IsType(std::string_view text)
{
    const auto isTypeCharacter = [](char c)
    {
        return IsAlphanumeric(c) || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= kTypeLengthMax &&
           std::all_of(text.begin(), text.end(), isTypeCharacter);
}

bool
IsOwnName(PacketKind kind, std::string_view name)
{
    return name == "type" || name == "version" ||
           NamesOf(kind).find(fmt::format(" {} ", name)) != std::string_view::npos;
}

bool
IsLocationPath(std::string_view path)
{
    const auto isPathCharacter = [](char c)
    {
        return IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    };
    if (path.empty() || path.size() > limits::kLocationPathBytes || path.front() == '/' ||
        !std::all_of(path.begin(), path.end(), isPathCharacter))
    {
        return false;
    }
    while (!path.empty())
    {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, slash);
        if (segment == "." || segment == "..")
        {
            return false;
        }
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return true;
}

} // namespace lanpeer::format
