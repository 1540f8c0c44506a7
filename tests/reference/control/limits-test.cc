#include "server.h"

#include <chrono>
#include <fcntl.h>
#include <sys/resource.h>
#include <vector>

// What one application, or one user's, can take from the others.

namespace lanpeer::reference
{
namespace
{

using ControlLimits = Server;

TEST_F(ControlLimits, WithoutDescriptorsItWaitsAndDoesNotSpin)
{
    RecordProperty("requirement", "R-API-1");
    const FileDescriptor application = Connect();
    ASSERT_TRUE(application.IsOpen());
    rlimit before = {};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const FileDescriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(next.Get());
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    // How often something was ready: a loop that spins has thousands of it.
    const std::size_t turns = m_io.run_for(std::chrono::milliseconds(500));
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_LT(turns, 100U);
    ASSERT_TRUE(Say(application, {{"call", "list"}, {"id", 1}}));
    EXPECT_EQ(HearEnd(application).at("event"), "done");
}

} // namespace
} // namespace lanpeer::reference
