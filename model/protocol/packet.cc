#include "model/protocol/packet.h"

#include "model/protocol/limits.h"

namespace lanpeer
{

std::string_view
ToString(PacketKind kind)
{
    switch (kind)
    {
    case PacketKind::INeed:
        return "i_need";
    case PacketKind::IHave:
        return "i_have";
    case PacketKind::IAmDownloading:
        return "i_am_downloading";
    case PacketKind::IFound:
        return "i_found";
    case PacketKind::Downloading:
        return "downloading";
    case PacketKind::DownloadComplete:
        return "download_complete";
    case PacketKind::DownloadFailed:
        return "download_failed";
    case PacketKind::ApplicationDefined:
        return "application";
    }
    return "";
}

std::optional<std::uint64_t>
Tellable(std::optional<std::uint64_t> bytes)
{
    return bytes && *bytes <= limits::kResourceBytesMax ? bytes : std::nullopt;
}

bool
LeadsToItsSender(const ServicePacket& packet)
{
    return !packet.location || packet.location->hostIsSource;
}

} // namespace lanpeer
