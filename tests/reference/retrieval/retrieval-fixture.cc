#include "tests/reference/retrieval/retrieval-fixture.h"

#include "reference/retrieval/message-line.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// Far beyond what anything here takes, however busy the machine.
constexpr std::chrono::seconds kPatience{60};

} // namespace

Retriever::Post
Loop::Poster()
{
    return [this](std::function<void()> function)
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_functions.push_back(std::move(function));
        m_posted.notify_all();
    };
}

bool
Loop::AwaitPosted()
{
    std::unique_lock<std::mutex> lock(m_mutex);
    return m_posted.wait_for(lock, kPatience, [this] { return !m_functions.empty(); });
}

void
Loop::RunPosted()
{
    std::unique_lock<std::mutex> lock(m_mutex);
    while (!m_functions.empty())
    {
        const auto function = std::move(m_functions.front());
        m_functions.pop_front();
        lock.unlock();
        function();
        lock.lock();
    }
}

bool
Loop::RunUntil(const std::function<bool()>& done)
{
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!done())
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        if (!m_posted.wait_until(lock, deadline, [this] { return !m_functions.empty(); }))
        {
            return false;
        }
        const auto function = std::move(m_functions.front());
        m_functions.pop_front();
        lock.unlock();
        function();
    }
    return true;
}

std::string
Ok(const std::string& body, const std::string& fields)
{
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), fields, body);
}

std::string
Partial(const std::string& whole, std::size_t offset, const std::string& fields)
{
    return fmt::format("HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\n"
                       "Content-Range: bytes {}-{}/{}\r\n{}\r\n{}",
                       whole.size() - offset,
                       offset,
                       whole.size() - 1,
                       whole.size(),
                       fields,
                       whole.substr(offset));
}

std::string
Body(std::size_t bytes)
{
    std::string body;
    while (body.size() < bytes)
    {
        body += fmt::format("{:x}\n", body.size());
    }
    body.resize(bytes);
    return body;
}

RetrievalTest::RetrievalTest()
{
    for (const char* name : {"http_proxy",
                             "https_proxy",
                             "HTTPS_PROXY",
                             "all_proxy",
                             "ALL_PROXY",
                             "no_proxy",
                             "NO_PROXY"})
    {
        ::unsetenv(name);
    }
    std::string name = std::filesystem::temp_directory_path() / "lanpeer-retrieval-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
    {
        throw std::runtime_error("no folder for the test");
    }
    m_folder = name;
}

RetrievalTest::~RetrievalTest()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

FetchOrder
RetrievalTest::FromPeer(const std::string& url) const
{
    FetchOrder order;
    order.url = url;
    order.maxBytes = 10'000'000;
    return order;
}

FetchOrder
RetrievalTest::FromInternet(const std::string& url) const
{
    FetchOrder order = FromPeer(url);
    order.fromPeer = false;
    return order;
}

std::shared_ptr<const FileDescriptor>
RetrievalTest::File(const std::string& content)
{
    const auto path = m_folder / "body";
    auto file = std::make_shared<FileDescriptor>(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    file->WriteAt(0, content);
    return file;
}

FetchResult
RetrievalTest::Fetch(const FetchOrder& order)
{
    if (!m_file)
    {
        m_file = File();
    }
    Retriever retriever(m_settings, m_loop.Poster());
    std::optional<FetchResult> result;
    retriever.Start(order,
                    m_file,
                    nullptr,
                    [&result](const FetchResult& told)
                    {
                        EXPECT_FALSE(result) << "told twice";
                        result = told;
                    });
    EXPECT_TRUE(m_loop.RunUntil([&result] { return result.has_value(); }));
    ExpectClean(result ? result->message : "");
    return result.value_or(FetchResult{});
}

std::string
RetrievalTest::Content() const
{
    std::string content(m_file->Size(), '\0');
    content.resize(m_file->ReadAt(0, content.data(), content.size()));
    return content;
}

void
ExpectClean(const std::string& message)
{
    EXPECT_FALSE(message.empty());
    EXPECT_LE(message.size(), kMaxMessageBytes);
    EXPECT_TRUE(std::all_of(message.begin(),
                            message.end(),
                            [](char letter) { return letter >= 0x20 && letter < 0x7f; }))
        << message;
}

} // namespace lanpeer::reference
