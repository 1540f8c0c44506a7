#include "tests/reference/retrieval/retrieval-fixture.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace lanpeer::reference
{
namespace
{

class RetrieverLifetime : public RetrievalTest
{
  protected:
    /// A body that keeps coming.
    static std::vector<Script> Endless()
    {
        return {Script{"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n",
                       Body(1000),
                       std::chrono::milliseconds(1),
                       false}};
    }

    static Retriever::Over Never()
    {
        return [](const FetchResult& result)
        {
            ADD_FAILURE() << "told of " << result.message;
        };
    }
};

TEST_F(RetrieverLifetime, ProgressIsTold)
{
    m_settings.progressInterval = std::chrono::milliseconds(1);
    ScriptedServer server(Endless());
    m_file = File();
    Retriever retriever(m_settings, m_loop.Poster());
    std::vector<std::uint64_t> told;
    const FetchId id = retriever.Start(
        FromPeer(server.Url()),
        m_file,
        [&told](std::uint64_t received, std::optional<std::uint64_t> size)
        {
            EXPECT_EQ(size, 9'000'000U);
            told.push_back(received);
        },
        Never());
    EXPECT_TRUE(m_loop.RunUntil([&told] { return told.size() >= 5; }));
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
    EXPECT_GT(told.back(), 0U);
    EXPECT_EQ(Content().substr(0, told.back()).size(), told.back()) << "told before it was written";
    retriever.Stop(id);
}

TEST_F(RetrieverLifetime, ProgressIsNotToldMoreOftenThanSet)
{
    m_settings.progressInterval = std::chrono::hours(1);
    ScriptedServer server({Script{"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n",
                                  Body(1000), // twenty times
                                  std::chrono::milliseconds(5),
                                  false}});
    m_file = File();
    Retriever retriever(m_settings, m_loop.Poster());
    int told = 0;
    bool over = false;
    retriever.Start(
        FromPeer(server.Url()),
        m_file,
        [&told](std::uint64_t, std::optional<std::uint64_t>) { ++told; },
        [&over](const FetchResult&) { over = true; });
    EXPECT_TRUE(m_loop.RunUntil([&over] { return over; }));
    EXPECT_LE(told, 1);
}

TEST_F(RetrieverLifetime, AStoppedFetchTellsAndWritesNothingMore)
{
    ScriptedServer server(Endless());
    m_file = File();
    const std::weak_ptr<const FileDescriptor> lent = m_file;
    Retriever retriever(m_settings, m_loop.Poster());
    bool progressed = false;
    bool stopped = false;
    std::optional<FetchId> id;
    id = retriever.Start(
        FromPeer(server.Url()),
        m_file,
        [&](std::uint64_t received, std::optional<std::uint64_t>)
        {
            EXPECT_FALSE(stopped);
            if (received > 0 && !std::exchange(progressed, true))
            {
                retriever.Stop(*id, [&stopped] { stopped = true; });
            }
        },
        Never());
    EXPECT_TRUE(m_loop.RunUntil([&stopped] { return stopped; }));
    EXPECT_EQ(lent.use_count(), 1) << "the thread still holds the file";
    const std::uint64_t size = m_file->Size();
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // for what must not happen
    EXPECT_EQ(m_file->Size(), size);
    m_loop.RunPosted();
}

TEST_F(RetrieverLifetime, WhatIsOnItsWayWhenAFetchIsStoppedIsNotTold)
{
    ScriptedServer server(Ok("hello"));
    m_file = File();
    const std::weak_ptr<const FileDescriptor> lent = m_file;
    Retriever retriever(m_settings, m_loop.Poster());
    const FetchId id = retriever.Start(
        FromPeer(server.Url()),
        m_file,
        [](std::uint64_t, std::optional<std::uint64_t>) { ADD_FAILURE() << "told of progress"; },
        Never());
    while (lent.use_count() > 1) // until it is over, and that is posted or about to be
    {
        ASSERT_TRUE(m_loop.AwaitPosted());
        std::this_thread::yield();
    }
    bool stopped = false;
    retriever.Stop(id, [&stopped] { stopped = true; });
    EXPECT_TRUE(m_loop.RunUntil([&stopped] { return stopped; }));
}

TEST_F(RetrieverLifetime, StoppingWhatIsOverOrUnknownDoesNoHarm)
{
    ScriptedServer server(Ok("hello"));
    m_file = File();
    Retriever retriever(m_settings, m_loop.Poster());
    bool over = false;
    const FetchId id = retriever.Start(
        FromPeer(server.Url()), m_file, nullptr, [&over](const FetchResult&) { over = true; });
    EXPECT_TRUE(m_loop.RunUntil([&over] { return over; }));
    int stopped = 0;
    retriever.Stop(id, [&stopped] { ++stopped; });
    retriever.Stop(FetchId{4711}, [&stopped] { ++stopped; });
    retriever.Stop(id);
    EXPECT_TRUE(m_loop.RunUntil([&stopped] { return stopped == 2; }));
}

TEST_F(RetrieverLifetime, TheFileIsLetGoWhenItIsOver)
{
    ScriptedServer server(Ok("hello"));
    m_file = File();
    const std::weak_ptr<const FileDescriptor> lent = m_file;
    Retriever retriever(m_settings, m_loop.Poster());
    for (const std::string& url : {server.Url(), std::string("no URL")})
    {
        bool over = false;
        retriever.Start(FromPeer(url),
                        m_file,
                        nullptr,
                        [&](const FetchResult&)
                        {
                            over = true;
                            EXPECT_EQ(lent.use_count(), 1) << url;
                        });
        EXPECT_TRUE(m_loop.RunUntil([&over] { return over; }));
    }
}

TEST_F(RetrieverLifetime, TheDestructorStopsEverythingAndTellsNothing)
{
    ScriptedServer endless(Endless());
    ScriptedServer silent({Script{"", "", {}, true}});
    ScriptedServer quick(Ok("hello"));
    m_file = File();
    const std::weak_ptr<const FileDescriptor> lent = m_file;
    {
        Retriever retriever(m_settings, m_loop.Poster());
        for (const std::string& url : {endless.Url(), silent.Url(), quick.Url()})
        {
            retriever.Start(
                FromPeer(url),
                m_file,
                [](std::uint64_t, std::optional<std::uint64_t>) { ADD_FAILURE(); },
                Never());
        }
        retriever.Start(FromInternet("http://absent.invalid/"), m_file, nullptr, Never());
        const FetchId id = retriever.Start(FromPeer(endless.Url()), m_file, nullptr, Never());
        ASSERT_TRUE(m_loop.AwaitPosted());
        retriever.Stop(id, [] { ADD_FAILURE() << "told after the end"; });
    }
    EXPECT_EQ(lent.use_count(), 1);
    m_loop.RunPosted();
}

TEST_F(RetrieverLifetime, ThatAFetchIsStoppedIsNotToldAfterTheDestructor)
{
    m_file = File();
    {
        Retriever retriever(m_settings, m_loop.Poster());
        retriever.Stop(FetchId{4711}, [] { ADD_FAILURE() << "told after the end"; });
        ASSERT_TRUE(m_loop.AwaitPosted());
    }
    m_loop.RunPosted();
}

TEST_F(RetrieverLifetime, ACallBackMayDestroyTheRetriever)
{
    ScriptedServer server(Ok("hello"));
    m_file = File();
    auto retriever = std::make_unique<Retriever>(m_settings, m_loop.Poster());
    retriever->Start(FromPeer(server.Url()),
                     m_file,
                     nullptr,
                     [&retriever](const FetchResult& result)
                     {
                         retriever.reset();
                         EXPECT_EQ(result.end, FetchEnd::Whole) << "gone with it";
                     });
    EXPECT_TRUE(m_loop.RunUntil([&retriever] { return !retriever; }));
}

TEST_F(RetrieverLifetime, ManyAtOnceDoNotMix)
{
    constexpr int kFetches = 20;
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    std::map<int, std::shared_ptr<const FileDescriptor>> files;
    Retriever retriever(m_settings, m_loop.Poster());
    int over = 0;
    for (int i = 0; i < kFetches; ++i)
    {
        servers.push_back(
            std::make_unique<ScriptedServer>(Ok(std::string(100'000, static_cast<char>('a' + i)))));
        files[i] = File();
        std::filesystem::remove(m_folder / "body"); // the next has its own
        retriever.Start(FromPeer(servers.back()->Url()),
                        files[i],
                        nullptr,
                        [&over](const FetchResult& result)
                        {
                            EXPECT_EQ(result.end, FetchEnd::Whole) << result.message;
                            ++over;
                        });
    }
    EXPECT_TRUE(m_loop.RunUntil([&over] { return over == kFetches; }));
    for (int i = 0; i < kFetches; ++i)
    {
        std::string content(200'000, '\0');
        content.resize(files[i]->ReadAt(0, content.data(), content.size()));
        EXPECT_EQ(content, std::string(100'000, static_cast<char>('a' + i)));
    }
}

} // namespace
} // namespace lanpeer::reference
