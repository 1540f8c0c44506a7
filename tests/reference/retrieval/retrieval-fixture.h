#pragma once

#include "reference/retrieval/retriever.h"
#include "tests/reference/retrieval/scripted-server.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <string>

namespace lanpeer::reference
{

/// Stands for the daemon's io_context: what is posted runs on the test's thread, when it is told
/// to.
class Loop
{
  public:
    Retriever::Post Poster();

    /// Runs what is posted until something comes true.
    /// \returns false if it does not within a minute
    bool RunUntil(const std::function<bool()>& done);

    /// Waits until something is posted and does not run it.
    bool AwaitPosted();

    /// Runs what is posted already.
    void RunPosted();

  private:
    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<std::function<void()>> m_functions;
};

/// 200 with a body and its length.
std::string Ok(const std::string& body, const std::string& fields = "");

/// 206 with what a resource has from an offset on.
std::string Partial(const std::string& whole, std::size_t offset, const std::string& fields = "");

/// A body in which every place looks different.
std::string Body(std::size_t bytes);

/// Without proxies in the environment, and with a folder of its own.
class RetrievalTest : public ::testing::Test
{
  protected:
    RetrievalTest();
    ~RetrievalTest() override;

    FetchOrder FromPeer(const std::string& url) const;
    FetchOrder FromInternet(const std::string& url) const;

    /// A new file with these bytes.
    std::shared_ptr<const FileDescriptor> File(const std::string& content = "");

    /// One order to its end, into m_file.
    FetchResult Fetch(const FetchOrder& order);

    /// What m_file holds.
    std::string Content() const;

    std::filesystem::path m_folder;
    RetrieverSettings m_settings;
    Loop m_loop;
    std::shared_ptr<const FileDescriptor> m_file;
};

/// One line of printable ASCII, not over-long (L22).
void ExpectClean(const std::string& message);

} // namespace lanpeer::reference
