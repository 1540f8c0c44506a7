#pragma once

#include "reference/files/file-descriptor.h"
#include "reference/retrieval/address-class.h"
#include "reference/retrieval/fetch.h"
#include "reference/retrieval/response-head.h"
#include "reference/retrieval/target.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace lanpeer::reference
{

/// One order on the retrieval thread, over all its redirects: what curl is to do, and what becomes
/// of what it says. Redirects are followed here and not by curl, so that every hop is judged before
/// anybody is asked for anything.
class Exchange
{
  public:
    using Clock = std::chrono::steady_clock;

    Exchange(CURLM* multi,
             const RetrieverSettings& settings,
             FetchOrder order,
             std::shared_ptr<const FileDescriptor> file);

    /// Cuts what is under way.
    ~Exchange();

    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// \returns the result if it is over already
    std::optional<FetchResult> Start();

    /// curl is done with the handle. \returns the result unless it goes on with another hop
    std::optional<FetchResult> HopDone(CURLcode code);

    /// When a report of progress is due; nothing while there is nothing new.
    std::optional<Clock::time_point> ProgressDue() const;

    /// What is to be reported now; the next report is then due an interval later.
    void ProgressTold();

    std::uint64_t Received() const
    {
        return m_received;
    }

    const std::optional<std::uint64_t>& Size() const
    {
        return m_reader.Head().totalBytes;
    }

  private:
    struct EasyCleanup
    {
        void operator()(CURL* easy) const
        {
            curl_easy_cleanup(easy);
        }
    };

    struct ListCleanup
    {
        void operator()(curl_slist* list) const
        {
            curl_slist_free_all(list);
        }
    };

    using List = std::unique_ptr<curl_slist, ListCleanup>;

    // What curl calls. Nothing may be thrown through it, not even that there is no memory.
    static std::size_t OnHeader(char* bytes,
                                std::size_t size,
                                std::size_t count,
                                void* self) noexcept;
    static std::size_t OnBody(char* bytes,
                              std::size_t size,
                              std::size_t count,
                              void* self) noexcept;
    static curl_socket_t OnSocket(void* self,
                                  curlsocktype purpose,
                                  curl_sockaddr* address) noexcept;

    bool TakeHeader(std::string_view line);
    bool HeadComplete();
    bool TakeBody(std::string_view bytes);
    bool MayConnect(const sockaddr& address);

    /// \returns why not
    std::optional<std::string> Judge(const Target& target) const;
    std::optional<FetchResult> StartHop();
    bool SetUp();
    bool SetUpSource();
    HeadReader MakeReader() const;

    std::optional<FetchResult> Redirected();
    FetchResult Answered(CURLcode code);
    FetchResult NotAnswered(CURLcode code);
    FetchResult Result(FetchEnd end, std::string_view why) const;
    std::string CurlText(CURLcode code) const;

    CURLM* m_multi;
    const RetrieverSettings& m_settings;
    FetchOrder m_order;
    std::shared_ptr<const FileDescriptor> m_file;
    std::unique_ptr<CURL, EasyCleanup> m_easy;
    bool m_added = false;
    List m_fields;
    List m_resolve;
    std::array<char, CURL_ERROR_SIZE> m_curlText{};

    std::optional<Target> m_target; ///< of this hop
    /// Where the order's own URL leads by its looks: what else leads there is no trick then.
    std::optional<AddressClass> m_granted;
    unsigned m_redirects = 0;
    std::optional<std::uint16_t> m_proxyPort; ///< of the proxy for this hop, if there is one
    bool m_toProxy = false;                   ///< the last connection went to it
    std::string m_addressRefused;             ///< why the last address was

    HeadReader m_reader;
    bool m_accepted = false; ///< the body is being taken
    std::string m_storeError;
    bool m_tooLong = false;
    std::uint64_t m_received;
    std::uint64_t m_bodyBytes = 0;
    bool m_news = false;
    Clock::time_point m_nextReport{};
};

} // namespace lanpeer::reference
