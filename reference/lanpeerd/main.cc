// lanpeerd: the peering service of one computer.
//
// Exit 0: ended when it was told to. 1: could not start or go on. 2: wrong use or settings.

#include "reference/configuration/daemon-settings.h"
#include "reference/lanpeerd/daemon.h"

#include <cstdio>
#include <exception>
#include <fmt/format.h>

int
main(int argc, char** argv)
{
    constexpr int kFailed = 1;
    constexpr int kWrongUse = 2;
    try
    {
        const auto options = lanpeer::reference::ReadOptions(argc, argv);
        if (!options.help.empty())
        {
            fmt::print("{}", options.help);
            return 0;
        }
        lanpeer::reference::RunDaemon(options);
        return 0;
    }
    catch (const lanpeer::reference::SettingsError& error)
    {
        fmt::print(stderr, "lanpeerd: {}\n", error.what());
        return kWrongUse;
    }
    catch (const std::exception& error)
    {
        fmt::print(stderr, "lanpeerd: {}\n", error.what());
        return kFailed;
    }
}
