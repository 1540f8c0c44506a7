// replay-tape FILE...: what a daemon wrote down of a run, told to the core again.
//
// Exit 0: the core does the same, action for action. 1: it does not, or a file is no tape. 2: wrong
// use.

#include "model/harness/replay.h"

#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>

namespace
{

/// \returns whether it is the same
bool
ReplayFile(const char* name)
{
    std::ifstream in(name, std::ios::binary);
    if (!in)
    {
        fmt::print(stderr, "{}: cannot be read\n", name);
        return false;
    }
    std::string tape{std::istreambuf_iterator<char>(in), {}};
    if (!tape.empty() && tape.back() != '\n')
    {
        const std::size_t end = tape.rfind('\n');
        tape.resize(end == std::string::npos ? 0 : end + 1);
        fmt::print("{}: the last line is cut, as of a daemon that was killed; left out\n", name);
    }
    if (const auto difference = lanpeer::harness::Replay(tape))
    {
        fmt::print(stderr, "{}:{}: {}\n", name, difference->line, difference->what);
        fmt::print(stderr, "  tape: {}\n  core: {}\n", difference->recorded, difference->replayed);
        return false;
    }
    fmt::print("{}: the same\n", name);
    return true;
}

} // namespace

int
main(int argc, char** argv)
{
    if (argc < 2)
    {
        fmt::print(stderr, "usage: replay-tape FILE...\n");
        return 2;
    }
    bool same = true;
    for (int i = 1; i < argc; ++i)
    {
        same = ReplayFile(argv[i]) && same;
    }
    return same ? 0 : 1;
}
