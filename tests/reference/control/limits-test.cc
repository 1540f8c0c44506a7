#include "reference/control/message.h"
#include "reference/control/places.h"
#include "reference/store/store.h"
#include "server.h"

#include <fmt/format.h>

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

TEST_F(ControlLimits, WhoDoesNotReadIsCutOff)
{
    RecordProperty("requirement", "R-API-1");
    const FileDescriptor other = Connect();
    const FileDescriptor application = Connect();
    const nlohmann::json call{{"call", "prometheus"}, {"id", 1}};
    ASSERT_TRUE(Say(application, call));
    const std::size_t answerBytes = Hear(application).dump().size();
    ASSERT_GT(answerBytes, 1000U);
    std::size_t calls = 0;
    bool gone = false;
    RunUntil(
        [&]
        {
            const Sent sent = SendMessage(application.Get(), call.dump(), -1);
            calls += sent == Sent::Whole ? 1 : 0;
            gone = sent == Sent::Gone;
            return gone || calls * answerBytes > 64 * 1024 * 1024;
        });
    // 4 MiB, and what the system keeps of both directions.
    EXPECT_TRUE(gone) << calls << " answers of " << answerBytes << " bytes are kept";
    EXPECT_LT(calls * answerBytes, 8U * 1024 * 1024);
    EXPECT_GT(calls * answerBytes, 2U * 1024 * 1024) << "who reads late is no enemy";
    ASSERT_TRUE(Say(other, {{"call", "list"}, {"id", 1}}));
    EXPECT_EQ(HearEnd(other).at("event"), "done");
}

/// Copies whose list has more bytes than may lie unread.
class ControlLongList : public Server
{
  protected:
    static constexpr std::size_t kCopies = 80;

    ControlLongList()
        : Server(&Fill)
    {
    }

    static void Fill(const std::string& stateFolder)
    {
        StoreSettings settings;
        settings.folder = stateFolder;
        settings.limits.freeDiskBytes = 0;
        Store store(settings);
        for (std::size_t i = 0; i < kCopies; ++i)
        {
            const auto partial = store.StartPartial(fmt::format("{:04}{:a<60000}", i, ""));
            partial->File().WriteAt(0, "x");
            store.Keep(*partial, partial->Seal(1));
        }
    }
};

TEST_F(ControlLongList, IsReadWholeByWhoReadsLate)
{
    RecordProperty("requirement", "R-API-1");
    const FileDescriptor application = Connect();
    // None is taken before the answer to the one before was read.
    constexpr std::int64_t kCalls = 3;
    std::int64_t calls = 0;
    RunUntil(
        [&]
        {
            calls += Say(application, {{"call", "list"}, {"id", calls + 1}}) ? 1 : 0;
            return calls == kCalls;
        });
    std::size_t turns = 0;
    RunUntil([&] { return ++turns > 20; });
    for (std::int64_t call = 1; call <= kCalls; ++call)
    {
        for (std::size_t i = 0; i < kCopies; ++i)
        {
            const nlohmann::json copy = Hear(application);
            ASSERT_FALSE(copy.is_null()) << call << ", copy " << i;
            ASSERT_EQ(copy.at("id"), call);
            ASSERT_EQ(copy.at("event"), "copy");
            ASSERT_EQ(copy.at("url").get<std::string>().substr(0, 4), fmt::format("{:04}", i));
        }
        ASSERT_EQ(Hear(application), nlohmann::json({{"id", call}, {"event", "done"}}));
    }
}

TEST(ControlPlaces, OneUserCannotTakeThemAllNorAllUsersThoseThatAreKept)
{
    RecordProperty("requirement", "R-API-1");
    constexpr uid_t kOwn = 100;
    Places places(kOwn);
    std::size_t taken = 0;
    for (uid_t user = 1000; user < 1010; ++user)
    {
        std::size_t his = 0;
        while (places.Take(user))
        {
            ++his;
        }
        EXPECT_LE(his, Places::kOfOneUser);
        taken += his;
    }
    EXPECT_EQ(taken, Places::kAll - Places::kKept);
    for (std::size_t i = 0; i < Places::kKept; ++i)
    {
        EXPECT_TRUE(places.Take(i % 2 == 0 ? 0 : kOwn));
    }
    EXPECT_FALSE(places.Take(0));
    places.Leave(kOwn);
    EXPECT_FALSE(places.Take(1000)) << "a place that is kept";
    EXPECT_TRUE(places.Take(0));
    places.Leave(1000);
    EXPECT_TRUE(places.Take(0));
    EXPECT_FALSE(places.Take(0)) << "the whole is the whole";
    EXPECT_FALSE(places.Take(1000));
}

TEST(ControlPlaces, AreGivenBack)
{
    Places places(100);
    for (std::size_t i = 0; i < 3 * Places::kAll; ++i)
    {
        ASSERT_TRUE(places.Take(1000)) << i;
        places.Leave(1000);
    }
    for (std::size_t i = 0; i < Places::kOfOneUser; ++i)
    {
        ASSERT_TRUE(places.Take(1000)) << i;
    }
    EXPECT_FALSE(places.Take(1000));
    EXPECT_TRUE(places.Take(1001));
}

TEST_F(ControlLimits, WhoComesTooManyIsToldSoAndOthersArriveAfterOneHasLeft)
{
    RecordProperty("requirement", "R-API-1");
    std::vector<FileDescriptor> applications;
    for (std::size_t i = 0; i < Places::kAll; ++i)
    {
        applications.push_back(Connect());
        ASSERT_TRUE(Say(applications.back(), {{"call", "list"}, {"id", 1}}));
        ASSERT_EQ(HearEnd(applications.back()).at("event"), "done") << i;
    }
    const FileDescriptor refused = Connect();
    EXPECT_EQ(Hear(refused).at("message"), "too many applications connected");
    EXPECT_TRUE(Hear(refused).is_null());
    applications.erase(applications.begin());
    const FileDescriptor next = Connect();
    ASSERT_TRUE(Say(next, {{"call", "list"}, {"id", 1}}));
    EXPECT_EQ(HearEnd(next).at("event"), "done");
}

} // namespace
} // namespace lanpeer::reference
