#include "model/network/adversaries.h"

namespace lanpeer::lan
{

std::string_view
ToString(AdversaryKind kind)
{
    switch (kind)
    {
    case AdversaryKind::Silent:
        return "silent";
    case AdversaryKind::Altered:
        return "altered";
    case AdversaryKind::FastLiar:
        return "fast-liar";
    case AdversaryKind::BusyLiar:
        return "busy-liar";
    case AdversaryKind::Empty:
        return "empty";
    case AdversaryKind::Closed:
        return "closed";
    case AdversaryKind::Endless:
        return "endless";
    case AdversaryKind::Stopping:
        return "stopping";
    case AdversaryKind::Excess:
        return "excess";
    case AdversaryKind::Downloading:
        return "downloading";
    case AdversaryKind::Stuck:
        return "stuck";
    case AdversaryKind::Complete:
        return "complete";
    case AdversaryKind::Cancel:
        return "cancel";
    case AdversaryKind::CancelForged:
        return "cancel-forged";
    case AdversaryKind::Flood:
        return "flood";
    case AdversaryKind::Forged:
        return "forged";
    }
    return "";
}

const std::vector<AdversaryKind>&
AdversaryKinds()
{
    static const std::vector<AdversaryKind> kinds = {AdversaryKind::Silent,
                                                     AdversaryKind::Altered,
                                                     AdversaryKind::FastLiar,
                                                     AdversaryKind::BusyLiar,
                                                     AdversaryKind::Empty,
                                                     AdversaryKind::Closed,
                                                     AdversaryKind::Endless,
                                                     AdversaryKind::Stopping,
                                                     AdversaryKind::Excess,
                                                     AdversaryKind::Downloading,
                                                     AdversaryKind::Stuck,
                                                     AdversaryKind::Complete,
                                                     AdversaryKind::Cancel,
                                                     AdversaryKind::CancelForged,
                                                     AdversaryKind::Flood,
                                                     AdversaryKind::Forged};
    return kinds;
}

} // namespace lanpeer::lan
