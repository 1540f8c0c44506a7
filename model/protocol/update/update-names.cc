#include "model/protocol/update/update-action.h"
#include "model/protocol/update/update-event.h"
#include "model/protocol/update/update-run.h"

#include <array>

namespace lanpeer
{

std::string_view
ToString(UpdateTimer timer)
{
    switch (timer)
    {
    case UpdateTimer::AfterBoot:
        return "after-boot";
    case UpdateTimer::NextCheck:
        return "next-check";
    case UpdateTimer::Deadline:
        return "deadline";
    }
    return "";
}

std::string_view
ToString(CheckOutcome outcome)
{
    switch (outcome)
    {
    case CheckOutcome::UpToDate:
        return "up-to-date";
    case CheckOutcome::Installed:
        return "installed";
    case CheckOutcome::Newer:
        return "newer";
    case CheckOutcome::Failed:
        return "failed";
    }
    return "";
}

std::string_view
ToString(UpdateState state)
{
    switch (state)
    {
    case UpdateState::Off:
        return "off";
    case UpdateState::Resting:
        return "resting";
    case UpdateState::AwaitCatalog:
        return "await-catalog";
    case UpdateState::Updating:
        return "updating";
    }
    return "";
}

std::string_view
NameOf(const UpdateEvent& event)
{
    constexpr std::array<std::string_view, kUpdateEvents> kNames{"UpdateStarted",
                                                                 "UpdateTimerFired",
                                                                 "CheckWanted",
                                                                 "CatalogArrived",
                                                                 "CatalogFailed",
                                                                 "PackageArrived",
                                                                 "PackageFound",
                                                                 "PackageFailed",
                                                                 "SetInstalled",
                                                                 "SetNotInstalled",
                                                                 "UpdateStopped"};
    return kNames[event.index()];
}

std::string_view
NameOf(const UpdateAction& action)
{
    constexpr std::array<std::string_view, std::variant_size_v<UpdateAction>> kNames{
        "ArmUpdateTimer",
        "CancelUpdateTimer",
        "RequestCatalog",
        "RequestPackage",
        "CancelRequest",
        "JudgeBody",
        "InstallSet",
        "PersistUpdate",
        "TellCheck",
        "TellCatalog",
        "UpdateNote"};
    return kNames[action.index()];
}

} // namespace lanpeer
