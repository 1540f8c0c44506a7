#include "reference/retrieval/retriever.h"

#include "reference/retrieval/exchange.h"

#include <algorithm>
#include <csignal>
#include <curl/curl.h>
#include <map>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

/// Blocks all signals of this thread while it lives, so that a thread started meanwhile never takes
/// one: they are the daemon's. Of a write beyond the limit of a file's size or to a closed
/// connection an error is left.
class SignalsBlocked
{
  public:
    SignalsBlocked()
    {
        sigset_t blocked;
        ::sigfillset(&blocked);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP})
        {
            ::sigdelset(&blocked, fault);
        }
        ::pthread_sigmask(SIG_SETMASK, &blocked, &m_before);
    }

    ~SignalsBlocked()
    {
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }

    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t m_before{};
};

/// Once, and never undone: others in the program may use curl as well.
void
InitializeCurl()
{
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (done != CURLE_OK)
    {
        throw std::runtime_error("curl cannot be initialized");
    }
}

struct MultiCleanup
{
    void operator()(CURLM* multi) const
    {
        curl_multi_cleanup(multi);
    }
};

/// Whom to tell: the protocol thread's alone. Shared with what is posted, which may run late.
struct Told
{
    struct Listener
    {
        Retriever::Progress progress;
        Retriever::Over over;
    };

    std::map<FetchId, std::shared_ptr<Listener>> listeners;
    bool closed = false; ///< the retriever is gone
};

} // namespace

struct Retriever::Inside
{
    Inside(const RetrieverSettings& theSettings, Post thePost)
        : settings(theSettings)
        , post(std::move(thePost))
    {
        InitializeCurl();
        multi.reset(curl_multi_init());
        if (!multi)
        {
            throw std::runtime_error("curl cannot be had");
        }
        const SignalsBlocked blocked;
        thread = std::thread([this] { Run(); });
    }

    ~Inside()
    {
        told->closed = true;
        told->listeners.clear();
        {
            const std::lock_guard<std::mutex> lock(mutex);
            closing = true;
        }
        curl_multi_wakeup(multi.get());
        thread.join();
    }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    void Command(std::function<void()> command)
    {
        {
            const std::lock_guard<std::mutex> lock(mutex);
            commands.push_back(std::move(command));
        }
        curl_multi_wakeup(multi.get());
    }

    // From here on: the retrieval thread.

    void Run()
    {
        while (RunCommands())
        {
            int running = 0;
            curl_multi_perform(multi.get(), &running);
            TakeEnds();
            const int wait = ReportProgress();
            curl_multi_poll(multi.get(), nullptr, 0, wait, nullptr);
        }
        exchanges.clear();
    }

    /// \returns false at the end of all
    bool RunCommands()
    {
        std::vector<std::function<void()>> taken;
        {
            const std::lock_guard<std::mutex> lock(mutex);
            if (closing)
            {
                return false;
            }
            taken.swap(commands);
        }
        for (const auto& command : taken)
        {
            command();
        }
        return true;
    }

    void Begin(FetchId id, const FetchOrder& order, std::shared_ptr<const FileDescriptor> file)
    {
        auto exchange = std::make_unique<Exchange>(multi.get(), settings, order, std::move(file));
        const auto result = exchange->Start();
        if (!result)
        {
            exchanges.emplace(id, std::move(exchange));
            return;
        }
        exchange.reset(); // lets the file go before anybody hears that it is over
        TellOver(id, *result);
    }

    void TakeEnds()
    {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left))
        {
            if (message->msg != CURLMSG_DONE)
            {
                continue;
            }
            // The message does not outlive the handle's removal.
            const CURLcode code = message->data.result;
            char* owner = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
            const auto found =
                std::find_if(exchanges.begin(),
                             exchanges.end(),
                             [owner](const auto& entry)
                             { return entry.second.get() == reinterpret_cast<Exchange*>(owner); });
            if (found == exchanges.end())
            {
                continue;
            }
            if (const auto result = found->second->HopDone(code))
            {
                const FetchId id = found->first;
                exchanges.erase(found);
                TellOver(id, *result);
            }
        }
    }

    /// \returns milliseconds until the next report is due
    int ReportProgress()
    {
        constexpr std::chrono::milliseconds kIdle{
            60'000}; // commands wake it, and curl's own timers
        const auto now = Exchange::Clock::now();
        auto next = now + kIdle;
        for (const auto& [id, exchange] : exchanges)
        {
            const auto due = exchange->ProgressDue();
            if (!due)
            {
                continue;
            }
            if (*due > now)
            {
                next = std::min(next, *due);
                continue;
            }
            exchange->ProgressTold();
            post(
                [to = told, id = id, received = exchange->Received(), size = exchange->Size()]
                {
                    const auto found = to->listeners.find(id);
                    if (found != to->listeners.end() && found->second->progress)
                    {
                        const auto listener = found->second; // it may stop itself
                        listener->progress(received, size);
                    }
                });
        }
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - now);
        return static_cast<int>(wait.count());
    }

    void TellOver(FetchId id, const FetchResult& result)
    {
        post(
            [to = told, id, result]
            {
                const auto found = to->listeners.find(id);
                if (found != to->listeners.end())
                {
                    const auto listener = found->second;
                    to->listeners.erase(found);
                    listener->over(result);
                }
            });
    }

    const RetrieverSettings settings;
    const Post post;
    std::unique_ptr<CURLM, MultiCleanup> multi;

    // The protocol thread's.
    const std::shared_ptr<Told> told = std::make_shared<Told>();
    std::uint64_t lastId = 0;

    // The retrieval thread's.
    std::map<FetchId, std::unique_ptr<Exchange>> exchanges;

    // Both threads'.
    std::mutex mutex;
    std::vector<std::function<void()>> commands;
    bool closing = false;

    std::thread thread;
};

Retriever::Retriever(const RetrieverSettings& settings, Post post)
    : m_inside(std::make_unique<Inside>(settings, std::move(post)))
{
}

Retriever::~Retriever() = default;

FetchId
Retriever::Start(const FetchOrder& order,
                 std::shared_ptr<const FileDescriptor> file,
                 Progress progress,
                 Over over)
{
    Inside& inside = *m_inside;
    const FetchId id{++inside.lastId};
    auto listener = std::make_shared<Told::Listener>();
    listener->progress = std::move(progress);
    listener->over = std::move(over);
    inside.told->listeners.emplace(id, std::move(listener));
    inside.Command([&inside, id, order, held = std::move(file)]() mutable
                   { inside.Begin(id, order, std::move(held)); });
    return id;
}

void
Retriever::Stop(FetchId id, std::function<void()> stopped)
{
    Inside& inside = *m_inside;
    inside.told->listeners.erase(id);
    inside.Command(
        [&inside, id, then = std::move(stopped)]() mutable
        {
            inside.exchanges.erase(id);
            if (then)
            {
                inside.post(
                    [to = inside.told, then = std::move(then)] // nothing of it stays here
                    {
                        if (!to->closed)
                        {
                            then();
                        }
                    });
            }
        });
}

} // namespace lanpeer::reference
