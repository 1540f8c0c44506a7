#include "model/network/uplink.h"

namespace lanpeer::lan
{

const std::vector<UplinkPreset>&
UplinkPresets()
{
    static const std::vector<UplinkPreset> presets = {
        // down and up in kb/s, latency one way in ms, queue in packets
        {"modem56k", {48, 33.6, 60, 10}},
        {"isdn", {128, 128, 15, 20}},
        {"dsl", {1500, 256, 20, 50}},
        {"cable", {3000, 384, 10, 64}},
        {"t1", {1544, 1544, 10, 64}},
        {"fast", {100000, 100000, 2, 200}},
    };
    return presets;
}

std::optional<Uplink>
FindUplinkPreset(std::string_view name)
{
    for (const UplinkPreset& preset : UplinkPresets())
    {
        if (preset.name == name)
        {
            return preset.uplink;
        }
    }
    return std::nullopt;
}

} // namespace lanpeer::lan
